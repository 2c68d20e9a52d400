"""What never becomes a feature."""

from __future__ import annotations

from readiness.history import features, snapshots
from tests.builders import answer, lead, tables


def test_a_suppression_flag_is_a_rule_s_business_and_never_a_feature():
    leads = [lead(f"L-{number}", Do_Not_Call="yes", size=float(number)) for number in range(20)]
    answers = [answer(1, "opted_out", "no", lead_id=f"L-{number}") for number in range(20)]
    given = tables(leads, answers=answers)
    plan = features.plan(given, snapshots.take(given, until=given.observed_through))
    assert "size" in plan.names
    assert not [name for name in plan.names if "call" in name.lower() or "opted" in name]


def test_it_is_left_out_though_nothing_else_was_asked_to_be():
    given = tables([lead(f"L-{number}", unsubscribed="no") for number in range(20)])
    plan = features.plan(given, snapshots.take(given, until=given.observed_through), exclude=["source"])
    assert plan.excluded == ("source", "unsubscribed")
