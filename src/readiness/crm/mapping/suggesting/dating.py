"""How a column writes dates: its formats, whether day or month stands first and what tells so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow.compute as pc

from readiness.crm.cells import Column
from readiness.crm.tables import Flags

Order: TypeAlias = Literal["day first", "month first", "either", ""]
"""Which of day and month stands first; "either": both can be read; "": it is no question."""

_ISO: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?( ?Z|[+-]\d{2}:?\d{2})?)?$"
_LOOKS: Final = (
    r"^(\d{1,4}[-/.] ?(\d{1,2}|\w{3,9})[-/.] ?\d{1,4}|\d{1,2} \w{3,9}\.? \d{2,4}|"
    r"\w{3,9} \d{1,2},? \d{4}|(19|20)\d{6})"
    r"([T ,]+\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?[AaPp]\.?[Mm]\.?)?( ?(UTC|GMT|Z)|[+-]\d{2}:?\d{2})?)?$"
)
_DAYS: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d. %m. %Y", "%d-%m-%Y",
    "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%d-%b-%Y", "%d %b %Y",
    "%d %B %Y", "%d-%b-%y", "%b %d, %Y",
    "%B %d, %Y", "%b %d %Y", "%Y%m%d",
)  # fmt: skip
_TIMES: Final = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M", "T%H:%M:%S",
    "T%H:%M:%S.%f", ", %H:%M", ", %H:%M:%S",
)  # fmt: skip
_ZONES: Final = ("", " UTC", " GMT", "Z", " Z", "%z")
_FORMATS: Final = tuple(
    day + time + zone for day, time in product(_DAYS, _TIMES) for zone in (_ZONES if time else ("",))
)
_READ_AT_MOST: Final = 20_000
_ENOUGH: Final = 0.95


@dataclass(frozen=True, slots=True)
class Writing:
    """How dates are written in a column."""

    formats: tuple[str, ...]
    """In the letters of strptime; none for ISO 8601, which is always understood."""
    order: Order = ""
    because: str = ""
    """A value that decides the order."""
    timed: bool = False
    zoneless: bool = False
    """Some times name no zone."""
    utc: bool = False
    """Times end in the letters UTC or GMT, which the formats take as letters only."""
    unreadable: int = 0
    """Distinct values that none of it reads."""

    def turned(self, order: Order) -> Writing:
        """Return the same with the order that was found elsewhere."""
        if self.order != "either" or order not in ("day first", "month first"):
            return self
        wanted = "%d" if order == "day first" else "%m"
        return Writing(
            tuple(_swapped(each) if _is_turned(each, wanted) else each for each in self.formats),
            order,
            self.because,
            self.timed,
            self.zoneless,
            self.utc,
            self.unreadable,
        )


def looks_dated(distinct: Column) -> Flags:
    """Say of each text whether it may be a date."""
    flags: Flags = pc.match_substring_regex(distinct, _LOOKS).fill_null(False).to_numpy(zero_copy_only=False)
    return flags


def written(distinct: Column) -> Writing | None:
    """Find how dates are written, or None where they are none.

    Parameters
    ----------
    distinct : pyarrow.Array of texts, without missing ones
        Different values of a column. At most 20,000 of them are looked at.

    Returns
    -------
    Writing or None
        Day and month are told apart by values in which one of the two is above 12. Points part
        days from months in this order; for other signs an order that no value decides is "either".
    """
    distinct = distinct[:_READ_AT_MOST]
    if not len(distinct) or looks_dated(distinct).mean() < _ENOUGH:
        return None
    iso = pc.match_substring_regex(distinct, _ISO)
    other = distinct.filter(pc.invert(iso))
    plain = [text for text in distinct.filter(iso).to_pylist() if _is_iso(text)]
    timed = any(len(text) > len("2026-03-14") for text in plain)
    zoneless = any(len(text) > len("2026-03-14") and not _has_zone(text) for text in plain)
    if not len(other):
        return Writing((), timed=timed, zoneless=zoneless, unreadable=len(distinct) - len(plain))
    found = _formats(other)
    if found is None or (len(found.formats) == 0 and not plain):
        return None
    unreadable = found.unreadable + len(distinct) - len(other) - len(plain)
    if unreadable > (1 - _ENOUGH) * len(distinct):
        return None
    return Writing(
        found.formats,
        found.order,
        found.because,
        timed or found.timed,
        zoneless or found.zoneless,
        found.utc,
        unreadable,
    )


def _formats(distinct: Column) -> Writing | None:
    texts: list[str] = distinct.to_pylist()
    shapes: dict[str, list[str]] = {}
    for text in texts:
        shapes.setdefault(_shape(text), []).append(text)
    chosen: list[str] = []
    open_orders: list[str] = []
    because = ""
    unreadable = 0
    for shape in sorted(shapes, key=lambda each: (-len(shapes[each]), each)):
        mine = shapes[shape]
        candidates = _by_shape().get(shape, ())
        fitting = [each for each in candidates if _reads(mine, each) == 1] or _best(mine, candidates)
        if not fitting:
            unreadable += len(mine)
            continue
        unreadable += sum(not _can(text, fitting[0]) for text in mine)
        if (
            any(_swapped(each) in fitting and _swapped(each) != each for each in fitting)
            and "." not in fitting[0][2:4]
        ):
            open_orders.append(fitting[0])
        elif (turned := _swapped(fitting[0])) != fitting[0] and not because:
            because = next((text for text in mine if not _can(text, turned)), "")
        chosen.append(fitting[0])
    decided = {_order(each) for each in chosen if each not in open_orders} - {""}
    order: Order = "" if not {_order(each) for each in chosen} - {""} else "either"
    if decided:
        order = "day first" if "day first" in decided else "month first"
    formats = tuple(dict.fromkeys(chosen))
    letters = [each for each in formats if "%H" in each or "%I" in each]
    utc = bool(letters) and all(each.endswith(("UTC", "GMT", "Z")) for each in letters)
    zoneless = any(not each.endswith("%z") for each in letters)
    writing = Writing(formats, "either", because, bool(letters), zoneless, utc, unreadable)
    return writing.turned(order) if order in ("day first", "month first") else _ordered(writing, order)


def _ordered(writing: Writing, order: Order) -> Writing:
    return Writing(
        writing.formats,
        order,
        writing.because,
        writing.timed,
        writing.zoneless,
        writing.utc,
        writing.unreadable,
    )


def _best(texts: Sequence[str], candidates: Sequence[str]) -> list[str]:
    shares = [_reads(texts, each) for each in candidates]
    best = int(np.argmax(shares)) if shares else 0
    return [candidates[best]] if shares and shares[best] >= _ENOUGH else []


def _reads(texts: Sequence[str], written_as: str) -> float:
    return sum(_can(text, written_as) for text in texts) / len(texts)


@lru_cache(maxsize=1)
def _by_shape() -> dict[str, tuple[str, ...]]:
    moment = dt.datetime(2026, 5, 14, 16, 30, 59, 250_000, dt.UTC)
    shapes: dict[str, tuple[str, ...]] = {}
    for each in _FORMATS:
        shape = _shape(moment.strftime(each))
        shapes[shape] = (*shapes.get(shape, ()), each)
    return shapes


def _can(text: str, written_as: str) -> bool:
    try:
        dt.datetime.strptime(text, written_as)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def _is_iso(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _has_zone(text: str) -> bool:
    return dt.datetime.fromisoformat(text).tzinfo is not None


def _shape(text: str) -> str:
    # An offset is one sign, so that the sign before it is none of the date's.
    bare = re.sub(r"(:\d{2}(?:\.\d+)?)[+-]\d{2}:?\d{2}$", r"\1±", text)
    return re.sub(r"[^\W\d]+", "a", re.sub(r"\d+", "9", bare))


def _order(written_as: str) -> Order:
    if "%b" in written_as or "%B" in written_as or written_as.startswith("%Y"):
        return ""
    return "day first" if written_as.startswith("%d") else "month first"


def _is_turned(written_as: str, wanted: str) -> bool:
    return _order(written_as) != "" and not written_as.startswith(wanted)


def _swapped(written_as: str) -> str:
    """Return the format with day and month exchanged; itself where that is no question."""
    if _order(written_as) == "":
        return written_as
    return written_as.replace("%d", "%#").replace("%m", "%d").replace("%#", "%m")
