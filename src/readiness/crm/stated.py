"""What a text states: a number, or a day or instant."""

from __future__ import annotations

import math
import re
from typing import Final

from readiness.crm.records import Instant, instant

_NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def number_in(text: str) -> float | None:
    """Return the finite number that a text states, or None; neither "nan" nor "1_000" states one.

    >>> number_in(" 40 "), number_in("4e1"), number_in("big"), number_in("nan")
    (40.0, 40.0, None, None)
    """
    if _NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def date_in(text: str) -> Instant | None:
    """Return the end of the day that an ISO date names, or the instant of an ISO date with time and zone.

    >>> date_in("2026-03-14"), date_in("14 March"), date_in("2026-02-30")
    (1773532799999999, None, None)
    """
    bare = text.strip()
    if _DAY.fullmatch(bare[:10]) is None:
        return None
    try:
        return instant(bare)
    except (ValueError, OverflowError):
        return None
