"""How a file is written: what somebody said of it, and what is left to be found out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Format: TypeAlias = Literal["csv", "excel", "parquet", "jsonl"]

_ENDINGS: Final[dict[str, Format]] = {
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written; None wherever it is to be found out."""

    format: Format | None = None
    """By default told by the ending: see `format_of`."""
    separator: str | None = None
    """One character between the columns of a CSV file."""
    encoding: str | None = None
    """By default what the file's mark (BOM) says, else UTF-8; anything else is refused, never guessed."""
    quote: str | None = None
    skip_rows: int = 0
    """Lines before the header, such as a report's title."""
    sheet: str | None = None
    """By default the first one of a workbook."""


OURS: Final = Layout(format="csv", separator=",", encoding="utf-8", quote='"')
"""How our own CSV files are written, and what is expected in a folder of tables."""


def format_of(path: Path) -> Format:
    """Return the format that a file's ending promises; CSV where it promises nothing.

    >>> format_of(Path("leads.jsonl.gz")), format_of(Path("Leads.XLSX")), format_of(Path("leads.txt"))
    ('jsonl', 'excel', 'csv')
    """
    ending = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    return _ENDINGS.get(ending.lower(), "csv")
