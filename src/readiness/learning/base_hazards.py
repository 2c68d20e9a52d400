"""What is said of a lead by the interval and its age alone: where every member starts.

Whoever checks members on leads held out must hold those leads out of this too: a level that knows them makes
each member that leans on it look better than one that learns its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.canonical import held_out
from readiness.learning.curves import Ends
from readiness.learning.person_periods import PersonPeriods, base_log_hazards
from readiness.learning.strata import Strata, fit_strata


@dataclass(frozen=True, slots=True)
class BaseHazards:
    """``offset`` is causes × intervals; ``stratum`` (n) the stratum of each snapshot, if there are any."""

    offset: Floats
    stratum: Ints | None = None
    strata: Strata | None = None

    def of(self, rows: PersonPeriods) -> Floats:
        """Return the log-hazards of person-periods, causes × m."""
        total: Floats = self.offset[:, rows.interval] + self.added(rows)
        return total

    def added(self, rows: PersonPeriods) -> Floats:
        """Return what strata add to the levels of all, causes × m; nothing without strata."""
        if self.strata is None or self.stratum is None:
            return np.zeros((len(self.offset), len(rows)))
        return self.strata.shifts[:, self.stratum[rows.snapshot], rows.interval]

    def at(self, snapshots: Ints) -> BaseHazards:
        """Return those of some snapshots, numbered anew."""
        return self if self.stratum is None else replace(self, stratum=self.stratum[snapshots])


@dataclass(frozen=True, slots=True)
class Bases:
    """Those of all leads, and for each fold those of the leads outside it; none if nothing is held out."""

    whole: BaseHazards
    without: tuple[BaseHazards, ...] = ()

    def at(self, snapshots: Ints) -> Bases:
        """Return those of some snapshots, numbered anew."""
        return Bases(self.whole.at(snapshots), tuple(base.at(snapshots) for base in self.without))

    def unseen_offset(self, rows: PersonPeriods, fold: Ints) -> Floats:
        """Return the levels found without the fold of each row's snapshot, causes × m."""
        offsets = np.stack([base.offset for base in self.without])
        return np.ascontiguousarray(offsets[fold[rows.snapshot], :, rows.interval].T)

    def unseen_added(self, rows: PersonPeriods, fold: Ints) -> Floats:
        """Return what strata found without the fold of each row's snapshot add, causes × m."""
        added = np.empty((len(self.whole.offset), len(rows)))
        for number, base in enumerate(self.without):
            _, out = held_out(fold[rows.snapshot], number)
            added[:, out] = base.added(rows.where(out))
        return added


def fit_base(
    X: Floats, rows: PersonPeriods, ends: Ends, intervals: int, stratified_by: int | None = None
) -> BaseHazards:
    """Find the level of each interval, and of each stratum of a column where there is one.

    Parameters
    ----------
    X : Floats, n × p
    rows : PersonPeriods
        Of some of these snapshots, or of all.
    """
    offset = base_log_hazards(rows, ends.reference, ends.causes, intervals)
    if stratified_by is None:
        return BaseHazards(offset)
    strata = fit_strata(X, stratified_by, rows, ends, offset)
    return BaseHazards(offset, strata.of(X), strata)


def fit_bases(
    X: Floats,
    rows: PersonPeriods,
    ends: Ends,
    intervals: int,
    fold: Ints | None,
    stratified_by: int | None = None,
) -> Bases:
    """Find them on all leads, and on all but each fold (n, numbered from 0; None holds nothing out).

    An end that only leads of one fold came to has no hazard among the others: those of all then serve.
    """
    whole = fit_base(X, rows, ends, intervals, stratified_by)
    if fold is None:
        return Bases(whole)
    without = []
    for number in np.unique(fold):
        inside, _ = held_out(fold[rows.snapshot], number)
        others = rows.where(inside)
        known = np.isin((ends.reference, *ends.causes), others.event).all()
        without.append(fit_base(X, others, ends, intervals, stratified_by) if known else whole)
    return Bases(whole, tuple(without))
