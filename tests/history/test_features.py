from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.records import Activity, Answer, AttributeValue
from readiness.crm.tables import Tables
from readiness.errors import ModelError
from readiness.history import snapshots
from readiness.history.features import FeaturePlan, build, plan
from readiness.history.snapshots import Snapshots
from tests.builders import activity, answer, at, lead, outcome, tables


def value(made: Tables, name: str, day: float = 100, **excluded: Sequence[str]) -> float:
    """Return one feature of the first lead on a day."""
    looks = snapshots.at(made, at(day))
    chosen = plan(made, looks, min_leads=1, **excluded)
    return float(build(made, looks, chosen)[0, chosen.names.index(name)])


def visits(*days: float, direction: str = "inbound") -> list[Activity]:
    return [activity(day, "visit", direction) for day in days]


def test_a_window_holds_its_opening_and_not_the_cutoff() -> None:
    # From day 93 on, before day 100: 93 and 99.
    assert value(tables(activities=visits(92.9, 93, 99, 100)), "inbound_visit_7d") == 2


def test_a_type_that_never_happened_counts_zero_and_is_no_time_ago() -> None:
    made = tables([lead("A"), lead("B")], [activity(5, "visit", lead_id="B")])
    assert value(made, "inbound_visit_ever") == 0
    assert np.isnan(value(made, "days_since_inbound_visit"))


def test_recency_is_told_in_days() -> None:
    assert value(tables(activities=visits(10, 98.5)), "days_since_inbound_visit") == 1.5


def test_an_activity_is_worth_half_after_a_half_life() -> None:
    # 14 days old with a half-life of 7: a quarter; 7 days old: a half.
    made = tables(activities=visits(86, 93))
    assert value(made, "inbound_activities_decayed_7d") == pytest.approx(0.75)


def test_the_trend_is_the_last_fortnight_less_the_one_before() -> None:
    # Days 86 … 99.9: three. Days 72 … 85.9: one.
    assert value(tables(activities=visits(72, 86, 90, 99)), "inbound_trend_14d") == 2


def test_values_are_summed_and_the_missing_add_nothing() -> None:
    chats = [activity(90, "chat", value=2.5), activity(95, "chat", value=None), activity(60, "chat", value=1)]
    assert value(tables(activities=chats), "inbound_chat_value_30d") == 2.5
    assert value(tables(activities=chats), "inbound_chat_value_ever") == 3.5


def test_the_rhythm_is_the_gap_between_activities() -> None:
    made = tables(activities=visits(80, 81, 91))  # gaps of 1 and 10 days
    assert value(made, "inbound_gap_mean_days") == 5.5
    assert value(made, "inbound_gap_median_days") == 5.5
    assert np.isnan(value(tables(activities=visits(80)), "inbound_gap_mean_days"))


def test_a_burst_shows_in_the_busiest_day() -> None:
    made = tables(activities=visits(50, 60, 60.2, 60.4, 99))
    assert value(made, "inbound_busiest_day_ever") == 3
    assert value(made, "inbound_active_days_ever") == 3
    assert value(made, "inbound_active_days_30d") == 1


def test_a_reply_is_the_first_inbound_after_an_outbound_and_its_gap_is_told_in_hours() -> None:
    out, back = visits(90, 92, direction="outbound"), visits(90.5, 91, 94)
    made = tables(activities=[*out, *back])
    # out 90, in 90.5 (12 h), in 91, out 92, in 94 (48 h)
    assert value(made, "inbound_replies_ever") == 2
    assert value(made, "reply_gap_last_hours") == 48
    assert value(made, "reply_gap_median_hours") == 30
    assert value(made, "dialogue_turns_ever") == 3


def test_channels_count_once_each() -> None:
    made = tables(
        activities=[
            activity(day, channel=c) for day, c in ((5, "web"), (95, "web"), (96, None), (9, "phone"))
        ]
    )
    assert value(made, "channels_ever") == 2
    assert value(made, "channels_30d") == 1


