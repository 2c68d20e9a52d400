"""What the leads of a recorded world do, and how and when they end, in continuous time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import OUTCOMES
from readiness.crm.simulate.planted_options import PlantedBehaviour, PlantedOptions
from readiness.crm.tables import Flags, Floats, Ints

WATCHED_DAYS: Final = 540.0

_MONTH: Final = 30.0
_EAGER: Final = 2.0
_EAGER_DAYS: Final = 30.0
"""In its first days a lead does everything up to three times as often."""

_EDGES: Final = (0.0, 10.0, 30.0, 90.0, 200.0)
_CAUSES: Final = tuple(OUTCOMES.index(name) for name in ("closed_won", "stop_calling", "closed_lost"))
_BASE: Final = np.array(
    [
        [0.0002, 0.0004, 0.0003, 0.0002, 0.0001],
        [0.0005, 0.0004, 0.0003, 0.0002, 0.0002],
        [0.0010, 0.0020, 0.0020, 0.0020, 0.0020],
    ]
)
"""Hazards a day of won, stop and lost, of the typical lead, from each edge on."""
_STOP_PULL: Final = -0.5
"""Who is likelier to buy is less likely to tell us to stop."""
_BUDGET: Final = 1.8
"""An approved budget multiplies the hazard of won, from the answer on."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What leads did: whose act, which behaviour, how many days after arrival; by (kind, lead, day)."""

    lead: Ints
    kind: Ints
    day: Floats

    def where(self, keep: Flags) -> Acts:
        """Return these rows."""
        return Acts(self.lead[keep], self.kind[keep], self.day[keep])


@dataclass(frozen=True, slots=True)
class Lives:
    """What drives the ends of n leads beside their acts; ``budget``: the day of a good answer."""

    pull: Floats
    referred: Flags
    budget: Floats


@dataclass(frozen=True, slots=True)
class _Factor:
    """From which day until which a lead's hazard of a cause is multiplied by a factor."""

    cause: int
    factor: float
    since: Floats
    until: Floats


def acts(behaviours: Sequence[PlantedBehaviour], pull: Floats, random: np.random.Generator) -> Acts:
    """Draw what leads would do within the watched time, if they did not end before."""
    n, eager = len(pull), _EAGER * _EAGER_DAYS * -np.expm1(-WATCHED_DAYS / _EAGER_DAYS)
    drawn = []
    for kind, behaviour in enumerate(behaviours):
        rate = behaviour.per_month / _MONTH * np.exp(behaviour.pull * pull)
        lead = np.repeat(np.arange(n), random.poisson(rate * (WATCHED_DAYS + eager)))
        chance = random.random(len(lead))
        early = random.random(len(lead)) < eager / (WATCHED_DAYS + eager)
        soon = -_EAGER_DAYS * np.log1p(chance * np.expm1(-WATCHED_DAYS / _EAGER_DAYS))
        day = np.where(early, soon, WATCHED_DAYS * chance)
        order = np.lexsort((day, lead))
        drawn.append(Acts(lead[order], np.full(len(lead), kind), day[order]))
    none = Acts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    all_of = [none, *drawn]
    return Acts(
        *(np.concatenate([getattr(each, name) for each in all_of]) for name in ("lead", "kind", "day"))
    )


def ends(
    options: PlantedOptions, lives: Lives, done: Acts, random: np.random.Generator
) -> tuple[Floats, Ints]:
    """Draw when and how each lead ends: days after arrival (infinity: not in time), position in OUTCOMES.

    Between two changes of a lead's hazards they are constant, so the day is found exactly.
    """
    n = len(lives.pull)
    factors = _factors(options, lives, done)
    changes = [np.full(n, edge) for edge in _EDGES] + [
        day for each in factors for day in (each.since, each.until)
    ]
    start = np.sort(np.minimum(np.stack(changes, axis=1), WATCHED_DAYS), axis=1)
    width = np.diff(start, axis=1, append=WATCHED_DAYS)
    middle = start + width / 2.0
    hazards = _BASE[:, np.searchsorted(_EDGES, middle, side="right") - 1]
    hazards[0] *= np.exp(lives.pull)[:, None]
    hazards[1] *= np.exp(_STOP_PULL * lives.pull)[:, None]
    for each in factors:
        holds = (middle > each.since[:, None]) & (middle < each.until[:, None])
        hazards[each.cause] *= np.where(holds, each.factor, 1.0)
    total = hazards.sum(axis=0)
    reached = np.cumsum(total * width, axis=1)
    drawn = random.standard_exponential(n)
    piece = np.minimum((reached <= drawn[:, None]).sum(axis=1), start.shape[1] - 1)
    rows = np.arange(n)
    before = reached[rows, piece] - total[rows, piece] * width[rows, piece]
    day = start[rows, piece] + (drawn - before) / total[rows, piece]
    shares = np.cumsum(hazards[:, rows, piece], axis=0) / total[rows, piece]
    cause = np.array(_CAUSES)[(random.random(n) >= shares).sum(axis=0)]
    return np.where(drawn < reached[:, -1], day, np.inf), cause


def _factors(options: PlantedOptions, lives: Lives, done: Acts) -> list[_Factor]:
    n, always = len(lives.pull), np.full(len(lives.pull), np.inf)
    factors = [
        _Factor(0, _BUDGET, lives.budget, always),
        _Factor(0, options.referral, np.where(lives.referred, 0.0, np.inf), always),
    ]
    first = [_next(done, kind, np.full(n, -1.0)) for kind in range(len(options.behaviours))]
    for kind, behaviour in enumerate(options.behaviours):
        held = [(first[kind], always)]
        if behaviour.fresh_days is not None:
            held = _fresh(done, kind, behaviour.fresh_days, n)
        for since, until in held:
            factors += [_Factor(0, behaviour.won, since, until), _Factor(1, behaviour.stop, since, until)]
        factors.append(_Factor(0, behaviour.won_again, _next(done, kind, first[kind]), always))
    types = [behaviour.type for behaviour in options.behaviours]
    for order in options.in_order:
        then = _next(done, types.index(order.then), first[types.index(order.first)])
        factors.append(_Factor(0, order.won, then, always))
    return [each for each in factors if each.factor != 1.0]


def _next(done: Acts, kind: int, after: Floats) -> Floats:
    """Return the day on which each lead first did something later than a day; infinity if it never did."""
    rows = done.where(done.kind == kind)
    later = rows.day > after[rows.lead]
    day = np.full(len(after), np.inf)
    np.minimum.at(day, rows.lead[later], rows.day[later])
    return day


def _fresh(done: Acts, kind: int, days: float, n: int) -> list[tuple[Floats, Floats]]:
    """Return since when and until when each lead had done it lately: the first time, the second and on."""
    rows = done.where(done.kind == kind)
    quiet = np.ones(len(rows.lead) + 1, dtype=np.bool_)
    quiet[1:-1] = (rows.lead[1:] != rows.lead[:-1]) | (rows.day[1:] > rows.day[:-1] + days)
    lead, since, until = rows.lead[quiet[:-1]], rows.day[quiet[:-1]], rows.day[quiet[1:]] + days
    starts = np.searchsorted(lead, np.arange(n))
    rank = np.arange(len(lead)) - starts[lead]
    held = []
    for each in range(int(rank.max(initial=-1)) + 1):
        begins, lapses = np.full(n, np.inf), np.full(n, np.inf)
        begins[lead[rank == each]], lapses[lead[rank == each]] = since[rank == each], until[rank == each]
        held.append((begins, lapses))
    return held
