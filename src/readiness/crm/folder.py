"""The tables as files in a folder: CSV or Parquet, one file a table, and what no table can say."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from readiness.crm import quarantine as quarantine_files
from readiness.crm.frames import ArrowTable, Given, given_as_is
from readiness.crm.intake import Received, accept, sift
from readiness.crm.legible import Unread
from readiness.crm.memory import give_back
from readiness.crm.mending import NOTHING_MENDED, Mended, read_quarantine
from readiness.crm.outgoing import as_csv, plain, to_arrow
from readiness.crm.records import NO_INSTANT, Instant, instant, iso
from readiness.crm.rules import FROM_EXPORT
from readiness.crm.sources.csv_files import scan_csv
from readiness.crm.sources.csv_writing import write_csv
from readiness.crm.staging import finish, replace_files, unfinished
from readiness.crm.tables import Coded, Tables
from readiness.crm.validation import TABLES
from readiness.errors import DataError, Fault, StoreError

__all__ = ("Format", "read", "read_quarantine", "receive", "write", "write_quarantine")

Format: TypeAlias = Literal["csv", "parquet"]

_ENDINGS: Final = (".csv", ".csv.gz", ".parquet")
_ABOUT: Final = "tables.json"
_FORMAT_NUMBER: Final = 1
_ROWS: Final = 1 << 20
"""So many rows are written at a time."""


def read(folder: Path, *, quarantine: Path | None = None) -> Tables:
    """Read the tables of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``leads`` and any of ``activities``, ``answers``, ``outcomes``, ``handovers``, each as
        ``.csv``, ``.csv.gz`` or ``.parquet``; and, where we wrote it, ``tables.json``.
    quarantine : Path, optional
        A folder for the rows that are refused, each with its faults. Then the others are returned.

    Raises
    ------
    DataError
        If rows are faulty and there is no quarantine, or a whole file, table or column cannot be read;
        everything is told at once.
    StoreError
        If a file cannot be opened, or the folder was left half-written.
    """
    if quarantine is None:
        found = _given(folder)
        about = found.about
        return accept(
            found.tables,
            unread=found.unread,
            observed_through=about.observed_through,
            date_only=about.date_only,
        ).tables
    received = receive(folder)
    write_quarantine(received, quarantine)
    return received.tables


def receive(
    folder: Path, *, observed_through: Instant | None = None, mended: Mended = NOTHING_MENDED
) -> Received:
    """Read what is right in a folder and tell everything else: counts, faults, notes, rows set aside.

    Parameters
    ----------
    observed_through : Instant, optional
        Until when the CRM was watched, where no ``tables.json`` says it.
    mended : Mended, optional
        Rows that take the place of those from which a quarantine was made.

    Raises
    ------
    DataError
        If a whole file, table or column cannot be read: then everything is told, of all rows as well.
    StoreError
        If a file cannot be opened, or the folder was left half-written.
    """
    found = _with_mended(_given(folder), mended)
    through = observed_through if found.about.observed_through is None else found.about.observed_through
    give_back()
    sifted = sift(
        found.tables, unread=found.unread, observed_through=through, date_only=found.about.date_only
    )
    # The files' texts are not needed any more, and rows are sorted in the room that they leave.
    del found
    give_back()
    return sifted.settle()


def stored(folder: Path) -> Stored:
    """Read tables that `write` wrote, to lay a later export onto them.

    Where writing was interrupted after all files were complete, they are put in place first.

    Raises
    ------
    DataError, StoreError
        As `read`.
    """
    try:
        finish(folder)
    except OSError as error:
        raise StoreError(f"The tables in {folder.name} cannot be put in place: {error.strerror}.") from error
    format_there: Format = "parquet" if (folder / "leads.parquet").is_file() else "csv"
    return Stored(read(folder), _read_about(folder / _ABOUT).episodes, format_there)


def exists(folder: Path) -> bool:
    """Say whether a folder holds tables, whole or half-written."""
    return unfinished(folder) or any((folder / f"leads{ending}").is_file() for ending in _ENDINGS)


def write(tables: Tables, folder: Path, *, format: Format = "csv", episodes: int = 0) -> None:  # noqa: A002
    """Write the tables into a folder, so that reading them gives the same tables, bit for bit.

    All files are written aside first and then put in place; a folder in which that was interrupted is
    refused by the reader, until it is written again. Other files in the folder are left alone, tables of an
    earlier writing are replaced.

    Parameters
    ----------
    episodes : int
        So many leads, the last ones, are later episodes of leads before them.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    names = [f"{table}{ending}" for table in TABLES for ending in _ENDINGS]
    try:
        replace_files(folder, lambda aside: _write_files(tables, aside, format, episodes), (*names, _ABOUT))
    except OSError as error:
        raise StoreError(f"The tables cannot be written to {folder.name}: {error.strerror}.") from error


def write_quarantine(received: Received, folder: Path) -> list[Path]:
    """Write the rows that were refused, a file a table and source: see `quarantine.write_quarantine`."""
    return quarantine_files.write_quarantine(received.set_aside, folder)


