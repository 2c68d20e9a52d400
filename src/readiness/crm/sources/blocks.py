"""A table that comes in blocks whose columns may be of another kind in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.frames import ArrowTable
from readiness.crm.sources.columns import column_of

_TEXT: Final = pa.large_string()


class Blocks:
    """Gathers blocks of rows into one table; a column of several kinds becomes texts, and is told.

    Numbers with and without fractions are one kind, and so are dates with and without a time of day.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._parts: list[list[Any]] = [[] for _ in names]
        self._mixed: set[int] = set()
        self._strange: dict[int, str] = {}

    def add(self, columns: Sequence[Sequence[object]]) -> None:
        """Add a block, column by column."""
        for position, column in enumerate(columns):
            part, mixture = column_of(column)
            self._parts[position].append(part)
            if mixture is not None and mixture.others:
                self._mixed.add(position)
            elif mixture is not None:
                self._strange[position] = mixture.most

    def table(self, label: str) -> tuple[ArrowTable, tuple[str, ...]]:
        """Return the table, and a sentence for each column that became texts."""
        columns = [self._whole(position, parts) for position, parts in enumerate(self._parts)]
        strange = {position: kind for position, kind in self._strange.items() if position not in self._mixed}
        held = dict.fromkeys(self._mixed, "more than one kind of value; all")
        held |= {position: f"{kind}; they" for position, kind in strange.items()}
        notes = (
            f"{label}: column {self._names[position]!r} holds {told} are taken as texts."
            for position, told in sorted(held.items())
        )
        return pa.table(columns, names=self._names), tuple(notes)

    def _whole(self, position: int, parts: Sequence[Any]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
        kinds = {part.type for part in parts if part.null_count < len(part)}
        if len(kinds) < 2:
            kind = kinds.pop() if kinds else _TEXT
        elif kinds == {pa.int64(), pa.float64()}:
            kind = pa.float64()
        elif kinds == {pa.date32(), pa.timestamp("us")}:
            kind = pa.timestamp("us")
        else:
            kind = _TEXT
            if kinds != {pa.int64(), _TEXT} or not all(map(_is_long_number, parts)):
                self._mixed.add(position)
        return pa.chunked_array([_as(part, kind) for part in parts], kind)


def _is_long_number(part: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    """Say whether a part holds ids that are too long for a number, and so are texts; or is no text at all."""
    return part.type != _TEXT or pc.all(pc.match_substring_regex(part, r"^-?\d{16,}$")).as_py() is not False


def _as(part: Any, kind: Any) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    if part.type == kind:
        return part
    if part.null_count == len(part):
        return pa.nulls(len(part), kind)
    return cells.one_chunk(cells.texts(part)) if kind == _TEXT else part.cast(kind)
