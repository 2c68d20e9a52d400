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
from readiness.crm.memory import give_back
from readiness.crm.mending import NOTHING_MENDED, Mended, read_quarantine
from readiness.crm.outgoing import as_csv, plain, to_arrow
from readiness.crm.records import NO_INSTANT, Instant, instant, iso
from readiness.crm.sources.csv_files import read_csv
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
        If rows are faulty and there is no quarantine, or a whole table cannot be read.
    StoreError
        If a file cannot be opened, or the folder was left half-written.
    """
    if quarantine is None:
        given, about = _given(folder)
        return accept(given, observed_through=about.observed_through, date_only=about.date_only).tables
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
        If a whole table cannot be read.
    StoreError
        If a file cannot be opened, or the folder was left half-written.
    """
    given, about = _given(folder)
    mended.must_be_of(given)
    given = {table: _with_mended(mended, table, rows) for table, rows in given.items()}
    through = observed_through if about.observed_through is None else about.observed_through
    give_back()
    sifted = sift(given, observed_through=through, date_only=about.date_only)
    # The files' texts are not needed any more, and rows are sorted in the room that they leave.
    del given
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
    given, about = _given(folder)
    tables = accept(given, observed_through=about.observed_through, date_only=about.date_only).tables
    format_there: Format = "parquet" if (folder / "leads.parquet").is_file() else "csv"
    return Stored(tables, about.episodes, format_there)


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


def _given(folder: Path) -> tuple[dict[str, Given], _About]:
    if folder.is_file():
        raise StoreError(f"{folder.name} is a file; give the folder in which it lies.")
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder.name}.")
    if unfinished(folder):
        raise StoreError(
            f"Writing {folder.name} was interrupted; write it again, its tables may not fit together."
        )
    about = _read_about(folder / _ABOUT)
    given: dict[str, Given] = {}
    faults: list[Fault] = []
    for table in TABLES:
        paths = [path for ending in _ENDINGS if (path := folder / f"{table}{ending}").is_file()]
        if len(paths) > 1:
            seen = " and ".join(path.name for path in paths)
            faults.append(Fault(table, None, None, seen, "one file", "Delete the others.", "repeated_table"))
            continue
        try:
            given.update((table, _read_table(path, table)) for path in paths)
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    ours = (folder / _ABOUT).exists()
    given = {table: replace(rows, written_by_us=ours) for table, rows in given.items()}
    if "leads" in given:
        given["leads"] = replace(given["leads"], numbers=about.numbers)
    return given, about


def _with_mended(mended: Mended, table: str, given: Given) -> Given:
    (origin,) = given.origins
    origin = mended.into(table, origin)
    return replace(given, rows=origin.original, origins=(origin,))


def _read_table(path: Path, table: str) -> Given:
    if path.suffix != ".parquet":
        origin = read_csv(path, table)
        return Given(origin.original, (origin,))
    try:
        return given_as_is(pq.read_table(path))
    except (pa.ArrowException, OSError) as error:
        expected = "a Parquet file"
        fault = Fault(
            table, None, None, "something else", expected, f"Export {path.name} again.", "unreadable_file"
        )
        raise DataError([fault]) from error


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
