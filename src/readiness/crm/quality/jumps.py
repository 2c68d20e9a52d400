"""Where a share changes from one month to the next: a field that starts, a source that stops.

A month is where a share jumps if all of this holds:

- on both sides at least 30 are counted, and between two jumps lie at least two months;
- the difference could be chance less than once in a hundred such pages: Fisher's exact test, its
  p-value multiplied by the number of months tried over all series (Bonferroni);
- it matters: the share changes by at least 20 points, or to or from less than a tenth of the other
  side's, which is then at least 2 %;
- it is sudden: the three months before and the three months after differ by at least half as much as
  the two sides do, so that a slow drift is none; and the month itself differs from the one before by
  at least a quarter as much.

Months in which nothing is counted are passed over.

Of several such months the one with the greatest likelihood ratio is taken, then both sides are looked
at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.quality.months import Months
from readiness.crm.quality.shares import CHANCE, FEWEST, far_apart, p_of_difference
from readiness.crm.tables import Floats, Ints

APART: Final = 2
NEAR: Final = 3
SUDDEN: Final = 0.5
AT_ONCE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Series:
    """How many of how many, month by month.

    Parameters
    ----------
    kind : str
        What it is of: "attribute", "identity", "source", "activity", "answer" or "outcome".
    held, of : Ints, months
        So many of so many; a month with ``of`` 0 says nothing.
    """

    kind: str
    name: str
    held: Ints
    of: Ints


@dataclass(frozen=True, slots=True)
class Jump:
    """From ``month`` on the share is another one.

    Shares are of the months since the jump before, if there is one, and until the next. ``p_value``
    is that of the one test; multiply by the number of tests for the page's.
    """

    kind: str
    name: str
    month: str
    before: float
    after: float
    p_value: float


def jumps(series: Sequence[Series], months: Months) -> tuple[Jump, ...]:
    """Find where shares jump, by the rule above.

    Returns
    -------
    tuple of Jump
        In the order of the series, then of the months.
    """
    tests = sum(max(0, int(np.count_nonzero(one.of)) - 1) for one in series)
    found: list[Jump] = []
    for given in series:
        there = np.flatnonzero(given.of)
        one = Series(given.kind, given.name, given.held[there], given.of[there])
        cuts = sorted(_cuts(one, 0, len(there), CHANCE / max(tests, 1)))
        edges = [0, *cuts, len(there)]
        for number, cut in enumerate(cuts):
            left, right = slice(edges[number], cut), slice(cut, edges[number + 2])
            before, after = _share(one, left), _share(one, right)
            p_value = _p_value(one, left, right)
            found.append(Jump(one.kind, one.name, months.name(int(there[cut])), before, after, p_value))
    return tuple(found)


def _cuts(one: Series, low: int, high: int, level: float) -> Iterator[int]:
    cut = _best(one, low, high)
    if cut is None or _p_value(one, slice(low, cut), slice(cut, high)) >= level:
        return
    yield cut
    yield from _cuts(one, low, cut, level)
    yield from _cuts(one, cut, high, level)


def _best(one: Series, low: int, high: int) -> int | None:
    """Return the month with the greatest likelihood ratio among those that jump far and suddenly."""
    cut = np.arange(low + (APART if low else 1), high - (APART if high < len(one.of) else 1) + 1)
    if not len(cut):
        return None
    held, of = (np.concatenate([[0], np.cumsum(column)]) for column in (one.held, one.of))
    left = (held[cut] - held[low], of[cut] - of[low])
    right = (held[high] - held[cut], of[high] - of[cut])
    before, after = _ratio(*left), _ratio(*right)
    counts = (left[1] >= FEWEST) & (right[1] >= FEWEST)
    fits = counts & far_apart(before, after)
    for near, part in ((NEAR, SUDDEN), (1, AT_ONCE)):
        start, end = np.maximum(cut - near, low), np.minimum(cut + near, high)
        step = _ratio(held[end] - held[cut], of[end] - of[cut]) - _ratio(
            held[cut] - held[start], of[cut] - of[start]
        )
        fits &= step * np.sign(after - before) >= part * np.abs(after - before)
    if not fits.any():
        return None
    gain = _likelihood(*left) + _likelihood(*right)
    return int(cut[np.argmax(np.where(fits, gain, -np.inf))])


def _ratio(held: Ints, of: Ints) -> Floats:
    ratio: Floats = np.divide(held, np.maximum(of, 1))
    return ratio


def _likelihood(held: Ints, of: Ints) -> Floats:
    """Return the logarithm of the likelihood of so many of so many at their own share."""
    share = _ratio(held, of)
    without = of - held
    yes = held * np.log(np.where(held > 0, share, 1.0))
    total: Floats = yes + without * np.log(np.where(without > 0, 1.0 - share, 1.0))
    return total


def _share(one: Series, where: slice) -> float:
    return float(one.held[where].sum() / one.of[where].sum())


def _p_value(one: Series, left: slice, right: slice) -> float:
    sides = ((int(one.held[side].sum()), int(one.of[side].sum())) for side in (left, right))
    return p_of_difference(*sides)
