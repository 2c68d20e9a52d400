"""What each column of a file holds, as far as its name and its values tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.frames import ArrowTable
from readiness.crm.mapping.suggesting.dating import Writing, written
from readiness.crm.mapping.suggesting.names import Means, meanings
from readiness.crm.mapping.suggesting.words import MISSING, NO, YES
from readiness.crm.mapping.translation import WRITTEN, trimmed
from readiness.crm.tables import Ints

Decimal: TypeAlias = Literal[".", ","]


class Kind(StrEnum):
    """What the values of a column look like."""

    NOTHING = "nothing"
    DATE = "dates"
    NUMBER = "numbers"
    YES_NO = "yes or no"
    EMAIL = "e-mail addresses"
    PHONE = "phone numbers"
    URL = "web addresses"
    KEY = "ids"
    WORD = "words"
    LABEL = "names"
    TEXT = "free text"


SHOWN: Final = 40
"""So many of the commonest values are kept."""

_MOST_WORDS: Final = 60
_FEW: Final = 12
_SHARED: Final = 10
_LONG: Final = 45
_NEARLY: Final = 0.98
_EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_URL: Final = r"^(https?://|www\.)\S+$"
_PHONE: Final = r"^\+?[\d\s().\-/]{7,20}(x\d+)?$"
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_OPAQUE: Final = r"^[A-Za-z0-9_\-+/=.:]{6,}$"
_WHOLE: Final = r"^[+-]?\d+(\.0+)?$"
_MAYBE_GROUPED: Final = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_LONG_WHOLE: Final = r"^[+-]?[1-9]\d{3,}$"


@dataclass(frozen=True, slots=True)
class Profile:
    """One column: how full it is, how many different values, what they look like."""

    name: str
    kind: Kind
    rows: int
    filled: int
    """Rows that are neither empty nor hold a word for "not known"."""
    distinct: int
    common: tuple[tuple[str, int], ...] = ()
    """The commonest values and their rows, most rows first; at most 40."""
    markers: tuple[str, ...] = ()
    """Words in it that stand for "not known"."""
    writing: Writing | None = None
    """How dates are written, where the column holds dates."""
    decimal: Decimal | None = None
    """The decimal sign of numbers that are not plain; the other one groups thousands."""
    doubtful: bool = False
    """Its commas or points may stand before decimals or between thousands: no value tells."""
    pointed: bool = False
    """Its numbers are plain, and in some of them a point can only stand before decimals."""
    means: frozenset[Means] = frozenset()
    shared: int = 0
    """Rows whose value at least ten rows hold: of rarer ones nothing can be learned."""

    @property
    def unique(self) -> bool:
        """Whether every row has a value of its own."""
        return 0 < self.rows == self.filled == self.distinct

    @property
    def personal(self) -> bool:
        """Whether it says who somebody is: such values are never shown."""
        if self.kind in (Kind.EMAIL, Kind.PHONE):
            return True
        # A few words that come again and again are rather kinds of company.
        kinds = self.kind is Kind.WORD and self.distinct <= min(_FEW, self.filled / 3)
        firm = Means.COMPANY in self.means and not kinds
        return self.kind is not Kind.YES_NO and (firm or Means.PERSON in self.means)

    def says(self, *means: Means) -> bool:
        """Whether the name says any of it."""
        return bool(self.means.intersection(means))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its rows as given, and what each of its columns holds."""

    name: str
    """What the mapping calls it."""
    path: str
    rows: ArrowTable
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def texts(self, column: str) -> cells.Column:
        """Return a column's cells as trimmed texts, null where empty or a word for "not known"."""
        text = cells.texts(trimmed(self.rows.column(column)))
        marked = self.profiles[column].markers if column in self.profiles else ()
        if not marked:
            return text
        hit = pc.is_in(text, value_set=pa.array(marked, pa.large_string()), skip_nulls=True)
        return pc.if_else(hit, pa.scalar(None, pa.large_string()), text)

    def those(self, *kinds: Kind) -> list[Profile]:
        """Return the columns of these kinds, in the order of the file."""
        return [each for each in self.profiles.values() if each.kind in kinds]


def study(name: str, path: str, rows: ArrowTable) -> Sheet:
    """Profile every column of a file."""
    return Sheet(name, path, rows, {each: profile(each, rows.column(each)) for each in rows.column_names})


def profile(name: str, column: cells.Column) -> Profile:
    """Say what a column holds.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        As read: texts from CSV, typed from Parquet. Empty texts are missing.
    """
    rows, means = len(column), meanings(name)
    if not cells.readable(column.type):
        return Profile(name, Kind.NOTHING, rows, 0, 0, means=means)
    text = cells.texts(trimmed(column))
    counted = cells.one_chunk(pc.value_counts(cells.one_chunk(text.drop_null())))
    values, times = counted.field("values"), counted.field("counts").to_numpy()
    marked = pc.is_in(pc.utf8_lower(values), value_set=pa.array(sorted(MISSING), pa.large_string()))
    markers = values.filter(marked).to_pylist()
    known = pc.invert(marked)
    values, times = values.filter(known), times[known.to_numpy(zero_copy_only=False)]
    first = np.argsort(-times, kind="stable")[:SHOWN]
    common = tuple(zip(values.take(pa.array(first)).to_pylist(), times[first].tolist(), strict=True))
    kind, writing = _kind(values, times, means, column)
    sign = _decimal(values, times) if kind is Kind.NUMBER else _Sign()
    return Profile(
        name,
        kind,
        rows,
        filled=int(times.sum()),
        distinct=len(values),
        common=common,
        markers=tuple(sorted(markers)),
        writing=writing,
        decimal=sign.decimal,
        doubtful=sign.doubtful,
        pointed=sign.pointed,
        means=means,
        shared=int(times[times >= _SHARED].sum()),
    )


