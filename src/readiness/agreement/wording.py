"""How facts are said: dates, numbers, lists, and the lead's own values and activities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from readiness.agreement.conditions import Evidence, fold
from readiness.agreement.document import Agreement
from readiness.agreement.known import attribute
from readiness.crm.records import INBOUND, MICROSECONDS_PER_DAY, NO_INSTANT, Instant, iso
from readiness.crm.tables import Coded, Tables

_SMALL: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SATURDAY: Final = 5
_LONG_AGO_DAYS: Final = 45
"""From here on a date says more than a number of days."""


def capital(text: str) -> str:
    """Begin with a capital letter and leave the rest alone.

    >>> capital("asked for a demo"), capital("iPad")
    ('Asked for a demo', 'IPad')
    """
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Begin with a small letter, to go on inside a sentence; leave abbreviations alone.

    >>> small("Asked for a demo"), small("RFI: yes")
    ('asked for a demo', 'RFI: yes')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def plain(name: str) -> str:
    """Write a code of the CRM's as words.

    >>> plain("bought_list")
    'bought list'
    """
    return " ".join(name.replace("_", " ").split())


def category_said(name: str) -> str:
    """Write a category as people say it.

    >>> category_said("sales_ready_buyer"), category_said("unqualified_suitability")
    ('sales-ready buyer', 'unqualified suitability')
    """
    return plain(name).replace("sales ", "sales-", 1)


def number(count: int) -> str:
    """Write small numbers as words.

    >>> number(3), number(12)
    ('three', '12')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else str(count)


def listed(things: Sequence[str]) -> str:
    """Join things as one says them.

    >>> listed(["size", "industry", "country"])
    'size, industry and country'
    """
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def date(when: Instant, *, seen_from: Instant = NO_INSTANT) -> str:
    """Write the day of an instant (UTC), with the year unless it is the year of ``seen_from``.

    >>> date(1773478800000000), date(1773478800000000, seen_from=1773478800000000)
    ('14 March 2026', '14 March')
    """
    day = _day(when)
    if day is None:
        return "an unknown day"
    now = _day(seen_from)
    written = f"{day.day} {day:%B}"
    return written if now is not None and now.year == day.year else f"{written} {day.year}"


def weekday(when: Instant, cutoff: Instant) -> str:
    """Write the day of an instant with the name of its weekday.

    >>> weekday(1773478800000000, 1773478800000000)
    'Saturday 14 March'
    """
    day = _day(when)
    return date(when, seen_from=cutoff) if day is None else f"{day:%A} {date(when, seen_from=cutoff)}"


def working_day(when: Instant, cutoff: Instant) -> str:
    """Write the first day from an instant on that is no Saturday or Sunday, with the name of its weekday.

    >>> working_day(1773478800000000, 1773478800000000)
    'Monday 16 March'
    """
    day = _day(when)
    rest = 7 - day.weekday() if day is not None and day.weekday() >= _SATURDAY else 0
    return weekday(when + rest * MICROSECONDS_PER_DAY, cutoff)


def dated(when: Instant, cutoff: Instant, form: str) -> str:
    """Put the day of an instant into words around it; nothing where nobody dated it.

    >>> dated(1773478800000000, 1773478800000000, " on {}"), dated(NO_INSTANT, NO_INSTANT, " on {}")
    (' on 14 March', '')
    """
    return "" if when == NO_INSTANT else form.format(date(when, seen_from=cutoff))


def ago(age_days: float, when: Instant, cutoff: Instant) -> str:
    """Say how long ago something was: in days while it is fresh, by its date once it is not.

    >>> ago(0.2, 0, 0), ago(1.5, 0, 0), ago(9.9, 0, 0)
    ('in the last 24 hours', 'a day ago', '9 days ago')
    """
    if age_days < 1:
        return "in the last 24 hours"
    if age_days < 2:
        return "a day ago"
    if age_days < _LONG_AGO_DAYS:
        return f"{int(age_days)} days ago"
    return f"on {date(when, seen_from=cutoff)}"


def value_at(tables: Tables, lead: int, reads: Sequence[str], pointer: int) -> str:
    """Return the lead's own value to which a pointer of `known` leads."""
    if pointer >= 0:
        return tables.answers.value.at(pointer) or "nothing"
    return attribute_text(tables, lead, reads[-2 - pointer]) or "nothing"


def attribute_text(tables: Tables, lead: int, name: str) -> str | None:
    """Return a lead's attribute as text, None where it is missing or there is no such column."""
    column = attribute(tables, name)
    if column is None:
        return None
    if isinstance(column, Coded):
        return column.at(lead)
    return None if np.isnan(column[lead]) else f"{column[lead]:g}"


def activity_said(agreement: Agreement, kind: str) -> str:
    """Say what the lead did: the agreement's words for the type, or the type itself."""
    terms = agreement.interest
    for name, worth in (*terms.meaningful.items(), *terms.negative.items()):
        if worth.says and name.casefold() == kind.casefold():
            return worth.says
    return f"left the mark “{plain(kind)}”"


def when_it(agreement: Agreement, tables: Tables, lead: int, at: Instant) -> str:
    """Say what a lead did at the instant of an answer, to follow on it: " (when it asked for a demo)".

    Nothing where it did nothing then that the agreement has words for.
    """
    rows = tables.activities
    own = slice(int(rows.starts[lead]), int(rows.starts[lead + 1]))
    alike = np.flatnonzero((rows.occurred_at[own] == at) & (rows.direction[own] == INBOUND)) + own.start
    said = {fold(name): worth.says for name, worth in agreement.interest.meaningful.items()}
    told = (said.get(fold(rows.type.at(row) or "")) for row in alike.tolist())
    what = next((words for words in told if words), None)
    return "" if what is None else f" (when it {what})"


def evidence_said(agreement: Agreement, tables: Tables, lead: int, piece: Evidence, pointer: int) -> str:
    """Say a piece of evidence in the lead's own facts, beginning with a capital letter."""
    if piece.activities:
        kind = tables.activities.type.at(pointer) or ""
        return capital(piece.says or activity_said(agreement, kind))
    value = plain(value_at(tables, lead, piece.reads, pointer))
    if piece.says:
        return capital(piece.says.replace("{value}", value))
    return f"{capital(field_at(tables, piece.reads, pointer))}: {value}"


def field_at(tables: Tables, reads: Sequence[str], pointer: int) -> str:
    """Return the name under which a value stands: the answer's field or the attribute's name."""
    if pointer >= 0:
        return plain(tables.answers.field.at(pointer) or "")
    return plain(reads[-2 - pointer])


def _day(when: Instant) -> dt.date | None:
    written = iso(when)
    return None if written is None else dt.date.fromisoformat(written[:10])
