"""Whether a mapping fits the files: every column that it names is there, once, before a row is touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readiness.crm.contract import CONTRACT, nearest_name
from readiness.crm.mapping.contradictions import columns_of, placed_feeds, placed_merges
from readiness.crm.mapping.document import EVENTS, Column, Feed, LeadsFeed, Mapping
from readiness.crm.mapping.exports import Export
from readiness.crm.mapping.joining import taken
from readiness.crm.mapping.remarks import Remarks
from readiness.yaml_document import Loc


@dataclass(slots=True)
class _Names:
    """The columns that the rows of a feed have after its joins."""

    there: list[str]
    twice: dict[str, str] = field(default_factory=dict)
    """Names that a joined file brought again, with that file's."""
    open_ended: bool = False
    """An optional file that is not there would have brought more."""


def fit(mapping: Mapping, export: Export, remarks: Remarks) -> None:
    """Note every column that the mapping names and a file does not have, or has twice."""
    for _, loc, feed in placed_feeds(mapping):
        if feed.file not in export.origins:
            continue
        names = _after_joins(feed, loc, export, remarks)
        for where, name in named(feed, loc):
            _must_be(where, name, names, export.names[feed.file], remarks)
        if isinstance(feed, LeadsFeed):
            _fit_attributes(mapping, feed, loc, names, export.names[feed.file], remarks)
        for where, name in _looked_up(feed, loc):
            _fit_lookup(mapping, where, name, export, remarks)
    for loc, merges in placed_merges(mapping):
        if merges.file not in export.origins:
            continue
        there = export.origins[merges.file].original.column_names
        for key, name in (("from", merges.from_), ("into", merges.into)):
            if name not in there:
                remarks.absent((*loc, key), name, export.names[merges.file], there)


def named(feed: LeadsFeed | Feed, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Return every column of theirs that a feed names after its joins, with where it does."""
    for name, column in columns_of(feed).items():
        group = "columns" if name in feed.columns else "attributes"
        yield from (((*loc, group, name), theirs) for theirs in read_by(column))
    if feed.where:
        yield from (((*loc, "where"), name) for name in feed.where.columns)
    if isinstance(feed, Feed) and feed.wide:
        yield from (((*loc, "wide", "columns", name), name) for name in feed.wide.columns)


def spoken_for(mapping: Mapping, feed: LeadsFeed) -> set[str]:
    """Return the columns of a leads' file that have their place already, or must not have one.

    What a row of another table is made of, above all an outcome, never becomes an attribute.
    """
    names = {name for _, name in named(feed, ())} | set(feed.exclude)
    for table in EVENTS:
        for other in mapping.feeds(table):
            if other.file == feed.file:
                names |= {name for _, name in named(other, ())}
            for column in other.columns.values():
                names |= set(column.lookup)
    for _, merges in placed_merges(mapping):
        if merges.file == feed.file:
            names |= {merges.from_, merges.into}
    return names


def read_by(column: Column) -> tuple[str, ...]:
    """Return the columns of theirs from which a column of ours is made."""
    if column.column is not None:
        return (column.column,)
    return column.expression.columns if column.expression else ()


def _after_joins(feed: LeadsFeed | Feed, loc: Loc, export: Export, remarks: Remarks) -> _Names:
    names = _Names(list(export.origins[feed.file].original.column_names))
    for number, join in enumerate(feed.join):
        where: Loc = (*loc, "join", number)
        _must_be((*where, "on"), join.on, names, export.names[feed.file], remarks)
        if join.file not in export.origins:
            names.open_ended = True
            continue
        label, there = export.names[join.file], export.origins[join.file].original.column_names
        wanted = [("key", join.key or join.on), *(("take", name) for name in join.take or ())]
        for key, name in wanted:
            if name not in there:
                remarks.absent((*where, key), name, label, there)
        for name, reason in join.exclude.items():
            _excluded((*where, "exclude", name), name, reason, label, there, remarks)
        for name in taken(join, there):
            if name in names.there:
                names.twice.setdefault(name, label)
            else:
                names.there.append(name)
    return names


def _must_be(loc: Loc, name: str, names: _Names, label: str, remarks: Remarks) -> None:
    if name in names.twice:
        remarks.ambiguous(loc, name, names.twice[name])
    elif name not in names.there and not names.open_ended:
        remarks.absent(loc, name, label, names.there)


def _excluded(loc: Loc, name: str, reason: str, label: str, there: Sequence[str], remarks: Remarks) -> None:
    if name in there:
        return
    # A misspelt exclusion would let in what it was to keep out.
    if nearest_name(name, there) is not None:
        remarks.absent(loc, name, label, there)
    else:
        remarks.notes.append(f"{label}: there is no column {name!r} to leave out ({reason})")


def _fit_attributes(
    mapping: Mapping, feed: LeadsFeed, loc: Loc, names: _Names, label: str, remarks: Remarks
) -> None:
    if feed.others == "drop":
        # Nothing gets in unnamed, so that an exclusion only tells its reason.
        return
    for name, reason in feed.exclude.items():
        _excluded((*loc, "exclude", name), name, reason, label, names.there, remarks)
    ours = {*columns_of(feed), *CONTRACT["leads"].all}
    for name in (name for name in names.there if name not in spoken_for(mapping, feed)):
        if name in ours:
            remarks.ambiguous((*loc, "others"), name, "a column of ours")
        elif name in names.twice:
            remarks.ambiguous((*loc, "join"), name, names.twice[name])


def _looked_up(feed: LeadsFeed | Feed, loc: Loc) -> Iterator[tuple[Loc, str]]:
    for name, column in feed.columns.items():
        yield from (((*loc, "columns", name, "lookup"), theirs) for theirs in column.lookup)


def _fit_lookup(mapping: Mapping, loc: Loc, name: str, export: Export, remarks: Remarks) -> None:
    there: list[str] = []
    for number, leads in enumerate(mapping.leads):
        if leads.file not in export.origins:
            return
        names = _after_joins(leads, ("leads", number), export, Remarks(remarks.places))
        if names.open_ended:
            return
        there += names.there
    if name not in there:
        labels = " or ".join(dict.fromkeys(export.names[leads.file] for leads in mapping.leads))
        remarks.absent(loc, name, labels, there)
