"""Looks for the few changes after which the same number of sales comes with the fewest stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.hindsight.suggest_ladder import Ladder
from readiness.hindsight.suggest_odds import Odds

LEAST_GAIN: Final = 0.06
"""A further change has to avoid this share of the stops that were left, or it is not worth signing."""

MOST_CHANGES: Final = 6
"""More changes at once than these nobody reads, and each further one leans harder on chance."""

MORE_HANDOVERS: Final = 1.1
"""So many times as many hand-overs as now may it take: sales' time is not there for the asking."""

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
    """A choice of options and what it came to in the part that was learned from."""

    choice: Choice
    stops: float
    handovers: int
    without: Mapping[str, float | None] = field(default_factory=dict)
    """By slot: the stops if this one change were left out; None where as many sales could not be had."""


def search(grid: Grid, odds: Odds, *, line: float, starts: Sequence[Choice]) -> Found | None:
    """Take one option after the other, each time the one that leaves the fewest stops for as many sales.

    Parameters
    ----------
    line : float
        What interest has to reach now. Each choice is tried at the line that brings as many sales.
    starts : choices to start from
        Some conditions have to be loosened before tightening others can pay.

    Returns
    -------
    Found, or None
        None where nothing avoids `LEAST_GAIN` of the stops.
    """
    now = grid.ladder({}).handed_over(line)
    won, stops = _ends(odds, now)
    if stops == 0.0:
        return None
    most = int(MORE_HANDOVERS * len(now))
    asked = _Asked(grid, odds, won, most)
    paths = [_climb(asked, dict(start), stops) for start in ({}, *starts)]
    best = min((path for path in paths if path.choice), key=lambda path: path.stops, default=None)
    if best is None or best.stops > stops * (1.0 - LEAST_GAIN):
        return None
    best = _leave_out(asked, best)
    return replace(best, without={slot: asked.stops(_rest(best.choice, slot)) for slot in best.choice})


def _ends(odds: Odds, rows: Ints) -> tuple[float, float]:
    """Return the sales and stops to be expected of hand-overs at these looks.

    Of stops there are so few among hand-overs that a search on their count would find chance; and of sales
    it would find those changes that happened to spare the ones there were.
    """
    return float(odds.won[rows].sum()), float(odds.stop[rows].sum())


@dataclass(frozen=True, slots=True)
class _Asked:
    grid: Grid
    odds: Odds
    won: float
    most: int

    def tried(self, choice: Choice) -> Found | None:
        """Return what a choice comes to at the line that brings as many sales; None where none does."""
        ladder = self.grid.ladder(choice)
        line = ladder.line_for(lambda rows: _ends(self.odds, rows)[0] >= self.won, self.grid.lowest_line)
        if line is None:
            return None
        rows = ladder.handed_over(line)
        return Found(choice, _ends(self.odds, rows)[1], len(rows)) if len(rows) <= self.most else None

    def stops(self, choice: Choice) -> float | None:
        """Return the stops that come with as many sales."""
        tried = self.tried(choice)
        return None if tried is None else tried.stops

    def options(self) -> list[tuple[str, int]]:
        """Return every option of every slot."""
        passing = [
            (slot, taken) for slot, columns in self.grid.passes.items() for taken in range(len(columns) - 1)
        ]
        return passing + [
            (slot, taken) for slot, columns in self.grid.added.items() for taken in range(len(columns))
        ]


def _climb(asked: _Asked, choice: dict[str, int], stops: float) -> Found:
    start = asked.tried(choice) if choice else None
    best = Found({}, stops, 0) if start is None or start.stops > stops else start
    held: Choice = choice
    for _ in range(MOST_CHANGES - len(choice)):
        found = [
            each
            for slot, taken in asked.options()
            if held.get(slot) != taken and (each := asked.tried({**held, slot: taken})) is not None
        ]
        nearest = min(found, key=lambda each: each.stops, default=None)
        if nearest is None or nearest.stops > best.stops * (1.0 - LEAST_GAIN):
            break
        best, held = nearest, nearest.choice
    return best


def _leave_out(asked: _Asked, found: Found) -> Found:
    """Leave out whatever is not worth signing beside the rest."""
    for slot in tuple(found.choice):
        rest = _rest(found.choice, slot)
        without = asked.tried(rest) if rest else None
        if without is not None and without.stops <= found.stops * (1.0 + LEAST_GAIN / 2.0):
            found = without
    return found


def _rest(choice: Choice, slot: str) -> Choice:
    return {name: taken for name, taken in choice.items() if name != slot}
