"""How files hang together: which column tells rows apart, and which columns name the rows of another file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.mapping.suggesting.names import Means, plain, singular
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet

_KEYLIKE: Final = (Kind.KEY, Kind.NUMBER, Kind.LABEL, Kind.WORD, Kind.EMAIL)
_PEOPLE: Final = (
    "lead",
    "contact",
    "prospect",
    "person",
    "who",
    "customer",
    "client",
    "subscriber",
    "kunde",
    "kontakt",
)
_MOST_NEAR: Final = 20
_SOME: Final = 0.2
_MOSTLY: Final = 0.9
_CLOSE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Link:
    """A column of one file that names rows of another by their key."""

    column: str
    key: str
    rows: int
    """Rows that name one."""
    met: int
    """Rows that name one that is there."""
    unmatched: tuple[tuple[str, int, str | None], ...] = ()
    """Keys that are not there with their rows, commonest first, each with the nearest that is; at most 20."""


def own_key(sheet: Sheet) -> Profile | None:
    """Return the column that tells a file's rows apart, or None.

    A column called id, then one called after the file, then any whose name says that it is a key;
    nearly all of its values differ. Without such a name only texts that look like ids count, or the
    first column.
    """
    ranked = [
        (rank, place, each)
        for place, each in enumerate(sheet.profiles.values())
        if (rank := _rank(sheet, each, place))
    ]
    return max(ranked, key=lambda entry: (entry[0], -entry[1]))[2] if ranked else None


def _rank(sheet: Sheet, each: Profile, place: int) -> int:
    if (
        each.kind not in (*_KEYLIKE, Kind.YES_NO)
        or each.filled < each.rows
        or each.distinct < 0.9 * each.rows
        or not each.rows
    ):
        return 0
    name = plain(each.name)
    if name in ("id", f"{singular(sheet.name)}_id", "lead_id"):
        return 5
    if each.says(Means.KEY) and each.kind in (Kind.KEY, Kind.LABEL, Kind.NUMBER, Kind.WORD, Kind.YES_NO):
        return 4 if any(name.startswith(who) for who in _PEOPLE) or place == 0 else 3
    if not each.unique or len(sheet) < 2:
        return 0
    if each.kind is Kind.KEY:
        return 2
    return 1 if place == 0 and each.kind in (Kind.LABEL, Kind.WORD) else 0


def link(sheet: Sheet, target: Sheet, key: str) -> Link | None:
    """Return the column of a file that names rows of another one by their key, or None.

    Names and values both speak: a column called after the key or the file, even if none of its values
    is there, which is then told; or any other of whose values nine in ten are there, if they are no
    small numbers.
    """
    there = pc.unique(cells.one_chunk(target.texts(key).drop_null()))
    named, perhaps = _names_of(target, key), _other_names_of(target)
    best: tuple[float, Link] | None = None
    own = own_key(sheet)
    for each in sheet.profiles.values():
        if each.kind not in (*_KEYLIKE, Kind.YES_NO) or not each.filled:
            continue
        hint = plain(each.name) in named
        is_own = (
            own is not None
            and own.name == each.name
            and plain(each.name) in ("id", f"{singular(sheet.name)}_id")
        )
        if is_own or (
            not hint and plain(each.name) not in perhaps and each.kind in (Kind.YES_NO, Kind.NUMBER)
        ):
            continue
        found = _found(sheet, each, there)
        share = found[1] / found[0] if found[0] else 0.0
        hint = hint or (share > 0 and plain(each.name) in perhaps)
        if hint or (share >= _MOSTLY and each.distinct >= 5 and _telling(each)):
            score = share + hint
            if best is None or score > best[0]:
                best = (score, Link(each.name, key, *found))
    return best[1] if best else None


def with_unmatched(found: Link, sheet: Sheet, target: Sheet) -> Link:
    """Return the link with the keys that are not there, and for each the nearest that is."""
    there = pc.unique(cells.one_chunk(target.texts(found.key).drop_null()))
    text = sheet.texts(found.column).drop_null()
    missed = pc.value_counts(cells.one_chunk(text.filter(pc.invert(pc.is_in(text, value_set=there)))))
    counted = sorted(
        zip(missed.field("values").to_pylist(), missed.field("counts").to_pylist(), strict=True),
        key=lambda entry: (-entry[1], entry[0]),
    )[:_MOST_NEAR]
    names = there.to_pylist() if len(there) <= 20_000 else []
    told = tuple((key, times, nearest(key, names)) for key, times in counted)
    return Link(found.column, found.key, found.rows, found.met, told)


def nearest(key: str, there: Sequence[str]) -> str | None:
    """Return the key that was probably meant, or None; first one that differs only in blanks and signs."""
    same = [each for each in there if _squeezed(each) == _squeezed(key)]
    if len(same) == 1:
        return same[0]
    close = difflib.get_close_matches(key, there, n=1, cutoff=_CLOSE)
    return close[0] if close else None


def is_respelt(key: str, near: str | None) -> bool:
    """Say whether two keys are the same but for blanks, signs and capitals."""
    return near is not None and _squeezed(key) == _squeezed(near)


def lookups(leads: Sheet, others: Iterable[Sheet], taken: Iterable[str]) -> list[tuple[Sheet, Link]]:
    """Return the files that hold one row for each value of a column of the leads' file.

    Parameters
    ----------
    taken : names
        Columns that are spoken for and name nothing else.
    """
    found: list[tuple[Sheet, Link]] = []
    used = set(taken)
    for other in others:
        best: tuple[float, Link] | None = None
        for key in other.profiles.values():
            if not key.unique or key.kind not in _KEYLIKE or len(other) < 2:
                continue
            there = pc.unique(cells.one_chunk(other.texts(key.name)))
            for each in leads.profiles.values():
                if each.name in used or each.kind not in _KEYLIKE or not each.filled:
                    continue
                rows, met = _found(leads, each, there)
                share, hint = met / rows, plain(each.name) in _names_of(other, key.name)
                unnamed = share >= _MOSTLY and each.distinct >= 3 and _telling(each)
                if unnamed or (hint and share >= _SOME):
                    score = share + hint
                    if best is None or score > best[0]:
                        best = (score, Link(each.name, key.name, rows, met))
        if best is not None:
            found.append((other, with_unmatched(best[1], leads, other)))
            used.add(best[1].column)
    return found


def _found(sheet: Sheet, each: Profile, there: cells.Column) -> tuple[int, int]:
    text = sheet.texts(each.name).drop_null()
    return len(text), int(pc.sum(pc.is_in(text, value_set=there)).as_py() or 0)


def _names_of(target: Sheet, key: str) -> set[str]:
    own, row = plain(key), singular(target.name)
    last = row.rsplit("_", 1)[-1]
    names = {f"{row}_id", f"{last}_id", f"id_{last}", row, last, "lead_id"}
    if own not in ("id", "name", "key", "code", "no", "nr"):
        names.add(own)
    return names | ({"who_id"} if any(who in row for who in _PEOPLE) else set())


def _other_names_of(target: Sheet) -> set[str]:
    """Return what people are called who are not called leads; such a column must name some that are there."""
    named = any(who in singular(target.name) for who in _PEOPLE)
    return {f"{who}_id" for who in _PEOPLE} if named else set()


def _telling(each: Profile) -> bool:
    """Say whether values are long or wordy enough that meeting them elsewhere is no accident."""
    texts = [text for text, _ in each.common]
    return sum((len(text) >= 5 and not text.isdigit()) or len(text) >= 7 for text in texts) > len(texts) / 2


def _squeezed(key: str) -> str:
    return "".join(sign for sign in key.casefold() if sign.isalnum())
