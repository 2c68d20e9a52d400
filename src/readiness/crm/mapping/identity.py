"""Which leads are one person: merged by the CRM, or with the same e-mail address or telephone number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from readiness.counting import counted
from readiness.crm import cells
from readiness.crm.faults import masked
from readiness.crm.identities import normalised_emails, normalised_phones
from readiness.crm.mapping.document import Identity, Merges
from readiness.crm.mapping.feeds import Part, Work
from readiness.crm.records import NO_INSTANT
from readiness.crm.repeated_words import on_distinct, one_chunk
from readiness.crm.tables import Flags, Ints
from readiness.errors import Fault

_TEXT: Final = pa.large_string()
_ENDING: Final = 6
"""Numbers that are the same have their last digits in common, however the country and area are written."""
_CROWD: Final = 10
"""A person with more leads than these is told: an address that stands for nobody in particular does that."""


@dataclass(frozen=True, slots=True)
class Canonical:
    """Which id stands for which: ids that are not among the old ones stay."""

    old: Any
    new: Any

    def of(self, ids: cells.Column) -> cells.Column:
        """Return the ids as they are now."""
        if not len(self.old):
            return ids

        def follow(texts: cells.Column) -> cells.Column:
            texts = cells.texts(texts)
            at = one_chunk(pc.index_in(texts, value_set=self.old, skip_nulls=True))
            return pc.coalesce(pa.chunked_array([self.new.take(at)]), texts)

        return on_distinct(ids, follow)


@dataclass(frozen=True, slots=True)
class _Merged:
    """Pairs of ids that the CRM merged."""

    old: Any
    into: Any
    file: Ints
    """Which of the mapping's merges each pair comes from."""
    row: Ints
    """Which row of that file."""


def canonical(work: Work, parts: Sequence[Part]) -> Canonical:
    """Return which id stands for each id that is not its person's own.

    A person's id is that of the earliest created of the leads, the smallest id of several; a lead that
    the CRM merged away gives it up to those that were not. Merges that go round in a circle
    (``merge_cycle``), and those of a lead into two others (``merge_conflict``), become faults of the remarks.
    """
    identity = work.mapping.identity
    nothing = pa.array([], _TEXT)
    if identity is None or not parts:
        return Canonical(nothing, nothing)
    merged = _merged(work, identity)
    own = _one([part.columns["lead_id"] for part in parts])
    nodes = pa.chunked_array([own, merged.old, merged.into]).combine_chunks().dictionary_encode()
    code = nodes.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    mine, old, into = np.split(code, np.cumsum([len(own), len(merged.old)]))
    person = _persons(identity, parts, mine, (old, into), len(nodes.dictionary))
    created = np.concatenate([_created(part) for part in parts])
    stands = _standing(nodes.dictionary, person, mine, old, created)
    _tell(work, identity, stands, mine, old)
    moved = np.flatnonzero((stands >= 0) & (stands != np.arange(len(stands))))
    dictionary = nodes.dictionary
    return Canonical(dictionary.take(pa.array(moved)), dictionary.take(pa.array(stands[moved])))


def without_doubles(part: Part, standing: Canonical) -> Part:
    """Return the leads that stand for their persons."""
    if not len(standing.old):
        return part
    double = pc.is_in(cells.texts(part.columns["lead_id"]), value_set=standing.old, skip_nulls=True)
    return part.at(np.flatnonzero(~double.to_numpy()))


def _persons(
    identity: Identity, parts: Sequence[Part], mine: Ints, merges: tuple[Ints, Ints], ids: int
) -> NDArray[np.int32]:
    """Return which person each id is."""
    one, other, nodes = [merges[0]], [merges[1]], ids
    for name in identity.same_lead_by:
        columns = [part.columns.get(name) for part in parts]
        heights = [part.sheet.height for part in parts]
        texts = _one(
            [pa.chunked_array([pa.nulls(rows, _TEXT)]) if column is None else column
             for column, rows in zip(columns, heights, strict=True)]
        )  # fmt: skip
        whole = pa.chunked_array([texts])
        if name == "phone":
            whole = _shared_endings(whole)
        same = normalised_emails(whole) if name == "email" else normalised_phones(whole, identity.region)
        codes = cells.coded(same).codes.astype(np.int64)
        known = (codes >= 0) & (mine >= 0)
        one.append(mine[known])
        other.append(codes[known] + nodes)
        nodes += int(codes.max(initial=-1)) + 1
    rows, columns_ = np.concatenate(one), np.concatenate(other)
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns_)), shape=(nodes, nodes))
    _, person = connected_components(graph, directed=False)
    found: NDArray[np.int32] = person[:ids]
    return found


def _shared_endings(phones: cells.Column) -> cells.Column:
    """Return the numbers whose last digits another lead's number has, too; the others are missing.

    Only these can be the same number, and to take one apart costs more than all the rest.
    """
    digits = one_chunk(pc.replace_substring_regex(phones, r"(?i)(ext\.?|x|#|;)\s*[0-9]+\s*$|[^0-9]", ""))
    ending = pc.utf8_slice_codeunits(digits, start=-_ENDING, stop=None).dictionary_encode()
    code = ending.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    times = np.bincount(code[code >= 0], minlength=len(ending.dictionary) + 1)
    shared = (code >= 0) & (times[code] > 1)
    return pc.if_else(pa.array(shared), phones, pa.scalar(None, _TEXT))


