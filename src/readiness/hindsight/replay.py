"""An agreement applied to the past: which leads it would have handed over, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement.advice import ACTIONS, Advices, advise
from readiness.agreement.conditions import Signs
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import NO_INSTANT
from readiness.crm.selection import select
from readiness.crm.tables import Codes, Flags, Floats, Ints, Tables
from readiness.history.outcomes import Ended, ended_before
from readiness.history.snapshots import Snapshots, every_week, weekly_looks
from readiness.progress import Progress, silent

HAND_OVER: Final = ACTIONS.index("hand_over")

NEVER: Final = int(np.iinfo(np.int64).max)
"""Later than every instant."""

AT_ONCE: Final = 200_000
"""About so many looks are judged at once: memory stays bounded, and not a bit of the result changes."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a model says of n snapshots; NaN where it says nothing."""

    score: Floats
    stop_risk: Floats


Forecaster: TypeAlias = Callable[[Tables, Snapshots], Forecast]
NeverCall: TypeAlias = Callable[[Tables, Snapshots, Ended], Flags]
"""Says for each snapshot whether the lead must never be called, as `scoring.suppressed` does."""


@dataclass(frozen=True, slots=True)
class Adviser:
    """An agreement, and what it may ask besides: a model, and who must never be called.

    Without a forecaster the rules alone advise: limits on score and stop risk stop nobody. Without
    ``never_call`` only those who told us to stop are left alone. Hand-overs that really took place are
    not read: the agreement is asked as if it had stood alone.
    """

    agreement: Agreement
    forecaster: Forecaster | None = None
    capacity_score: float | None = None
    never_call: NeverCall | None = None

    def advise(self, tables: Tables, snapshots: Snapshots) -> tuple[Verdicts, Advices]:
        """Say what the agreement makes of each snapshot, and what it advises.

        No row depends on another lead. In undated tables a lead counts as open: how it ended is not
        known to have come before.
        """
        n = len(snapshots)
        ended = Ended(np.full(n, -1, dtype=np.int8), np.full(n, NO_INSTANT, dtype=np.int64))
        if tables.dated:
            ended = ended_before(tables, snapshots)
        barred = np.zeros(n, dtype=np.bool_)
        if self.never_call is not None:
            barred = self.never_call(tables, snapshots, ended)
        said = None if self.forecaster is None else self.forecaster(tables, snapshots)
        verdicts = evaluate(tables, snapshots, self.agreement)
        advices = advise(
            verdicts,
            agreement=self.agreement,
            cutoff=snapshots.cutoff,
            score=None if said is None else said.score,
            stop_risk=None if said is None else said.stop_risk,
            capacity_score=self.capacity_score,
            suppressed=barred,
            ended_outcome=ended.outcome,
            ended_at=ended.at,
        )
        return verdicts, advices


@dataclass(frozen=True, slots=True)
class Replay:
    """The first look at which an agreement would have handed each lead over; k leads, ascending."""

    tables: Tables
    looked_at: Flags
    """For each lead of the tables, whether it was looked at."""
    looks: int
    """How many looks there were in all."""
    lead: Codes
    at: Ints
    """NO_INSTANT in undated tables."""
    rule: Signs
    """Position in `ADVICE_RULES`."""
    category: Signs
    """Position in `CATEGORIES`."""
    kept_by: Signs
    """For each lead of the tables: by which rule it was kept back at its last look; -1 where it was
    handed over or never looked at."""

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def snapshots(self) -> Snapshots:
        """The hand-overs as snapshots."""
        return Snapshots(self.lead, self.at)

    def at_of_leads(self) -> Ints:
        """Return for every lead of the tables when it would have been handed over; NEVER if it would not."""
        at = np.full(len(self.tables.leads), NEVER, dtype=np.int64)
        at[self.lead] = self.at
        return at