def test_the_newest_answer_counts_with_its_age_and_its_changes() -> None:
    told = [
        answer(10, "team", "3"),
        answer(90, "team", "12"),
        answer(95, "team", "12"),
        answer(100, "team", "99"),
    ]
    assert value(tables(answers=told), "answer_team") == 12
    assert value(tables(answers=told), "days_since_answer_team") == 5
    assert value(tables(answers=told), "answer_team_changes_ever") == 1


def test_answers_that_are_not_all_numbers_are_categories() -> None:
    made = tables(answers=[answer(10, "team", "3"), answer(90, "team", "many")])
    assert value(made, "answer_team") == 1  # levels: "3", "many"


@pytest.mark.parametrize(
    ("given", "name", "expected"),
    [
        (40.0, "size", 40.0),
        ("40", "size", 40.0),
        (" 4e1 ", "size", 40.0),
        ("2026-03-01", "days_since_size", 40.0 + 1 / 86_400_000_000),
        ("forty", "size", 0.0),
        (True, "size", 0.0),
    ],
    ids=["number", "text of a number", "exponent", "date: from its end", "category", "yes"],
)
def test_a_lead_column_becomes_a_feature_by_its_type(
    given: AttributeValue, name: str, expected: float
) -> None:
    # 1 March ends on day 60; the cutoff is day 100.
    assert value(tables([lead(size=given)]), name) == pytest.approx(expected, abs=1e-9)


def test_what_a_column_is_comes_from_the_plan_and_not_from_the_batch() -> None:
    learned = tables([lead("A", size="40"), lead("B", size="7")])
    chosen = plan(learned, snapshots.at(learned, at(9)), min_leads=1)
    column = chosen.names.index("size")
    typed, odd = tables([lead("C", size=7.0)]), tables([lead("D", size="unknown")])
    assert build(typed, snapshots.at(typed, at(9)), chosen)[0, column] == 7
    assert np.isnan(build(odd, snapshots.at(odd, at(9)), chosen)[0, column])


def test_a_number_can_be_the_name_of_a_category() -> None:
    learned = tables([lead("A", tier="1"), lead("B", tier="gold")])
    chosen = plan(learned, snapshots.at(learned, at(9)), min_leads=1)
    typed = tables([lead("C", tier=1.0), lead("D", tier=None), lead("E", tier=2.0)])
    column = build(typed, snapshots.at(typed, at(9)), chosen)[:, chosen.names.index("tier")]
    assert column.tolist() == [0, 3, 2]


def test_a_missing_category_and_one_never_seen_have_codes_of_their_own() -> None:
    learned = tables([lead("A", source="chat"), lead("B", source="web")])
    chosen = plan(learned, snapshots.at(learned, at(9)), min_leads=1)
    made = tables([lead("A", source="web"), lead("B", source="fax"), lead("C", source=None)])
    column = build(made, snapshots.at(made, at(9)), chosen)[:, chosen.names.index("source")]
    source = chosen.features[chosen.names.index("source")]
    assert column.tolist() == [1, source.unseen, source.missing] == [1, 2, 3]


def test_a_column_that_the_tables_lack_is_missing() -> None:
    learned = tables([lead("A", size=4.0, trade="a"), lead("B", size=5.0, trade="b")])
    chosen = plan(learned, snapshots.at(learned, at(9)), min_leads=1)
    bare = tables([lead("C")])
    row = build(bare, snapshots.at(bare, at(9)), chosen)[0]
    assert np.isnan(row[chosen.names.index("size")])
    assert row[chosen.names.index("trade")] == 3
    assert row[chosen.names.index("attributes_known_share")] == 0


def test_only_names_that_enough_leads_share_enter_a_plan() -> None:
    made = tables(
        [lead(f"L-{i}", source="web" if i < 3 else "rare", trade="x" if i else "y") for i in range(4)],
        [activity(5, "visit" if i < 3 else "odd", lead_id=f"L-{i}") for i in range(4)] * 3,
        [answer(5, "need" if i < 3 else "quirk", "yes" if i else "no", lead_id=f"L-{i}") for i in range(4)],
    )
    chosen = plan(made, snapshots.at(made, at(9)), min_leads=3)
    text = chosen.to_json()
    assert '"web"' in text
    assert not [word for word in ('"rare"', '"y"', '"odd"', '"quirk"', '"no"') if word in text]


