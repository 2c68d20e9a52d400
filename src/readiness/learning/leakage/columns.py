"""A lead's columns as a leak audit reads them: every value in one of a few bins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, SUPPRESSION_FLAGS
from readiness.crm.tables import Attribute, Coded, Flags, Floats, Ints, Tables
from readiness.history.levels import instants_of, names_dates, numbers_of, states_numbers
from readiness.history.snapshots import Snapshots

BINS: Final = 10
"""So many bins at most hold known values."""

SHARED: Final = 10
"""A value that fewer leads share is never named: it could tell who they are."""


REST: Final = "another value"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of n leads.

    Parameters
    ----------
    name : str
    kind : "number", "date", "category" or "text"
        A text is a category of which no value is shared by enough leads.
    bin : Ints, n
        Which bin each lead's value lies in; the last bin, ``missing``, holds those without one.
    labels : tuple of str
        What each bin holds, in words; the last is "nothing".
    values : Floats, n
        A number's values; of a date the days from it to the look, negative if it lies later. NaN elsewhere.
    distinct : int
        Different values.
    """

    name: str
    kind: Literal["number", "date", "category", "text"]
    bin: Ints
    labels: tuple[str, ...]
    values: Floats
    distinct: int

    @property
    def missing(self) -> int:
        """The bin of leads without a value."""
        return len(self.labels) - 1

    @property
    def known(self) -> Flags:
        """Which leads have a value."""
        known: Flags = self.bin != self.missing
        return known


def of_leads(tables: Tables, looks: Snapshots) -> Iterator[Column]:
    """Read the source and the attributes as of these looks, in the order of their names.

    Suppression flags are left out, for no model reads them; so are identities.
    """
    leads = looks.lead.astype(np.int64)
    if (tables.leads.source.codes[leads] >= 0).any():
        yield category("source", tables.leads.source.take(leads))
    for name, column in sorted(tables.leads.attributes.items()):
        if name.lower() not in SUPPRESSION_FLAGS:
            taken = column.take(leads) if isinstance(column, Coded) else column[leads]
            yield _attribute(name, taken, looks, tables.dated)


def _attribute(name: str, column: Attribute, looks: Snapshots, dated: bool) -> Column:
    if states_numbers(column) or not isinstance(column, Coded):
        return number(name, numbers_of(column))
    if dated and names_dates(column):
        at = instants_of(column)
        days = np.where(at == NO_INSTANT, np.nan, (looks.cutoff - at) / MICROSECONDS_PER_DAY)
        return number(name, days, kind="date")
    return category(name, column)


def number(name: str, values: Floats, kind: Literal["number", "date"] = "number") -> Column:
    """Bin numbers: each value its own where there are few, else by quantiles of the known ones."""
    known = ~np.isnan(values)
    distinct = np.unique(values[known])
    edges = distinct
    if len(distinct) > BINS:
        # The greatest value of each bin, so that a value many leads share has a bin of its own if it can.
        edges = np.unique(np.quantile(values[known], np.arange(1, BINS + 1) / BINS, method="higher"))
    labels = _ranges(edges) if len(distinct) > BINS else [f"{value:g}" for value in distinct]
    place = np.where(known, np.searchsorted(edges, np.where(known, values, 0.0)), len(edges))
    return Column(name, kind, place, (*labels, "nothing"), values, len(distinct))


def _ranges(edges: Floats) -> list[str]:
    lows = ["", *(f"over {edge:g} " for edge in edges[:-1])]
    highs = [*(f"up to {edge:g}" for edge in edges[:-1]), ""]
    return [f"{low}{high}".strip() for low, high in zip(lows, highs, strict=True)]


def category(name: str, column: Coded) -> Column:
    """Bin texts: the most frequent that enough leads share, all others together."""
    held = column.codes[column.codes >= 0]
    counts = np.bincount(held, minlength=len(column.levels))
    ranked = sorted(range(len(counts)), key=lambda code: (-int(counts[code]), column.levels[code]))
    named = [code for code in ranked[: BINS - 1] if counts[code] >= SHARED]
    rest = int(counts.sum() - counts[named].sum()) > 0
    labels = [column.levels[code] for code in named] + [REST] * rest
    place = np.full(len(counts) + 1, len(named), dtype=np.int64)
    place[named] = np.arange(len(named))
    place[-1] = len(labels)
    kind: Literal["category", "text"] = "category" if named else "text"
    values = np.full(len(column), np.nan)
    return Column(
        name, kind, place[column.codes], (*labels, "nothing"), values, int(np.count_nonzero(counts))
    )
