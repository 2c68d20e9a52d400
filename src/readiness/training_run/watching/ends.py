"""Whether leads end as a model in use expects, lately and month by month since it learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.records import Instant, days, iso
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history import outcomes, watched
from readiness.history.cuts import cut
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON
from readiness.history.snapshots import Snapshots
from readiness.history.watched import FIRST_LOOK, looks_between, looks_in_force
from readiness.judging.expected_ends import Ends, cumulative_hazards, ends
from readiness.training_run.watching.in_use import InUse, some

NAMES: Final = ("won", "stop", "otherwise")
"""The ends, in the order of their events."""

ENDS_NEEDED: Final = 200
"""So many ends, of whatever kind, lie in the newest stretch that is tested, where there are so many."""

LEAST_DAYS: Final = 14.0
LONG: Final = 4
"""The longer stretch is so many times as long, and holds so many times as many ends."""

FEWEST: Final = 20
"""Of an end of which fewer are expected, or were learned from, nothing is said."""

BLOCK_DAYS: Final = 28.0
MOST_BLOCKS: Final = 13

_BEGINNING: Final = -(2**62)


@dataclass(frozen=True, slots=True)
class Block:
    """How many ended in four weeks, and how many were expected to; won, stop, otherwise ended."""

    start: Instant
    end: Instant
    observed: tuple[int, int, int]
    expected: tuple[float, float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "start": iso(self.start),
            "end": iso(self.end),
            "observed": dict(zip(NAMES, self.observed, strict=True)),
            "expected": dict(zip(NAMES, self.expected, strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Stretch:
    """How leads ended since ``start``, by the names of the ends; ``leads`` could.

    ``stop`` is left out where the model was taught too few to forecast them.
    """

    start: Instant
    leads: int
    by_end: dict[str, Ends]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "start": iso(self.start),
            "leads": self.leads,
            "by_end": {name: each.to_dict() for name, each in self.by_end.items()},
        }


@dataclass(frozen=True, slots=True)
class EndsSeen:
    """How leads ended in the newest stretch and in a longer one, and in blocks of four weeks.

    A sudden change shows in the newest; in a longer one, where there is one, smaller changes do.
    """

    stretches: tuple[Stretch, ...]
    blocks: tuple[Block, ...]

    @property
    def newest(self) -> Stretch:
        """The newest stretch."""
        return self.stretches[0]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "stretches": [each.to_dict() for each in self.stretches],
            "blocks": [each.to_dict() for each in self.blocks],
        }


@dataclass(frozen=True, slots=True)
class _Followed:
    """Leads looked at once, what became of them, and what the model said."""

    looks: Snapshots
    event: Ints
    duration: Floats
    curves: Floats

    def __len__(self) -> int:
        return len(self.looks)


def ends_seen(tables: Tables, used: InUse, *, least_days: float = LEAST_DAYS, seed: int = 0) -> EndsSeen:
    """Compare ends that came since the model's data end with those that it expected.

    Each lead is looked at once: those open where the stretch begins then, later ones as they come. Of each,
    the cumulative hazard is summed for as long as it was open and seen: so no lead needs to be followed to
    its end. The newest stretch holds 200 ends and two weeks at least, the longer one four times as many.

    Parameters
    ----------
    tables : Tables
        Dated, cut where one stands, with the leads learned from.
    """
    came, learned_from = tables.outcomes.occurred_at, _learned_from(tables, used)
    starts = [
        watched.since_newest(
            came, since=used.data_end, until=tables.observed_through, least_days=days_, count=count
        )
        for days_, count in ((least_days, ENDS_NEEDED), (LONG * least_days, LONG * ENDS_NEEDED))
    ]
    return EndsSeen(
        stretches=tuple(_stretch(tables, used, start, learned_from, seed) for start in dict.fromkeys(starts)),
        blocks=_blocks(tables, used, seed),
    )


def _stretch(
    tables: Tables, used: InUse, start: Instant, learned_from: tuple[int, int, int], seed: int
) -> Stretch:
    followed = _followed(tables, used, start, seed)
    known = [name for name in NAMES if name != "stop" or used.model.incidence.stop_known_]
    found = ends(followed.event, followed.duration, followed.curves, used.days, learned_from)
    by_end = {name: each for name, each in zip(NAMES, found, strict=True) if name in known}
    return Stretch(start, len(followed), by_end)


def _followed(tables: Tables, used: InUse, start: Instant, seed: int) -> _Followed:
    looks = some(tables, looks_in_force(tables, start), seed=seed)
    labels = outcomes.label(
        looks,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=used.agreement.labels.event_of_outcome,
    )
    curves = used.model.incidence.predict_incidence(used.matrix(tables, looks), used.days)
    return _Followed(looks, labels.event.astype(np.int64), labels.duration, curves)


def _learned_from(tables: Tables, used: InUse) -> tuple[int, int, int]:
    """Count the leads that had ended each way, after their first look, where the model's data ended."""
    then = cut(tables, used.data_end)
    looks = looks_between(then, _BEGINNING, then.observed_through, FIRST_LOOK)
    event = outcomes.label(
        looks,
        then,
        known_until=then.observed_through,
        event_of_outcome=used.agreement.labels.event_of_outcome,
    ).event
    won, stop, otherwise = (int(np.count_nonzero(event == end)) for end in (WON, STOP, ENDED))
    return won, stop, otherwise


def _blocks(tables: Tables, used: InUse, seed: int) -> tuple[Block, ...]:
    """Slice all that came since the model's data end into four weeks each, the last one whole."""
    until = tables.observed_through
    count = min(int((until - used.data_end) // days(BLOCK_DAYS)), MOST_BLOCKS)
    if count < 1:
        return ()
    edges = [until - days(BLOCK_DAYS * back) for back in range(count, -1, -1)]
    seen = _followed(tables, used, edges[0], seed)
    by_edge = [watched.days_until(seen.looks, edge) for edge in edges]
    hazards = [
        cumulative_hazards(seen.curves, used.days, np.minimum(until_edge, seen.duration))
        for until_edge in by_edge
    ]
    came = (seen.event != CENSORED) & (seen.duration < used.days[-1])
    return tuple(
        _block(edges, place, seen, came & watched.within(seen.duration, *by_edge[place : place + 2]), hazards)
        for place in range(count)
    )


def _block(edges: list[int], place: int, seen: _Followed, ended: Flags, hazards: list[Floats]) -> Block:
    won, stop, otherwise = (int(np.count_nonzero(ended & (seen.event == end))) for end in (WON, STOP, ENDED))
    of_won, of_stop, of_others = (hazards[place + 1] - hazards[place]).sum(axis=0).tolist()
    return Block(edges[place], edges[place + 1], (won, stop, otherwise), (of_won, of_stop, of_others))
