"""Looks for the few changes after which equally many sales come with the lowest cry-wolf rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.hindsight.suggest_curve import at, equal_sales, lines, sums
from readiness.hindsight.suggest_ladder import Ladder
from readiness.hindsight.suggest_odds import Odds

LEAST_GAIN: Final = 0.05
"""A further change has to take this share off the cry-wolf rate, or it is not worth signing."""

MOST_CHANGES: Final = 6
"""More changes at once than these nobody reads, and each further one leans harder on chance."""

MORE_HANDOVERS: Final = 1.1
"""So many times as many hand-overs as now may it take: sales' time is not there for the asking."""

LEAST_SALES: Final = 0.95
"""Of the sales that are to be expected now, this share has to be left at some line for interest."""

Choice = Mapping[str, int]
"""Which option of each slot is taken; a slot that is left out stays as it is."""


@dataclass(frozen=True, slots=True)
class Grid:
    """All that the options of each slot come to, look by look.

    A hand-over is a matter of many conditions that must all hold, so those of the slots can be combined
    without applying the rules anew to each combination: ``passes`` holds, for each slot, one column for how
    it stands now and one for each option. Interest is a sum over kinds of activity: ``points`` holds for
    each slot that changes it what each option adds. What a choice of several changes really does is found
    by a replay of the whole document.
    """

    lead: Ints
    passes: Mapping[str, Sequence[Flags | None]]
    """By slot: how it stands now, then each option; None where it lets everything through."""
    points: Floats
    """Interest as it is now."""
    added: Mapping[str, Sequence[Floats]]
    """By slot of interest: what each option adds to it."""
    lowest_line: float

    def ladder(self, choice: Choice) -> Ladder:
        """Return the hand-overs for any line, after these changes."""
        passes = np.ones(len(self.lead), dtype=np.bool_)
        for slot, columns in self.passes.items():
            column = columns[choice[slot] + 1 if slot in choice else 0]
            if column is not None:
                passes &= column
        points = self.points
        for slot, taken in choice.items():
            if slot in self.added:
                points = points + self.added[slot][taken]
        return Ladder.of(self.lead, passes, np.maximum(points, 0.0))


@dataclass(frozen=True, slots=True)
class Found:
    """A choice of options and what is to be expected of it, by the part that was learned from.

    ``change`` is the cry-wolf rate less that of the agreement in force where both bring equally many sales.
    """

    choice: Choice
    change: float
    without: Mapping[str, float | None] = field(default_factory=dict)
    """By slot: the change if this one were left out; None where too few sales would be left."""


def search(grid: Grid, odds: Odds, *, line: float, starts: Sequence[Choice]) -> Found | None:
    """Take one option after the other, each time the one that lowers the cry-wolf rate most.

    A choice is compared with the agreement in force where both bring equally many sales, the one in force
    held to a higher line for interest if the choice cannot bring as many: so are proposals judged later.

    Parameters
    ----------
    line : float
        What interest has to reach now.
    starts : choices to start from
        Some conditions have to be loosened before tightening others can pay.

    Returns
    -------
    Found, or None
        None where nothing takes `LEAST_GAIN` off the cry-wolf rate.
    """
    asked = _Asked.of(grid, odds, line)
    if not asked.rate > 0.0:
        return None
    paths = [_climb(asked, dict(start)) for start in ({}, *starts)]
    best = min((path for path in paths if path.choice), key=lambda path: path.change, default=None)
    if best is None or best.change > -LEAST_GAIN * asked.rate:
        return None
    best = _leave_out(asked, best)
    return replace(best, without={slot: asked.change(_rest(best.choice, slot)) for slot in best.choice})


@dataclass(frozen=True, slots=True)
class _Asked:
    grid: Grid
    odds: Odds
    line: float
    now: Floats
    """Sales, stops and hand-overs of the agreement in force, each at falling lines down to its own."""

    @classmethod
    def of(cls, grid: Grid, odds: Odds, line: float) -> _Asked:
        """Lay out the agreement in force."""
        ladder = grid.ladder({})
        found = lines(ladder, line, grid.lowest_line)
        return cls(grid, odds, line, cls._ends(odds, ladder, found[found >= line]))

    @property
    def rate(self) -> float:
        """The cry-wolf rate to be expected now."""
        won, stop, _ = self.now[:, -1].tolist()
        return stop / (stop + won) if won > 0.0 else 0.0

    @staticmethod
    def _ends(odds: Odds, ladder: Ladder, lines: Floats) -> Floats:
        # Of stops there are so few among hand-overs that a search on their count would find chance; and of
        # sales it would find those changes that happened to spare the ones there were.
        return sums(ladder, lines, (odds.won, odds.stop, np.ones(len(odds.won))))

    def tried(self, choice: Choice) -> Found | None:
        """Return what a choice comes to; None where it leaves too few sales, or takes too many hand-overs."""
        ladder = self.grid.ladder(choice)
        asked = lines(ladder, self.line, self.grid.lowest_line)
        won, stop, over = self._ends(self.odds, ladder, asked)[:, None]
        won_now, stop_now, over_now = self.now[:, None]
        fair = equal_sales(won_now, stop_now, won_now.shape[1] - 1, won, stop)
        if won[0, -1] < LEAST_SALES * won_now[0, -1]:
            return None
        if at(fair.target, won, over)[0] > MORE_HANDOVERS * over_now[0, -1]:
            return None
        before, after = (stops[0] / (stops[0] + fair.target[0]) for stops in (fair.stop_now, fair.stop))
        return Found(choice, float(after - before))

    def change(self, choice: Choice) -> float | None:
        """Return how much the cry-wolf rate changes."""
        tried = self.tried(choice)
        return None if tried is None else tried.change

    def options(self) -> list[tuple[str, int]]:
        """Return every option of every slot."""
        passing = [
            (slot, taken) for slot, columns in self.grid.passes.items() for taken in range(len(columns) - 1)
        ]
        return passing + [
            (slot, taken) for slot, columns in self.grid.added.items() for taken in range(len(columns))
        ]


def _climb(asked: _Asked, choice: dict[str, int]) -> Found:
    start = asked.tried(choice) if choice else None
    best = Found({}, 0.0) if start is None or start.change > 0.0 else start
    held: Choice = choice
    for _ in range(MOST_CHANGES - len(choice)):
        found = [
            each
            for slot, taken in asked.options()
            if held.get(slot) != taken and (each := asked.tried({**held, slot: taken})) is not None
        ]
        nearest = min(found, key=lambda each: each.change, default=None)
        if nearest is None or nearest.change > best.change - LEAST_GAIN * asked.rate:
            break
        best, held = nearest, nearest.choice
    return best


def _leave_out(asked: _Asked, found: Found) -> Found:
    """Leave out whatever is not worth signing beside the rest."""
    for slot in tuple(found.choice):
        rest = _rest(found.choice, slot)
        without = asked.tried(rest) if rest else None
        if without is not None and without.change <= found.change + LEAST_GAIN / 2.0 * asked.rate:
            found = without
    return found


def _rest(choice: Choice, slot: str) -> Choice:
    return {name: taken for name, taken in choice.items() if name != slot}
