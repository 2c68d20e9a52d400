"""What became of leads after their hand-over, all together and part by part, with intervals by lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from readiness.agreement.document import CATEGORIES, Agreement
from readiness.crm.records import DECISIONS
from readiness.crm.tables import Coded, Flags, Floats, Ints, Tables
from readiness.hindsight.replay import Replay
from readiness.history.handed_over import HandedOver, handed_over_around
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON, label
from readiness.judging.bootstrap import Estimate, Resamples, draw
from readiness.judging.cohort import Cohort
from readiness.judging.gains import CryWolf, CryWolfEstimates, cry_wolf_estimates

MOST_GROUPS: Final = 12
"""So many sources or campaigns are told apart, the largest; the others stand together."""

FEWEST_ENDS: Final = 5
"""With fewer sales or stops than these no direction is told: one more could turn it round."""

OTHERS: Final = "all others"
UNKNOWN: Final = "not stated"

_FOREVER: Final = 36_500.0
"""Days; in undated data nothing comes later or sooner."""


@dataclass(frozen=True, slots=True)
class Handed:
    """k leads that an agreement would have handed over, and what became of them."""

    replay: Replay
    cohort: Cohort
    """From the hand-over on; ``lead`` is the position among the leads."""
    really: HandedOver
    declined: Flags
    """Whether sales declined it when it was really handed over within the horizon."""
    horizon_days: float | None
    stop_known: bool
    """Whether these data know of any stop; if not, that nobody stopped says nothing."""

    def __len__(self) -> int:
        return len(self.replay)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many had come to what within the horizon; ``too_soon``: not followed that long yet."""

    won: int
    stop: int
    otherwise: int
    still_open: int
    too_soon: int

    def to_dict(self) -> dict[str, int]:
        """Return it ready for JSON."""
        return {name: int(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Group:
    """What became of some of the leads handed over."""

    name: str
    counts: Counts
    cry_wolf: CryWolf

    @property
    def handed_over(self) -> int:
        """How many there are."""
        return self.cry_wolf.n

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "name": self.name,
            "handed_over": self.handed_over,
            "counts": self.counts.to_dict(),
            "cry_wolf": self.cry_wolf.to_dict(),
        }


def followed(replay: Replay, agreement: Agreement) -> Handed:
    """Follow each lead from its hand-over in the replay to the end of what is known of it.

    Parameters
    ----------
    agreement : Agreement
        Its horizon and labels count; in undated tables no horizon, an end is an end whenever it came.
    """
    tables, looks = replay.tables, replay.snapshots
    labels = label(
        looks,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
    horizon = agreement.horizon_days if tables.dated else None
    really = handed_over_around(tables, looks, within_days=horizon or _FOREVER)
    decision = np.append(tables.handovers.decision, np.int8(-1))[really.row]
    declined = (really.row >= 0) & (decision == DECISIONS.index("declined"))
    cohort = Cohort(labels.event, labels.duration, replay.lead.astype(np.int64))
    events = np.array(agreement.labels.event_of_outcome)[tables.outcomes.outcome]
    return Handed(replay, cohort, really, declined, horizon, bool((events == STOP).any()))


def draws(tables: Tables, looked_at: Flags, *, replicates: int, seed: int) -> Resamples:
    """Draw leads with replacement among those looked at; the order of a file never shows.

    Returns
    -------
    Resamples
        A position for each lead looked at, in the order of the leads.
    """
    rank = np.empty(len(tables.leads), dtype=np.int64)
    rank[np.argsort(tables.leads.lead_id.astype(str), kind="stable")] = np.arange(len(rank))
    return draw(rank[looked_at], replicates=replicates, seed=seed)


def drawn(resamples: Resamples, looked_at: Flags, leads: Ints) -> Resamples:
    """Return the draws of `draws` for rows of these leads, which may come several times or not at all."""
    place = np.cumsum(looked_at) - 1
    return resamples.where(place[leads])


def estimates(handed: Handed, resamples: Resamples, rows: Ints) -> CryWolfEstimates:
    """Estimate what becomes of these of the leads handed over; ``resamples`` has a row for each of all.

    Data that know of no stop at all have no cry-wolf rate.
    """
    found = cry_wolf_estimates(
        handed.cohort.where(rows), horizon_days=handed.horizon_days, resamples=resamples.where(rows)
    )
    if handed.stop_known:
        return found
    return replace(found, rate=Estimate(np.nan, np.full(len(resamples.counts), np.nan)))


def group(name: str, handed: Handed, resamples: Resamples, rows: Ints) -> Group:
    """Say what became of these of the leads handed over.

    ``declined`` is a share of those that were really handed over within the horizon.
    """
    asked = rows[handed.really.row[rows] >= 0]
    declined: Floats = handed.declined[asked].astype(np.float64)
    found = estimates(handed, resamples, rows).figures(declined)
    return Group(name, counts(handed.cohort.where(rows), handed.horizon_days), found)


def counts(cohort: Cohort, horizon_days: float | None) -> Counts:
    """Count what had happened within the horizon."""
    event, duration = cohort.event, cohort.duration
    within = event != CENSORED
    long_enough = np.zeros(len(cohort), dtype=np.bool_)
    if horizon_days is not None:
        within, long_enough = within & (duration < horizon_days), duration >= horizon_days
    won, stop, otherwise = (int(np.count_nonzero(within & (event == end))) for end in (WON, STOP, ENDED))
    still_open = int(np.count_nonzero(long_enough))
    return Counts(won, stop, otherwise, still_open, len(cohort) - won - stop - otherwise - still_open)


def breakdowns(handed: Handed, resamples: Resamples) -> Mapping[str, tuple[Group, ...]]:
    """Say what became of the leads by source, by campaign, by category and by what sales really did.

    A campaign is the first attribute in words whose name says so; where there is none, it is left out.
    Groups come with the largest first, those by what sales did in the order of time.
    """
    if not len(handed):
        return {}
    tables, lead = handed.replay.tables, handed.replay.lead.astype(np.int64)
    columns = told_apart_by(tables)
    found = {name: _by_column(handed, resamples, column.take(lead)) for name, column in columns.items()}
    kinds = Coded(handed.replay.category.astype(np.int32), CATEGORIES)
    found["category"] = _by_column(handed, resamples, kinds)
    if len(tables.handovers):
        found["sales"] = _by_rows(handed, resamples, _by_sales(handed))
    return found


def told_apart_by(tables: Tables) -> dict[str, Coded]:
    """Return the columns by which leads are told apart: their source, and their campaign if there is one."""
    campaign = campaign_of(tables)
    return {"source": tables.leads.source} | ({} if campaign is None else {"campaign": campaign[1]})


def campaign_of(tables: Tables) -> tuple[str, Coded] | None:
    """Return the first attribute in words that names a campaign; None where there is none."""
    for name, column in tables.leads.attributes.items():
        if isinstance(column, Coded) and "campaign" in name.casefold():
            return name, column
    return None


def _by_column(handed: Handed, resamples: Resamples, column: Coded) -> tuple[Group, ...]:
    """Say it for each text of the column, which has a row for each lead handed over."""
    return _by_rows(handed, resamples, largest(column))


def largest(column: Coded) -> dict[str, Ints]:
    """Return the rows of each text of a column, the most frequent first; what is beyond twelve together."""
    sizes = np.bincount(column.codes + 1, minlength=len(column.levels) + 1)
    # Ties are settled by the name, so that the order of a file never shows.
    names = [UNKNOWN, *column.levels]
    ranked = sorted(np.flatnonzero(sizes).tolist(), key=lambda code: (-sizes[code], names[code]))
    shown = ranked if len(ranked) <= MOST_GROUPS else ranked[: MOST_GROUPS - 1]
    rows = {names[code]: np.flatnonzero(column.codes + 1 == code) for code in shown}
    rest = ranked[len(shown) :]
    if rest:
        rows[f"{OTHERS} ({len(rest)})"] = np.flatnonzero(np.isin(column.codes + 1, rest))
    return rows


def _by_sales(handed: Handed) -> dict[str, Ints]:
    earlier, after = handed.really.earlier, handed.really.row >= 0
    return {
        "with sales before": np.flatnonzero(earlier),
        "handed over soon after": np.flatnonzero(~earlier & after),
        "not handed over": np.flatnonzero(~earlier & ~after),
    }


def _by_rows(handed: Handed, resamples: Resamples, rows: Mapping[str, Ints]) -> tuple[Group, ...]:
    return tuple(group(name, handed, resamples, some) for name, some in rows.items() if len(some))
