"""How much worse one forecast is than another on the same leads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.bootstrap import Estimate, Ratio, draw
from readiness.judging.paired import Shortfall, chance_of_no_worse, shortfall
from tests.oracles import challenge as oracle

LOSSES = st.floats(0.01, 5.0)
ROWS = st.lists(st.tuples(LOSSES, LOSSES, st.floats(0.5, 2.0), st.integers(0, 6)), min_size=8, max_size=30)


def _flat(value: float) -> Estimate:
    return Estimate(value, np.full(20, value))


@given(ROWS)
def test_the_bound_equals_drawing_lead_by_lead(rows: list[tuple[float, float, float, int]]) -> None:
    mine, theirs, weight = (np.array([row[place] for row in rows]) for place in range(3))
    draws = draw(np.array([row[3] for row in rows]), replicates=40, seed=1)
    of = [draws.ratio(Ratio(weight * loss, weight)) for loss in (mine, theirs)]
    found = shortfall(of[0], of[1], "lower")
    expected = oracle.shortfall(mine.tolist(), theirs.tolist(), weight.tolist(), draws)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("better", "worse"), [("lower", 0.1), ("higher", -0.1)])
def test_worse_is_more_of_a_loss_and_less_of_a_gain(better: str, worse: float) -> None:
    found = shortfall(_flat(1.1), _flat(1.0), "lower" if better == "lower" else "higher")
    assert found is not None
    assert found.value == pytest.approx(worse)


def test_the_same_forecast_falls_short_by_nothing_at_all() -> None:
    assert shortfall(_flat(0.3), _flat(0.3), "lower") == Shortfall(0.0, 0.0, 0.0)
    assert shortfall(_flat(0.0), _flat(0.0), "higher") == Shortfall(0.0, 0.0, 0.0)


def test_beside_a_figure_of_nothing_any_loss_is_beyond_every_share() -> None:
    assert shortfall(_flat(0.1), _flat(0.0), "lower") == Shortfall(np.inf, np.inf, np.inf)


def test_what_hardly_any_draw_defines_is_not_told() -> None:
    assert shortfall(Estimate(1.0, np.full(20, np.nan)), _flat(1.0), "lower") is None
    assert shortfall(Estimate(float("nan"), np.ones(20)), _flat(1.0), "lower") is None


@given(ROWS, st.floats(0.0, 0.2))
def test_the_chance_equals_a_t_test_on_the_leads_totals(
    rows: list[tuple[float, float, float, int]], margin: float
) -> None:
    mine, theirs = ([row[place] for row in rows] for place in range(2))
    lead = [row[3] for row in rows]
    found = chance_of_no_worse(np.array(mine), np.array(theirs), np.array(lead), margin)
    assert found == pytest.approx(oracle.chance_of_no_worse(mine, theirs, lead, margin), nan_ok=True)


@pytest.mark.parametrize("rows", [0, 1, 5], ids=["no row", "one row", "one lead"])
def test_of_less_than_two_leads_nothing_is_known(rows: int) -> None:
    losses = np.ones(rows)
    assert np.isnan(chance_of_no_worse(losses, losses, np.zeros(rows, dtype=np.int64), 0.02))


@pytest.mark.parametrize(("times", "chance"), [(1.0, 1.0), (1.02, 1.0), (1.03, 0.0)])
def test_where_no_lead_differs_it_is_within_the_margin_or_not(times: float, chance: float) -> None:
    # 1.5 is written without rounding, and so is 1.02 x 1.5: the excess at the margin is exactly nothing.
    theirs = np.full(4, 1.5)
    assert chance_of_no_worse(times * theirs, theirs, np.arange(4), 0.02) == chance
