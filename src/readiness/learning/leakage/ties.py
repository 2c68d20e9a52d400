"""What ties a column to a lead's other columns: the lead's end alone, or something beside it.

A value that was drawn from the end has nothing to do with a lead's other columns once the end is known: it
is tied to them through the end, and by nothing else. Values known when the lead came have causes in
common with the others, or share in causing the end, and both leave a dependence among leads that ended alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from readiness.crm.records import OUTCOMES
from readiness.crm.tables import Floats, Ints
from readiness.history.first_looks import FirstLooks
from readiness.history.outcomes import CENSORED, WON
from readiness.learning.leakage.columns import Column

GROUPS: Final = 3
"""Bins are put into so many groups of about as many leads, by how often they were won."""

_STATES: Final = len(OUTCOMES) + 1
_SMOOTH: Final = 2.0
_EXPECTED: Final = 5.0
_ALIKE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Ties:
    """How a column is tied to the others.

    Parameters
    ----------
    through_the_end : float
        The t-value of its correlation, among ended leads, with what the weak others say of a sale.
    short : float
        By how much that t-value falls short of what it would be if the end alone tied the column to them.
    p_beside : float
        The chance of so much dependence on the others among leads that ended alike, were there none; 1
        where there are no others.
    """

    through_the_end: float
    short: float
    p_beside: float


def ties(column: Column, others: Sequence[Column], weak: Sequence[Column], looks: FirstLooks) -> Ties:
    """Measure what ties a column to the others.

    Parameters
    ----------
    column : Column, n leads
    others, weak : sequences of Column, n leads each
        The weak ones tell little of the end each, so that none of them can be a leak to speak of.
    looks : FirstLooks, n rows
        Ended alike is: with the same outcome.
    """
    event, state = looks.event, looks.end.astype(np.int64)
    own = _grouped(column, event)
    found = [_within_states(own, _grouped(other, event), state) for other in others]
    distance, freedom = (sum(each[part] for each in found) for part in (0, 1))
    p_value = float(chdtrc(freedom, distance)) if freedom > 0 else 1.0
    ended = event != CENSORED
    told = np.zeros(int(ended.sum()))
    for other in weak:
        told += _log_odds(other.bin[ended], len(other.labels), event[ended])[other.bin[ended]]
    score = _log_odds(column.bin[ended], len(column.labels), event[ended])[column.bin[ended]]
    through = _t_value(score, told)
    alone = _t_value(_usual(score, state[ended]), _usual(told, state[ended]), score, told)
    return Ties(through, alone - through, p_value)


def _usual(values: Floats, state: Ints) -> Floats:
    """Return in each place the mean of those that ended alike."""
    of = np.maximum(np.bincount(state, minlength=_STATES), 1)
    means: Floats = np.bincount(state, weights=values, minlength=_STATES) / of
    return means[state]


def _log_odds(place: Ints, bins: int, event: NDArray[np.int8]) -> Floats:
    """Return the log-odds of a sale in each bin, drawn to those of all by two leads' worth."""
    won = event == WON
    usual = float(np.clip(won.mean(), 0.001, 0.999)) if len(won) else 0.5
    held = np.bincount(place[won], minlength=bins) + _SMOOTH * usual
    share = held / (np.bincount(place, minlength=bins) + _SMOOTH)
    odds: Floats = np.log(share / (1.0 - share))
    return odds


def _grouped(column: Column, event: NDArray[np.int8]) -> Ints:
    odds = _log_odds(column.bin, len(column.labels), event)
    order = np.argsort(odds, kind="stable")
    held = np.bincount(column.bin, minlength=len(odds))[order]
    middle = (np.cumsum(held) - held / 2.0) / max(int(held.sum()), 1)
    group = np.empty(len(odds), dtype=np.int64)
    group[order] = np.minimum((middle * GROUPS).astype(np.int64), GROUPS - 1)
    return group[column.bin]


def _within_states(one: Ints, other: Ints, state: Ints) -> tuple[float, float]:
    """Return Pearson's statistic of dependence within the states, and its degrees of freedom."""
    code = (state * GROUPS + one) * GROUPS + other
    counts = np.bincount(code, minlength=_STATES * GROUPS * GROUPS).reshape(_STATES, GROUPS, GROUPS)
    found = [_dependence(table) for table in counts]
    return sum(distance for distance, _ in found), sum(freedom for _, freedom in found)


def _dependence(table: Ints) -> tuple[float, float]:
    """Leave out groups so small that a cell would expect fewer than five leads: there the test is no good."""
    enough = np.sqrt(_EXPECTED * table.sum())
    kept = table[table.sum(axis=1) >= enough][:, table.sum(axis=0) >= enough].astype(np.float64)
    if min(kept.shape) < 2 or not kept.sum():
        return 0.0, 0.0
    expected = kept.sum(axis=1, keepdims=True) * kept.sum(axis=0) / kept.sum()
    return float(((kept - expected) ** 2 / expected).sum()), float((kept.shape[0] - 1) * (kept.shape[1] - 1))


def _t_value(one: Floats, other: Floats, scale: Floats | None = None, others: Floats | None = None) -> float:
    """Return the t-value of a correlation; with ``scale`` and ``others`` in units of their spreads."""
    if len(one) < GROUPS:
        return 0.0
    spread = float(np.std(one if scale is None else scale) * np.std(other if others is None else others))
    if spread < _ALIKE:
        return 0.0
    r = float(np.mean((one - one.mean()) * (other - other.mean()))) / spread
    return r * float(np.sqrt((len(one) - 2) / max(1.0 - r * r, _ALIKE)))
