"""How a data-quality page writes counts, days, months and lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from readiness.agreement import wording
from readiness.crm.records import Instant, iso

_NAMED: Final = 6
_WHOLE: Final = 9.95


def date(at: Instant) -> str:
    """Write an instant as a day; a dash where there is none."""
    text = iso(at)
    return "–" if text is None else text[:10]


def days(count: float | None) -> str:
    """Write a number of days, with a decimal below ten; a dash where it is not known.

    >>> days(3.14), days(31.4), days(None)
    ('3.1', '31', '–')
    """
    return "–" if count is None else f"{count:.1f}" if abs(count) < _WHOLE else f"{count:,.0f}"


def listed(names: Sequence[str], most: int = _NAMED) -> str:
    """Write names one after the other; of too many the first ones, and how many more there are.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], 2)
    ('a, b and c', 'a, b and 1 more')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return wording.listed(names)


def say(count: int) -> str:
    """Return the verb that so many take."""
    return "says" if count == 1 else "say"
