"""How a watch writes days and shares."""

from __future__ import annotations

from typing import Final

from readiness.crm.records import Instant, iso

_WHOLE: Final = 0.0995


def day(when: Instant) -> str:
    """Write the day of an instant, in UTC.

    >>> day(1773478800000000)
    '2026-03-14'
    """
    return (iso(when) or "–")[:10]


def share(value: float) -> str:
    """Write a share as a percentage, with a decimal below ten.

    >>> share(0.5), share(0.034), share(0.0)
    ('50 %', '3.4 %', '0 %')
    """
    return f"{100 * value:.0f} %" if value >= _WHOLE or value == 0.0 else f"{100 * value:.1f} %"
