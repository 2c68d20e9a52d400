"""What the texts of a column mean: numbers, dates, or names of categories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from readiness.crm.records import NO_INSTANT, written
from readiness.crm.stated import date_in, number_in
from readiness.crm.tables import Attribute, Coded, Codes, Floats, Ints, coded

MOST_LEVELS: Final = 1_000
"""Rarer levels of a column with more are unseen to a model."""

_OWN_SHARE: Final = 0.5
_WORDS: Final = 4
"""From so many leads with a text that nobody else has, of so many words on average, it is free text."""


def number_table(levels: Sequence[str]) -> Floats:
    """Return the number that each level states, NaN where none; one more entry, NaN, is for missing."""
    stated = (number_in(level) for level in levels)
    return np.array([*(np.nan if value is None else value for value in stated), np.nan], dtype=np.float64)


def category_table(place: Mapping[str, int], levels: Sequence[str]) -> Floats:
    """Return each level's position among the known ``levels``.

    Parameters
    ----------
    place : mapping from a column's level to its code
    levels : the known levels

    Returns
    -------
    Floats, one entry more than the column has levels
        The number of known levels where a level is not among them; one more, last, for missing.
    """
    table = np.full(len(place) + 1, float(len(levels)))
    table[-1] = len(levels) + 1
    for position, level in enumerate(levels):
        if level in place:
            table[place[level]] = position
    return table


def numbers_of(column: Attribute) -> Floats:
    """Read a column as numbers; NaN where it is missing or states none."""
    return number_table(column.levels)[column.codes] if isinstance(column, Coded) else column


def instants_of(column: Attribute) -> Ints:
    """Read a column as dates; NO_INSTANT where it is missing or names none."""
    if not isinstance(column, Coded):
        return np.full(len(column), NO_INSTANT, dtype=np.int64)
    named = (date_in(level) for level in column.levels)
    table = [*(NO_INSTANT if at is None else at for at in named), NO_INSTANT]
    return np.array(table, dtype=np.int64)[column.codes]


def categories_of(column: Attribute, levels: Sequence[str]) -> Floats:
    """Read a column as categories: positions in ``levels``, their number for unseen, one more for missing."""
    if isinstance(column, Coded):
        return category_table({level: code for code, level in enumerate(column.levels)}, levels)[column.codes]
    return categories_of(coded([written(float(value)) for value in column]), levels)


def states_numbers(column: Attribute) -> bool:
    """Say whether all that a column holds are numbers, and it holds some."""
    if not isinstance(column, Coded):
        return bool((~np.isnan(column)).any())
    return _all(column, number_in)


def names_dates(column: Attribute) -> bool:
    """Say whether all that a column holds are ISO dates, and it holds some."""
    return isinstance(column, Coded) and _all(column, date_in)


def is_free_text(column: Attribute) -> bool:
    """Say whether a column holds what people wrote: several words each, and mostly a text of its own.

    A few texts that many leads share, such as "no comment", make no category of it.
    """
    if not isinstance(column, Coded):
        return False
    held = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    used = np.flatnonzero(held).tolist()
    if not used or (held == 1).sum() < _OWN_SHARE * held.sum():
        return False
    return sum(len(column.levels[code].split()) for code in used) >= _WORDS * len(used)


def _all(column: Coded, read: Callable[[str], float | None]) -> bool:
    used = np.unique(column.codes[column.codes >= 0]).tolist()
    return len(used) > 0 and all(read(column.levels[code]) is not None for code in used)


def shared_levels(column: Coded, lead: Codes, min_leads: int, most: int = MOST_LEVELS) -> tuple[str, ...]:
    """Return the levels that at least ``min_leads`` leads share, sorted; of too many the most frequent.

    Parameters
    ----------
    column : Coded, rows
    lead : Codes, rows
        Whose row it is; a lead counts once.
    """
    held = column.codes >= 0
    number = max(len(column.levels), 1)
    once = np.unique(lead[held].astype(np.int64) * number + column.codes[held])
    sharers = np.bincount(once % number, minlength=number)
    common = np.flatnonzero(sharers >= max(min_leads, 1)).tolist()
    ranked = sorted(common, key=lambda code: (-int(sharers[code]), column.levels[code]))[:most]
    return tuple(sorted(column.levels[code] for code in ranked))


def usual_range(numbers: Floats, min_leads: int) -> tuple[float, float] | None:
    """Return between which numbers nearly all lie, or None where too few are known or too large to say.

    From the ``min_leads``-th lowest to the ``min_leads``-th highest, a quarter of the way between them
    further out on either side, rounded outwards to two digits of that way: nobody's own value shows, and
    a small sample warns of no number that merely stands at its rim.

    >>> usual_range(np.arange(1.0, 1001.0), 10), usual_range(np.arange(5.0), 10)
    ((0.0, 1240.0), None)

    Parameters
    ----------
    numbers : Floats, one a lead
        NaN where none is known.
    """
    known = np.sort(numbers[~np.isnan(numbers)])
    fewest = max(min_leads, 1)
    if len(known) < 2 * fewest:
        return None
    low, high = float(known[fewest - 1]), float(known[-fewest])
    between = high - low
    if not 0.0 < between < np.inf:
        return (low, high) if between == 0.0 else None
    # At the rims of what a number can be, the step or what lies beyond it is none.
    with np.errstate(all="ignore"):
        step = 10.0 ** (np.floor(np.log10(between)) - 1.0)
        lowest = float(np.floor((low - between / 4.0) / step) * step)
        highest = float(np.ceil((high + between / 4.0) / step) * step)
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        return None
    return (max(lowest, 0.0) if low >= 0.0 else lowest), highest


def label_of(name: str) -> str:
    """Turn a column's or type's name into words that a person reads.

    >>> label_of("company_size")
    'Company size'
    """
    words = " ".join(name.replace("_", " ").split()) or name
    return words[:1].upper() + words[1:]


UNITS: Final = ("years", "months", "weeks", "days", "hours", "minutes")
"""Units in which the name of an attribute may end."""


def attribute_label(name: str) -> str:
    """Turn an attribute's name into words, the unit in which it ends in brackets.

    >>> attribute_label("company_age_years"), attribute_label("days")
    ('Company age (years)', 'Days')
    """
    label = label_of(name)
    of, _, unit = label.rpartition(" ")
    return f"{of} ({unit})" if of and unit in UNITS else label