def replay(
    tables: Tables,
    adviser: Adviser,
    *,
    leads: Flags | None = None,
    at_once: int = AT_ONCE,
    progress: Progress = silent,
) -> Replay:
    """Go through all leads as marketing would have, and note the first hand-over of each.

    Every lead is looked at an hour after its creation and each Monday at 00:00 UTC while it is open
    (`every_week`), and at each look only what lay before it is seen. The first look at which the advice
    is to hand over counts; what would have come of an earlier call is not known, so later looks do not.

    Parameters
    ----------
    tables : Tables
        Undated: one look at each lead as it stands.
    adviser : Adviser
    leads : Flags, one a lead, optional
        Which leads are looked at; default all.
    at_once : int
        About so many looks are held in memory.

    Returns
    -------
    Replay
        The same leads and instants in whatever parts the work is done.
    """
    chosen = np.ones(len(tables.leads), dtype=np.bool_) if leads is None else leads
    looked_at = np.zeros(len(tables.leads), dtype=np.bool_)
    kept_by = np.full(len(tables.leads), -1, dtype=np.int8)
    found: list[tuple[Codes, Ints, Signs, Signs]] = []
    looks = 0
    most = weekly_looks(tables, until=tables.observed_through)
    for part in _parts(tables, np.flatnonzero(chosen), most, at_once):
        progress("Replaying the agreement", part.done)
        snapshots = every_week(part.tables, until=tables.observed_through)
        verdicts, advices = adviser.advise(part.tables, snapshots)
        looks += len(snapshots)
        looked_at[part.leads[snapshots.lead]] = True
        last = np.flatnonzero(np.diff(snapshots.lead, append=np.int32(-1)))
        kept_by[part.leads[snapshots.lead[last]]] = advices.rule[last]
        row = _first_of_each(snapshots.lead, advices.action == HAND_OVER)
        lead = part.leads[snapshots.lead[row]].astype(np.int32)
        found.append((lead, snapshots.cutoff[row], advices.rule[row], verdicts.category[row]))
    progress("Replaying the agreement", 1.0)
    nothing = (np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.int8))
    lead, at, rule, category = (np.concatenate(columns) for columns in zip(nothing, *found, strict=True))
    kept_by[lead] = -1
    return Replay(tables, looked_at, looks, lead, at, rule, category, kept_by)


def advise_at(tables: Tables, snapshots: Snapshots, adviser: Adviser, *, at_once: int = AT_ONCE) -> Signs:
    """Return by which rule the agreement advises at each of any snapshots: a position in `ADVICE_RULES`.

    Parameters
    ----------
    snapshots : Snapshots, n rows
        Ascending by lead.
    """
    rule = np.zeros(len(snapshots), dtype=np.int8)
    leads, first, rows = np.unique(snapshots.lead, return_index=True, return_counts=True)
    each = np.zeros(len(tables.leads), dtype=np.int64)
    each[leads] = rows
    ends = np.append(first, len(snapshots))
    begun = 0
    for part in _parts(tables, leads.astype(np.int64), each, at_once):
        low, high = ends[begun], ends[begun + len(part.leads)]
        local = np.searchsorted(part.leads, snapshots.lead[low:high]).astype(np.int32)
        _, advices = adviser.advise(part.tables, Snapshots(local, snapshots.cutoff[low:high]))
        rule[low:high] = advices.rule
        begun += len(part.leads)
    return rule


def _first_of_each(lead: Codes, handed: Flags) -> Ints:
    """Return each lead's first row that is handed over; rows lie by lead and time."""
    rows = np.flatnonzero(handed)
    _, first = np.unique(lead[rows], return_index=True)
    return rows[first]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the leads, as if the others had never been there; ``leads`` are their positions."""

    tables: Tables
    leads: Ints
    done: float


def _parts(tables: Tables, leads: Ints, looks: Ints, at_once: int) -> Iterator[_Part]:
    """Cut these leads into parts of about so many looks, of which each has the number given."""
    if not len(leads):
        return
    behind = np.cumsum(looks[leads])
    edges = np.flatnonzero(np.diff(behind // at_once)) + 1
    for some in np.split(leads, edges):
        done = float(behind[np.searchsorted(leads, some[0])] - looks[some[0]]) / max(1, int(behind[-1]))
        yield _Part(select(tables, some), some, done)
