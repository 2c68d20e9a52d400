"""When each lead first did something, when it did it again, and when one thing followed another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.crm.records import DIRECTIONS, NO_INSTANT
from readiness.crm.tables import Activities, Codes, Flags, Ints, starts_of
from readiness.history.activity_rows import Pair
from readiness.history.events import first_at_or_after


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The instants at which each lead did each kind of thing; asked for firsts and for what followed them."""

    lead: tuple[Codes, ...]
    at: tuple[Ints, ...]
    """Per kind the instants of its rows, by (lead, instant)."""
    starts: tuple[Ints, ...]
    """Per kind where each lead's rows start; one more entry than leads."""

    def first(self, kind: int) -> Ints:
        """Return when each lead first did it; NO_INSTANT: never."""
        return self._from(kind, np.full(len(self.starts[kind]) - 1, NO_INSTANT + 1))

    def following(self, kind: int, after: Ints) -> Ints:
        """Return when each lead first did it later than an instant of its own.

        What happens at one instant is in no order, so it does not follow. Nothing follows NO_INSTANT.
        """
        found = self._from(kind, after + 1)
        return np.where(after == NO_INSTANT, NO_INSTANT, found)

    def lately(self, kind: int, lead: Codes, cutoff: Ints, length: int) -> Flags:
        """Say of n snapshots whether the lead did it within a window of so many microseconds."""
        edges = np.stack([cutoff - length, cutoff], axis=1)
        rows = first_at_or_after(self.starts[kind], self.at[kind], lead, edges)
        within: Flags = rows[:, 0] < rows[:, 1]
        return within

    def turns(self, kind: int, length: int) -> tuple[Codes, Ints]:
        """Return at which instants `lately` becomes true or false: known from just after each of them."""
        lead, at = self.lead[kind], self.at[kind]
        quiet = np.ones(len(lead) + 1, dtype=np.bool_)
        quiet[1:-1] = (lead[1:] != lead[:-1]) | (at[1:] > at[:-1] + length)
        begins, lapses = quiet[:-1], quiet[1:]
        return np.concatenate([lead[begins], lead[lapses]]), np.concatenate([at[begins], at[lapses] + length])

    def _from(self, kind: int, when: Ints) -> Ints:
        at, starts = self.at[kind], self.starts[kind]
        row = first_at_or_after(starts, at, np.arange(len(when), dtype=np.int32), when)
        return np.where(row < starts[1:], np.append(at, NO_INSTANT)[row], NO_INSTANT)


def occurrences(activities: Activities, kinds: Sequence[Pair]) -> Occurrences:
    """Sort activities into kinds.

    Parameters
    ----------
    activities : Activities
        Of n leads.
    kinds : k pairs of type and direction
        A type that no activity has never occurs.
    """
    leads = len(activities.starts) - 1
    rows = [np.flatnonzero(_of(activities, kind)) for kind in kinds]
    return Occurrences(
        lead=tuple(activities.lead[each] for each in rows),
        at=tuple(activities.occurred_at[each] for each in rows),
        starts=tuple(starts_of(activities.lead[each], leads) for each in rows),
    )


def _of(activities: Activities, kind: Pair) -> Flags:
    what, direction = kind
    if what not in activities.type.levels:
        return np.zeros(len(activities), dtype=np.bool_)
    of_type: Flags = activities.type.codes == activities.type.levels.index(what)
    of_direction: Flags = activities.direction == DIRECTIONS.index(direction)
    return of_type & of_direction


def sharers(activities: Activities) -> dict[Pair, int]:
    """Count how many leads did each kind of thing; pairs of type and direction, sorted."""
    whole = (activities.type.codes >= 0) & (activities.direction >= 0)
    number = len(activities.type.levels) * len(DIRECTIONS)
    code = activities.type.codes[whole].astype(np.int64) * len(DIRECTIONS) + activities.direction[whole]
    once = np.unique(activities.lead[whole] * number + code)
    counts = np.bincount(once % max(number, 1), minlength=number)
    return {
        (activities.type.levels[place // len(DIRECTIONS)], DIRECTIONS[place % len(DIRECTIONS)]): int(
            counts[place]
        )
        for place in np.flatnonzero(counts).tolist()
    }


def happened(at: Ints, lead: Codes, cutoff: Ints) -> Flags:
    """Say of n snapshots whether something had happened to their lead before the cutoff.

    Parameters
    ----------
    at : Ints, leads
        When it happened; NO_INSTANT: never.
    lead, cutoff : n

    Returns
    -------
    Flags, n
        True where ``at < cutoff``.
    """
    when = at[lead]
    before: Flags = (when != NO_INSTANT) & (when < cutoff)
    return before


def earliest(leads: int, lead: Codes, at: Ints) -> Ints:
    """Return the first of each lead's instants; NO_INSTANT for a lead without any."""
    found = np.full(leads, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, lead, at)
    return np.where(found == np.iinfo(np.int64).max, NO_INSTANT, found)
