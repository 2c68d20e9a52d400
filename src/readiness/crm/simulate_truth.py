"""The true chances of a simulated lead: what the chain says of its future, given its full state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, STOP_CALLING
from readiness.crm.simulate_calendar import HALF
from readiness.crm.simulate_chain import (
    BACK,
    MARKETING,
    SALES,
    STATES,
    WAITING,
    Chain,
    engagement_chances,
    hand_rate,
)
from readiness.crm.simulate_words import ENGAGEMENTS, HANDS
from readiness.crm.tables import Flags, Floats, Ints

STAYS: Final = -1
_BLOCK: Final = 768
"""Rows computed at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Truth:
    """True cumulative incidences of n snapshots at m horizons; NaN for a lead that had ended before."""

    days: tuple[int, ...]
    won: Floats
    """n × m"""
    stop: Floats
    """n × m"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where n open leads stand: the full state at an instant."""

    lead: Ints
    created_at: Ints
    cutoff: Ints
    state: Ints
    """At the start of the lead's day in which the cutoff lies."""
    changed: Ints
    """Hands it has changed to that day at or before the cutoff, STAYS if it has not."""


def truth(chain: Chain, standing: Standing, days: Sequence[int]) -> Truth:
    """Compute P(won) and P(stop) within each of these numbers of days, integrated over the future.

    The chain's distribution over states is carried forward day by day; what ends on a day is split by
    cause in proportion to the rates. The first day counts from the cutoff on, the last one up to the
    cutoff's hour: within a day all rates are constant over working time, hence without memory. So the
    result is exact, but for floating point.

    Parameters
    ----------
    days : m whole numbers, ascending, at least 1
    """
    n = len(standing.lead)
    won, stop = np.zeros((n, len(days))), np.zeros((n, len(days)))
    for low in range(0, n, _BLOCK):
        block = slice(low, low + _BLOCK)
        part = Standing(
            standing.lead[block],
            standing.created_at[block],
            standing.cutoff[block],
            standing.state[block],
            standing.changed[block],
        )
        won[block], stop[block] = _forward(chain, part, days)
    return Truth(tuple(days), won, stop)


@dataclass(frozen=True, slots=True)
class _Step:
    """What a day, or a part of it, does to the distribution over states."""

    lived: Floats
    """States × n: chance to survive it."""
    share: Floats
    """States × n: chance to end in it, for each unit of rate."""
    leaves: Floats
    """Engagement × hands × n: chance to change hands in it."""


@dataclass(frozen=True, slots=True)
class _Era:
    """Before or after the world drifts."""

    factors: Floats
    """Causes × n."""
    total: Floats
    """States × n: rate of all ends together."""
    week: list[_Step]
    """The steps on the 7 days of a week, from the day of the cutoff on."""


