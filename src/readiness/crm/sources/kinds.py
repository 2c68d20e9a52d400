"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

from readiness.errors import DataError, Fault, StoreError

_SIGNS: Final = (
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls), or one with a password"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"BZh", "a packed file (bzip2)"),
    (b"\xfd7zXZ", "a packed file (xz)"),
    (b"7z\xbc\xaf", "a packed file (7-Zip)"),
    (b"(\xb5/\xfd", "a packed file (Zstandard)"),
    (b"Rar!", "a packed file (RAR)"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
)
_PAGE: Final = re.compile(rb"^(\xef\xbb\xbf)?\s*<(!doctype html|html|table|\?xml|head|meta)", re.IGNORECASE)
_REMEDIES: Final = {
    "an Excel workbook": "Name it .xlsx, write `format: excel` for it in a mapping, or save it as CSV.",
    "an OpenDocument workbook": "Name it .ods, write `format: excel` for it in a mapping, or save it as CSV.",
    "an old Excel workbook (.xls), or one with a password": (
        "Take its password off; name it .xls or write `format: excel` for it in a mapping, or save it as CSV."
    ),
    "a Parquet file": "Name it .parquet, or write `format: parquet` for it in a mapping.",
    "a packed file (gzip)": "Name it .csv.gz or .jsonl.gz, or unpack it.",
    "a zip archive": "Unpack it, and give what is in it.",
    "an SQLite database": "Name its `table` in a mapping, and give sqlite:///FILE as the source.",
    "an HTML or XML page": "Open it in a spreadsheet and save it as CSV; a sign-in page: export again.",
}
_EXPORT_AGAIN: Final = "Export it again, as CSV."


def kind_of(head: bytes, path: Path | None = None) -> str | None:
    """Say what a file is that is no plain text, by its first bytes; None where nothing is known of it.

    >>> kind_of(b"%PDF-1.7"), kind_of(b"lead_id,source")
    ('a PDF', None)
    """
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if _PAGE.match(head):
        return "an HTML or XML page"
    return next((kind for sign, kind in _SIGNS if head.startswith(sign)), None)


def unlike(label: str, seen: str, expected: str) -> DataError:
    """Return the refusal of a file that is another kind of thing than its name or mapping says."""
    remedy = _REMEDIES.get(seen, _EXPORT_AGAIN)
    return DataError([Fault(label, None, None, seen, expected, remedy, "unreadable_file")])


def unopened(path: Path, error: OSError) -> StoreError:
    """Return the refusal of a file that cannot be opened at all."""
    if path.is_dir():
        return StoreError(f"{path.name} cannot be read: it is a folder, not a file.")
    return StoreError(f"{path.name} cannot be read: {error.strerror or 'not a readable file'}.")


def _archive(path: Path | None) -> str:
    try:
        with zipfile.ZipFile(path or "") as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return "a zip archive"
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook"
    return "an OpenDocument workbook" if "content.xml" in names else "a zip archive"
