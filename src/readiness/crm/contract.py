"""Which columns each table has, and what is wrong with a table before its first row is read."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from readiness.errors import Fault


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table that have a meaning of their own."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Required and optional columns, in the order in which they are written."""
        return self.required + self.optional


CONTRACT: Final[Mapping[str, Columns]] = {
    "leads": Columns(
        ("source",), ("lead_id", "created_at", "last_known_at", "email", "phone", "company_domain")
    ),
    "activities": Columns(("lead_id", "occurred_at", "type", "direction"), ("channel", "value", "detail")),
    "answers": Columns(("lead_id", "answered_at", "field", "value"), ()),
    "outcomes": Columns(("lead_id", "outcome"), ("occurred_at",)),
    "handovers": Columns(("lead_id", "handed_over_at", "decided_at", "decision", "reason"), ("propensity",)),
}
"""Leads may lack ``lead_id`` (ids come from content) or ``created_at`` (there is no time then)."""

_CLOSE: Final = 0.85


def faulty_headers(table: str, names: Sequence[str], *, written_by_us: bool = False) -> list[Fault]:
    """Return what is wrong with a table's column names: missing, misspelt, or there twice.

    Parameters
    ----------
    written_by_us : bool
        Nobody typed the names, so a name that is merely close to one of ours is meant as it is.
    """
    columns = CONTRACT[table]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    faults = [_repeated(table, name) for name in twice]
    strangers = [name for name in dict.fromkeys(names) if name not in columns.all]
    misnamed = {name: ours for name in strangers if (ours := ours_by_sound(table, name)) is not None}
    for expected in columns.all:
        if expected in names:
            continue
        nearest = nearest_name(expected, strangers)
        if expected in columns.required:
            faults.append(_missing(table, expected, nearest, names))
            misnamed.pop(nearest or "", None)
        elif nearest is not None and not written_by_us:
            misnamed.setdefault(nearest, expected)
    return faults + [_misnamed(table, expected, name) for name, expected in misnamed.items()]


@lru_cache(maxsize=256)
def misnamed_attributes(names: tuple[str, ...]) -> tuple[Fault, ...]:
    """Return the attributes of leads that bear the name of one of our columns.

    Remembered, because a service sees the same names call after call.
    """
    pairs = ((name, ours_by_sound("leads", name)) for name in names)
    return tuple(_misnamed("leads", ours, name) for name, ours in pairs if ours is not None)


def ours_by_sound(table: str, name: str) -> str | None:
    """Return the column of ours that a name repeats but for capitals, blanks and signs, or None.

    >>> ours_by_sound("leads", "E-Mail")
    'email'
    """
    plain = _plain(name)
    return next((ours for ours in CONTRACT[table].all if _plain(ours) == plain), None)


def strange_columns(table: str, names: Sequence[str]) -> list[str]:
    """Return one sentence for each column that nobody reads; a lead's further columns are attributes."""
    if table == "leads":
        return []
    return [
        f"{table}: column {name!r} is not part of the contract and is not read."
        for name in names
        if name not in CONTRACT[table].all
    ]


def nearest_name(expected: str, names: Sequence[str], *, cutoff: float = _CLOSE) -> str | None:
    """Return the name that the expected one was probably meant to be, or None."""
    plain = {_plain(name): name for name in reversed(names)}
    if _plain(expected) in plain:
        return plain[_plain(expected)]
    close = difflib.get_close_matches(_plain(expected), plain, n=1, cutoff=cutoff)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _repeated(table: str, name: str) -> Fault:
    return Fault(
        table, None, name, "the column twice", "each column once", "Rename or delete one.", "repeated_column"
    )


def _missing(table: str, expected: str, nearest: str | None, names: Sequence[str]) -> Fault:
    if nearest is not None:
        seen, remedy = f"a column {nearest!r}", f"Rename {nearest!r} to {expected!r}."
    else:
        seen = f"the columns {', '.join(map(repr, names))}" if names else "no columns"
        remedy = (
            "Add it, or name the column that holds it in a mapping; `readiness mapping suggest` drafts one."
        )
    return Fault(table, None, expected, seen, "this column", remedy, "missing_column")


def _misnamed(table: str, expected: str, nearest: str) -> Fault:
    remedy = f"Rename it to {expected!r}; if it means something else, give it another name."
    return Fault(
        table, None, nearest, "a name close to one of ours", repr(expected), remedy, "misnamed_column"
    )
