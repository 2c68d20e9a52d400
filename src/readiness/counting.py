"""How many there are, in words: one row, two rows."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are.

    >>> counted(1, "row"), counted(2000, "row"), counted(2, "activity", "activities")
    ('1 row', '2,000 rows', '2 activities')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def have(count: int) -> str:
    """Return the verb that so many take."""
    return "has" if count == 1 else "have"


def are(count: int) -> str:
    """Return the verb that so many take."""
    return "is" if count == 1 else "are"
