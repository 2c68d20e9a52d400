"""An export and its mapping to tables: every row read is accepted or set aside with its faults."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells, episodes
from readiness.crm.contract import CONTRACT, nearest_name
from readiness.crm.frames import ArrowTable, Given
from readiness.crm.intake import Received, sort_out
from readiness.crm.mapping.document import EVENTS, Column, Feed, Join, Mapping
from readiness.crm.mapping.exports import Export, open_export
from readiness.crm.mapping.translation import constant, kept, translated
from readiness.crm.records import NO_INSTANT, Instant, instant
from readiness.crm.repeated_words import on_distinct
from readiness.crm.tables import Ints, Tables
from readiness.errors import DataError, Fault
from readiness.progress import Progress, silent


def apply(mapping: Mapping, sources: abc.Sequence[Path], *, progress: Progress = silent) -> Received:
    """Turn an export into tables as the mapping says.

    A lead that becomes active again after a neutral end becomes a new lead: see `episodes.split`.

    Parameters
    ----------
    mapping : Mapping
        See `load`.
    sources : paths
        The export's files, or folders that hold them.

    Returns
    -------
    Received
        The tables; rows read, accepted and refused by table; faults in the words of the export (its
        file, line and column); and notes on what this data cannot tell.

    Raises
    ------
    DataError
        If a file or a column that the mapping names is not there, or a file cannot be read.
    StoreError
        If a file cannot be opened.
    """
    export = open_export(mapping, sources, progress)
    work = _Import(mapping, export)
    given = {"leads": work.leads()}
    for table in EVENTS:
        if mapping.feeds(table):
            progress(f"translating {table}", 0.5)
            given[table] = work.events(table)
    if work.faults:
        raise DataError(work.faults)
    progress("checking the tables", 0.7)
    received = sort_out(given, observed_through=_watched_until(mapping.observed_through))
    tables = episodes.split(received.tables)
    progress("checking the tables", 1.0)
    again = len(tables.leads) - len(received.tables.leads)
    notes = (*export.notes, *work.notes, *_untold(tables, again), *received.notes)
    return replace(received, tables=tables, notes=notes)


def _watched_until(said: str | None) -> Instant | None:
    if said is None:
        return None
    # A day that was watched was watched to its end, and what has no time happened at that end.
    return instant(said) + (len(said) == len("2026-03-14"))


def _untold(tables: Tables, again: int) -> abc.Iterator[str]:
    if not tables.dated:
        yield "No lead has a created_at: there is no time in this data, so nothing about time can be checked."
        return
    undated = int((tables.outcomes.occurred_at == NO_INSTANT).sum())
    if undated:
        yield f"{undated} outcomes are undated: their leads count as ended when scored, and teach nothing."
    if again:
        yield f"{again} times a lead became active again after a neutral end: a new lead, such as L-7#2."
    if tables.date_only:
        yield "The CRM keeps dates without times: what happened on a day counts from its end."


@dataclass(slots=True)
class _Import:
    """One export on its way in, with what was found missing and what is worth a note."""

    mapping: Mapping
    export: Export
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def leads(self) -> Given:
        feed = self.mapping.leads
        origin = self.export.origins[feed.file]
        rows = self._joined(origin.original)
        columns = self._translated(feed.file, rows, {**feed.columns, **feed.attributes})
        for name, reason in feed.exclude.items():
            self._must_be_there(feed.file, rows, name, reason)
        if feed.others == "keep":
            file = self.mapping.files[feed.file]
            for name in (name for name in rows.column_names if name not in self._spoken_for()):
                if name in columns or name in CONTRACT["leads"].all:
                    self.faults.append(_taken(self._label(feed.file), name))
                else:
                    columns[name] = kept(rows.column(name), file)
        names = {
            name: spec.column for name, spec in {**feed.columns, **feed.attributes}.items() if spec.column
        }
        return Given(pa.table(columns), (replace(origin, names=names, label=self._label(feed.file)),))

    def events(self, table: str) -> Given:
        parts, origins, leads = [], [], []
        for feed in self.mapping.feeds(table):
            origin = self.export.origins[feed.file]
            columns = self._translated(feed.file, origin.original, feed.columns)
            rows = self._with_outcome(table, feed, columns)
            part = pa.table({name: _plain(column) for name, column in columns.items()})
            parts.append(part if len(rows) == len(part) else part.take(pa.array(rows)))
            names = {name: spec.column for name, spec in feed.columns.items() if spec.column}
            origins.append(replace(origin, names=names, label=self._label(feed.file), rows=rows))
            leads.append(rows)
        linked = "lead_id" not in self.mapping.leads.columns
        return Given(
            _stacked(parts, CONTRACT[table].all),
            tuple(origins),
            lead=np.concatenate(leads) if linked and leads else None,
        )

    def _label(self, file: str) -> str:
        return self.export.names[file]

    def _translated(
        self, file: str, rows: ArrowTable, specs: abc.Mapping[str, Column]
    ) -> dict[str, cells.Column]:
        columns = {}
        for name, spec in specs.items():
            if spec.column is None:
                columns[name] = constant(spec.constant, rows.num_rows)
            elif spec.column in rows.column_names:
                columns[name] = translated(rows.column(spec.column), name, spec, self.mapping.files[file])
            else:
                self.faults.append(_absent(self._label(file), spec.column, rows.column_names))
                columns[name] = constant(None, rows.num_rows)
        return columns

    def _with_outcome(self, table: str, feed: Feed, columns: abc.Mapping[str, cells.Column]) -> Ints:
        if table != "outcomes":
            return np.arange(len(columns["lead_id"]), dtype=np.int64)
        ended = pc.is_valid(cells.texts(columns["outcome"])).to_numpy()
        still_open = int((~ended).sum())
        if still_open:
            self.notes.append(
                f"{self._label(feed.file)}: {still_open} rows have no outcome; their leads are open."
            )
        rows: Ints = ended.nonzero()[0]
        return rows

    def _joined(self, rows: ArrowTable) -> ArrowTable:
        for join in self.mapping.leads.join:
            key = join.key or join.on
            other = self.export.origins[join.file].original
            if join.on not in rows.column_names:
                self.faults.append(_absent(self._label(self.mapping.leads.file), join.on, rows.column_names))
            elif key not in other.column_names:
                self.faults.append(_absent(self._label(join.file), key, other.column_names))
            else:
                rows = self._with_columns_of(other, rows, join, key)
        return rows

    def _with_columns_of(self, other: ArrowTable, rows: ArrowTable, join: Join, key: str) -> ArrowTable:
        label, keys = self._label(join.file), cells.texts(other.column(key)).combine_chunks()
        if pc.count_distinct(keys, mode="only_valid").as_py() < len(keys.drop_null()):
            remedy = "Join a file with one row a key."
            self.faults.append(
                Fault(label, None, key, "a key twice", "each key once", remedy, "ambiguous_join")
            )
        found = pc.index_in(
            cells.texts(rows.column(join.on)), value_set=keys, skip_nulls=True
        ).combine_chunks()
        if found.null_count:
            self.notes.append(f"{label}: {found.null_count} leads have no row there.")
        for name, reason in join.exclude.items():
            self._must_be_there(join.file, other, name, reason)
        for name in (name for name in other.column_names if name != key and name not in join.exclude):
            if name in rows.column_names:
                self.faults.append(_taken(label, name))
            else:
                rows = rows.append_column(name, other.column(name).take(found))
        return rows

    def _must_be_there(self, file: str, rows: ArrowTable, name: str, reason: str) -> None:
        if name in rows.column_names:
            return
        # A misspelt exclusion would let in what it was to keep out.
        if nearest_name(name, rows.column_names) is not None:
            self.faults.append(_absent(self._label(file), name, rows.column_names))
        else:
            self.notes.append(f"{self._label(file)}: there is no column {name!r} to leave out ({reason})")

    def _spoken_for(self) -> set[str]:
        """Return the leads' columns that have their place already, or must not have one."""
        feed = self.mapping.leads
        specs = [*feed.columns.values(), *feed.attributes.values()]
        for table in EVENTS:
            for other in self.mapping.feeds(table):
                specs += other.columns.values() if other.file == feed.file else ()
        return {spec.column for spec in specs if spec.column is not None} | set(feed.exclude)


