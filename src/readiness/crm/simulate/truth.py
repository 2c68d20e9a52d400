"""The true chances of a simulated lead: what the chain says of its future, given its full state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, STOP_CALLING
from readiness.crm.simulate.calendar import HALF
from readiness.crm.simulate.chain import SALES, STATES, Chain, engagement_chances, hand_rate
from readiness.crm.simulate.spread import Spread, Step
from readiness.crm.simulate.words import HANDS
from readiness.crm.tables import Flags, Floats, Ints

STAYS: Final = -1
_BLOCK: Final = 1024
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
    """Hands it changed to that day before the cutoff, STAYS if it has not."""

    def block(self, low: int, high: int) -> Standing:
        """Return these rows only."""
        return Standing(*(getattr(self, field.name)[low:high] for field in fields(self)))


def truth(chain: Chain, standing: Standing, days: Sequence[int]) -> Truth:
    """Compute P(won) and P(stop) within each of these numbers of days, integrated over the future.

    The chain's distribution over states is carried forward day by day; what ends on a day is split by
    cause in proportion to the rates. The first day counts from the cutoff on, the last one up to the
    cutoff's hour: within a day all rates are constant over working time, hence without memory. So the
    result is exact, but for floating point.

    Parameters
    ----------
    days : m whole numbers, at least 1, none twice
    """
    n = len(standing.lead)
    won, stop = np.zeros((n, len(days))), np.zeros((n, len(days)))
    for low in range(0, n, _BLOCK):
        block = slice(low, low + _BLOCK)
        won[block], stop[block] = _forward(chain, standing.block(low, low + _BLOCK), days)
    return Truth(tuple(days), won, stop)


@dataclass(frozen=True, slots=True)
class _Era:
    """Before or after the world drifts."""

    factors: Floats
    """Causes × n."""
    total: Floats
    """States × n: rate of all ends together."""
    week: list[Step]
    """The steps on the 7 days of a week, from the day of the cutoff on."""


def _forward(chain: Chain, standing: Standing, days: Sequence[int]) -> tuple[Floats, Floats]:
    lead, n = standing.lead, len(standing.lead)
    since = (standing.cutoff - standing.created_at) % MICROSECONDS_PER_DAY
    start = standing.cutoff - since
    eras = [_era(chain, lead, start, number) for number in range(len(chain.end_factors))]
    drifts_after = -((start - HALF) // MICROSECONDS_PER_DAY)
    spread = Spread(standing.state, *_engagement(chain, lead))
    accept = chain.accept[:, lead]
    until = np.zeros((2, n))
    within = np.zeros((2, n, len(days)))
    for number in range(max(days, default=-1) + 1):
        late = drifts_after <= number
        if len(eras) > 1 and np.any(drifts_after == number):
            until += _ended(
                chain, spread.settle(), _mixed([era.factors for era in eras], drifts_after < number)
            )
        factors = _mixed([era.factors for era in eras], late)
        total = _mixed([era.total for era in eras], late)
        if number in days:
            begun = start + number * MICROSECONDS_PER_DAY
            died = _died(total, chain.ends.work(begun + since) - chain.ends.work(begun))
            so_far = spread.ended + spread.chances * (died / total)
            within[:, :, list(days).index(number)] = until + _ended(chain, so_far, factors)
        if number:
            spread.pass_day(_mixed_steps([era.week[number % 7] for era in eras], late), accept)
        else:
            spread.pass_day(*_opening(chain, standing, start, total, accept))
    return within[0], within[1]


def _era(chain: Chain, lead: Ints, start: Ints, number: int) -> _Era:
    factors = chain.end_factors[number][:, lead]
    total = chain.end_rates.T @ factors
    later = np.zeros(len(lead), dtype=np.bool_)
    works = zip(chain.ends.by_weekday(start), chain.office.by_weekday(start), strict=True)
    rates = _hand_rates(chain, lead, later)
    week = [_step(total, ends, -np.expm1(-rates * office)) for ends, office in works]
    return _Era(factors, total, week)


def _step(total: Floats, ends: Floats, leaves: Floats) -> Step:
    died = _died(total, ends)
    goes = (1.0 - died) * leaves
    return Step(ended=died / total, stays=1.0 - died - goes, goes=goes)


def _died(total: Floats, ends: Floats) -> Floats:
    died: Floats = -np.expm1(-total * ends)
    return died


def _mixed(by_era: list[Floats], late: Flags) -> Floats:
    if len(by_era) == 1 or not late.any():
        return by_era[0]
    return by_era[1] if late.all() else np.where(late, by_era[1], by_era[0])


def _mixed_steps(by_era: list[Step], late: Flags) -> Step:
    return Step(*(_mixed([getattr(step, field.name) for step in by_era], late) for field in fields(Step)))


def _ended(chain: Chain, ended: Floats, factors: Floats) -> Floats:
    """Return the chances to be won and to stop, 2 × n, from those to end for each unit of rate."""
    causes = [CLOSED_WON, STOP_CALLING]
    split: Floats = (chain.end_rates[causes] @ ended) * factors[causes]
    return split


def _opening(
    chain: Chain, standing: Standing, start: Ints, total: Floats, accept: Floats
) -> tuple[Step, Floats]:
    """Return the step from the cutoff to the end of its day, and the chances that sales accepts in it.

    A lead that has changed hands that day already, does so at the end of the day for certain; any
    other may still do so in what is left of the day.
    """
    end = start + MICROSECONDS_PER_DAY
    office = chain.office.work(end) - chain.office.work(standing.cutoff)
    ends = chain.ends.work(end) - chain.ends.work(standing.cutoff)
    rates = _hand_rates(chain, standing.lead, start == standing.created_at)
    changed = standing.changed != STAYS
    leaves = np.where(changed, 1.0, -np.expm1(-rates * office))
    return _step(total, ends, leaves), np.where(changed, standing.changed == SALES, accept)


def _hand_rates(chain: Chain, lead: Ints, first: Flags) -> Floats:
    n = len(lead)
    by_state = (divmod(state, len(HANDS)) for state in range(STATES))
    return np.stack(
        [hand_rate(chain, lead, np.full(n, level), np.full(n, hands), first) for level, hands in by_state]
    )


def _engagement(chain: Chain, lead: Ints) -> tuple[Floats, Floats]:
    chances = [engagement_chances(chain, lead, np.full(len(lead), state)) for state in range(STATES)]
    return np.stack([up for up, _ in chances]), np.stack([down for _, down in chances])
