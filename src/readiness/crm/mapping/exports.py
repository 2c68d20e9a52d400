"""The files of an export, found by the mapping's patterns and read as they are."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

import pyarrow as pa

from readiness.counting import counted
from readiness.crm.frames import Origin
from readiness.crm.legible import rows_are_there
from readiness.crm.mapping.document import File
from readiness.crm.mapping.words import AUTO
from readiness.crm.mending import Mended
from readiness.crm.sources import Database, Layout, find_column, open_database, scan_source
from readiness.errors import DataError, Fault, StoreError
from readiness.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Export:
    """The files that a mapping speaks of, read, by the names it gives them."""

    origins: abc.Mapping[str, Origin]
    names: abc.Mapping[str, str]
    """What each file is called on the disk, or in the database; else the mapping's name of it."""
    faults: tuple[Fault, ...] = ()
    """What is wrong with whole files."""
    faulty: frozenset[str] = frozenset()
    """The files of which some rows may not have been read; those of which nothing was are no origins."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was assumed in reading the files."""
        return tuple(note for origin in self.origins.values() for note in origin.notes)

    def with_mended(self, mended: Mended) -> Export:
        """Return the export with the mended rows of a quarantine in their place.

        If it is not the export from which the quarantine was made, that is among its faults.
        """
        origins, faults = dict(self.origins), list(self.faults)
        try:
            mended.must_be_of(self.names.values())
        except DataError as error:
            faults += error.faults
        for file, origin in self.origins.items():
            try:
                origins[file] = mended.into(self.names[file], origin)
            except DataError as error:
                faults += error.faults
        return replace(self, origins=origins, faults=tuple(faults))


def open_export(
    files: abc.Mapping[str, File], sources: abc.Sequence[Path | Database], progress: Progress = silent
) -> Export:
    """Find and read the files of an export, and the tables and queries of its database.

    A file that is missing, stands there more than once, or cannot be read whole is among the faults; the
    others are read all the same.

    Parameters
    ----------
    files : by the mapping's names of them

    Raises
    ------
    StoreError
        If a source does not exist or cannot be opened.
    """
    paths = [source for source in sources if isinstance(source, Path)]
    databases = [source for source in sources if isinstance(source, Database)]
    for path in paths:
        if not path.exists():
            raise StoreError(f"There is no file or folder {path.name}.")
    origins: dict[str, Origin] = {}
    labels: dict[str, str] = {}
    faults: list[Fault] = []
    faulty: set[str] = set()
    for number, (name, file) in enumerate(files.items()):
        labels[name] = file.table or name
        try:
            if not file.path:
                progress(f"reading {labels[name]}", 0.5 * number / len(files))
                origin = _fetched(name, file, labels[name], databases)
            else:
                found = _find(name, file, paths, alone=len(files) == 1)
                if found is None:
                    continue
                labels[name] = found.name
                progress(f"reading {found.name}", 0.5 * number / len(files))
                origin = _read(found, file)
        except DataError as error:
            faults += error.faults
            faulty.add(name)
            continue
        faults += origin.faults
        if not all(map(rows_are_there, origin.faults)):
            faulty.add(name)
        origins[name] = _with_optional_columns(origin, file)
        rows = origin.original.num_rows + len(origin.ragged)
        progress(f"read {labels[name]}: {counted(rows, 'row')}", 0.5 * (number + 1) / len(files))
    return Export(origins, labels, tuple(faults), frozenset(faulty))


def _fetched(name: str, file: File, label: str, databases: abc.Sequence[Database]) -> Origin:
    if len(databases) == 1:
        return open_database(databases[0], label, table=file.table, query=file.query)
    seen = ", ".join(database.name for database in databases) or "no database"
    remedy = "Name it as a source by its address, such as sqlite:///crm.db."
    raise DataError([Fault(name, None, None, seen, "one database", remedy, "missing_file")])


def _find(name: str, file: File, sources: abc.Sequence[Path], *, alone: bool) -> Path | None:
    if alone and len(sources) == 1 and sources[0].is_file():
        # The only file of the mapping, named outright: its name may be anything.
        return sources[0]
    patterns = [pattern.strip() for pattern in file.path.split("|")]
    found = next(filter(None, (_matching(pattern, sources) for pattern in patterns)), [])
    if len(found) == 1:
        return found[0]
    if not found and file.optional:
        return None
    if found:
        seen, remedy = ", ".join(path.name for path in found), "Name the one that is meant as the source."
    else:
        there = sorted({path.name for path in _beside(sources)})
        seen, remedy = (
            f"only {', '.join(there[:20]) or 'nothing'}",
            "Export it, or correct `path` in the mapping.",
        )
    raise DataError([Fault(name, None, None, seen, f"one file {file.path}", remedy, "missing_file")])


def _matching(pattern: str, sources: abc.Sequence[Path]) -> list[Path]:
    name = Path(pattern).name
    found = [source for source in sources if source.is_file() and fnmatch(source.name, name)]
    found += [path for source in sources if source.is_dir() for path in sorted(source.glob(pattern))]
    return found or [path for path in _beside(sources) if fnmatch(path.name.lower(), pattern.lower())]


def _beside(sources: abc.Sequence[Path]) -> list[Path]:
    """Return the files given and those that lie in the folders given."""
    return [
        path for source in sources for path in (sorted(source.iterdir()) if source.is_dir() else [source])
    ]


def _with_optional_columns(origin: Origin, file: File) -> Origin:
    """Return the rows with an empty column for each that the file may lack and does."""
    rows = origin.original
    for name in file.optional_columns:
        if find_column(name, rows.column_names) is None:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, pa.large_string()))
    return replace(origin, original=rows)


def _read(path: Path, file: File) -> Origin:
    layout = Layout(
        format=file.format,
        separator=None if file.separator == AUTO else file.separator,
        encoding=None if file.encoding == AUTO else file.encoding,
        quote=file.quote,
        skip_rows=file.skip_rows,
        sheet=file.sheet,
    )
    return scan_source(path, layout, path.name)