@dataclass(frozen=True, slots=True)
class _About:
    """What tables.json says; all None or empty where there is none."""

    observed_through: Instant | None = None
    date_only: bool | None = None
    numbers: frozenset[str] = frozenset()
    episodes: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """Tables as they lie in a folder."""

    tables: Tables
    episodes: int
    """So many leads, the last ones, are later episodes of leads before them."""
    format: Format


@dataclass(frozen=True, slots=True)
class _Found:
    """The tables of a folder as their files give them, and what is wrong with whole files."""

    tables: dict[str, Given]
    about: _About
    unread: Unread


def _given(folder: Path) -> _Found:
    if folder.is_file():
        raise StoreError(f"{folder.name} is a file; give the folder in which the tables lie. {FROM_EXPORT}")
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder.name}.")
    if unfinished(folder):
        raise StoreError(
            f"Writing {folder.name} was interrupted; write it again, its tables may not fit together."
        )
    tables: dict[str, Given] = {}
    faults: list[Fault] = []
    try:
        about = _read_about(folder / _ABOUT)
    except DataError as error:
        about = _About()
        faults += error.faults
    ours = (folder / _ABOUT).exists()
    for table in TABLES:
        try:
            given = _read_table(folder, table)
        except DataError as error:
            faults += error.faults
            continue
        if given is not None:
            tables[table] = replace(given, written_by_us=ours)
            faults += (fault for origin in given.origins for fault in origin.faults)
    if "leads" in tables:
        tables["leads"] = replace(tables["leads"], numbers=about.numbers)
    return _Found(tables, about, Unread(tuple(faults)))


def _read_table(folder: Path, table: str) -> Given | None:
    paths = [path for ending in _ENDINGS if (path := folder / f"{table}{ending}").is_file()]
    if not paths:
        return None
    if len(paths) > 1:
        seen = " and ".join(path.name for path in paths)
        raise DataError([Fault(table, None, None, seen, "one file", "Delete the others.", "repeated_table")])
    (path,) = paths
    if path.suffix != ".parquet":
        origin = scan_csv(path, table)
        return Given(origin.original, (origin,))
    try:
        return given_as_is(pq.read_table(path))
    except (pa.ArrowException, OSError) as error:
        expected = "a Parquet file"
        fault = Fault(
            table, None, None, "something else", expected, f"Export {path.name} again.", "unreadable_file"
        )
        raise DataError([fault]) from error


def _with_mended(found: _Found, mended: Mended) -> _Found:
    """Return the tables with mended rows in their place; rows that do not fit are told with all the rest."""
    tables, faults = dict(found.tables), list(found.unread.faults)
    try:
        mended.must_be_of({*tables, *(fault.table for fault in faults)})
    except DataError as error:
        faults += error.faults
    for table, given in found.tables.items():
        (origin,) = given.origins
        try:
            origin = mended.into(table, origin)
        except DataError as error:
            faults += error.faults
        tables[table] = replace(given, rows=origin.original, origins=(origin,))
    return replace(found, tables=tables, unread=replace(found.unread, faults=tuple(faults)))


def _read_about(path: Path) -> _About:
    if not path.is_file():
        return _About()
    try:
        said = json.loads(path.read_text("utf-8"))
        if said["format"] != _FORMAT_NUMBER:
            raise ValueError("another format")
        through = said["observed_through"]
        return _About(
            observed_through=None if through is None else instant(through),
            date_only=bool(said["date_only"]),
            numbers=frozenset(said["numbers"]),
            # Tables written before episodes were counted have none that we could tell.
            episodes=int(said.get("episodes", 0)),
        )
    except (ValueError, KeyError, TypeError) as error:
        expected = f"what readiness writes there, in format {_FORMAT_NUMBER}"
        remedy = "Write the tables again, or delete the file: then observed_through is the newest instant."
        raise DataError(
            [Fault(_ABOUT, None, None, "something else", expected, remedy, "unreadable_file")]
        ) from error


def _write_files(tables: Tables, folder: Path, format: Format, episodes: int) -> None:  # noqa: A002 - what it is
    for table, rows in to_arrow(tables).items():
        if format == "parquet":
            _write_parquet(rows, folder / f"{table}.parquet")
        else:
            write_csv(rows, folder / f"{table}.csv", spell=as_csv(rows))
    numbers = [name for name, values in tables.leads.attributes.items() if not isinstance(values, Coded)]
    about: dict[str, object] = {
        "format": _FORMAT_NUMBER,
        "dated": tables.dated,
        "date_only": tables.date_only,
        "observed_through": iso(tables.observed_through),
        "undated_outcomes": int((tables.outcomes.occurred_at == NO_INSTANT).sum()),
        "numbers": numbers,
    }
    if episodes:
        about["episodes"] = episodes
    (folder / _ABOUT).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _write_parquet(rows: ArrowTable, path: Path) -> None:
    with pq.ParquetWriter(path, plain(rows.slice(0, 0)).schema) as file:
        for first in range(0, len(rows), _ROWS):
            file.write_table(plain(rows.slice(first, _ROWS)))
