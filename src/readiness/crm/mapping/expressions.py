"""Expressions in a mapping: derived values and conditions, read with a whitelist and never run as Python.

An expression is written in Python's syntax. A name is a column of the file; a column whose name has
blanks or signs is ``col("Deal Stage")``. Cells are texts without blanks around them, an empty one is
missing, and what is computed from something missing is missing: ``and``, ``or`` and ``not`` know
three truths.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.crm import cells
from readiness.crm.frames import ArrowTable
from readiness.crm.mapping.expression_syntax import read
from readiness.crm.mapping.operations import TYPES, Kind, column_of
from readiness.crm.mapping.terms import Run


@dataclass(frozen=True, slots=True)
class Expression:
    """A value derived from the columns of a file, or a condition on them."""

    text: str
    columns: tuple[str, ...] = field(compare=False)
    """The columns it reads, in the order in which they are first named."""
    kind: Kind = field(compare=False)
    """What it gives; a condition gives a truth."""
    _run: Run = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read an expression.

        Raises
        ------
        ValueError
            If it is not in the language; one sentence that says what and at which character, from 1.
        """
        term, columns = read(text)
        return cls(text, columns, term.kind, term.run)

    def evaluate(self, rows: ArrowTable) -> cells.Column:
        """Compute the expression for every row.

        Parameters
        ----------
        rows : pyarrow.Table
            Has the columns that it names, of any plain type.

        Returns
        -------
        pyarrow.ChunkedArray, n rows
            Booleans of a condition, large strings of anything else; null where missing.
        """
        result = column_of(self._run(rows), rows.num_rows)
        if self.kind == "truth":
            return result
        return cells.texts(result) if self.kind != "nothing" else result.cast(TYPES["text"])
