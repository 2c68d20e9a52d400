"""Rows of a file with the columns that joins brought to them; cells are fetched when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from readiness.crm import cells
from readiness.crm.frames import ArrowTable
from readiness.crm.mapping.document import File
from readiness.crm.mapping.expressions import Expression
from readiness.crm.mapping.translation import kept
from readiness.crm.repeated_words import distinct, on_distinct
from readiness.crm.rules import Rule
from readiness.crm.tables import Flags, Ints


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that must be refused for what the mapping says, and the column of theirs that shows it."""

    rule: Rule
    column: str
    flags: Flags
    nearest: Mapping[str, str] = field(default_factory=dict)
    """For some of the values seen, the one that was probably meant."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Rows that give no row on purpose, and why."""

    reason: str
    flags: Flags


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column of a file, which of its rows are meant, and how the file is written."""

    column: cells.Column
    via: Any
    """A ``pyarrow.Array`` of positions, null where there is no row; None: every row in order."""
    file: File


@dataclass(frozen=True, slots=True)
class Sheet:
    """n rows with named columns."""

    height: int
    columns: Mapping[str, Drawn]
    rows: Ints | None = None
    """Which row of the feed's file each row is; None: every row in order."""
    refusals: tuple[Refusal, ...] = ()
    leaving: tuple[Leaving, ...] = ()

    @property
    def source_rows(self) -> Ints:
        """Which row of the feed's file each row is."""
        return np.arange(self.height, dtype=np.int64) if self.rows is None else self.rows

    def fetch(self, name: str) -> cells.Column:
        """Return the cells of a column; all missing where an optional file would have had it."""
        drawn = self.columns.get(name)
        if drawn is None:
            return pa.chunked_array([pa.nulls(self.height, pa.large_string())])
        return drawn.column if drawn.via is None else drawn.column.take(drawn.via)

    def cleaned(self, name: str) -> cells.Column:
        """Return the cells of a column without blanks around them and without what stands for nothing."""
        drawn = self.columns.get(name)
        return self.fetch(name) if drawn is None else kept(self.fetch(name), drawn.file)

    def computed(self, expression: Expression) -> cells.Column:
        """Return what an expression gives for every row."""
        if not expression.columns:
            return expression.evaluate(pa.table({"": pa.nulls(self.height)}))
        rows = {name: self.cleaned(name) for name in expression.columns}
        if len(rows) > 1:
            return expression.evaluate(pa.table(rows))
        ((name, column),) = rows.items()

        def compute(cells_of: cells.Column) -> cells.Column:
            return expression.evaluate(pa.table({name: cells_of}))

        if expression.kind != "truth" or not pa.types.is_dictionary(column.type):
            return on_distinct(column, compute)
        # What depends on one cell is worked out once for each word there is.
        few, row = distinct(column)
        return compute(few).take(pa.array(row))

    def at(self, rows: Ints) -> Sheet:
        """Return the sheet with these of its rows, in this order; a row may come back several times."""
        if len(rows) == self.height and np.array_equal(rows, np.arange(self.height)):
            return self
        taken: dict[int, Any] = {}
        chosen = pa.array(rows, pa.int64())
        columns = {}
        for name, drawn in self.columns.items():
            key = id(drawn.via)
            if key not in taken:
                taken[key] = chosen if drawn.via is None else drawn.via.take(chosen)
            columns[name] = replace(drawn, via=taken[key])
        refusals = tuple(replace(refusal, flags=refusal.flags[rows]) for refusal in self.refusals)
        leaving = tuple(replace(each, flags=each.flags[rows]) for each in self.leaving)
        return Sheet(len(rows), columns, self.source_rows[rows], refusals, leaving)


def sheet_of(rows: ArrowTable, file: File) -> Sheet:
    """Return all rows of a file."""
    columns = {name: Drawn(rows.column(name), None, file) for name in rows.column_names}
    return Sheet(rows.num_rows, columns)
