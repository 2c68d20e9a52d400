"""How a report writes numbers, days and names."""

from __future__ import annotations

import datetime as dt
from typing import Final

from readiness.agreement.wording import capital, category_said
from readiness.judging.importance import Importance

OUTCOMES: Final = {
    "closed_won": "Closed sales",
    "stop_calling": "Told us to stop calling",
    "closed_lost": "Lost",
    "disqualified": "Disqualified",
}
_SHARES: Final = 9.95
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def share(value: float | None) -> str:
    """Write a share as a percentage; a dash where it is not known.

    >>> share(0.0812), share(0.05), share(0.4149), share(None)
    ('8.1 %', '5 %', '41 %', '–')
    """
    if value is None:
        return "–"
    shown = 100 * value
    text = f"{shown:.1f}" if abs(shown) < _SHARES else f"{shown:.0f}"
    return f"{text.removesuffix('.0')} %"


def hundredths(value: float | None) -> str:
    """Write a probability as so many in 100, with a decimal below ten if it has one.

    >>> hundredths(0.314), hundredths(0.0249), hundredths(0.05)
    ('31', '2.5', '5')
    """
    return share(value).removesuffix(" %")


def signed(value: float | None) -> str:
    """Write a difference of probabilities as so many in 100, with its sign.

    >>> signed(0.081), signed(-0.2), signed(0.0), signed(None)
    ('+8.1', '−20', '0', '–')
    """
    if value is None:
        return "–"
    text = hundredths(abs(value))
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


def plain(value: float | None, how: str) -> str:
    """Write a number in a format; a dash where it is not known."""
    return "–" if value is None else format(value, how)


def between(low: float | None, high: float | None) -> str:
    """Write an interval of probabilities as so many in 100."""
    return "–" if low is None or high is None else f"{hundredths(low)}–{hundredths(high)}"


def change(value: float | None) -> str:
    """Write a change of log-loss with its sign.

    >>> change(0.01234), change(0.0)
    ('+0.0123', '0.0000')
    """
    return plain(value, "+.4f" if value else ".4f")


def changes(low: float | None, high: float | None) -> str:
    """Write an interval of changes."""
    return "–" if low is None or high is None else f"{change(low)} to {change(high)}"


def day(when: str | None) -> str:
    """Write an ISO instant as a day; a dash where there is none.

    >>> day("2026-03-14T09:00:00Z")
    '14 March 2026'
    """
    if when is None:
        return "–"
    moment = dt.datetime.fromisoformat(when)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def last_day(when: str | None) -> str:
    """Write the last day before an ISO instant at which something ends; a dash where there is none.

    >>> last_day("2018-01-01T00:00:00Z"), last_day("2026-06-30T23:59:59Z")
    ('31 December 2017', '30 June 2026')
    """
    if when is None:
        return "–"
    return day((dt.datetime.fromisoformat(when) - dt.timedelta(microseconds=1)).isoformat())


def category(name: str) -> str:
    """Write a category as people say it.

    >>> category("sales_ready_buyer"), category("unworthy")
    ('Sales-ready buyer', 'Unworthy')
    """
    return capital(category_said(name))


def direction(found: Importance) -> str:
    """Say which way a behaviour or attribute moves the score."""
    if found.direction == "by level":
        return f"highest for {_quoted(found.raises)}, lowest for {_quoted(found.lowers)}"
    return {"up": "more raises it", "down": "more lowers it"}.get(found.direction, "depends on the rest")


def _quoted(level: str | None) -> str:
    return "none" if level is None else f"“{level.replace('_', ' ')}”"
