"""Columns with very many values, such as cities: what ended where, beside what was to be expected there.

A value of its own for each of hundreds would teach the members what a handful of leads happened to do. So
each value becomes one number a cause: the logarithm of the ends seen over those that the base hazards
lead one to expect, drawn to 0 as if by ``strength`` more ends as expected (Micci-Barreca 2001). The ends
that a lead is told of while members are fitted are those of the other folds, neither its own nor those of
leads that share its fold; only the level of all leads, and how far values are drawn, are found on all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.history.features import MIN_LEADS
from readiness.learning.base_hazards import BaseHazards
from readiness.learning.curves import Ends, probabilities
from readiness.learning.person_periods import PersonPeriods

Strengths = tuple[tuple[float | None, ...], ...]

STRENGTHS: Final = (1_000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
"""Ends as expected by which a value's are drawn to them: the fewer, the more its own count."""
_GAIN_NEEDED: Final = 4.0
"""By so much the log-likelihood of unseen leads must rise, a lead counting once; else values say nothing."""


@dataclass(frozen=True, slots=True)
class TargetStatistics:
    """``shifts`` holds for each of ``columns`` what its codes stand for, causes × codes.

    0 for codes never seen, or by fewer than ten leads; missing is a value like any other. ``strengths`` says
    for each column how far each cause's are drawn; None: all the way.
    """

    columns: tuple[int, ...]
    shifts: tuple[Floats, ...]
    strengths: Strengths = ()

    def of(self, X: Floats) -> Floats:
        """Return what the members read: numbers, the first cause's in a column's place, the others' last.

        n × (p + columns × (causes - 1)); each row on its own.
        """
        return self._placed(
            X, [table[:, _codes(X, at, table)] for at, table in zip(self.columns, self.shifts, strict=True)]
        )

    def unseen(self, X: Floats, fold: Ints, by_fold: tuple[Floats, ...]) -> Floats:
        """Return the same for the leads learned from, each by the tables made without its fold."""
        read = [
            tables[fold, :, _codes(X, at, table)].T
            for at, table, tables in zip(self.columns, self.shifts, by_fold, strict=True)
        ]
        return self._placed(X, read)

    def levels(self, levels: Ints) -> Ints:
        """Return the codes of what the members read: none for what are numbers now."""
        now = levels.copy()
        now[list(self.columns)] = 0
        return np.concatenate((now, np.zeros(self._added, dtype=np.int64)))

    def gathered(self, contributions: Floats, features: int) -> Floats:
        """Give each column what its numbers add; the last axis is what members read, then the interval."""
        result = np.concatenate((contributions[..., :features], contributions[..., -1:]), axis=-1)
        place = features
        for at, table in zip(self.columns, self.shifts, strict=True):
            for _ in range(len(table) - 1):
                result[..., at] += contributions[..., place]
                place += 1
        return result

    @property
    def found(self) -> dict[int, tuple[float | None, ...]]:
        """What was chosen: by column, how far each cause's values are drawn."""
        return dict(zip(self.columns, self.strengths, strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return them ready for JSON."""
        return {
            "columns": list(self.columns),
            "shifts": [table.tolist() for table in self.shifts],
            "strengths": [list(each) for each in self.strengths],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        shifts = tuple(np.array(table, dtype=np.float64) for table in content["shifts"])
        strengths = tuple(tuple(each) for each in content.get("strengths", ()))
        return cls(tuple(int(column) for column in content["columns"]), shifts, strengths)

    @property
    def _added(self) -> int:
        return sum(len(table) - 1 for table in self.shifts)

    def _placed(self, X: Floats, read: list[Floats]) -> Floats:
        result = np.empty((X.shape[0], X.shape[1] + self._added))
        result[:, : X.shape[1]] = X
        place = X.shape[1]
        for at, numbers in zip(self.columns, read, strict=True):
            result[:, at] = numbers[0]
            for others in numbers[1:]:
                result[:, place] = others
                place += 1
        return result


@dataclass(frozen=True, slots=True)
class Taught:
    """The statistics by all leads learned from, and what the members are taught of these."""

    statistics: TargetStatistics
    X: Floats


def fit_statistics(
    X: Floats,
    levels: Ints,
    rows: PersonPeriods,
    ends: Ends,
    base: BaseHazards,
    *,
    above: int | None,
    fold: Ints,
    leads: Ints,
    chosen: Mapping[int, tuple[float | None, ...]] | None = None,
) -> Taught | None:
    """Count what ended at each value of the columns with more than ``above`` values; None if there is none.

    How far a value is drawn to what was expected is chosen by how well it foretells folds left out, once
    for each column and cause; where nothing foretells them, all of it. With ``chosen`` the columns and how
    far their values are drawn are those of an earlier fit.

    Parameters
    ----------
    X : Floats, n × p
    levels : Ints, p
        Number of codes, "unseen" and "missing" the last two; 0 for numbers.
    rows : PersonPeriods
    base : BaseHazards
        What is expected of any lead of its age.
    above : int, or None
        None: no column has that many.
    fold, leads : Ints, n
    """
    columns = _columns(levels, above, chosen)
    if not columns:
        return None
    per_lead = len(X) / (int(leads.max()) + 1)
    expected = probabilities(base.of(rows), ends)[list(ends.causes)] * rows.weight / per_lead
    seen = np.stack([(rows.event == cause) * rows.weight for cause in ends.causes]) / per_lead
    shifts, by_fold, strengths = [], [], []
    for column in columns:
        codes, number = _clipped(X[:, column], int(levels[column])), int(levels[column])
        known = _shared(codes, leads, number)
        at = fold[rows.snapshot] * number + codes[rows.snapshot]
        size = (int(fold.max()) + 1) * number
        seen_here, expected_here = (_counted(at, each, size, number) for each in (seen, expected))
        best = chosen[column] if chosen is not None else _strengths(seen_here, expected_here, known)
        whole, without = _tables(seen_here, expected_here, known, best)
        shifts.append(whole)
        by_fold.append(without)
        strengths.append(best)
    statistics = TargetStatistics(columns, tuple(shifts), tuple(strengths))
    return Taught(statistics, statistics.unseen(X, fold, tuple(by_fold)))


def _columns(
    levels: Ints, above: int | None, chosen: Mapping[int, tuple[float | None, ...]] | None
) -> tuple[int, ...]:
    if chosen is not None:
        return tuple(column for column in sorted(chosen) if levels[column] > 0)
    return () if above is None else tuple(np.flatnonzero(levels - 2 > above).tolist())


def _strengths(seen: Floats, expected: Floats, known: Floats) -> tuple[float | None, ...]:
    """Return for each cause how far values are drawn; None where they foretell no fold left out.

    ``seen`` and ``expected`` are causes × folds × codes, ``known`` is 1 for codes that may be told of.
    """
    found: list[float | None] = []
    for mine, theirs in zip(seen, expected, strict=True):
        others, expected_of_others = mine.sum(axis=0) - mine, theirs.sum(axis=0) - theirs
        best, gain = None, _GAIN_NEEDED
        for strength in STRENGTHS:
            said = known * _drawn(others, expected_of_others, strength)
            # The log-likelihood of counts (Poisson) against that of what was expected of any lead.
            rises = float((mine * said - theirs * np.expm1(said)).sum())
            if rises > gain:
                best, gain = strength, rises
        found.append(best)
    return tuple(found)


def _tables(
    seen: Floats, expected: Floats, known: Floats, strengths: tuple[float | None, ...]
) -> tuple[Floats, Floats]:
    """Return the table by all folds, causes × codes, and those without each, folds × causes × codes."""
    causes, folds, codes = seen.shape
    whole, without = np.zeros((causes, codes)), np.zeros((folds, causes, codes))
    for cause, strength in enumerate(strengths):
        if strength is None:
            continue
        mine, theirs = seen[cause].sum(axis=0), expected[cause].sum(axis=0)
        whole[cause] = known * _drawn(mine, theirs, strength)
        without[:, cause] = known * _drawn(mine - seen[cause], theirs - expected[cause], strength)
    return whole, without


def _drawn(seen: Floats, expected: Floats, strength: float) -> Floats:
    # Sums less one of their parts may fall short of nothing by a rounding.
    drawn: Floats = np.log(np.maximum(seen, 0.0) + strength) - np.log(np.maximum(expected, 0.0) + strength)
    return drawn


def _counted(at: Ints, weights: Floats, size: int, number: int) -> Floats:
    """Sum weights (causes × rows) by fold and code, causes × folds × codes."""
    return np.stack([np.bincount(at, each, size).reshape(-1, number) for each in weights])


def _shared(codes: Ints, leads: Ints, number: int) -> Floats:
    """Say (1 or 0) which codes may be told of: those that enough leads share, and never "unseen"."""
    once = np.unique(leads * number + codes)
    shared = (np.bincount(once % number, minlength=number) >= MIN_LEADS).astype(np.float64)
    shared[number - 2] = 0.0
    return shared


def _codes(X: Floats, column: int, table: Floats) -> Ints:
    return _clipped(X[:, column], table.shape[1])


def _clipped(values: Floats, number: int) -> Ints:
    """Read codes; whatever is none is "unseen", and no number at all is "missing"."""
    inside = (values >= 0.0) & (values < number)
    codes = np.where(inside, values, np.where(np.isnan(values), number - 1, number - 2))
    return codes.astype(np.int64)
