"""How figures and their intervals are written in sentences about the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import percent

_How: TypeAlias = Callable[[float], str]


def shown(figure: Figure) -> str:
    """Write a share with its interval.

    >>> shown(Figure(0.614, 0.55, 0.671)), shown(Figure(None, None, None))
    ('61 % (55–67)', '–')
    """
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return percent(figure.value)
    return f"{percent(figure.value)} ({hundredths(figure.low)}–{hundredths(figure.high)})"


def interval(figure: Figure, how: _How | None = None) -> str:
    """Write an interval behind its figure; nothing where there is none. By default in hundredths."""
    if figure.low is None or figure.high is None:
        return ""
    written = how or hundredths
    return f" (95 % interval {written(figure.low)} to {written(figure.high)})"


def hundredths(share: float) -> str:
    """Write a share in hundredths, with a decimal below ten.

    >>> hundredths(0.0812), hundredths(0.4149), hundredths(0.0)
    ('8.1', '41', '0')
    """
    shown = 100 * share
    return f"{shown:.1f}" if 0 < abs(shown) < 9.95 else f"{shown:.0f}"


def number(count: float | None) -> str:
    """Write how many there are on average.

    >>> number(10.94), number(1234.5), number(None)
    ('10.9', '1,234', '–')
    """
    if count is None:
        return "–"
    return f"{count:.1f}" if abs(count) < 99.5 else f"{count:,.0f}"