def _forward(chain: Chain, standing: Standing, days: Sequence[int]) -> tuple[Floats, Floats]:
    lead, n = standing.lead, len(standing.lead)
    since = (standing.cutoff - standing.created_at) % MICROSECONDS_PER_DAY
    start = standing.cutoff - since
    eras = [_era(chain, lead, start, number) for number in range(len(chain.end_factors))]
    drifts_after = -((start - HALF) // MICROSECONDS_PER_DAY)
    accept = chain.accept[:, lead]
    up, down = _engagement(chain, lead)
    spread = np.zeros((STATES, n))
    spread[standing.state, np.arange(n)] = 1.0
    until = np.zeros((2, n))
    within = np.zeros((2, n, len(days)))
    for number in range(max(days, default=0) + 1):
        late = drifts_after <= number
        factors = _mixed([era.factors for era in eras], late)
        total = _mixed([era.total for era in eras], late)
        leaves = eras[0].week[number % 7].leaves
        if number in days:
            begun = start + number * MICROSECONDS_PER_DAY
            last = _step(total, chain.ends.work(begun + since) - chain.ends.work(begun), leaves)
            within[:, :, list(days).index(number)] = until + _ended(chain, spread * last.share, factors)
        if number:
            lived = _mixed([era.week[number % 7].lived for era in eras], late)
            share = _mixed([era.week[number % 7].share for era in eras], late)
            step = _Step(lived, share, leaves)
            decision = accept
        else:
            step, decision = _opening(chain, standing, start, total, accept)
        until += _ended(chain, spread * step.share, factors)
        spread = _moved(spread * step.lived, step.leaves, decision, up, down)
    return within[0], within[1]


def _era(chain: Chain, lead: Ints, start: Ints, number: int) -> _Era:
    factors = chain.end_factors[number][:, lead]
    total = chain.end_rates.T @ factors
    later = np.zeros(len(lead), dtype=np.bool_)
    works = zip(chain.ends.by_weekday(start), chain.office.by_weekday(start), strict=True)
    week = [_step(total, ends, _leaves(chain, lead, later, office)) for ends, office in works]
    return _Era(factors, total, week)


def _step(total: Floats, ends: Floats, leaves: Floats) -> _Step:
    died = -np.expm1(-total * ends)
    return _Step(1.0 - died, died / total, leaves)


def _mixed(by_era: list[Floats], late: Flags) -> Floats:
    if len(by_era) == 1 or not late.any():
        return by_era[0]
    return by_era[1] if late.all() else np.where(late, by_era[1], by_era[0])


def _ended(chain: Chain, ended: Floats, factors: Floats) -> Floats:
    """Return the chances to be won and to stop, 2 × n, from those to end for each unit of rate."""
    causes = [CLOSED_WON, STOP_CALLING]
    split: Floats = (chain.end_rates[causes] @ ended) * factors[causes]
    return split


def _opening(
    chain: Chain, standing: Standing, start: Ints, total: Floats, accept: Floats
) -> tuple[_Step, Floats]:
    """Return the step from the cutoff to the end of its day, and the chances that sales accepts in it.

    A lead that has changed hands that day already, does so at the end of the day for certain; any
    other may still do so in what is left of the day.
    """
    lead, end = standing.lead, start + MICROSECONDS_PER_DAY
    office = chain.office.work(end) - chain.office.work(standing.cutoff)
    ends = chain.ends.work(end) - chain.ends.work(standing.cutoff)
    first = start == standing.created_at
    changed = standing.changed != STAYS
    leaves = np.where(changed, 1.0, _leaves(chain, lead, first, office))
    decision = np.where(changed, standing.changed == SALES, accept)
    return _step(total, ends, leaves), decision


def _leaves(chain: Chain, lead: Ints, first: Flags, office: Floats) -> Floats:
    """Return the chances to change hands in a time of this much work: engagement × hands × n."""
    states = range(STATES)
    rates = [_hand_rate(chain, lead, state, first) for state in states]
    chances: Floats = -np.expm1(-np.stack(rates) * office)
    return chances.reshape(len(ENGAGEMENTS), len(HANDS), len(lead))


def _hand_rate(chain: Chain, lead: Ints, state: int, first: Flags) -> Floats:
    engagement, hands = divmod(state, len(HANDS))
    return hand_rate(chain, lead, np.full(len(lead), engagement), np.full(len(lead), hands), first)


def _engagement(chain: Chain, lead: Ints) -> tuple[Floats, Floats]:
    chances = [engagement_chances(chain, lead, np.full(len(lead), state)) for state in range(STATES)]
    up, down = (np.stack(part) for part in zip(*chances, strict=True))
    shape = (len(ENGAGEMENTS), len(HANDS), len(lead))
    return up.reshape(shape), down.reshape(shape)


def _moved(spread: Floats, leaves: Floats, accept: Floats, up: Floats, down: Floats) -> Floats:
    """Let those who are left change hands, then let their engagement move: the order of a lived day."""
    now = spread.reshape(up.shape)
    out = now * leaves
    now = now - out
    accepted = out[:, WAITING] * accept
    out[:, WAITING] -= accepted
    now[:, WAITING] += out[:, MARKETING]
    now[:, WAITING] += out[:, BACK]
    now[:, SALES] += accepted
    now[:, BACK] += out[:, WAITING]
    now[:, BACK] += out[:, SALES]
    rises, falls = now[:-1] * up[:-1], now[1:] * down[1:]
    now[:-1] -= rises
    now[1:] += rises
    now[1:] -= falls
    now[:-1] += falls
    return now.reshape(spread.shape)
