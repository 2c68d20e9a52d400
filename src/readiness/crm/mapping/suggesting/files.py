"""The files of an export that nobody has described yet, opened as they seem to be written."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from itertools import islice
from pathlib import Path
from typing import Final

from readiness.counting import counted
from readiness.crm.frames import Origin
from readiness.crm.mapping.suggesting.names import plain
from readiness.crm.mapping.suggesting.profiles import Sheet, study
from readiness.crm.mapping.suggesting.writing import Line
from readiness.crm.sources import Database, Layout, open_database, open_source, sheets_of, tables_of
from readiness.crm.sources.encodings import likely
from readiness.errors import DataError, Fault, StoreError
from readiness.progress import Progress

_READABLE: Final = (
    ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx", ".xls", ".ods", ".parquet", ".jsonl", ".ndjson",
)  # fmt: skip
"""What is looked for in folders; a file named outright may end in anything."""

_LOOKED_AT: Final = 2_000
"""So many lines with letters beyond ASCII tell the encoding."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, sheet or table as it was read, and what was found out about how it is written."""

    sheet: Sheet
    place: tuple[Line, ...]
    """How a mapping names it."""
    encoding: str | None = None
    """Where its bytes are no UTF-8: what they most likely are."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A file, a sheet of a workbook or a table of a database, not opened yet."""

    label: str
    stem: str
    """What tells it from the others."""
    lines: tuple[Line, ...]
    source: Path | Database
    within: str | None = None
    """The sheet or table."""


def open_files(sources: Sequence[Path | Database], progress: Progress) -> tuple[list[Opened], dict[str, str]]:
    """Open files, or all in folders whose endings say that they can be read, in the order of their names.

    Of a workbook every sheet is opened, of a database every table and view.

    Returns
    -------
    list of Opened
    dict
        Sheets that hold nothing, each with that reason.

    Raises
    ------
    DataError
        If a file cannot be read; all such are listed.
    StoreError
        If there is no such file, or none that can be read; or the database cannot be reached.
    """
    paths = [source for source in sources if isinstance(source, Path)]
    databases = [source for source in sources if isinstance(source, Database)]
    places = [place for path in (_paths(paths) if paths else ()) for place in _in_file(path)]
    places += [
        _Place(table, table, (Line("table", table),), database, table)
        for database in databases
        for table in tables_of(database)
    ]
    names = _names([place.stem for place in places])
    opened: list[Opened] = []
    empty: dict[str, str] = {}
    faults: list[Fault] = []
    for number, place in enumerate(places):
        progress(f"reading {place.label}", 0.9 * number / len(places))
        try:
            opened.append(_open(place, names[number]))
        except DataError as error:
            if place.within is not None and error.faults[0].code == "unreadable_file":
                empty[place.label] = "nothing stands in it"
            else:
                faults += error.faults
    if faults:
        raise DataError(faults)
    if not opened:
        raise StoreError("There is nothing to read: no sheet or table holds a column.")
    return opened, empty


def _in_file(path: Path) -> list[_Place]:
    line = Line("path", escape(path.name))
    try:
        sheets = sheets_of(path)
    except DataError:
        # Reading it tells why.
        sheets = []
    if len(sheets) < 2:
        return [_Place(path.name, plain(path.name.split(".", 1)[0]), (line,), path)]
    return [
        _Place(f"{path.name}, sheet {name}", plain(name), (line, Line("sheet", name)), path, name)
        for name in sheets
    ]


def deeper(sources: Sequence[Path | Database]) -> list[str]:
    """Name the folders within those given that hold files to read, with their number: they are not read."""
    inner = Counter(
        path.parent.relative_to(source).as_posix()
        for source in sources
        if isinstance(source, Path) and source.is_dir()
        for path in source.rglob("*")
        if path.parent != source and path.is_file() and path.name.lower().endswith(_READABLE)
    )
    return [f"{name} ({counted(count, 'file')})" for name, count in sorted(inner.items())]


def _paths(sources: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        if not source.exists():
            raise StoreError(f"There is no file or folder {source.name}.")
        inside = source.iterdir() if source.is_dir() else [source]
        found += [path for path in inside if path == source or path.name.lower().endswith(_READABLE)]
    if not found:
        inner = deeper(sources)
        hint = f" Name the folder that is meant: {', '.join(inner)}." if inner else ""
        raise StoreError(
            f"There is no file to read; files that can be read end in {', '.join(_READABLE)}.{hint}"
        )
    return sorted(dict.fromkeys(found), key=lambda path: (path.name, str(path)))


def _names(stems: Sequence[str]) -> list[str]:
    """Name files shortly: what all of them share in front, and dates at the end, say nothing."""
    stems = [stem or f"file_{number}" for number, stem in enumerate(stems, 1)]
    short = [re.sub(r"_(data|export|table)$|_\d{4,}.*$", "", stem) or stem for stem in stems]
    if len(short) > 1:
        first = short[0].split("_")[0] + "_"
        if all(stem.startswith(first) and len(stem) > len(first) for stem in short):
            short = [stem.removeprefix(first) for stem in short]
    # A name that starts with a digit would look like a number.
    short = [stem if stem[0].isalpha() else f"file_{stem}" for stem in short]
    unique = len(set(short)) == len(short)
    return short if unique else [f"{stem}_{number}" for number, stem in enumerate(short, 1)]


def _open(place: _Place, name: str) -> Opened:
    encoding: str | None = None
    label, source = place.label, place.source
    if isinstance(source, Database):
        origin = open_database(source, label, table=place.within)
    else:
        try:
            origin = open_source(source, Layout(sheet=place.within), label)
        except DataError as error:
            encoding = _likely(source) if error.faults[0].code == "wrong_encoding" else None
            if encoding is None:
                raise
            origin = open_source(source, Layout(encoding=encoding), label)
    return Opened(study(name, label, origin.original), place.lines, encoding, _told(origin, label))


def _told(origin: Origin, label: str) -> tuple[str, ...]:
    notes = [note.removeprefix(f"{label}: ") for note in origin.notes]
    return (
        *notes,
        *([f"{counted(len(origin.ragged), 'torn line')} will be refused."] if origin.ragged else []),
    )


def _likely(path: Path) -> str | None:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        telling = list(islice((line for line in file if not line.isascii()), _LOOKED_AT))
    return next(iter(likely(b"".join(telling))), None)