def _standing(ids: Any, person: NDArray[np.int32], mine: Ints, old: Ints, created: Ints) -> Ints:  # noqa: ANN401
    """Return which id stands for each, -1 where no lead of its person is there."""
    earliest = np.full(len(ids), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(earliest, mine[mine >= 0], created[mine >= 0])
    there, given_up = np.zeros(len(ids), dtype=bool), np.zeros(len(ids), dtype=bool)
    there[mine[mine >= 0]] = True
    given_up[old] = True
    rank = np.empty(len(ids), dtype=np.int64)
    rank[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
    leads = np.flatnonzero(there)
    leads = leads[np.lexsort((rank[leads], earliest[leads], given_up[leads], person[leads]))]
    first = np.r_[True, person[leads][1:] != person[leads][:-1]][: len(leads)]
    stands_for = np.full(int(person.max(initial=-1)) + 1, -1, dtype=np.int64)
    stands_for[person[leads[first]]] = leads[first]
    return stands_for[person]


def _created(part: Part) -> Ints:
    """Return when each lead was created; what has no instant comes last."""
    last = np.iinfo(np.int64).max
    if "created_at" not in part.columns:
        return np.full(part.sheet.height, last, dtype=np.int64)
    at = cells.instants(part.columns["created_at"]).at
    return np.where(at == NO_INSTANT, last, at)


def _merged(work: Work, identity: Identity) -> _Merged:
    nothing = pa.array([], _TEXT)
    tables = [pa.table({"old": nothing, "into": nothing, "file": np.empty(0, int), "row": np.empty(0, int)})]
    tables += [
        _pairs(work, merges, number)
        for number, merges in enumerate(identity.merges)
        if merges.file in work.export.origins
    ]
    pairs = pa.concat_tables(tables)
    pairs = pairs.filter(pc.fill_null(pc.not_equal(pairs.column("old"), pairs.column("into")), False))
    old, into = one_chunk(pairs.column("old")), one_chunk(pairs.column("into"))
    merged = _Merged(old, into, pairs.column("file").to_numpy(), pairs.column("row").to_numpy())
    wrong = dict(_wrong_merges(work, identity, merged))
    if not wrong:
        return merged
    work.remarks.blamed.append(("identity", "merges"))
    work.remarks.faults += wrong.values()
    right = np.setdiff1d(np.arange(len(merged.row)), list(wrong))
    old, into = (ids.take(pa.array(right)) for ids in (merged.old, merged.into))
    return _Merged(old, into, merged.file[right], merged.row[right])


def _pairs(work: Work, merges: Merges, number: int) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    sheet = work.sheet(merges.file)
    old = one_chunk(cells.texts(sheet.cleaned(merges.from_)))
    into = one_chunk(cells.texts(sheet.cleaned(merges.into)))
    row = pa.array(np.arange(sheet.height))
    if merges.separator:
        split = pc.split_pattern(pc.utf8_trim(old, " []{}"), merges.separator)
        row = pc.list_parent_indices(split).cast(pa.int64())
        old, into = pc.utf8_trim_whitespace(pc.list_flatten(split)), into.take(row)
        there = pc.not_equal(old, "")
        old, into, row = old.filter(there), into.filter(there), row.filter(there)
    return pa.table({"old": old, "into": into, "file": np.full(len(row), number), "row": row})


def _wrong_merges(work: Work, identity: Identity, merged: _Merged) -> Iterator[tuple[int, Fault]]:
    nodes = pa.chunked_array([merged.old, merged.into], _TEXT).combine_chunks().dictionary_encode()
    code = nodes.indices.to_numpy()
    start, end = code[: len(merged.old)], code[len(merged.old) :]
    parent = np.arange(len(nodes.dictionary))
    parent[start] = end
    # Following twice as far each time: after so many steps only a circle has not come to its end.
    root = parent
    for _ in range(max(len(parent), 1).bit_length()):
        root = root[root]
    circle = parent[root[start]] != root[start]
    # Whoever went into one that went into another may be listed with both: they end in the same lead.
    conflict = (root[start] != root[end]) & ~circle
    for flags, expected, code_ in (
        (conflict, "each lead merged once", "merge_conflict"),
        (circle, "merges that come to an end", "merge_cycle"),
    ):
        for position in np.flatnonzero(flags).tolist():
            merges = identity.merges[merged.file[position]]
            seen = masked(merges.from_, merged.old[position].as_py())
            line = work.export.origins[merges.file].line(int(merged.row[position]))
            remedy = "Take the row out that is wrong."
            yield position, Fault(work.label(merges.file), line, merges.from_, seen, expected, remedy, code_)


def _tell(work: Work, identity: Identity, stands: Ints, mine: Ints, old: Ints) -> None:
    own = np.unique(mine[mine >= 0])
    doubles: Flags = stands[own] != own
    by_crm = int(np.isin(own[doubles], old).sum())
    notes = work.remarks.notes
    if by_crm:
        were, their = ("was", "its") if by_crm == 1 else ("were", "their")
        notes.append(
            f"{counted(by_crm, 'lead')} {were} merged into others by the CRM; {their} rows went with them."
        )
    alike = int(doubles.sum()) - by_crm
    if alike:
        keys = " or ".join(
            {"email": "e-mail address", "phone": "phone"}[name] for name in identity.same_lead_by
        )
        have, their = ("has", "its") if alike == 1 else ("have", "their")
        notes.append(
            f"{counted(alike, 'lead')} {have} the same {keys} as an earlier one; "
            f"{their} rows went to that one."
        )
    crowd = int(np.bincount(stands[own]).max(initial=0)) if len(own) else 0
    if crowd > _CROWD:
        notes.append(
            f"One person has {crowd:,} leads: if an address or number there stands for nobody, "
            "name it under `missing`."
        )


def _one(columns: Sequence[cells.Column]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    chunks = [chunk for column in columns for chunk in cells.texts(column).chunks]
    return pa.chunked_array(chunks, _TEXT).combine_chunks()
