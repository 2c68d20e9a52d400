"""How many there are, in words: one row, two rows."""

from __future__ import annotations


def figure(value: float) -> str:
    """Write a number as people do, whole ones without a point.

    >>> figure(21.0), figure(0.5), figure(12000), figure(-20)
    ('21', '0.5', '12,000', '−20')
    """
    said = f"{int(value):,}" if float(value).is_integer() else f"{value:,.10g}"
    return said.replace("-", "−") if value < 0 else said


def counted(count: float, one: str, many: str = "") -> str:
    """Say how many there are.

    >>> counted(1, "row"), counted(2000, "row"), counted(2, "activity", "activities"), counted(2.5, "day")
    ('1 row', '2,000 rows', '2 activities', '2.5 days')
    """
    return f"{figure(count)} {one if count == 1 else many or one + 's'}"


def have(count: int) -> str:
    """Return the verb that so many take."""
    return "has" if count == 1 else "have"


def are(count: int) -> str:
    """Return the verb that so many take."""
    return "is" if count == 1 else "are"
