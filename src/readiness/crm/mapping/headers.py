"""Columns whose header is written in other capitals or blanks than the mapping names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from readiness.crm.frames import Origin
from readiness.crm.mapping.contradictions import columns_of, placed_feeds, placed_merges
from readiness.crm.mapping.document import Feed, Join, LeadsFeed, Mapping
from readiness.crm.mapping.exports import Export
from readiness.crm.mapping.fitting import named
from readiness.crm.sources import find_column


def as_named(mapping: Mapping, export: Export) -> Export:
    """Return the export with its columns called as the mapping calls them.

    A column is taken for one that the mapping names if there is none of exactly that name, and it is the
    only one that differs from it in capitals and blanks alone; each such column is noted.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for file, name in _wanted(mapping, export):
        wanted[file].add(name)
    origins = {
        file: _renamed(origin, sorted(wanted[file]), export.names[file])
        for file, origin in export.origins.items()
    }
    return replace(export, origins=origins)


def _renamed(origin: Origin, wanted: Sequence[str], label: str) -> Origin:
    there = origin.original.column_names
    called: dict[str, str] = {}
    for name in wanted:
        found = find_column(name, there)
        if found is not None and found not in wanted:
            called.setdefault(found, name)
    if not called:
        return origin
    rows = origin.original.rename_columns([called.get(name, name) for name in there])
    notes = (f"{label}: column {found!r} is taken for {name!r}." for found, name in called.items())
    return replace(origin, original=rows, notes=(*origin.notes, *notes))


def _wanted(mapping: Mapping, export: Export) -> Iterator[tuple[str, str]]:
    """Return every file with each column that is looked for in it."""
    for _, _, feed in placed_feeds(mapping):
        if feed.file in export.origins:
            yield from _of_feed(feed, export)
        for column in columns_of(feed).values():
            yield from ((leads.file, name) for leads in mapping.leads for name in column.lookup)
    for _, merges in placed_merges(mapping):
        yield from ((merges.file, name) for name in (merges.from_, merges.into))


def _of_feed(feed: LeadsFeed | Feed, export: Export) -> Iterator[tuple[str, str]]:
    there = export.origins[feed.file].original.column_names
    names = [name for _, name in named(feed, ())] + [join.on for join in feed.join]
    names += list(feed.exclude) if isinstance(feed, LeadsFeed) else []
    for name in names:
        if find_column(name, there) is not None:
            yield feed.file, name
        else:
            # It comes with a join: there it is called so, but for the prefix.
            yield from (
                (join.file, name.removeprefix(join.prefix))
                for join in feed.join
                if name.startswith(join.prefix)
            )
    for join in feed.join:
        yield from ((join.file, name) for name in _of_join(join))


def _of_join(join: Join) -> tuple[str, ...]:
    return (join.key or join.on, *(join.take or ()), *join.exclude)