def test_a_plan_knows_nothing_that_its_snapshots_do_not_see() -> None:
    made = tables(None, [activity(5, "visit"), activity(9, "meeting")], [answer(9, "need", "yes")])
    names = plan(made, snapshots.at(made, at(9)), min_leads=1).names
    assert "inbound_visit_ever" in names
    assert not [name for name in names if "meeting" in name or "need" in name]


def test_who_a_lead_is_and_what_became_of_it_are_never_features() -> None:
    made = tables(outcomes=[outcome(200)])
    assert not {"lead_id", "email", "phone", "company_domain", "outcome"} & set(
        plan(made, snapshots.at(made, at(9)), min_leads=1).names
    )


@pytest.mark.parametrize("excluded", ["leak", "Leak"], ids=["by column", "by group"])
def test_an_excluded_column_leaves_no_trace_in_any_feature(excluded: str) -> None:
    made = tables([lead("A", size=3.0, leak=1.0), lead("B", size=4.0, leak=None)])
    chosen = plan(made, snapshots.at(made, at(9)), min_leads=1, exclude=[excluded])
    assert "leak" not in chosen.names
    share = build(made, snapshots.at(made, at(9)), chosen)[:, chosen.names.index("attributes_known_share")]
    assert share.tolist() == [1, 1]


def test_a_plan_notes_which_columns_hardly_any_lead_lacks() -> None:
    made = tables([lead("A", size=3.0, trade="a"), lead("B", size=4.0, source="chat")])
    assert plan(made, snapshots.at(made, at(9)), min_leads=1).expected == ("size", "source")
    assert plan(made, snapshots.at(made, at(9)), min_leads=1, exclude=["size"]).expected == ("source",)


def test_undated_tables_have_profile_features_only() -> None:
    made = tables([lead("A", None, size=3.0, since="2025-01-01")], through=None)
    looks = snapshots.take(made, until=0)
    chosen = plan(made, looks, min_leads=1)
    assert chosen.names == ("source", "size", "attributes_known_share")
    assert build(made, looks, chosen).tolist() == [[0, 3, 1]]


def test_no_snapshots_have_a_matrix_without_rows() -> None:
    made = tables([lead("L-1", size=3.0)], visits(5), [answer(5, "need", "yes")])
    chosen = plan(made, snapshots.at(made, at(9)), min_leads=1)
    empty = Snapshots(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64))
    assert build(made, empty, chosen).shape == (0, len(chosen))


def test_a_lead_without_activities_has_a_row_like_any_other() -> None:
    made = tables([lead("A"), lead("B")], [activity(5, lead_id="A")])
    chosen = plan(made, snapshots.at(made, at(9)), min_leads=1)
    bare = tables([lead("B")])
    alone = build(bare, snapshots.at(bare, at(9)), chosen)
    assert alone.tobytes() == build(made, snapshots.at(made, at(9)), chosen)[1:].tobytes()
    assert alone.flags.c_contiguous


def test_of_many_types_the_most_shared_are_counted_by_themselves() -> None:
    leads = [lead(f"L-{i}") for i in range(3)]
    rows = [
        activity(5, f"type_{n:02}", lead_id=f"L-{i}") for i in range(3) for n in range(60) if i < 2 or n >= 25
    ]
    made = tables(leads, rows)
    chosen: FeaturePlan = plan(made, snapshots.at(made, at(9)), min_leads=1)
    counted = {f.of for f in chosen.features if f.of.startswith("type_")}
    assert len(counted) == 40
    assert {f"type_{n:02}" for n in range(25, 60)} <= counted


def test_answers_keep_their_values_from_records() -> None:
    told = Answer("L-1", at(3), "wants_demo", "yes")
    assert value(tables(answers=[told]), "answer_wants_demo") == 0


def test_a_plan_out_of_order_is_refused_and_never_measured_into_the_wrong_columns() -> None:
    made = tables([lead("L-1", size=3.0)], visits(5), [answer(5, "need", "yes")])
    looks = snapshots.at(made, at(9))
    chosen = plan(made, looks, min_leads=1)
    turned = replace(chosen, features=chosen.features[::-1])
    with pytest.raises(ModelError, match="names its features out of order; expected the profile's first"):
        build(made, looks, turned)
