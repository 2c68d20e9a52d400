"""What a feature counts is said in words and with a unit, whatever the feature."""

from __future__ import annotations

import pytest

from readiness.crm import simulate
from readiness.history import features
from readiness.history.feature_plan import Feature
from readiness.history.measured import NOTHING_MORE, in_unit, measured
from readiness.history.snapshots import take


def test_every_number_that_is_counted_or_timed_has_a_unit() -> None:
    tables = simulate.world(120, 3).tables
    plan = features.plan(tables, take(tables, until=tables.observed_through), min_leads=5, points=True)
    stated = ("attribute:number", "answer:number", "activity:value", "completeness")
    bare = {each.measure for each in plan.features if each.kind == "number" and not measured(each).unit}
    assert bare <= set(stated)
    assert not any("{" in measured(each).what for each in plan.features)


def test_a_feature_of_an_unknown_measure_is_told_by_its_number_alone() -> None:
    assert measured(Feature("odd", "number", "Odd", "new:measure")) == NOTHING_MORE


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, "act", "0 acts"),
        (0.0099, "act", "0 acts"),
        (0.01, "act", "0.01 acts"),
        (1.0, "act", "1 act"),
        (9.94, "act", "9.9 acts"),
        (10.0, "act", "10 acts"),
        (0.0, "day", "0 days"),
        (0.5, "day", "12 hours"),
        (1.0, "day", "1 day"),
        (-3.0, "day", "−3 days"),
        (999.4, "", "999"),
        (1_000.4, "", "1,000"),
    ],
)
def test_a_number_is_told_as_exactly_as_anybody_cares(value: float, unit: str, said: str) -> None:
    assert in_unit(value, unit) == said
