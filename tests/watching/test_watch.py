"""What a watch says of a CRM in which one thing changed, and of one in which nothing did."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from readiness import artefact
from readiness.crm.selection import select
from readiness.errors import ModelError
from readiness.history.watched import FIRST_LOOK, looks_between
from readiness.training_run.watching.in_use import InUse, some
from readiness.training_run.watching.watch import Watched, watch
from tests import bundles
from tests.builders import at, lead, tables
from tests.watching.plain import AGREEMENT, END, HALF, later, plain, quiet, used, without


def seen(made, at=None) -> Watched:
    return watch(made, used(), AGREEMENT, at=at)


def raised(found: Watched) -> set[tuple[str, str]]:
    return {(each.code, each.of) for each in found.raised if each.status == "act"}


def test_where_nothing_changed_it_is_quiet():
    found = seen(quiet())
    assert found.verdict == "quiet", [each.sentence for each in found.raised]
    assert found.asked > 10


def test_a_column_that_is_left_empty_points_to_the_crm():
    def empty(drawn, day):
        drawn["size"] = None if later(day) else drawn["size"]

    found = seen(plain(change=empty))
    assert found.verdict == "crm"
    assert raised(found) == {("FILL_RATE", "size")}
    (said,) = [each.sentence for each in found.raised if each.code == "FILL_RATE"]
    assert said.startswith("size is empty for 100 % of the 200 leads that came since 2026-12-27")


def test_values_spelt_otherwise_point_to_the_crm():
    def respelt(drawn, day):
        drawn["country"] = drawn["country"].lower() if later(day) else drawn["country"]

    found = seen(plain(change=respelt))
    assert ("UNSEEN_VALUES", "country") in raised(found)
    assert found.verdict == "crm"
    assert any("“de” (" in each.sentence and "perhaps “DE” spelt" in each.sentence for each in found.raised)


def test_values_spelt_otherwise_for_all_leads_ever_point_to_the_crm_too():
    def respelt(drawn, day):
        drawn["country"] = drawn["country"].lower()

    found = seen(plain(change=respelt))
    assert ("VALUES_RENAMED", "country") in raised(found)


def test_numbers_in_another_unit_point_to_the_crm():
    def thousands(drawn, day):
        drawn["size"] = drawn["size"] * 1_000 if later(day) and drawn["size"] else drawn["size"]

    assert raised(seen(plain(change=thousands))) == {("UNUSUAL_NUMBERS", "size")}


def test_a_behaviour_that_is_no_longer_recorded_points_to_the_crm():
    def silent(drawn, day):
        drawn["visit"] = None if later(day + 28.0) else drawn["visit"]

    assert raised(seen(plain(change=silent))) == {("BEHAVIOUR_STOPPED", "web_visit")}


@pytest.mark.parametrize("column", ["country", "size"])
def test_a_column_that_is_gone_points_to_the_crm(column):
    assert ("COLUMN_GONE", column) in raised(seen(without(column)))


def test_other_leads_that_end_as_expected_are_a_note_and_no_reason_to_retrain():
    def other(drawn, day):
        if later(day) and drawn["country"] == "DE":
            drawn["country"] = "US"
            drawn["rates"][0] /= 4.0

    found = seen(plain(change=other))
    assert found.verdict == "changed"
    assert "MIX_SHIFTED" in {each.code for each in found.raised}


def test_leads_that_are_won_three_times_as_often_ask_for_retraining():
    def oftener(drawn, day):
        drawn["rates"][0] *= 3.0 if day > HALF else 1.0

    found = seen(plain(change=oftener))
    assert found.verdict == "retrain"
    assert ("WON_OFF", "won") in raised(found)


def test_a_model_whose_scores_have_turned_round_is_found_out():
    def turned(drawn, day):
        if day > HALF:
            drawn["rates"][0] *= 0.1 if drawn["country"] == "DE" else 6.0

    assert ("WON_RANKING", "won") in raised(seen(plain(change=turned)))


def test_what_came_at_or_after_the_instant_does_not_exist():
    def later_only(drawn, day):
        drawn["country"] = "XX" if day >= 380.0 else drawn["country"]

    changed = plain(change=later_only)
    assert seen(changed, at=at(380)).to_dict() == seen(quiet(), at=at(380)).to_dict()


def test_where_no_lead_came_since_nothing_can_be_told():
    found = seen(quiet(), at=at(HALF))
    assert found.verdict == "too_few"
    assert {each.code for each in found.untold} >= {"NEW_LEADS", "ENDS", "REALISED", "CRY_WOLF"}
    (said,) = [each.sentence for each in found.untold if each.code == "REALISED"]
    assert said.endswith("and telling takes 200. The first can be on 2026-09-18.")


def test_when_the_first_can_be_known_is_not_said_where_some_are():
    found = seen(quiet(), at=at(HALF + 70.0))
    (said,) = [each.sentence for each in found.untold if each.code == "REALISED"]
    assert said.endswith("and telling takes 200.")
    assert 0 < found.realised.leads < 200


def test_below_two_hundred_new_leads_it_is_too_few_to_tell_and_not_quiet():
    found = seen(quiet(), at=at(230))
    assert found.new_leads.stated.now < 200
    assert ("NEW_LEADS", "too_few") in {(each.code, each.status) for each in found.findings}
    assert not found.new_leads.stated.shifts


def test_without_the_leads_learned_from_it_says_what_to_watch_with():
    made = quiet()
    found = seen(select(made, np.arange(1_000, len(made.leads))))
    assert "LEARNED_FROM" in {each.code for each in found.untold}


@pytest.mark.parametrize("rows", [[], [0]])
def test_of_no_lead_or_one_nothing_can_be_told(rows):
    made = select(quiet(), np.array(rows, dtype=np.int64))
    assert not [each for each in seen(made).raised if each.code not in ("COLUMN_GONE", "VALUES_RENAMED")]


def test_leads_without_dates_cannot_be_watched():
    with pytest.raises(ModelError, match="nobody can say which of them came since"):
        seen(tables([lead(created=None)], through=None))


def test_a_model_that_learned_without_dates_cannot_be_watched(tmp_path):
    path = bundles.write(tmp_path, data_end=None)
    with pytest.raises(ModelError, match="learned from leads without dates"):
        InUse.of(artefact.open_bundle(path, name=path.name))


def test_the_order_of_the_leads_changes_nothing():
    made = quiet()
    shuffled = select(made, np.random.default_rng(0).permutation(len(made.leads)))
    one, other = seen(made), seen(shuffled)
    assert [each.to_dict() for each in one.findings] == [each.to_dict() for each in other.findings]


def test_everything_survives_json():
    assert json.loads(json.dumps(seen(quiet()).to_dict(), allow_nan=False))["verdict"] == "quiet"


def test_of_too_many_leads_some_are_drawn_whatever_their_order():
    made = quiet()
    looks = _first_looks(made)
    few = some(made, looks, most=50)
    shuffled = select(made, np.random.default_rng(0).permutation(len(made.leads)))
    again = some(shuffled, _first_looks(shuffled), most=50)
    names = [sorted(t.leads.lead_id[looked.lead].tolist()) for t, looked in ((made, few), (shuffled, again))]
    assert names[0] == names[1]
    assert len(names[0]) == 50


def _first_looks(made):
    return looks_between(made, at(0), at(END), FIRST_LOOK)


def test_realised_skill_stands_beside_what_was_judged_at_the_same_age():
    part = {
        "by": "age",
        "auc": {"value": 0.95, "low": 0.94, "high": 0.96},
        "bias": {"value": 0.0, "low": 0.0, "high": 0.0},
    }
    judged = {"sets": [{"name": "later_leads", "parts": [part], "figures": {}}]}
    found = watch(quiet(), replace(used(), judgement=judged), AGREEMENT)
    assert found.realised.by_end["won"].judged["auc"].value == 0.95
    assert ("SKILL_FELL", "won") in raised(found)


def test_expected_and_seen_of_all_blocks_add_up():
    found = seen(quiet())
    assert len(found.ends.blocks) == 7
    for place in range(3):
        expected = sum(block.expected[place] for block in found.ends.blocks)
        came = sum(block.observed[place] for block in found.ends.blocks)
        assert came == pytest.approx(expected, rel=0.25)
