"""Texts that state days and local times, in the ways a mapping names, read a column at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells, zones
from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, NO_INSTANT
from readiness.crm.repeated_words import one_chunk
from readiness.crm.tables import Flags, Ints

_TEXT: Final = pa.large_string()
_DIGITS: Final = {
    "Y": r"(?P<year>\d{4})",
    "m": r"(?P<month>\d{1,2})",
    "d": r"(?P<day>\d{1,2})",
    "H": r"(?P<hour>\d{1,2})",
    "M": r"(?P<minute>\d{1,2})",
    "S": r"(?P<second>\d{1,2})",
}
_ISO: Final = (
    r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})[T ](?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6}))?)?$"
)
_DAYS: Final = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, slots=True)
class Stated:
    """Which day, or which local time, each text states."""

    at: Ints
    """Microseconds since 1970 on the clock that showed it; NO_INSTANT where nothing was read."""
    is_day: Flags
    """It states a day without a time."""

    @property
    def read(self) -> Flags:
        """Which texts were read."""
        flags: Flags = self.at != NO_INSTANT
        return flags


@lru_cache(maxsize=64)
def pattern_of(written: str) -> str | None:
    """Return the regular expression of a format in the letters of strptime, None if it needs more than that.

    Only days, hours and their parts as numbers will do, each apart from the next.
    """
    letters = re.findall(r"%(.)", written)
    plain = sorted(set(letters)) == sorted(letters) and set(letters) <= set(_DIGITS)
    if not plain or not {"Y", "m", "d"} <= set(letters) or re.search(r"%.(?:%|\d)|\d%", written):
        return None
    parts = re.split(r"(%.|\s+)", written)
    return "^" + "".join(_part(part) for part in parts) + "$"


def stated(texts: cells.Column, formats: Sequence[str], *, iso: bool) -> Stated:
    """Read a column of texts; the first of the formats that a text fits is meant.

    Parameters
    ----------
    formats : sequence of str
        Each has a pattern: see `pattern_of`.
    iso : bool
        Whether local times as ISO 8601 writes them are read, too.
    """
    patterns = [pattern_of(written) or "" for written in formats] + [_ISO] * iso
    # Block by block: what the patterns find is several times as long as the texts.
    blocks = [_block(block, patterns) for block in texts.chunks]
    return Stated(
        np.concatenate([np.empty(0, dtype=np.int64), *(block.at for block in blocks)]),
        np.concatenate([np.empty(0, dtype=np.bool_), *(block.is_day for block in blocks)]),
    )


def placed(texts: cells.Column, said: Stated, zone: str | None) -> cells.Column:
    """Return days as dates and local times as instants of a zone; what was not read stays a text.

    A time that the clock of the zone showed never or twice bears the name of the zone, and without a
    zone all times stay local, so that whoever reads them can say so.
    """
    times = said.read & ~said.is_day
    local = pa.chunked_array([_timestamps(said.at, times)])
    if zone is not None and np.array_equal(times, np.asarray(pc.is_valid(texts))):
        return zones.named_column(local, zone)
    days = _timestamps(said.at, said.is_day).cast(pa.date32()).cast(_TEXT)
    moments = cells.texts(zones.named_column(local, zone) if zone else local)
    return pc.coalesce(pa.chunked_array([days]), moments, texts)


def _block(block: Any, patterns: Sequence[str]) -> Stated:  # noqa: ANN401 - pyarrow has no annotations
    at, is_day = np.full(len(block), NO_INSTANT, dtype=np.int64), np.zeros(len(block), dtype=bool)
    for pattern in patterns:
        if (at != NO_INSTANT).all():
            break
        found = pc.extract_regex(block, pattern)
        moment = _moment(found)
        new = (at == NO_INSTANT) & (moment != NO_INSTANT)
        at[new] = moment[new]
        is_day |= new & ("hour" not in found.type.names)
    return Stated(at, is_day)


def _moment(found: Any) -> Ints:  # noqa: ANN401 - pyarrow has no annotations
    """Return the local times whose parts a pattern found; NO_INSTANT where there is no such day or time."""
    part = {name: _numbers(found, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    year, month, day = part["year"], part["month"], part["day"]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.clip(month, 1, 12) - 1] + (leap & (month == 2))
    real = np.asarray(pc.is_valid(found)) & (year > 0) & (month >= 1) & (month <= 12) & (day >= 1)
    real &= (day <= last) & (part["hour"] < 24) & (part["minute"] < 60) & (part["second"] < 60)
    months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    seconds = (part["hour"] * 60 + part["minute"]) * 60 + part["second"]
    at = (first + day - 1) * MICROSECONDS_PER_DAY + seconds * MICROSECONDS_PER_SECOND + _fraction(found)
    return np.where(real, at, NO_INSTANT)


def _numbers(found: Any, name: str) -> Ints:  # noqa: ANN401 - pyarrow has no annotations
    if name not in found.type.names:
        return np.zeros(len(found), dtype=np.int64)
    texts = pc.struct_field(found, name)
    there = pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts)
    numbers: Ints = one_chunk(there).cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return numbers


def _fraction(found: Any) -> Ints:  # noqa: ANN401 - pyarrow has no annotations
    if "fraction" not in found.type.names:
        return np.zeros(len(found), dtype=np.int64)
    padded = pc.utf8_rpad(pc.struct_field(found, "fraction"), 6, "0")
    numbers: Ints = padded.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return numbers


def _timestamps(at: Ints, there: Flags) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pa.array(np.where(there, at, 0), mask=~there).cast(pa.timestamp("us"))


def _part(part: str) -> str:
    if part.startswith("%"):
        return _DIGITS[part[1]]
    return r"\s+" if part.isspace() else re.escape(part)
