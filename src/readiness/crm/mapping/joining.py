"""Columns of another file, brought to rows by a key they share; keys without counterpart are told."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.counting import counted, have
from readiness.crm import cells
from readiness.crm.contract import nearest_name, ours_by_sound
from readiness.crm.faults import masked
from readiness.crm.mapping.document import Join
from readiness.crm.mapping.remarks import Remarks
from readiness.crm.mapping.sheets import Drawn, Leaving, Refusal, Sheet
from readiness.crm.repeated_words import on_distinct, one_chunk
from readiness.crm.rules import UNMATCHED_KEY
from readiness.crm.tables import Flags, Ints
from readiness.yaml_document import Loc

_TOLD: Final = 5
"""So many of the unmatched keys are told, the commonest first."""
_COMPARED_LOST: Final = 20
"""For so many of the unmatched keys that are refused the nearest one is looked for, the commonest first."""
_COMPARED: Final = 5_000
"""Among more keys than these no nearest one is looked for: it would take too long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which join of which feed, and what the two files are called."""

    loc: Loc
    label: str
    other: str


def joined(sheet: Sheet, other: Sheet, join: Join, place: Place, remarks: Remarks) -> Sheet:
    """Bring the columns of another file to these rows.

    Parameters
    ----------
    sheet : Sheet, n rows
        Has the column ``join.on``.
    other : Sheet
        The other file's rows; its keys are one row each unless ``join.many``.

    Returns
    -------
    Sheet
        n rows, more with ``join.many``; rows without counterpart are marked as the join says.
    """
    key = join.key or join.on
    written = sheet.cleaned(join.on)
    keys, wanted = _texts(other.cleaned(key)), _repaired(written, join)
    _tell_repaired(written, join, place, remarks)
    if not join.many:
        _refuse_repeated(keys, key, place, remarks)
    found = one_chunk(pc.index_in(_texts(wanted), value_set=keys, skip_nulls=True))
    unmatched = pc.is_null(found).to_numpy(zero_copy_only=False)
    _tell(wanted, found, keys, join, place, remarks)
    if join.unmatched == "refuse" and unmatched.any():
        meant = _meant(wanted, unmatched, keys, join)
        refusal = Refusal(UNMATCHED_KEY, join.on, unmatched, meant)
        sheet = replace(sheet, refusals=(*sheet.refusals, refusal))
    if join.unmatched == "leave_out":
        leaving = Leaving(f"no row in {place.other}", unmatched)
        sheet = replace(sheet, leaving=(*sheet.leaving, leaving))
    if join.many:
        mine, found = _all_pairs(found, keys)
        sheet = sheet.at(mine)
    return replace(sheet, columns=_with(sheet, other, join, found))


def taken(join: Join, there: list[str]) -> dict[str, str]:
    """Return which columns a join takes: their name afterwards, and the name in the other file."""
    key = join.key or join.on
    if join.take is not None:
        chosen = [name for name in join.take if name in there]
    else:
        chosen = [name for name in there if name != key and name not in join.exclude]
    return {join.prefix + name: name for name in chosen}


def _with(sheet: Sheet, other: Sheet, join: Join, found: Any) -> dict[str, Drawn]:  # noqa: ANN401
    columns = dict(sheet.columns)
    for name, theirs in taken(join, list(other.columns)).items():
        drawn = other.columns[theirs]
        # A name that is there already stays what it was: who uses it has been refused before.
        columns.setdefault(name, Drawn(drawn.column, found, drawn.file))
    return columns


def _texts(column: cells.Column) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return one_chunk(cells.texts(column))


def _repaired(column: cells.Column, join: Join) -> cells.Column:
    if not join.match:
        return column
    ours, theirs = (
        pa.array(words, pa.large_string()) for words in (list(join.match), list(join.match.values()))
    )

    def repair(texts: cells.Column) -> cells.Column:
        texts = cells.texts(texts)
        at = one_chunk(pc.index_in(texts, value_set=ours, skip_nulls=True))
        return pc.coalesce(pa.chunked_array([theirs.take(at)]), texts)

    return on_distinct(column, repair)


def _tell_repaired(written: cells.Column, join: Join, place: Place, remarks: Remarks) -> None:
    texts = _texts(written)
    for ours, theirs in join.match.items():
        count = pc.sum(pc.equal(texts, ours)).as_py() or 0
        if count:
            was, now = _shown(join.on, ours), _shown(join.on, theirs)
            remarks.notes.append(f"{place.label}: `match` took {was} for {now} in {counted(count, 'row')}.")


def _refuse_repeated(keys: Any, key: str, place: Place, remarks: Remarks) -> None:  # noqa: ANN401
    present = keys.drop_null()
    more = len(present) - pc.count_distinct(present).as_py()
    if more:
        seen = f"{counted(more, 'row')} of {place.other} whose {key} stands there already"
        remedy = "Join a file with one row a key, or say `many: true` for one row each."
        remarks.blame(place.loc, seen, "each key once", remedy, "ambiguous_join")


def _all_pairs(found: Any, keys: Any) -> tuple[Ints, Any]:  # noqa: ANN401
    """Return for each pair of a row and a row of the other file which they are; a row without stays once."""
    first = one_chunk(pc.index_in(keys, value_set=keys, skip_nulls=True)).fill_null(-1).to_numpy()
    order = np.argsort(first, kind="stable")
    group = first[order]
    wanted = found.fill_null(-2).to_numpy()
    start = np.searchsorted(group, wanted, side="left")
    count = np.searchsorted(group, wanted, side="right") - start
    times = np.maximum(count, 1)
    mine = np.repeat(np.arange(len(wanted)), times)
    within = np.arange(len(mine)) - np.repeat(np.cumsum(times) - times, times)
    alone = np.repeat(count == 0, times)
    if not len(order):
        return mine, pa.nulls(len(mine), pa.int64())
    at = order[np.where(alone, 0, np.repeat(start, times) + within)]
    return mine, pa.array(at, mask=alone)


def _tell(
    wanted: cells.Column,
    found: Any,  # noqa: ANN401 - pyarrow has no annotations
    keys: Any,  # noqa: ANN401
    join: Join,
    place: Place,
    remarks: Remarks,
) -> None:
    texts = _texts(wanted)
    lost = texts.filter(pc.is_null(found))
    if not len(lost):
        return
    parts = [
        f"{place.label}: {len(lost):,} of {counted(len(texts), 'row')} {have(len(lost))} no row in "
        f"{place.other}"
    ]
    counts = Counter({each["values"]: each["counts"] for each in lost.drop_null().value_counts().to_pylist()})
    told = [
        f"{_shown(join.on, name)} ({counted(count, 'row')}{_nearest(name, keys, join)})"
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_TOLD]
    ]
    if lost.null_count:
        told.append(f"no {join.on} ({counted(lost.null_count, 'row')})")
    if len(counts) > _TOLD:
        told.append(counted(len(counts) - _TOLD, "further key"))
    remarks.notes.append(": ".join([*parts, "; ".join(told)]) + ".")


def _meant(wanted: cells.Column, unmatched: Flags, keys: Any, join: Join) -> dict[str, str]:  # noqa: ANN401
    """Return for the commonest keys that are not there the nearest that is, where neither says who it is."""
    lost = Counter(_texts(wanted).filter(pa.array(unmatched)).drop_null().to_pylist())
    names = [name for name, _ in lost.most_common(_COMPARED_LOST) if _shown(join.on, name) == repr(name)]
    found = {name: _near(name, keys) for name in names}
    return {name: near for name, near in found.items() if near and _shown(join.on, near) == repr(near)}


def _nearest(name: str, keys: Any, join: Join) -> str:  # noqa: ANN401 - pyarrow has no annotations
    near = _near(name, keys)
    return f"; nearest is {_shown(join.on, near)}" if near else ""


def _near(name: str, keys: Any) -> str | None:  # noqa: ANN401 - pyarrow has no annotations
    if len(keys) > _COMPARED:
        return None
    there = [each for each in keys.unique().to_pylist() if each is not None]
    return nearest_name(name, there) or next(
        iter(difflib.get_close_matches(name, there, n=1, cutoff=0.7)), None
    )


def _shown(column: str, value: str) -> str:
    return masked(ours_by_sound("leads", column) or column, value)
