"""What does not fit together in a mapping whose parts are each right."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator
from typing import Final, TypeAlias

from readiness.crm.contract import CONTRACT, nearest_name
from readiness.crm.mapping.document import EVENTS, Column, Feed, Join, LeadsFeed, Mapping, Merges
from readiness.crm.records import DECISIONS, DIRECTIONS, OUTCOMES
from readiness.yaml_document import Contradiction, Loc

Placed: TypeAlias = tuple[str, Loc, LeadsFeed | Feed]
"""A feed with its table and where it stands."""

_NEAR: Final = 0.7
_WORDS: Final = {
    ("activities", "direction"): DIRECTIONS,
    ("outcomes", "outcome"): OUTCOMES,
    ("handovers", "decision"): DECISIONS,
}
"""Columns of ours that know only these words."""


def contradictions(mapping: Mapping) -> Iterator[Contradiction]:
    """Return what a mapping says in one place and denies, or lacks, in another."""
    feeds = list(placed_feeds(mapping))
    yield from _unknown_files(mapping, feeds)
    for table, loc, feed in feeds:
        yield from _unknown_columns(table, loc, feed)
        yield from _strange_words(table, loc, feed)
        yield from _lacking_columns(mapping, table, loc, feed)
        yield from _misplaced_lookups(loc, feed)
        yield from _unknown_rows_without(loc, feed)
    for number, leads in enumerate(mapping.leads):
        yield from _misused_leads(("leads", number), leads)
    yield from _unlinked(mapping)
    yield from _unidentified(mapping)


def placed_feeds(mapping: Mapping) -> Iterator[Placed]:
    """Return every feed with its table and where it stands, leads first."""
    for number, leads in enumerate(mapping.leads):
        yield "leads", ("leads", number), leads
    for table in EVENTS:
        for number, feed in enumerate(mapping.feeds(table)):
            yield table, (table, number), feed


def placed_merges(mapping: Mapping) -> list[tuple[Loc, Merges]]:
    """Return each file of merges with where the mapping speaks of it."""
    merges = mapping.identity.merges if mapping.identity else ()
    return [(("identity", "merges", number), each) for number, each in enumerate(merges)]


def columns_of(feed: LeadsFeed | Feed) -> dict[str, Column]:
    """Return the columns of ours that a feed fills from columns of theirs, attributes too."""
    return {**feed.columns, **feed.attributes} if isinstance(feed, LeadsFeed) else dict(feed.columns)


def _filled(feed: LeadsFeed | Feed) -> set[str]:
    filled = set(columns_of(feed))
    if isinstance(feed, Feed) and feed.wide:
        entries = list(feed.wide.columns.values())
        filled |= {feed.wide.cell, *set.intersection(*(set(entry) for entry in entries))}
    return filled


def _unknown_files(mapping: Mapping, feeds: abc.Sequence[Placed]) -> Iterator[Contradiction]:
    used: list[tuple[Loc, str]] = []
    for _, loc, feed in feeds:
        used.append(((*loc, "file"), feed.file))
        used += [((*loc, "join", number, "file"), join.file) for number, join in enumerate(feed.join)]
    used += [((*loc, "file"), merges.file) for loc, merges in placed_merges(mapping)]
    for where, file in used:
        if file not in mapping.files:
            known = ", ".join(mapping.files)
            yield Contradiction(where, repr(file), f"one of the files ({known})", "Add it to `files`.")


def _unknown_columns(table: str, loc: Loc, feed: LeadsFeed | Feed) -> Iterator[Contradiction]:
    known = CONTRACT[table].all
    named: list[tuple[Loc, str]] = [((*loc, "columns", name), name) for name in feed.columns]
    if isinstance(feed, Feed) and feed.wide:
        named.append(((*loc, "wide", "cell"), feed.wide.cell))
        for theirs, entry in feed.wide.columns.items():
            named += [((*loc, "wide", "columns", theirs, name), name) for name in entry]
            for name in sorted(set(entry) & {feed.wide.cell, *feed.columns}):
                where = (*loc, "wide", "columns", theirs, name)
                yield Contradiction(where, repr(name), "a column that nothing else fills", "Remove one.")
    remedy = "put it under `attributes`" if table == "leads" else "remove it"
    for where, name in named:
        if name not in known:
            close = nearest_name(name, known, cutoff=_NEAR)
            meant = f"Did you mean `{close}`? Else {remedy}." if close else f"{remedy.capitalize()}."
            yield Contradiction(where, repr(name), f"one of {', '.join(known)}", meant)


def _strange_words(table: str, loc: Loc, feed: LeadsFeed | Feed) -> Iterator[Contradiction]:
    """Look at what the mapping itself writes into columns that know only some words."""
    for name, where, word in _written(loc, feed):
        allowed = _WORDS.get((table, name))
        if allowed is not None and word is not None and word not in allowed:
            close = nearest_name(word, allowed, cutoff=_NEAR)
            close = close or next((one for one in allowed if word and word.casefold() in one), None)
            meant = f"Did you mean `{close}`?" if close else "Write one of these; null says nothing."
            yield Contradiction(where, repr(word), f"one of {', '.join(allowed)}", meant)


def _written(loc: Loc, feed: LeadsFeed | Feed) -> Iterator[tuple[str, Loc, str | None]]:
    """Return the words of ours that a feed writes: of which column, where it says so, and the word."""
    for name, column in feed.columns.items():
        where = (*loc, "columns", name)
        for theirs, ours in column.values.items():
            yield name, (*where, "values", theirs), ours
        yield name, (*where, "default"), column.default
        yield name, (*where, "constant"), column.constant
    if isinstance(feed, Feed) and feed.wide:
        for theirs, entry in feed.wide.columns.items():
            for name, word in entry.items():
                yield name, (*loc, "wide", "columns", theirs, name), word


def _lacking_columns(
    mapping: Mapping, table: str, loc: Loc, feed: LeadsFeed | Feed
) -> Iterator[Contradiction]:
    without_ids = not any("lead_id" in leads.columns for leads in mapping.leads)
    filled = _filled(feed)
    for name in CONTRACT[table].required:
        if name not in filled and not (name == "lead_id" and without_ids):
            yield Contradiction(
                (*loc, "columns"), "nothing", f"the column `{name}`", "Say where it comes from."
            )


def _misplaced_lookups(loc: Loc, feed: LeadsFeed | Feed) -> Iterator[Contradiction]:
    for name, column in columns_of(feed).items():
        if column.lookup and (name != "lead_id" or isinstance(feed, LeadsFeed)):
            expected = "`lookup` only for the lead_id of a row that belongs to a lead"
            yield Contradiction((*loc, "columns", name, "lookup"), "it here", expected, "Remove it.")


def _unknown_rows_without(loc: Loc, feed: LeadsFeed | Feed) -> Iterator[Contradiction]:
    filled = _filled(feed)
    for name in feed.rows_without:
        if name not in filled:
            expected = f"one of the columns filled here ({', '.join(sorted(filled))})"
            yield Contradiction((*loc, "rows_without", name), repr(name), expected, "Remove it.")


def _misused_leads(loc: Loc, feed: LeadsFeed) -> Iterator[Contradiction]:
    for name in feed.attributes:
        if name in CONTRACT["leads"].all:
            where, expected = (*loc, "attributes", name), "a name that is no column of ours"
            yield Contradiction(where, repr(name), expected, "Put it under `columns`.")
    for where, _ in _many(loc, feed.join):
        yield Contradiction(where, "true", "one row a lead", "Join a file with one row a key.")


def _many(loc: Loc, joins: abc.Sequence[Join]) -> Iterator[tuple[Loc, Join]]:
    for number, join in enumerate(joins):
        if join.many:
            yield (*loc, "join", number, "many"), join


def _unlinked(mapping: Mapping) -> Iterator[Contradiction]:
    """Rows of leads without ids belong to the lead of the same line, so there must be one."""
    with_ids = ["lead_id" in leads.columns for leads in mapping.leads]
    if all(with_ids):
        return
    if any(with_ids):
        for number in (number for number, has in enumerate(with_ids) if not has):
            where: Loc = ("leads", number, "columns")
            yield Contradiction(where, "nothing", "the column `lead_id`, as other leads have it", "Add it.")
        return
    files = [leads.file for leads in mapping.leads]
    for number, file in enumerate(files):
        if file in files[:number]:
            where = ("leads", number, "file")
            yield Contradiction(where, repr(file), "each file once, where leads have no lead_id", "Add one.")
    yield from _rows_of_nobody(mapping, files)


def _rows_of_nobody(mapping: Mapping, files: abc.Sequence[str]) -> Iterator[Contradiction]:
    remedy = "Give leads.columns a `lead_id`."
    for table in EVENTS:
        for number, feed in enumerate(mapping.feeds(table)):
            if feed.file not in files or "lead_id" in feed.columns:
                names = " or ".join(f"`{file}`" for file in files)
                expected = f"rows of {names}, without lead_id, because the leads have no lead_id"
                yield Contradiction((table, number, "file"), repr(feed.file), expected, remedy)
            for option in ("on_change", "one_a_lead"):
                if getattr(feed, option, None):
                    yield Contradiction((table, number, option), "it", "leads that have a lead_id", remedy)


def _unidentified(mapping: Mapping) -> Iterator[Contradiction]:
    identity = mapping.identity
    if identity is None:
        return
    if not any("lead_id" in leads.columns for leads in mapping.leads):
        yield Contradiction(("identity",), "it", "leads that have a lead_id", "Give leads.columns one.")
    for number, name in enumerate(identity.same_lead_by):
        if not any(name in leads.columns for leads in mapping.leads):
            where: Loc = ("identity", "same_lead_by", number)
            yield Contradiction(where, repr(name), f"leads that have a column `{name}`", "Add it there.")
