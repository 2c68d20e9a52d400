"""Cells that hold instants: what they say, and by which rule they are refused or repaired.

ISO 8601 with a zone, or with the zone's name as RFC 9557 writes it, or a date, which is read as the end of
that day. Nothing else is guessed: what cannot be read is told for what it probably is.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import spelling, zones
from readiness.crm.cell_rules import (
    DAY_MONTH_SUSPECTED,
    DAY_MONTH_SWAPPED,
    NO_ZONE,
    PADDED_CELL,
    REPEATED_HOUR,
    SKIPPED_HOUR,
    SPREADSHEET_ERROR,
    SPREADSHEET_SERIAL,
    UNIX_TIME,
    UNREADABLE_INSTANT,
    WORD_FOR_NOTHING,
)
from readiness.crm.findings import Found, refused_by, spread
from readiness.crm.plain_columns import as_numpy, by_distinct, flags, matching, microseconds, texts
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, instant
from readiness.crm.repeated_words import Column, distinct, is_text, one_chunk
from readiness.crm.rules import Rule
from readiness.crm.tables import Flags, Ints

_UTC: Final = pa.timestamp("us", tz="UTC")
_DATE: Final = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_MOMENT: Final = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$"
)
_BLOCK: Final = 1 << 16

_RULES: Final = (
    UNREADABLE_INSTANT,
    NO_ZONE,
    DAY_MONTH_SWAPPED,
    SPREADSHEET_SERIAL,
    UNIX_TIME,
    SPREADSHEET_ERROR,
    SKIPPED_HOUR,
    REPEATED_HOUR,
    WORD_FOR_NOTHING,
    PADDED_CELL,
)
_FINE: Final = -1
_READ: Final = np.dtype([("at", np.int64), ("rule", np.int8), ("other_way", np.bool_)])

_SERIAL: Final = re.compile(r"[2-7]\d{4}([.,]\d+)?", re.ASCII)
_UNIX: Final = re.compile(r"1\d{9}(\d{3}|\d{6})?([.,]\d+)?", re.ASCII)
_DAY_OR_MONTH: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d).*", re.ASCII)
_SWAPPED: Final = re.compile(r"\d{4}-(\d{2})-(\d{2})(?!\d).*", re.ASCII)

DAYS_THAT_TELL: Final = 5
"""So many different days, none after the 12th, come about by chance in fewer than one column of a hundred."""


@dataclass(frozen=True, slots=True)
class Instants:
    """A column of instants, NO_INSTANT where missing or refused, and what is to be said of its cells."""

    at: Ints
    found: Found = ()

    @property
    def unreadable(self) -> Flags:
        """Cells that are refused, but for those that merely lack a zone."""
        return refused_by(tuple(one for one in self.found if one[0] is not NO_ZONE), len(self.at))

    @property
    def zoneless(self) -> Flags:
        """A time without a zone: a guess would shift it by hours."""
        return refused_by(tuple(one for one in self.found if one[0] is NO_ZONE), len(self.at))


def instants(column: Column) -> Instants:
    """Read instants: ISO 8601 with a zone, or dates, which are read as the end of that day.

    Typed columns are taken as they are. A column of timestamps without zone is one of dates if all
    of them are midnights; else all of them lack a zone.
    """
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        few = instants(values)
        return Instants(few.at[row], spread(few.found, row))
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _naive(column)
    if pa.types.is_timestamp(kind):
        return Instants(microseconds(column))
    if pa.types.is_date(kind):
        return Instants(_ends_of_day(column.cast(pa.date32())))
    text = texts(column)
    if pa.types.is_null(kind) or text.null_count == len(text):
        return Instants(np.full(len(column), NO_INSTANT, dtype=np.int64))
    if is_text(kind):
        for read in (_moments, _dates):
            try:
                return Instants(read(text))
            except pa.ArrowInvalid:
                continue
    return _mixed(text)


def _naive(column: Column) -> Instants:
    at = microseconds(column)
    present = at != NO_INSTANT
    if np.all(at[present] % MICROSECONDS_PER_DAY == 0):
        return Instants(np.where(present, at + MICROSECONDS_PER_DAY - 1, NO_INSTANT))
    return Instants(np.full(len(at), NO_INSTANT, dtype=np.int64), ((NO_ZONE, present),))


def _ends_of_day(dates: Column) -> Ints:
    day = as_numpy(dates.cast(pa.int32()).cast(pa.int64()).fill_null(0))
    ends = (day + 1) * MICROSECONDS_PER_DAY - 1
    return np.where(flags(pc.is_valid(dates)), ends, NO_INSTANT)


def _mixed(text: Column) -> Instants:
    """Read a mixture of dates and instants, and whatever else stands among them."""
    text = one_chunk(text)
    at = np.full(len(text), NO_INSTANT, dtype=np.int64)
    for start in range(0, len(text), _BLOCK):
        # Block by block: what is odd makes its own block slow, and no other.
        at[start : start + _BLOCK] = _block(text.slice(start, _BLOCK))
    rest = flags(pc.is_valid(text)) & (at == NO_INSTANT)
    if not rest.any():
        return Instants(at)
    read_one = by_distinct(text.filter(pa.array(rest)), _looked_at, _READ, (NO_INSTANT, _FINE, False))
    at[rest] = read_one["at"]
    found = []
    for number, rule in enumerate(_RULES):
        concerned = np.zeros(len(text), dtype=bool)
        concerned[rest] = read_one["rule"] == number
        if concerned.any():
            found.append((rule, concerned))
    if read_one["other_way"].any():
        suspected = _suspected(text, at)
        if suspected.any():
            at[suspected] = NO_INSTANT
            found.append((DAY_MONTH_SUSPECTED, suspected))
    return Instants(at, tuple(found))


def _block(text: Column) -> Ints:
    """Return the instants that texts state plainly, NO_INSTANT for any other."""
    for read in (_moments, _dates):
        try:
            return read(text)
        except pa.ArrowInvalid:
            continue
    at = np.full(len(text), NO_INSTANT, dtype=np.int64)
    for pattern, read in ((_MOMENT, _moments), (_DATE, _dates)):
        alike = matching(text, pattern)
        part = text.filter(pa.array(alike))
        try:
            at[alike] = read(part)
        except pa.ArrowInvalid:
            # A 30 February looks like a date but is none.
            at[alike] = by_distinct(part, _instant, np.int64, NO_INSTANT)
    return at


def _moments(text: Column) -> Ints:
    return microseconds(text.cast(_UTC))


def _dates(text: Column) -> Ints:
    return _ends_of_day(text.cast(pa.date32()))


def _instant(text: str) -> int:
    try:
        return instant(text)
    except (ValueError, OverflowError):
        return NO_INSTANT


def _looked_at(text: str) -> tuple[int, int, bool]:
    """Return the instant that a text states, which rule it breaks, and whether its order shows."""
    trimmed = spelling.bare(text)
    at = _instant(trimmed)
    if at != NO_INSTANT or not trimmed:
        return at, _FINE if trimmed == text else _RULES.index(PADDED_CELL), False
    if spelling.is_nothing(trimmed):
        return NO_INSTANT, _RULES.index(WORD_FOR_NOTHING), False
    named = zones.NAMED.fullmatch(trimmed)
    if named is not None:
        at, rule = _with_named_zone(named[1], named[2])
    else:
        rule = _why_unreadable(trimmed)
    return at, _FINE if rule is None else _RULES.index(rule), _names_a_day_one_way(trimmed)


def _with_named_zone(time: str, zone: str) -> tuple[int, Rule | None]:
    try:
        moment = dt.datetime.fromisoformat(time)
        if moment.tzinfo is not None:
            return instant(moment), None
        local = zones.located(pa.array([moment], pa.timestamp("us")), zone)
    except (ValueError, OverflowError):
        return NO_INSTANT, UNREADABLE_INSTANT
    if local.skipped[0]:
        return NO_INSTANT, SKIPPED_HOUR
    return int(local.at[0]), REPEATED_HOUR if local.repeated[0] else None


def _why_unreadable(text: str) -> Rule:
    if spelling.is_error(text):
        return SPREADSHEET_ERROR
    if _SERIAL.fullmatch(text):
        return SPREADSHEET_SERIAL
    if _UNIX.fullmatch(text):
        return UNIX_TIME
    swapped = _SWAPPED.fullmatch(text)
    if swapped and 12 < int(swapped[1]) <= 31 and 1 <= int(swapped[2]) <= 12:
        return DAY_MONTH_SWAPPED
    return NO_ZONE if _is_zoneless(text) else UNREADABLE_INSTANT


def _is_zoneless(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _names_a_day_one_way(text: str) -> bool:
    """Say whether a text that could not be read names a day that can be no month, so that its order shows."""
    written = _DAY_OR_MONTH.fullmatch(text)
    parts = (int(written[1]), int(written[3])) if written else (0, 0)
    swapped = _SWAPPED.fullmatch(text)
    if swapped:
        parts = (int(swapped[1]), int(swapped[2]))
    return 1 <= min(parts) <= 12 < max(parts) <= 31


def _suspected(text: Column, at: Ints) -> Flags:
    """Return the dates that probably have day and month swapped.

    Others of the column have a day that can be no month and could not be read. If all dates that could
    be read lie in the first twelve days of a month, though there are many, those are the ones that
    fit by chance.
    """
    suspected = np.zeros(len(text), dtype=bool)
    days: set[str] = set()
    for start in range(0, len(text), _BLOCK):
        block = text.slice(start, _BLOCK)
        dated = (at[start : start + _BLOCK] != NO_INSTANT) & matching(block, r"^\d{4}-\d{2}-\d{2}")
        written = block.filter(pa.array(dated))
        month, day = (pc.utf8_slice_codeunits(written, first, first + 2) for first in (5, 8))
        if flags(pc.greater(day, "12")).any():
            # Most columns end here, after their first block.
            return np.zeros(len(text), dtype=bool)
        days.update(pc.unique(pc.utf8_slice_codeunits(written, 0, 10)).to_pylist())
        suspected[start : start + _BLOCK][dated] = flags(pc.not_equal(month, day))
    return suspected if len(days) >= DAYS_THAT_TELL else np.zeros(len(text), dtype=bool)
