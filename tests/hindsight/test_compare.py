"""Two agreements over the same past: paired differences, and the leads on which they differ."""

from __future__ import annotations

import json

import numpy as np
import pytest

from readiness.crm import simulate
from readiness.crm.tables import Tables
from readiness.hindsight.backtest import backtest
from readiness.hindsight.compare import Comparison, compare
from readiness.hindsight.replay import Adviser
from tests import builders
from tests.agreement.agreements import agreement
from tests.builders import lead, tables
from tests.hindsight.small import ADVISER, Crm

EASIER = Adviser(agreement(handover__bant_at_least=1))
"""One BANT point is enough: whoever asked for a demo passes."""


def run(made: Tables, a: Adviser = ADVISER, b: Adviser = EASIER) -> Comparison:
    return compare(made, a, b, replicates=50)


def test_leads_are_told_by_which_of_the_two_hands_them_over() -> None:
    found = run(Crm().lead(6).lead(6, pieces=1).lead(6, pieces=1).lead().tables())
    assert (found.overlap.both, found.only_a.handed_over, found.only_b.handed_over) == (1, 0, 2)


def test_who_hands_a_lead_over_sooner_is_told() -> None:
    crm = Crm().lead(6, pieces=1).lead(6)
    # The first lead's authority is known a week after its demo, and it asks again.
    crm.answers.append(builders.answer(13, "authority", "decides", lead_id="L-0001"))
    crm.activities.append(builders.activity(13, "demo", lead_id="L-0001"))
    overlap = run(crm.tables()).overlap
    assert (overlap.both, overlap.a_sooner, overlap.b_sooner) == (2, 0, 1)


def test_an_agreement_compared_with_itself_differs_in_nothing_and_surely_so() -> None:
    crm = Crm()
    for _ in range(5):
        crm.lead(6, (20, "closed_won"), given=(15, None)).lead(6, (30, "stop_calling")).lead(13)
    found = run(crm.tables(), ADVISER, ADVISER)
    assert (found.overlap.both, found.examples_a, found.examples_b) == (15, (), ())
    known = [figure for figure in found.differences.values() if figure.value is not None]
    assert len(known) == 7
    assert {(figure.value, figure.low, figure.high) for figure in known} == {(0.0, 0.0, 0.0)}
    assert found.sentences["leads"] == "Both would have handed over the same 15 leads, at the same looks."


def test_each_side_is_what_its_own_backtest_says() -> None:
    made = simulate.world(400, 2).tables
    a, b = Adviser(agreement(handover__bant_at_least=0)), Adviser(agreement(interest__high_from=4))
    found = run(made, a, b)
    for side, adviser in ((found.a, a), (found.b, b)):
        alone = backtest(made, adviser, replicates=50)
        assert side.total.to_dict() == alone.total.to_dict()
        assert [each.to_dict() for each in side.kept_back] == [each.to_dict() for each in alone.kept_back]


def test_the_difference_is_b_minus_a() -> None:
    crm = Crm()
    for number in range(10):
        crm.lead(6, (20, "closed_won" if number else "stop_calling"))
        crm.lead(6, (20, "closed_won" if number > 4 else "stop_calling"), pieces=1)
    found = run(crm.tables(through=120))
    # A: 1 of 10 told us to stop. B: 6 of 20, and ten more in 120 days.
    assert found.differences["cry_wolf"].value == pytest.approx(6 / 20 - 1 / 10)
    assert found.differences["hand_overs_a_week"].value == pytest.approx(10 / (120 / 7))
    assert found.differences["sales_a_week"].value == pytest.approx((14 - 9) / (120 / 7))


def test_an_example_says_why_each_advised_as_it_did_and_what_became_of_the_lead() -> None:
    (example,) = run(Crm().lead(6, (30, "closed_won"), pieces=1).tables()).examples_b
    assert example.to_dict() == {
        "lead_id": "L-0001",
        "at": "2026-01-12T00:00:00Z",
        "a": "It fits and is interested. Sales calls once two of these four speak for it: budget, "
        "who decides, the need and when it decides. So far one does: the need.",
        "b": "It fits and is interested, and the need is clear: enough for a call.",
        "became": "won 19 days later",
    }


def test_at_most_ten_examples_each_way_spread_over_time_whatever_the_order_of_the_leads() -> None:
    crm = Crm()
    for number in range(40):
        crm.lead(6 + 7 * (number // 4), pieces=1)
    found = run(crm.tables()).examples_b
    assert len(found) == 10
    assert (found[0].at, found[-1].at) == ("2026-01-12T00:00:00Z", "2026-03-16T00:00:00Z")
    crm.leads.reverse()
    assert run(crm.tables()).examples_b == found


def test_labels_of_two_kinds_are_told_and_judged_by_those_of_a() -> None:
    longer = Adviser(agreement(labels__horizon_days=180))
    found = run(Crm().lead(6).tables(), ADVISER, longer)
    assert found.horizon_days == 90
    assert "both are judged by those of A, within 90 days" in found.sentences["horizon"]


def test_no_lead_no_hand_over_and_no_dates_are_results() -> None:
    for made in (tables([]), tables([lead()]), tables([lead(created=None)], through=None)):
        found = run(made)
        json.dumps(found.to_dict(), allow_nan=False)
        assert found.sentences["leads"] == "Neither would have handed over a lead."


def test_what_both_share_cancels_out_of_the_interval() -> None:
    rng = np.random.default_rng(1)
    crm = Crm()
    for number in range(60):
        crm.lead(6, (20, "closed_won" if rng.random() < 0.5 else "stop_calling"), pieces=2 if number else 1)
    found = run(crm.tables())
    change, rate = found.differences["cry_wolf"], found.a.total.cry_wolf.rate
    assert change.low is not None
    assert change.high is not None
    assert rate.low is not None
    assert rate.high is not None
    assert change.high - change.low < (rate.high - rate.low) / 5
