"""The simulated truth, found slowly and obviously: day by day in dense matrices, and by living on."""

from __future__ import annotations

import math

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR
from readiness.crm.simulate.calendar import HALF, Rhythm
from readiness.crm.simulate.chain import BACK, MARKETING, SALES, WAITING, Chain, live
from readiness.crm.simulate.truth import STAYS, Standing
from readiness.crm.tables import Floats, Ints

DAY = MICROSECONDS_PER_DAY


def work_between(rhythm: Rhythm, start: int, end: int) -> float:
    """Add up the work hour by hour."""
    monday = 4 * DAY  # 1970-01-05
    total, at = 0.0, start
    while at < end:
        following = min(end, (at // MICROSECONDS_PER_HOUR + 1) * MICROSECONDS_PER_HOUR)
        hour = ((at - monday) // MICROSECONDS_PER_HOUR) % 168
        rate = float(rhythm.by_hour[hour + 1] - rhythm.by_hour[hour])
        total += rate * (following - at) / MICROSECONDS_PER_HOUR
        at = following
    return total


def truth_by_matrices(chain: Chain, standing: Standing, row: int, days: int) -> tuple[float, float]:
    """Return P(won) and P(stop) of one snapshot: one 18 × 18 transition matrix a day, loops throughout."""
    lead, cutoff, created = (int(x[row]) for x in (standing.lead, standing.cutoff, standing.created_at))
    start = created + (cutoff - created) // DAY * DAY
    spread = np.zeros(18)  # 16 states, then won, then stop
    spread[int(standing.state[row])] = 1.0
    low, end = cutoff, cutoff + days * DAY
    changed = int(standing.changed[row])
    while low < end:
        high = min(start + DAY, end)
        matrix = _matrix(chain, lead, start, low, high, first=start == created, changed=changed)
        spread = matrix.T @ spread
        low, start, changed = high, start + DAY, STAYS
    return float(spread[16]), float(spread[17])


def _matrix(chain: Chain, lead: int, start: int, low: int, high: int, *, first: bool, changed: int) -> Floats:
    office, ends = work_between(chain.office, low, high), work_between(chain.ends, low, high)
    era = int(start >= HALF) if len(chain.end_factors) > 1 else 0
    matrix = np.zeros((18, 18))
    matrix[16, 16] = matrix[17, 17] = 1.0
    for state in range(16):
        level, hands = divmod(state, 4)
        rates = [chain.end_rates[cause, state] * chain.end_factors[era, cause, lead] for cause in range(4)]
        alive = math.exp(-sum(rates) * ends)
        matrix[state, 16] = rates[0] / sum(rates) * (1 - alive)
        matrix[state, 17] = rates[1] / sum(rates) * (1 - alive)
        for other, chance in _next_hands(chain, lead, level, hands, office, first, changed).items():
            up = chain.move_up[4 * level + other] * chain.up_factor[lead]
            down = chain.move_down[4 * level + other] * chain.down_factor[lead]
            for step, weight in ((1, up), (-1, down), (0, 1.0)):
                if weight:
                    matrix[state, 4 * (level + step) + other] += alive * chance * weight / (1 + up + down)
    return matrix


def _next_hands(
    chain: Chain, lead: int, level: int, hands: int, office: float, first: bool, changed: int
) -> dict[int, float]:
    if changed != STAYS:
        return {changed: 1.0}
    given = float(chain.handover[0 if first else 1, level, lead])
    if hands == MARKETING:
        moves = 1 - math.exp(-given * office)
        return {WAITING: moves, MARKETING: 1 - moves}
    if hands == BACK:
        moves = 1 - math.exp(-(0.15 * (given - chain.by_lot) + chain.by_lot) * office)
        return {WAITING: moves, BACK: 1 - moves}
    if hands == WAITING:
        moves, accept = 1 - math.exp(-0.7 * office), float(chain.accept[level, lead])
        return {SALES: moves * accept, BACK: moves * (1 - accept), WAITING: 1 - moves}
    moves = 1 - math.exp(-(0.030, 0.015, 0.005, 0.003)[level] * office)
    return {BACK: moves, SALES: 1 - moves}


def continuations(chain: Chain, standing: Standing, row: int, days: int, copies: int, seed: int) -> Ints:
    """Let one snapshot's lead live on many times; return the cause, -1 none, and the day of each end.

    Returns 2 × copies. The simulator's own days are lived, from the cutoff on. Day d counts ends
    within d days of the cutoff.
    """
    random = np.random.default_rng(seed)
    created, cutoff = int(standing.created_at[row]), int(standing.cutoff[row])
    lead = np.full(copies, standing.lead[row], dtype=np.int64)
    state = np.full(copies, standing.state[row], dtype=np.int64)
    cause, ended_in = np.full(copies, -1), np.full(copies, 10**6)
    start = created + (cutoff - created) // DAY * DAY
    changed = int(standing.changed[row])
    for day in range(days + 1):
        # A lead's day falls in two: what ends before the cutoff's hour ends within d days, else within d + 1.
        middle = cutoff + day * DAY
        alive = cause < 0
        before = state
        parts = [(start + day * DAY, middle, day)] if day else []
        parts += [(middle, start + (day + 1) * DAY, day + 1)] if day < days else []
        whole_low, whole_high = parts[0][0], parts[-1][1]
        office = np.full(copies, work_between(chain.office, whole_low, whole_high))
        ends = np.full(copies, work_between(chain.ends, whole_low, whole_high))
        first, late = (
            np.full(copies, fact) for fact in (start + day * DAY == created, start + day * DAY >= HALF)
        )
        lived = live(chain, lead, before, first=first, late=late, office=office, ends=ends, random=random)
        ended = alive & lived.ended
        cause[ended] = lived.cause[ended]
        early = work_between(chain.ends, *parts[0][:2])
        ended_in[ended] = np.where(lived.ended_after[ended] < early, parts[0][2], parts[-1][2])
        state = (
            _forced(chain, lead, before, changed, random) if day == 0 and changed != STAYS else lived.state
        )
    return np.stack([cause, ended_in])


def _forced(chain: Chain, lead: Floats, state: Floats, hands: int, random: np.random.Generator) -> Floats:
    """Move engagement at the end of a day on which the lead had changed hands before the cutoff."""
    moved = state // 4 * 4 + hands
    up, down = chain.move_up[moved] * chain.up_factor[lead], chain.move_down[moved] * chain.down_factor[lead]
    chance = random.random(len(lead)) * (1 + up + down)
    return moved + 4 * ((chance < up).astype(int) - ((chance >= up) & (chance < up + down)).astype(int))
