"""What is said of a lead by the interval and its age alone."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.learning.base_hazards import fit_base, fit_bases
from readiness.learning.curves import Ends
from readiness.learning.person_periods import PersonPeriods, base_log_hazards
from readiness.learning.strata import fit_strata

ENDS = Ends(0, (1, 2))
RNG = np.random.default_rng(5)
N = 120
X = np.column_stack((RNG.choice([0.0, 7.0], N), RNG.normal(size=N)))
ROWS = PersonPeriods(
    np.repeat(np.arange(N), 2), np.tile([0, 1], N), RNG.integers(0, 3, 2 * N), RNG.random(2 * N)
)
FOLD = np.arange(N) % 3


def test_a_base_is_the_level_of_the_interval_and_what_the_stratum_adds() -> None:
    found = fit_base(X, ROWS, ENDS, 2, stratified_by=0)
    offset = base_log_hazards(ROWS, 0, (1, 2), 2)
    added = fit_strata(X, 0, ROWS, ENDS, offset).log_hazards(X)
    assert found.of(ROWS) == pytest.approx(offset[:, ROWS.interval] + added[:, ROWS.interval, ROWS.snapshot])


def test_without_strata_nothing_is_added() -> None:
    assert fit_base(X, ROWS, ENDS, 2).strata is None
    assert not fit_base(X, ROWS, ENDS, 2).added(ROWS).any()


def test_what_is_said_of_held_out_leads_does_not_change_with_their_fates() -> None:
    out = FOLD[ROWS.snapshot] == 1
    other = PersonPeriods(
        ROWS.snapshot, ROWS.interval, np.where(out, 3 - ROWS.event, ROWS.event) % 3, ROWS.weight
    )
    before, after = (fit_bases(X, rows, ENDS, 2, FOLD, stratified_by=0) for rows in (ROWS, other))
    np.testing.assert_array_equal(
        before.unseen_offset(ROWS, FOLD)[:, out], after.unseen_offset(ROWS, FOLD)[:, out]
    )
    np.testing.assert_array_equal(
        before.unseen_added(ROWS, FOLD)[:, out], after.unseen_added(ROWS, FOLD)[:, out]
    )
    assert not np.array_equal(before.whole.offset, after.whole.offset)


def test_each_row_is_told_by_the_base_without_its_fold() -> None:
    bases = fit_bases(X, ROWS, ENDS, 2, FOLD, stratified_by=0)
    said = bases.unseen_offset(ROWS, FOLD) + bases.unseen_added(ROWS, FOLD)
    for row in (0, 1, 77, 2 * N - 1):
        alone = ROWS.where(np.arange(2 * N) == row)
        expected = bases.without[FOLD[ROWS.snapshot[row]]].of(alone)
        assert said[:, [row]] == pytest.approx(expected)


def test_an_end_of_one_lead_alone_has_a_hazard_without_it_too() -> None:
    once = PersonPeriods(np.arange(6), np.zeros(6, np.int64), np.array([2, 1, 1, 1, 0, 0]), np.ones(6))
    bases = fit_bases(X[:6], once, ENDS, 1, np.arange(6) % 2, stratified_by=0)
    assert np.isfinite(bases.unseen_offset(once, np.arange(6) % 2)).all()
    assert bases.without[0] is bases.whole
    assert bases.without[1] is not bases.whole


def test_with_nothing_held_out_there_is_only_the_whole() -> None:
    assert fit_bases(X, ROWS, ENDS, 2, None).without == ()


def test_no_rows_have_no_base_hazards() -> None:
    none = ROWS.where(np.zeros(len(ROWS), dtype=np.bool_))
    assert fit_base(X, ROWS, ENDS, 2).of(none).shape == (2, 0)
