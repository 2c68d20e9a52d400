"""What the number of a feature counts, and in which unit, in words that need no glossary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.counting import counted, figure
from readiness.history.feature_plan import Feature

_SMALL: Final = 0.01
"""Nearer to zero nobody cares how near: a decayed sum never reaches it."""


_MANY: Final = 10.0
_VERY_MANY: Final = 1_000.0
"""From so many on fractions are not told: of what is counted, and of a number without a unit."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What of a behaviour or attribute a feature measures, said after the group's name.

    ``what`` is empty where the group's name says it all; ``unit``, in the singular, where the number has
    none or is a category.
    """

    what: str = ""
    unit: str = ""


NOTHING_MORE: Final = Measured()
"""Of a feature whose group says what it measures."""

_MEASURES: Final[Mapping[str, Measured]] = {
    "activity:count": Measured("{window}", "time"),
    "activity:since": Measured("since the last one", "day"),
    "activity:decayed": Measured("halved every {days}", "act"),
    "activity:trend": Measured("in the last {days}, less those of the {days} before", "act"),
    "activity:value": Measured("value {window}"),
    "reply:count": Measured("{window}", "time"),
    "reply:since": Measured("since the last one", "day"),
    "reply:gap_last": Measured("time to the last one", "hour"),
    "reply:gap_median": Measured("usual time to one", "hour"),
    "dialogue:count": Measured("{window}", "turn"),
    "rhythm:gap_mean": Measured("mean time between two acts", "day"),
    "rhythm:gap_median": Measured("usual time between two acts", "day"),
    "rhythm:active_days": Measured("with an act {window}", "day"),
    "rhythm:busiest_day": Measured("on the busiest day", "act"),
    "channels:distinct": Measured("{window}", "channel"),
    "types:distinct": Measured("{window}", "kind"),
    "age": Measured("", "day"),
    "attribute:date": Measured("since then", "day"),
    "answer:since": Measured("since it was given", "day"),
    "answer:changes": Measured("changed so far", "time"),
    "answers:count": Measured("{window}", "answer"),
    "answers:fields": Measured("to different questions", "answer"),
    "answers:since": Measured("since the last one", "day"),
    "points": Measured("", "point"),
}
"""By a feature's measure; one that is not here is told by its number alone."""


def measured(feature: Feature) -> Measured:
    """Say what of its group a feature measures.

    >>> measured(Feature("decayed", "number", "Inbound activity", "activity:decayed", days=7.0))
    Measured(what='halved every 7 days', unit='act')
    >>> measured(Feature("ever", "number", "Replies", "reply:count")).what
    'so far'
    """
    known = _MEASURES.get(feature.measure, NOTHING_MORE)
    days = "" if feature.days is None else counted(feature.days, "day")
    window = f"in the last {days}" if days else "so far"
    return Measured(known.what.format(window=window, days=days), known.unit)


def in_unit(value: float, unit: str) -> str:
    """Write a number that a feature holds with its unit; less than a day in hours.

    >>> in_unit(2.3639, "act"), in_unit(0.000135, "act"), in_unit(1.0, "point"), in_unit(0.8, "")
    ('2.4 acts', '0 acts', '1 point', '0.8')
    >>> in_unit(1 / 24, "day"), in_unit(90.0, "day"), in_unit(-47.69, "point"), in_unit(12_500.0, "")
    ('1 hour', '90 days', '−48 points', '12,500')
    >>> in_unit(0.98, "day"), in_unit(1.6, "day"), in_unit(47.69, "day"), in_unit(0.0, "day")
    ('23.5 hours', '1.6 days', '48 days', '0 days')
    """
    if unit == "day":
        return _lasting(value)
    whole = _MANY if unit else _VERY_MANY
    if abs(value) < _SMALL:
        told = "0"
    elif abs(value) >= whole:
        told = figure(round(value))
    else:
        told = figure(float(f"{value:.2g}" if unit else f"{value:.3g}"))
    return f"{told} {unit if told == '1' else f'{unit}s'}" if unit else told


def _lasting(days: float) -> str:
    amount, unit = (24 * days, "hour") if 0 < days < 1 else (days, "day")
    # Two short gaps must not read alike: 1.6 days are not 2.4.
    return counted(round(amount, 1 if abs(amount) < 24 else 0), unit)
