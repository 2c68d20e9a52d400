"""Columns that leads have far more often once they have ended."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm import simulate
from readiness.crm.quality import measure
from readiness.crm.quality.columns import Column
from readiness.crm.quality.endings import FullerAtEnd, fuller_at_end
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.tables import Tables
from tests.builders import lead, outcome, tables


def _column(ended: int, still_open: int, role: str = "attribute") -> Column:
    return Column("size", role, False, 2, 0, ended + still_open, ended, np.zeros(1, dtype=np.int64))


def _told(given: Tables) -> list[str]:
    return [one.name for one in measure(given, shared_by=10).fuller]


def test_a_column_filled_at_the_end_is_told_with_both_shares():
    leads = [lead(f"L-{n}", score="x" if n < 45 or n == 99 else None, kind="k") for n in range(100)]
    ends = [outcome(5, lead_id=f"L-{n}") for n in range(50)]
    assert measure(tables(leads, outcomes=ends), shared_by=10).fuller == (FullerAtEnd("score", 0.9, 0.02),)


@pytest.mark.parametrize(
    ("ended", "still_open", "told"),
    [(500, 300, 1), (499, 300, 0), (20, 1, 1), (20, 2, 0), (19, 0, 0), (300, 500, 0), (1000, 1000, 0)],
    ids=["20 points", "less", "twentyfold", "tenfold", "below 2 %", "fuller while open", "always"],
)
def test_what_is_told_is_far_apart_and_fuller_at_the_end(ended, still_open, told):
    assert len(fuller_at_end([_column(ended, still_open)], 2_000, 1_000)) == told


@pytest.mark.parametrize(("ended", "still_open", "told"), [(30, 30, 1), (29, 31, 0), (31, 29, 0), (0, 0, 0)])
def test_at_least_thirty_of_both_are_compared(ended, still_open, told):
    assert len(fuller_at_end([_column(ended, 0)], ended + still_open, ended)) == told


def test_only_attributes_are_known_at_creation():
    assert fuller_at_end([_column(900, 100, "identity")], 2_000, 1_000) == ()
    assert fuller_at_end([], 2_000, 1_000) == ()


def test_a_leak_that_is_written_after_the_end_is_found_and_nothing_else():
    leaking = simulate.world(600, 5, options=WorldOptions(leaks=("written_after",))).tables
    assert _told(leaking) == ["closing_score"]
    assert _told(simulate.world(600, 5).tables) == []


def test_without_leads_nothing_is_fuller():
    assert _told(tables([])) == []
    assert _told(tables()) == []