def _plain(column: cells.Column) -> cells.Column:
    """Return a column as texts; one that repeats its words stays as short as it is."""
    return on_distinct(column, cells.texts)


def _stacked(parts: abc.Sequence[ArrowTable], names: abc.Iterable[str]) -> ArrowTable:
    """Put tables of texts one below the other; a column that a table lacks is missing in its rows."""
    columns = {}
    for name in names:
        kinds = {part.column(name).type for part in parts if name in part.column_names}
        if not kinds:
            continue
        kind = kinds.pop() if len(kinds) == 1 else pa.large_string()
        chunks = [
            chunk
            for part in parts
            for chunk in (
                part.column(name).cast(kind).chunks
                if name in part.column_names
                else [pa.nulls(len(part), kind)]
            )
        ]
        columns[name] = pa.chunked_array(chunks, kind)
    return pa.table(columns)


def _absent(label: str, name: str, there: abc.Sequence[str]) -> Fault:
    nearest = nearest_name(name, there)
    seen = f"a column {nearest!r}" if nearest else f"the columns {', '.join(map(repr, there))}"
    remedy = "Correct the mapping, or export this column too."
    return Fault(label, None, name, seen, "this column", remedy, "missing_column")


def _taken(label: str, name: str) -> Fault:
    expected = "a name that nothing else has"
    remedy = "Say in the mapping what it is, under columns or attributes, or exclude it with a reason."
    return Fault(label, None, name, "a column of that name", expected, remedy, "ambiguous_column")
