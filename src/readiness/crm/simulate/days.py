"""The 18 months of a simulated world: every lead's days, from its creation to its end or ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, NO_INSTANT
from readiness.crm.simulate import activities
from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.calendar import BEGIN, DAYS, END, HALF, Rhythm
from readiness.crm.simulate.chain import Chain, Day, live
from readiness.crm.simulate.words import HANDS
from readiness.crm.tables import Flags, Floats, Ints
from readiness.progress import Progress

_NOT_YET: Final = -1

MOST_DAYS: Final = DAYS + 1
"""More days than any lead lives here; makes one number of (lead, age)."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Every time a lead changed hands, in the order (lead, instant); at most once in a lead's day."""

    lead: Ints
    age: Ints
    """The lead's day, from 0."""
    at: Ints
    state: Ints
    """At the start of that day."""
    hands: Ints
    """Whose it is from then on, as position in HANDS."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Activities to be told apart later: which lead, on which of its days, in which state."""

    lead: Ints
    age: Ints
    state: Ints


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to n leads."""

    states: NDArray[np.int8]
    """Day of the world × n: the state at the start of the lead's day that began then; meaningless
    before the lead came and after it ended."""
    ended_at: Ints
    """NO_INSTANT: still open when the watch ended."""
    cause: Ints
    moves: Moves
    seeds: Seeds

    def state(self, buyers: Buyers, lead: Ints, age: Ints) -> Ints:
        """Return the leads' states at the start of their day ``age``."""
        days = first_day(buyers)[lead] + age
        return np.asarray(self.states[days, lead], dtype=np.int64)


def first_day(buyers: Buyers) -> Ints:
    """Return on which day of the world each lead came."""
    days: Ints = (buyers.created_at - BEGIN) // MICROSECONDS_PER_DAY
    return days


def within_day(rhythm: Rhythm, created_at: Ints, age: Ints, work: Floats) -> Ints:
    """Return when, on the lead's day ``age``, this much work of the day is done; to the second below."""
    start = created_at + age * MICROSECONDS_PER_DAY
    last = start + MICROSECONDS_PER_DAY - MICROSECONDS_PER_SECOND
    return np.clip(rhythm.reached(rhythm.work(start) + work), start, last)


def run(
    buyers: Buyers,
    chain: Chain,
    *,
    course: np.random.Generator,
    seeds: np.random.Generator,
    progress: Progress,
) -> Course:
    """Let the world run, day by day, all open leads at once."""
    came = first_day(buyers)
    arrivals = np.searchsorted(came, np.arange(DAYS + 1))
    office = chain.office.by_weekday(buyers.created_at)
    ends = chain.ends.by_weekday(buyers.created_at)
    states = np.full((DAYS, len(buyers)), _NOT_YET, dtype=np.int8)
    now = np.asarray(len(HANDS) * buyers.engaged, dtype=np.int64)
    lead = np.empty(0, dtype=np.int64)
    diary = _Diary()
    for day in range(DAYS):
        lead = np.concatenate([lead, np.arange(arrivals[day], arrivals[day + 1])])
        age, state = day - came[lead], now[lead]
        states[day, lead] = state
        first, work = age == 0, office[age % 7, lead]
        late = buyers.created_at[lead] + age * MICROSECONDS_PER_DAY >= HALF
        left = ends[age % 7, lead]
        lived = live(chain, lead, state, first=first, late=late, office=work, ends=left, random=course)
        count = seeds.poisson(work * activities.rate(chain, lead, state, first))
        diary.note(lead, age, state, lived, count)
        now[lead] = lived.state
        lead = lead[~lived.ended]
        progress("Simulating", (day + 1) / DAYS)
    ended_at, cause = diary.ends(buyers, chain)
    return Course(states, ended_at, cause, diary.moves(buyers, chain, ended_at), diary.seeds())


class _Diary:
    """What is noted of each day, until all days are known."""

    def __init__(self) -> None:
        self._ended: list[tuple[Ints, Ints, Floats, Ints]] = []
        self._moved: list[tuple[Ints, Ints, Floats, Ints, Ints]] = []
        self._sown: list[tuple[Ints, Ints, Ints]] = []

    def note(self, lead: Ints, age: Ints, state: Ints, lived: Day, count: Ints) -> None:
        """Note a day; ``count`` is how many activities each lead will have had."""
        self._sown.append((np.repeat(lead, count), np.repeat(age, count), np.repeat(state, count)))
        rows = np.flatnonzero(lived.moved)
        to = lived.state[rows] % len(HANDS)
        self._moved.append((lead[rows], age[rows], lived.moved_after[rows], state[rows], to))
        rows = np.flatnonzero(lived.ended)
        self._ended.append((lead[rows], age[rows], lived.ended_after[rows], lived.cause[rows]))

    def ends(self, buyers: Buyers, chain: Chain) -> tuple[Ints, Ints]:
        """Return when each lead ended and why, as far as the watch saw it."""
        lead, age, after, which = map(np.concatenate, zip(*self._ended, strict=True))
        at = within_day(chain.ends, buyers.created_at[lead], age, after)
        seen = at < END
        ended_at = np.full(len(buyers), NO_INSTANT, dtype=np.int64)
        cause = np.full(len(buyers), -1, dtype=np.int64)
        ended_at[lead[seen]] = at[seen]
        cause[lead[seen]] = which[seen]
        return ended_at, cause

    def moves(self, buyers: Buyers, chain: Chain, ended_at: Ints) -> Moves:
        """Return the changes of hands, without those that an end the same day came before."""
        lead, age, after, state, to = map(np.concatenate, zip(*self._moved, strict=True))
        at = within_day(chain.office, buyers.created_at[lead], age, after)
        kept = before_end(at, ended_at[lead])
        lead, age, at, state, to = lead[kept], age[kept], at[kept], state[kept], to[kept]
        order = np.lexsort((at, lead))
        return Moves(lead[order], age[order], at[order], state[order], to[order])

    def seeds(self) -> Seeds:
        """Return the activities to be told apart."""
        lead, age, state = map(np.concatenate, zip(*self._sown, strict=True))
        return Seeds(lead, age, state)


def before_end(at: Ints, ended_at: Ints) -> Flags:
    """Say what happened before the lead ended and before the watch did."""
    return at < np.where(ended_at == NO_INSTANT, END, ended_at)
