"""Which acts really mark a sale: in a recorded world, in none, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from readiness.agreement.document import Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.simulate.planted import planted_world
from readiness.crm.tables import Tables
from readiness.hindsight import signifier_sentences as sentences
from readiness.hindsight.exposures import acts_of, drawn, watched
from readiness.hindsight.significance import Effect
from readiness.hindsight.signifiers import NO_ACTS, NO_TIME, signifiers
from readiness.hindsight.stage_moves import stage_looks
from readiness.hindsight.worths import Worth, agrees, worth_of
from readiness.history.cuts import cut
from tests.builders import activity, answer, at, lead, outcome, tables
from tests.hindsight.planted_parts import agreed, found, of, world


def test_planted_signifiers_stand_above_all_that_is_noise() -> None:
    planted = {name for name, factor in world().won.items() if factor != 1.0}
    assert {each.type for each in found().types[: len(planted)]} == planted


def test_the_true_factor_lies_within_the_intervals() -> None:
    missed = []
    for each in found().types:
        for finding in (each.after, each.lately, each.earlier):
            for end, truth in (("won", world().won[each.type]), ("stop", world().stop[each.type])):
                effect: Effect = getattr(finding, end)
                assert effect.low is not None
                assert effect.high is not None
                if not effect.low <= truth <= effect.high:
                    missed.append((each.type, end))
    # Sixty intervals, three to an effect: five in a hundred may miss.
    assert len(missed) <= 9


def test_what_multiplies_a_stop_warns_of_one() -> None:
    assert of("careers_page_view").reading == "warns of a stop"
    assert of("careers_page_view").agrees == "yes"


def test_a_signifier_that_earns_points_agrees_with_history() -> None:
    demo = of("demo_requested")
    assert (demo.reading, demo.agrees, demo.worth) == (
        "marks a sale",
        "yes",
        Worth("meaningful", 25.0, "decision"),
    )


def test_counts_are_leads_that_did_it_and_sales_after_it() -> None:
    made, demo = world().tables, of("demo_requested").after.won
    rows = made.activities.type.codes == made.activities.type.levels.index("demo_requested")
    assert demo.leads == len(np.unique(made.activities.lead[rows]))
    sold = made.outcomes.lead[made.outcomes.outcome == 0]
    assert demo.events == len(np.intersect1d(sold, made.activities.lead[rows]))
    assert found().events["won"] == len(sold)


def test_what_comes_after_the_learner_stands_changes_nothing() -> None:
    made = planted_world(1000, 1).tables
    small = cut(made, made.observed_through - 300 * MICROSECONDS_PER_DAY)
    assert signifiers(made, agreed(), until=small.observed_through) == signifiers(small, agreed())


def test_tables_without_dates_say_nothing_of_what_came_after_what() -> None:
    undated = tables([lead(created=None)], through=None)
    assert signifiers(undated, agreed()).missing == NO_TIME


@pytest.mark.parametrize("rows", [[], [activity(3, "call_attempt", "outbound")], [activity(3)]])
def test_where_hardly_any_lead_did_anything_there_is_nothing_to_compare(rows) -> None:
    assert signifiers(tables(activities=rows), agreed()).missing == NO_ACTS


def test_of_very_many_leads_some_are_drawn_always_the_same_and_none_twice() -> None:
    some = drawn(60_000, 1)
    assert (len(np.unique(some)), some.tolist()) == (50_000, drawn(60_000, 1).tolist())
    assert drawn(50_000, 1).tolist() == list(range(50_000))
    assert "drawn by lot" not in sentences.headline(found())
    assert " of 60,000, drawn by lot" in sentences.headline(replace(found(), of=60_000))


def test_no_leads_are_no_error() -> None:
    assert signifiers(tables(leads=[]), agreed()).missing == NO_ACTS


def few(*, won: int) -> Tables:
    ids = [f"L-{number}" for number in range(30)]
    return tables(
        [lead(each) for each in ids],
        [activity(2, "hologram", lead_id=each) for each in ids],
        outcomes=[outcome(9, lead_id=each) for each in ids[:won]],
    )


def test_with_few_sales_there_are_too_few_to_tell() -> None:
    (hologram,) = signifiers(few(won=19), agreed()).types
    assert (hologram.reading, hologram.agrees) == ("not known yet", "not known yet")
    assert (hologram.after.won.ratio, hologram.after.won.events) == (None, 19)


def test_a_type_that_the_agreement_does_not_name_is_looked_at_all_the_same() -> None:
    (hologram,) = signifiers(few(won=25), agreed()).types
    assert hologram.worth.text == "not named"


def test_an_act_at_the_instant_of_the_sale_did_not_come_before_it() -> None:
    ids = [f"L-{number}" for number in range(60)]
    made = tables(
        [lead(each) for each in ids],
        [activity(9 if number < 30 else 4, "signed", lead_id=each) for number, each in enumerate(ids)],
        outcomes=[outcome(9, lead_id=each) for each in ids[:30]],
    )
    (signed,) = signifiers(made, agreed()).types
    assert (signed.after.won.leads, signed.after.won.events) == (30, 0)


def sold(after: float) -> Tables:
    """Thirty leads that signed on day 9 and were sold so long after it, and thirty that did neither."""
    ids = [f"L-{number}" for number in range(60)]
    return tables(
        [lead(each) for each in ids],
        [activity(9, "signed", lead_id=each) for each in ids[:30]],
        outcomes=[outcome(9 + after, lead_id=each) for each in ids[:30]],
    )


@pytest.mark.parametrize(("after", "share"), [(0.1, 1.0), (1.0, 1.0), (1.01, 0.0)])
def test_an_act_that_comes_with_the_sale_may_be_a_part_of_it(after: float, share: float) -> None:
    told = signifiers(sold(after), agreed())
    assert told.types[0].at_the_end == share
    said = sentences.part_of_the_end(told)
    assert [each.split(" came")[0] for each in said] == (["100 % of the sales after signed"] if share else [])


def test_of_few_sales_nobody_says_how_near_they_came() -> None:
    (hologram,) = signifiers(few(won=19), agreed()).types
    assert hologram.at_the_end is None


def test_leads_that_were_watched_for_less_than_a_week_show_no_moves() -> None:
    ids = [f"L-{number}" for number in range(30)]
    made = tables([lead(each) for each in ids], [activity(2, lead_id=each) for each in ids], through=5)
    told = signifiers(made, agreed())
    assert (told.looks, told.types[0].after.next_stage.verdict) == (0, "too few to tell")


def test_what_moves_a_lead_on_means_something_even_without_points() -> None:
    unpaid = agreed().model_dump(mode="json")
    del unpaid["interest"]["meaningful"]["demo_requested"]
    worth = worth_of("demo_requested", Agreement.model_validate(unpaid))
    assert (worth.text, agrees(worth, "meaningless")) == ("no points, decision", "no")


def test_a_lead_is_seen_to_move_on_at_the_next_look() -> None:
    # Looks on days 7 and 14 after creation; a demo on day 10 moves it to decision.
    made = stage_looks(
        tables(activities=[activity(10, "demo_requested")], through=22), agreed(), until=at(22)
    )
    assert made.moved.tolist() == [False, True]


def test_a_lead_in_the_last_stage_cannot_move_on_and_one_not_seen_again_tells_nothing() -> None:
    demo = tables(activities=[activity(0.01, "demo_requested")], through=10)
    assert len(stage_looks(demo, agreed(), until=at(10)).moved) == 0
    assert len(stage_looks(tables(through=5), agreed(), until=at(5)).moved) == 0
    assert len(stage_looks(tables(leads=[]), agreed(), until=at(5)).moved) == 0


def test_the_last_look_at_a_lead_is_not_followed_by_the_first_at_the_next() -> None:
    two = tables([lead("A"), lead("B")], [activity(0.01, "chat", lead_id="B")], through=10)
    made = stage_looks(two, agreed(), until=at(10))
    assert (made.snapshots.lead.tolist(), made.moved.tolist()) == ([0, 1], [False, False])


def test_time_beyond_the_horizon_is_left_out() -> None:
    made = tables()
    time = watched(made, acts_of(made), until=at(400), horizon_days=90.0)
    assert time.at_risk.exposure.sum() == 90.0
    assert watched(made, acts_of(made), until=at(400)).at_risk.exposure.sum() == pytest.approx(400.0)


def test_an_answer_counts_from_just_after_it() -> None:
    ids = [f"L-{number}" for number in range(20)]
    said = [
        answer(5, "budget", "approved" if number % 2 else "none", lead_id=each)
        for number, each in enumerate(ids)
    ]
    made = tables([lead(each) for each in ids], answers=said)
    risk = watched(made, acts_of(made), until=at(400), horizon_days=90.0).at_risk
    own = risk.lead == 0
    before = np.cumsum(risk.exposure[own]) <= 5.001
    assert len(np.unique(risk.known[risk.state[own][before]], axis=0)) == 1
    assert len(np.unique(risk.known[risk.state[own]], axis=0)) == 2
