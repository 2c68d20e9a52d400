"""Their cells to ours: words, missing markers, dates and numbers, a column at a time.

What cannot be translated stays as it was, so that the tables' own checks find it and name what stood there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells, zones
from readiness.crm.contract import nearest_name
from readiness.crm.mapping.document import Column, File
from readiness.crm.mapping.local_times import pattern_of, placed, stated
from readiness.crm.outgoing import as_texts
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.repeated_words import is_text, on_distinct, one_chunk
from readiness.crm.tables import Flags

_NUMBERS: Final = frozenset({"value", "propensity"})
_TIME_OF_DAY: Final = re.compile(r"%[HIMSfpXcs]")
WRITTEN: Final[Mapping[str, str]] = {
    ",": r"^[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?$",
    ".": r"^[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?$",
}
"""By the decimal sign, how numbers are written where the other sign groups thousands."""
_TEXT: Final = pa.large_string()
_LOOKED_AT: Final = 20
"""For so many strange words the nearest that is translated is looked for."""
_NEAR: Final = 0.7


def translated(column: cells.Column, name: str, spec: Column, file: File) -> cells.Column:
    """Return a column of theirs as one of ours.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        As read: texts from CSV, typed from Parquet.
    name : str
        Our name for it, which says whether it holds instants or numbers.
    """

    def translate(cells_of: cells.Column) -> cells.Column:
        cells_of = _without_markers(trimmed(cells_of), (*file.missing, *spec.missing))
        if spec.values:
            cells_of = _with_our_words(cells_of, spec)
        if spec.default is not None:
            cells_of = pc.coalesce(cells.texts(cells_of), pa.scalar(spec.default, _TEXT))
        if name.endswith("_at"):
            return _instants(cells_of, spec, file)
        return with_points(cells_of, file.decimal, certain=name in _NUMBERS)

    return on_distinct(column, translate)


def untranslated(column: cells.Column, spec: Column, file: File) -> tuple[Flags, dict[str, str]]:
    """Say which cells hold a word that is not in ``values``; a missing cell holds none.

    Returns
    -------
    Flags
    dict
        For some of these words the one of ``values`` that was probably meant.
    """

    def words(cells_of: cells.Column) -> cells.Column:
        texts = cells.texts(_without_markers(trimmed(cells_of), (*file.missing, *spec.missing)))
        known = pc.is_in(texts, value_set=pa.array(list(spec.values), _TEXT), skip_nulls=True)
        return pc.if_else(known, pa.scalar(None, _TEXT), texts)

    strange = on_distinct(column, words)
    few = strange.drop_null().unique().cast(_TEXT).to_pylist()[:_LOOKED_AT]
    nearest = {word: nearest_name(word, list(spec.values), cutoff=_NEAR) for word in few}
    flags: Flags = np.asarray(pc.is_valid(strange))
    return flags, {word: near for word, near in nearest.items() if near is not None}


def trimmed(column: cells.Column) -> cells.Column:
    """Return a column of texts without blanks around them; other columns as they are."""
    if not is_text(column.type):
        return column
    # Block by block, and a block without such blanks as it was: nothing is copied for no reason.
    text = cells.texts(column)
    return pa.chunked_array([_trimmed(block) for block in text.chunks], text.type)


def kept(column: cells.Column, file: File) -> cells.Column:
    """Return a column that becomes an attribute under its own name."""
    return on_distinct(
        column,
        lambda texts: with_points(
            _without_markers(trimmed(texts), file.missing), file.decimal, certain=False
        ),
    )


def constant(word: str | None, rows: int) -> cells.Column:
    """Return a column that says the same in every row."""
    if word is None:
        return pa.chunked_array([pa.nulls(rows, _TEXT)])
    codes = pa.repeat(pa.scalar(0, pa.int32()), rows)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(codes, pa.array([word], _TEXT))])


def with_points(column: cells.Column, decimal: str | None, *, certain: bool) -> cells.Column:
    """Return numbers written for people as numbers with a point and no signs between thousands.

    Parameters
    ----------
    decimal : str or None
        The sign before their decimals; the other one groups thousands. None: they are plain already.
    certain : bool
        The column holds numbers. Else it does only if every one of its cells is written as one.
    """
    if decimal is None or not is_text(column.type):
        return column
    written = pc.match_substring_regex(column, WRITTEN[decimal])
    if not certain and not pc.all(written.drop_null()).as_py():
        return column
    grouping = "." if decimal == "," else ","
    pointed = pc.replace_substring(pc.replace_substring(column, grouping, ""), decimal, ".")
    return pc.if_else(written, pointed, column)


def _trimmed(block: Any) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    trimmed = pc.utf8_trim_whitespace(block)
    lengths = [pc.sum(pc.binary_length(texts)).as_py() for texts in (block, trimmed)]
    return block if lengths[0] == lengths[1] else trimmed


def _without_markers(column: cells.Column, markers: tuple[str, ...]) -> cells.Column:
    if not markers:
        return column
    marked = pc.is_in(cells.texts(column), value_set=pa.array(markers, _TEXT), skip_nulls=True)
    return pc.if_else(marked, pa.scalar(None, column.type), column)


def _with_our_words(column: cells.Column, spec: Column) -> cells.Column:
    texts = cells.texts(column)
    found = pc.index_in(texts, value_set=pa.array(list(spec.values), _TEXT), skip_nulls=True)
    ours = pa.array(list(spec.values.values()), _TEXT).take(one_chunk(found))
    # With `others: refuse` a strange word stays, so that its row can be told by it.
    others = pa.scalar(None, _TEXT) if spec.others == "drop" else texts
    return pc.if_else(pc.is_valid(found), pa.chunked_array([ours]), others)


def _instants(column: cells.Column, spec: Column, file: File) -> cells.Column:
    zone, formats = spec.zone or file.zone, spec.dates or file.dates
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        column = _zoned(column, zone)
    elif is_text(column.type) and (zone or formats):
        column = _from_texts(column, formats, zone)
    return _later(column, spec.plus_days) if spec.plus_days else column


def _from_texts(column: cells.Column, formats: tuple[str, ...], zone: str | None) -> cells.Column:
    """Read texts as days and times: by whole columns where they are numbers only, else one by one."""
    if any(pattern_of(written) is None for written in formats):
        return _by_distinct(column, lambda text: _iso(text, formats, zone))
    said = stated(column, formats, iso=zone is not None)
    rest = ~said.read & np.asarray(pc.is_valid(column))
    if rest.any():
        # What is ISO 8601 with its offset, or a date of it, is plain enough; the others are few.
        others = _by_distinct(column.filter(pa.array(rest)), lambda text: _iso(text, formats, zone))
        column = pc.replace_with_mask(one_chunk(column), pa.array(rest), one_chunk(others))
        column = pa.chunked_array([column])
    return placed(column, said, zone)


def _zoned(column: cells.Column, zone: str | None) -> cells.Column:
    if not cells.instants(column).zoneless.any():
        # All of them are midnights: dates, and a date has no zone.
        return column.cast(pa.date32())
    return zones.named_column(column, zone) if zone else column


def _iso(text: str, formats: tuple[str, ...], zone: str | None) -> str:
    for written in formats:
        try:
            moment = dt.datetime.strptime(text, written)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return _with_zone(moment, zone) if _TIME_OF_DAY.search(written) else moment.date().isoformat()
    try:
        return text if len(text) == len("2026-03-14") else _with_zone(dt.datetime.fromisoformat(text), zone)
    except ValueError:
        return text


def _with_zone(moment: dt.datetime, zone: str | None) -> str:
    return moment.isoformat() if moment.tzinfo or not zone else zones.named(moment, zone)


def _later(column: cells.Column, days: float) -> cells.Column:
    at = cells.instants(column).at
    later = np.where(at == NO_INSTANT, at, at + round(days * MICROSECONDS_PER_DAY))
    return pc.coalesce(pa.chunked_array([as_texts(later)]), cells.texts(column))


def _by_distinct(column: cells.Column, translate: Callable[[str], str]) -> cells.Column:
    encoded = one_chunk(column).dictionary_encode()
    translated = pa.array([translate(text) for text in encoded.dictionary.to_pylist()], _TEXT)
    return pa.chunked_array([translated.take(encoded.indices)])