def _kind(
    values: cells.Column, times: Ints, means: frozenset[Means], column: cells.Column
) -> tuple[Kind, Writing | None]:
    if not len(values):
        return Kind.NOTHING, None
    if {text.casefold() for text in values[:10].to_pylist()} <= YES | NO and len(values) <= 4:
        return Kind.YES_NO, None
    writing = _typed(column) or written(values)
    if writing is not None and not (Means.KEY in means and not writing.timed and not writing.order):
        return Kind.DATE, writing
    for kind, pattern in ((Kind.EMAIL, _EMAIL), (Kind.URL, _URL)):
        if _share(values, times, pattern) >= _NEARLY:
            return kind, None
    if max(_share(values, times, pattern) for pattern in (_NUMBER, *WRITTEN.values())) >= _NEARLY:
        return _of_numbers(values, times, means), None
    if _share(values, times, _PHONE) >= _NEARLY and (Means.KEY not in means or Means.PERSON in means):
        return Kind.PHONE, None
    return _of_texts(values, times, means), None


@dataclass(frozen=True, slots=True)
class _Sign:
    """The decimal sign of numbers, None of plain ones; whether it is in doubt; whether points are decimal."""

    decimal: Decimal | None = None
    doubtful: bool = False
    pointed: bool = False


def _decimal(values: cells.Column, times: Ints) -> _Sign:
    """Return how numbers are written.

    Where every comma or point stands before three digits it may do either. Numbers with three decimals are
    rare beside whole ones, so it is taken to group thousands, unless some thousands are there without it.
    """
    plain = _share(values, times, _NUMBER)
    comma, point = _share(values, times, WRITTEN[","]), _share(values, times, WRITTEN["."])
    ungrouped = _share(values, times, _LONG_WHOLE) > 0
    if max(comma, point) <= plain:
        pointed = _share(values, times, r"\.")
        groups = _share(values, times, _MAYBE_GROUPED)
        grouped = 0 < pointed == groups < 1 and not ungrouped
        return _Sign("," if grouped else None, grouped, pointed > groups)
    if comma != point:
        return _Sign("," if comma > point else ".")
    return _Sign("," if ungrouped else ".", doubtful=True)


def _typed(column: cells.Column) -> Writing | None:
    kind = column.type
    if pa.types.is_date(kind):
        return Writing(())
    if pa.types.is_timestamp(kind):
        naive = kind.tz is None and bool(cells.instants(column).zoneless.any())
        return Writing((), timed=True, zoneless=naive)
    return None


def _of_numbers(values: cells.Column, times: Ints, means: frozenset[Means]) -> Kind:
    whole = _share(values, times, _WHOLE) >= _NEARLY
    if Means.PERSON in means and whole and pc.mean(pc.utf8_length(values)).as_py() >= 7:
        return Kind.PHONE
    return Kind.KEY if Means.KEY in means and whole else Kind.NUMBER


def _of_texts(values: cells.Column, times: Ints, means: frozenset[Means]) -> Kind:
    lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False)
    mean = float(np.average(lengths, weights=times))
    different = len(values) / times.sum()
    token = _share(values, times, _OPAQUE) >= _NEARLY and bool(
        pc.any(pc.match_substring_regex(values, r"\d")).as_py()
    )
    if Means.KEY in means or (token and different > 0.5 and len(values) > 1):
        return Kind.KEY
    if mean > _LONG:
        return Kind.TEXT
    few = len(values) <= _MOST_WORDS and (different <= 0.5 or len(values) <= _FEW)
    return Kind.WORD if few else Kind.LABEL


def _share(values: cells.Column, times: Ints, pattern: str) -> float:
    hit = pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
    return float(times[hit].sum() / times.sum())


def missing_rows(sheet: Sheet, column: str) -> int:
    """Return how many rows of a file have no value in a column."""
    return int(pc.sum(pc.is_null(sheet.texts(column))).as_py() or 0)


def percent(part: int, whole: int) -> str:
    """Write a share so that only all of it is 100 % and only nothing is 0 %.

    >>> percent(999, 1000), percent(1, 1000), percent(0, 0)
    ('99 %', '1 %', '0 %')
    """
    if not part or not whole:
        return "0 %"
    return "100 %" if part == whole else f"{min(max(round(100 * part / whole), 1), 99)} %"


def evidence(each: Profile, *, most: int = 4) -> str:
    """Say in a few words what a column holds; values only where they are words that name nobody."""
    if not each.filled:
        return "empty"
    said = [f"{percent(each.filled, each.rows)} filled"]
    if each.unique:
        said.append("all different" if each.rows > 1 else "one row")
    elif each.distinct == 1:
        said.append("the same in every row that has it")
    else:
        said.append(f"{each.distinct:,} different")
    if each.kind is Kind.DATE and each.writing is not None and each.writing.because:
        said.append(f"{each.writing.order}: {each.writing.because}")
    if each.kind in (Kind.WORD, Kind.YES_NO) and not each.personal:
        shown = ", ".join(f"{text} {times:,}" for text, times in each.common[:most] if "@" not in text)
        said.append(shown + (" …" if each.distinct > most else ""))
    return ", ".join(said)
