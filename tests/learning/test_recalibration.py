import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.learning.curves import Ends, probabilities
from readiness.learning.person_periods import PersonPeriods
from readiness.learning.recalibration import Checked, Recalibration, check, mended

ENDS = Ends(0, (1, 2))


def fates(true: Floats, seed: int = 0) -> PersonPeriods:
    """Draw what happens in one interval under log-hazards of two causes."""
    n = true.shape[1]
    shares = np.cumsum(probabilities(true, ENDS), axis=0)
    event = (np.random.default_rng(seed).random(n) > shares).sum(axis=0)
    rows = np.arange(n)
    return PersonPeriods(rows, np.zeros(n, dtype=np.int64), event.astype(np.int64), np.ones(n))


TRUE = np.random.default_rng(1).normal(-1.5, 1.0, size=(2, 4_000))
LEVEL = np.full_like(TRUE, -1.5)
ROWS = fates(TRUE)
FOLD = np.arange(4_000) % 5


def checked(said: Floats, *, ended: int = 1_000, per_lead: float = 1.0) -> Checked:
    nothing = np.zeros_like(said)
    return check(said, LEVEL, nothing, ROWS, ENDS, FOLD, ended=ended, snapshots_per_lead=per_lead)


def test_hazards_twice_too_bold_are_halved() -> None:
    found = checked(LEVEL + 2.0 * (TRUE - LEVEL))
    assert found.slope is not None
    assert found.slope == pytest.approx((0.5, 0.5), abs=0.05)
    assert found.gain > 50.0


def test_hazards_too_high_for_all_are_shifted() -> None:
    found = checked(TRUE + 0.7)
    assert found.shift is not None
    assert found.shift == pytest.approx((-0.7, -0.7), abs=0.15)


def test_what_is_calibrated_is_left_alone() -> None:
    found = checked(TRUE)
    assert (found.slope, found.shift) == (None, None)


def test_only_the_cause_that_is_too_timid_is_mended() -> None:
    said = TRUE.copy()
    said[0] = LEVEL[0] + 0.7 * (TRUE[0] - LEVEL[0])
    found = checked(said)
    assert found.slope is not None
    assert found.shift is not None
    assert found.slope[0] == pytest.approx(1.0 / 0.7, abs=0.15)
    assert (found.slope[1], found.shift[1]) == (1.0, 0.0)


def test_causes_too_bold_about_the_same_leads_are_mended_together() -> None:
    true = np.tile(np.random.default_rng(2).normal(size=1_000), (2, 1))
    said, rows = 2.0 * true, fates(true)
    level = added = np.zeros_like(said)
    found = check(said, level, added, rows, ENDS, np.arange(1_000) % 5, ended=1_000, snapshots_per_lead=1.0)
    assert found.slope == pytest.approx((0.5, 0.5), abs=0.1)


def test_below_a_hundred_resolved_leads_nothing_is_mended() -> None:
    assert checked(2.0 * TRUE, ended=99) == Checked(0.0)
    assert checked(2.0 * TRUE, ended=100).slope is not None


def test_a_lead_counts_once_however_often_it_is_looked_at() -> None:
    timid = LEVEL + 0.9 * (TRUE - LEVEL)
    assert checked(timid, per_lead=50.0).gain < 2.0


def test_mending_never_turns_an_order_round() -> None:
    found = checked(LEVEL - 2.0 * (TRUE - LEVEL))
    assert found.slope is not None
    assert min(found.slope) >= 0.0


@given(st.floats(0.0, 3.0), st.floats(-2.0, 2.0), st.floats(-5.0, 2.0))
def test_mended_hazards_still_sum_to_one(slope: float, shift: float, eta: float) -> None:
    mending = Recalibration(np.full((2, 1), -1.0), np.array([slope, 1.0]), np.array([shift, 0.0]))
    shares = probabilities(mending.of(np.full((2, 1, 1), eta)), ENDS)
    assert shares.sum() == pytest.approx(1.0)


def test_mending_is_a_line_through_the_level() -> None:
    # -1 + 0.5 + 2 × (0 - -1) = 1.5
    found = mended(np.zeros((1, 1, 1)), np.full((1, 1, 1), -1.0), np.array([2.0]), np.array([0.5]))
    assert found.tolist() == [[[1.5]]]
    assert mended(np.zeros((1, 3, 0)), np.zeros((1, 3, 1)), np.ones(1), np.ones(1)).shape == (1, 3, 0)


def test_what_was_checked_is_read_again_as_it_was_written() -> None:
    for found in (checked(TRUE), checked(2.0 * TRUE)):
        assert Checked.from_json(found.to_json()) == found
