"""The figures behind a page, for whoever wants to calculate with them: tables of raw values, and CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

from readiness.crm.spreadsheets import harmless

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """One table: columns, and rows of as many raw values; nothing is rounded, None is not known."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, kind: type[DataclassInstance], points: Iterable[DataclassInstance]) -> Numbers:
        """Return the points of a chart, a column a field.

        >>> @dataclass
        ... class Point:
        ...     name: str
        ...     won: float | None
        >>> Numbers.of(Point, [Point("web", 0.25)])
        Numbers(columns=('name', 'won'), rows=(('web', 0.25),))
        """
        return cls(tuple(field.name for field in fields(kind)), tuple(astuple(point) for point in points))

    def csv(self) -> str:
        """Return it as CSV with a header line; floats in full, an empty cell where a value is not known.

        A text that a spreadsheet would run as a formula has an apostrophe before it.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([harmless(cell) for cell in row] for row in self.rows)
        return out.getvalue()

    def address(self) -> str:
        """Return an address that holds the whole CSV, for a page that must need nothing else."""
        return "data:text/csv;charset=utf-8;base64," + base64.b64encode(self.csv().encode()).decode()
