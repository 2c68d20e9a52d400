"""How a CSV file separates and quotes its cells, found in its first lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_STATED_IN_FILE: Final = re.compile(r'^"?sep=(.)"?;*,*(\r\n|\n|\r)', re.IGNORECASE)
_LOOKED_AT: Final = 200
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated and quoted, and how many lines stand before the header for that."""

    separator: str
    quote: str
    lines_before: int = 0
    notes: tuple[str, ...] = ()


def find_dialect(head: str, separator: str | None = None, quote: str | None = None) -> Dialect:
    """Find out how a file separates and quotes its cells.

    The separator is the one that a first line ``sep=;`` names; else that of comma, semicolon, tab and
    vertical bar which cuts the header in two or more and by which most of the first 200 lines have as many
    cells as the header; of equals the one with most cells. Quotes are double ones, unless every cell
    of the header stands in single ones.

    Parameters
    ----------
    head : str
        The beginning of the file, from the header on, in whole lines.
    separator, quote : str, optional
        What was stated is taken as stated.
    """
    said = _STATED_IN_FILE.match(head)
    if said:
        head = head[said.end() :]
    marks = quote or _quote(head)
    notes = [] if quote or marks == '"' else ["cells are quoted by single quotes."]
    sign = separator or (said[1] if said else None)
    if sign is None:
        sign = _separator(head, marks)
        if sign != ",":
            notes.append(f"columns are separated by {called(sign)}.")
    return Dialect(sign, marks, 1 if said else 0, tuple(notes))


def width_below_title(head: str, dialect: Dialect) -> int | None:
    """Return how many cells the lines after a title have, where the first line is one and no header.

    It is, if it cannot be cut in two by any separator, while at least two lines follow (three, if there are
    more such lines) and four in five of them are cut into the same number of cells by one. Else None.
    """
    signs = dict.fromkeys((dialect.separator, *SEPARATORS))
    by_sign = [_widths(head, sign, dialect.quote) or [0] for sign in signs]
    if any(first > 1 for first, *_ in by_sign):
        return None
    for widths in by_sign:
        titles = next((number for number, width in enumerate(widths) if width > 1), len(widths))
        rest = widths[titles:]
        width, times = Counter(rest).most_common(1)[0] if rest else (0, 0)
        if width > 1 and times >= max(2 if titles == 1 else 3, _MOST * len(rest)):
            return width
    return None


def called(separator: str) -> str:
    """Return what people call a separator.

    >>> called(";"), called("^")
    ('semicolons', "'^'")
    """
    return SEPARATORS.get(separator, repr(separator))


def other_separator(header: str, separator: str) -> str | None:
    """Return the separator that stands in the only column name of a file, where it was to be another."""
    return next((sign for sign in SEPARATORS if sign != separator and sign in header), None)


def _separator(head: str, quote: str) -> str:
    fits: dict[str, tuple[float, int]] = {}
    for sign in SEPARATORS:
        header, *rest = _widths(head, sign, quote) or [0]
        if header > 1:
            fits[sign] = (sum(width == header for width in rest) / len(rest) if rest else 1.0, header)
    return max(fits, key=fits.__getitem__, default=",")


def _widths(head: str, separator: str, quote: str) -> list[int]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator, quotechar=quote)
    try:
        return [len(cells) for cells in islice(filter(None, reader), _LOOKED_AT)]
    except csv.Error:
        return []


def _quote(head: str) -> str:
    header = head.lstrip("\r\n").splitlines()[:1]
    cells = re.split(r"[,;\t|]", header[0]) if header else []
    single = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if cells and single else '"'
