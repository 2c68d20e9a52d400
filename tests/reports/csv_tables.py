"""A section's numbers as whoever downloads them reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from readiness.reports.numbers import Numbers

Row = dict[str, str]


def rows(tables: Mapping[str, Numbers], name: str) -> list[Row]:
    """Return the rows of one table, read from its CSV."""
    return list(csv.DictReader(io.StringIO(tables[name].csv())))


def share(text: str) -> str:
    """Write a share as a page does: by hand, with a decimal below ten."""
    shown = 100 * float(text)
    return f"{shown:.0f}" if abs(shown) >= 9.95 else f"{shown:.1f}".removesuffix(".0")
