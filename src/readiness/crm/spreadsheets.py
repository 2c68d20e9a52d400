"""Cells that people open in a spreadsheet: no text runs there as a formula."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""So a cell begins that a spreadsheet takes for a formula, or that pushes one into the next cell."""


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs: a text that begins like a formula gets an apostrophe before it.

    >>> harmless("=HYPERLINK(1)"), harmless("L-1"), harmless(None)
    ("'=HYPERLINK(1)", 'L-1', None)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell
