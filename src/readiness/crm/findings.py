"""What a check says: which rows of which table break which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from readiness.crm.rules import Rule
from readiness.crm.tables import Codes, Flags, Ints, Tables

TABLES: Final = ("leads", "activities", "answers", "outcomes", "handovers")

UNKNOWN_WORD: Final = -2
"""In a column of words before it is checked: something stood there that is none of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows of one table, as positions in the order given, that break one rule."""

    rule: Rule
    table: str
    column: str | None
    rows: Ints
    whole: bool = False
    """The fault is the table's as a whole: it is told once, though every row is concerned."""
    nearest: Mapping[str, str] = field(default_factory=dict)
    """For some of the values seen, the one that was probably meant."""


Broken: TypeAlias = Mapping[tuple[str, str], Flags]
"""By (table, column): rows whose cell could not be read and has been reported; they are not also missing."""

Found: TypeAlias = tuple[tuple[Rule, Flags], ...]
"""What is to be said of the cells of one column, by rule."""


def refused_by(found: Found, rows: int) -> Flags:
    """Return which of so many rows have a cell that a rule refuses."""
    refused = np.zeros(rows, dtype=bool)
    for rule, flags in found:
        if rule.refuses:
            refused |= flags
    return refused


def spread(found: Found, row: Codes) -> Found:
    """Return for every row what was found of the distinct value that it has."""
    return tuple((rule, flags[row]) for rule, flags in found)


def leads_of(draft: Tables) -> Iterator[tuple[str, Codes]]:
    """Return the lead of each row, by table of events."""
    yield "activities", draft.activities.lead
    yield "answers", draft.answers.lead
    yield "outcomes", draft.outcomes.lead
    yield "handovers", draft.handovers.lead


def where(flags: Flags) -> Ints:
    """Return the positions that are flagged."""
    rows: Ints = flags.nonzero()[0]
    return rows
