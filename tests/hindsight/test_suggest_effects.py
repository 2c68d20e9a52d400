from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.hindsight.proposals import END, Edit, amended
from readiness.hindsight.suggest_effects import effect, later
from tests.builders import activity, answer, at, lead, outcome, tables

AGREED = load(shipped.agreement())
NO_FAIR = amended(
    AGREED,
    [
        Edit(
            ("profile", "criteria", END),
            {"name": "fair", "rank": "must_not", "reads": ["source"], "any_of": ["fair"]},
        ),
        Edit(("interest", "high_from"), 10.0),
    ],
)


def world(through=400.0):
    """Two from the fair tell us to stop; two from the shop with a form and two who only replied buy."""
    rows, activities, answers, outcomes = [], [], [], []
    for number, (source, kind, end) in enumerate(
        [("fair", "form_submitted", "stop_calling")] * 2
        + [("shop", "form_submitted", "closed_won")] * 2
        + [("shop", "email_reply", "closed_won")] * 2
    ):
        name, day = f"L-{number}", 100.0 + number
        rows.append(lead(name, day, source, company_size=50, industry="software", seniority="director"))
        activities.append(activity(day + 0.01, kind, lead_id=name))
        answers.append(answer(day + 0.02, "need", "clear", lead_id=name))
        outcomes.append(outcome(day + 20, end, lead_id=name))
    return tables(rows, activities, answers, outcomes, through=through)


def unseen(tables_, since=50.0):
    return later(tables_, AGREED, at(since), never_call=None, seed=1, replicates=200)


def judged(later_, now, changed, seed=0):
    return effect(later_, later_.curve(now), later_.curve(changed), seed=seed)


def test_sales_stops_and_what_is_missed_or_gained_are_counted_at_the_lines_as_written():
    found = judged(unseen(world()), AGREED, NO_FAIR, seed=0)
    assert (found.won_now, found.stop_now) == (2, 2)  # both from the fair stop, two with a form buy
    assert (found.won, found.stop) == (4, 0)
    assert (found.missed, found.gained) == (0, 2)


def test_the_cry_wolf_rates_are_compared_where_both_bring_as_many_sales():
    found = judged(unseen(world()), AGREED, NO_FAIR, seed=0)
    assert found.rate_now.value == 0.5  # 2 stops of 4 ends
    assert found.change.value == pytest.approx(-0.5)  # with two sales the other brings no stop


def test_where_a_changed_agreement_cannot_bring_as_many_the_one_in_force_is_held_to_as_few():
    forms_only = amended(
        AGREED, [Edit(("interest", "any_from"), 14.0), Edit(("interest", "high_from"), 15.0)]
    )
    found = judged(unseen(world()), NO_FAIR, forms_only, seed=0)
    assert found.change.value == pytest.approx(
        0.5
    )  # two sales each: no stop at the higher line, two at the other's


def test_an_agreement_beside_itself_changes_nothing_and_the_interval_holds_that():
    found = judged(unseen(world()), AGREED, AGREED, seed=0)
    assert found.change.value == 0.0
    assert found.change.low < 0.0 < found.change.high


@pytest.mark.parametrize(("since", "leads"), [(100.0, 6), (100.1, 5), (200.0, 0)])
def test_only_leads_created_from_the_instant_on_are_judged_by(since, leads):
    assert len(np.unique(unseen(world(), since).looker.snapshots.lead)) == leads


@pytest.mark.parametrize(("through", "leads"), [(190.0, 0), (190.05, 1), (191.05, 2), (400.0, 6)])
def test_only_looks_that_could_be_followed_for_a_horizon_count(through, leads):
    # The horizon is 90 days, and the first lead is first looked at an hour after day 100.
    assert len(np.unique(unseen(world(through)).looker.snapshots.lead)) == leads


def test_without_later_leads_nothing_can_be_told():
    found = judged(unseen(world(), 300.0), AGREED, NO_FAIR, seed=0)
    assert (found.change.value, found.rate.value, found.won) == (None, None, 0)


def test_the_same_seed_gives_the_same_interval_and_more_doubt_a_wider_one():
    once, again = (judged(unseen(world()), AGREED, NO_FAIR, seed=3) for _ in range(2))
    assert once == again
    sure = replace(unseen(world()), stop=unseen(world()).stop * 100)
    assert judged(sure, AGREED, AGREED, seed=3).change.high < once.change.high + 0.5
