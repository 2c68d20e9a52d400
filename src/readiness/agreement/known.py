"""What was known of each lead at its cutoff: its past, and where things are found in it.

Everything the rules read passes through here and `evidence`, and gets its times from `history.events`:
rules see ages in days, never instants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement.conditions import folded_name
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Attribute, Codes, Floats, Ints, Tables
from readiness.history import chunks, events
from readiness.history.chunks import Chunk
from readiness.history.snapshots import Snapshots

NOTHING: Final = -1
"""A pointer to no row. From 0 on it is a row of answers or activities; -2 - k: attribute ``reads[k]``."""

Names = tuple[str, ...]
Judged: TypeAlias = dict[int, dict[str, int]]
"""What texts were found to be, by the identity of the condition; chunks of one evaluation share it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where something stands for each of n leads, how old it is, and since when it stands there."""

    pointer: Ints
    age: Floats
    """Days before the cutoff; 0 where nobody dated it, NaN where there is nothing."""
    at: Ints
    """NO_INSTANT where there is nothing, or nobody dated it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What each of n leads said last under some names."""

    where: Sighting
    code: Ints
    """Position in ``texts``; 0 where nothing is known, or a number is."""
    texts: Sequence[str]
    numbers: Floats | None
    """Numbers of attributes that are numbers; NaN elsewhere."""


@dataclass(frozen=True, slots=True)
class Known:
    """The past of n snapshots, and where things are found in it.

    Tables, snapshots and rows are those of the chunk; pointers and sightings lead into the whole tables.
    """

    chunk: Chunk
    activities: events.Past
    opens: Ints
    """Where each window of activities opens, n × windows asked for."""
    answers: events.Past
    unknown: frozenset[str]
    fields: Mapping[str, Sequence[int]]
    """Codes of the answer fields by their folded names."""
    types: Mapping[str, Sequence[int]]
    """Codes of the activity types by their folded names."""
    attributes: Mapping[str, Attribute]
    created_at: Ints
    lead_age: Floats
    alone: bool
    """Whether this is one snapshot: then columns of one row need not be made on the way."""
    values: dict[Names, Value | None] = field(default_factory=dict)
    sightings: dict[Names, Sighting | None] = field(default_factory=dict)
    """Both hold what was looked up already: several rules read the same names."""
    judged: Judged = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.chunk.snapshots)

    @property
    def tables(self) -> Tables:
        """The leads of the chunk and what is theirs."""
        return self.chunk.tables

    @property
    def lead(self) -> Codes:
        """Whose snapshot each is, as a position in the chunk's leads."""
        return self.chunk.snapshots.lead

    @property
    def cutoff(self) -> Ints:
        """The instant at which each snapshot stands."""
        return self.chunk.snapshots.cutoff


def known(
    tables: Tables, snapshots: Snapshots, unknown: frozenset[str], windows: Sequence[int] = ()
) -> Known:
    """Find the past of each snapshot, all in one chunk; as `known_in`."""
    return known_in(chunks.whole(tables, snapshots), unknown, windows, {})


def known_in(
    chunk: Chunk,
    unknown: frozenset[str],
    windows: Sequence[int],
    judged: Judged,
    *,
    like: Known | None = None,
) -> Known:
    """Find the past of each snapshot of a chunk.

    Parameters
    ----------
    unknown : folded words that say nothing
    windows : k lengths in microseconds
        Windows of activities that will be needed; found in the same search.
    judged : what texts were found to be
        Filled further; one for all chunks of an evaluation.
    like : Known, optional
        What was known of the same leads at other cutoffs: their columns have the same names.
    """
    tables, lead, cutoff = chunk.tables, chunk.snapshots.lead, chunk.snapshots.cutoff
    activities, answers = tables.activities, tables.answers
    past, opens = events.past_and_windows(activities.starts, activities.occurred_at, lead, cutoff, windows)
    names = _named(tables) if like is None else like
    created = tables.leads.created_at[lead]
    age = events.days_before(tables.leads.created_at, lead.astype(np.int64), cutoff)
    return Known(
        chunk=chunk,
        activities=past,
        opens=opens,
        answers=events.before(answers.starts, answers.answered_at, lead, cutoff),
        unknown=unknown,
        fields=names.fields,
        types=names.types,
        attributes=names.attributes,
        created_at=created,
        lead_age=np.where(created == NO_INSTANT, 0.0, age),
        alone=len(lead) == 1,
        judged=judged,
    )


def attribute(tables: Tables, name: str) -> Attribute | None:
    """Return the lead column of this name, whatever its case; "source" is one of them."""
    wanted, columns = folded_name(name), tables.leads.attributes
    if wanted == "source":
        return tables.leads.source
    return next((column for each, column in columns.items() if folded_name(each) == wanted), None)


@dataclass(frozen=True, slots=True)
class _Named:
    fields: Mapping[str, Sequence[int]]
    types: Mapping[str, Sequence[int]]
    attributes: Mapping[str, Attribute]


def _named(tables: Tables) -> _Named:
    answers, activities = tables.answers, tables.activities
    return _Named(
        fields=_folded(answers.field.levels) if len(answers) else {},
        types=_folded(activities.type.levels) if len(activities) else {},
        attributes=_attributes(tables),
    )


def _folded(levels: Sequence[str]) -> dict[str, list[int]]:
    codes: dict[str, list[int]] = {}
    for code, level in enumerate(levels):
        codes.setdefault(folded_name(level), []).append(code)
    return codes


def _attributes(tables: Tables) -> dict[str, Attribute]:
    columns: dict[str, Attribute] = {"source": tables.leads.source}
    for name, column in tables.leads.attributes.items():
        columns.setdefault(folded_name(name), column)
    return columns
