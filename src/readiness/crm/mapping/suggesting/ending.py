"""Which columns say how leads ended: words for won and lost, yes and no, opt-outs, and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.mapping.suggesting.names import Means, plain
from readiness.crm.mapping.suggesting.profiles import SHOWN, Kind, Profile, Sheet
from readiness.crm.mapping.suggesting.words import NO, YES, end_of
from readiness.crm.records import OUTCOMES
from readiness.crm.tables import Flags

_ENOUGH: Final = 4.0
_SAID: Final = 100.0
"""More than any column earns by its name and words."""

_NOT_THIS_ONE: Final = (
    "previous",
    "prior",
    "prev_",
    "pout",
    "last_campaign",
    "email",
    "mail_",
    "marital",
    "payment",
    "order_",
)
_UNWANTED: Final = re.compile(
    r"den(y|ied)|declin|reject|churn|attrition|(^|_)lost|loss|default|fail|cancel|left$|refus|abgelehnt|kund_?igung"
)
"""Where such a column says yes, the lead was not won."""

_OPPOSITE: Final = {
    "false": "true", "FALSE": "TRUE", "False": "True", "no": "yes", "No": "Yes", "NO": "YES", "0": "1",
    "n": "y", "N": "Y",
    "nein": "ja", "Nein": "Ja", "ne": "da", "non": "oui", "Non": "Oui", "f": "t", "0.0": "1.0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """A column whose words say how a lead ended, and the column that dates it."""

    column: str
    words: Mapping[str, str | None]
    """Their word to our outcome; None: the lead is open."""
    rows: Mapping[str, int]
    score: float
    yes_no: bool = False
    unknown: tuple[str, ...] = ()
    """Words that we could not place, taken for open."""
    date: str | None = None
    date_filled: int = 0
    """Ended rows that have the date."""
    guessed: bool = False
    """Neither the name nor the words speak of an end; it is the file's last column."""

    def ended(self) -> int:
        """Return how many rows have ended."""
        return sum(rows for word, rows in self.rows.items() if self.words[word] is not None)


@dataclass(frozen=True, slots=True)
class OptOut:
    """A column that says that a lead must not be called any more, and the one that dates it."""

    column: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    """Both empty where the column itself is the date."""
    date: str | None
    rows: int


def endings(sheet: Sheet, said: str | None = None) -> list[Ending]:
    """Return the columns that may say how leads ended, the likeliest first.

    Parameters
    ----------
    said : str, optional
        The column that somebody named as the one: where the file has it, it is the only one.
    """
    if said is not None and said in sheet.profiles:
        return [_dated(sheet, _as_said(sheet.profiles[said]))]
    found = [ending for each in sheet.profiles.values() if (ending := _ending(each)) is not None]
    if not found:
        last = next((each for each in reversed([*sheet.profiles.values()]) if each.filled), None)
        if (
            last is not None
            and last.kind is Kind.YES_NO
            and last.distinct == 2
            and not last.says(Means.OPTED_OUT)
        ):
            found = [_yes_no(last, 1.0, guessed=True)]
    found.sort(key=lambda each: -each.score)
    return [_dated(sheet, each) for each in found]


def _ending(each: Profile) -> Ending | None:
    name = plain(each.name)
    if not each.filled or each.says(Means.OPTED_OUT) or any(part in name for part in _NOT_THIS_ONE):
        return None
    if each.kind is Kind.YES_NO:
        if not each.says(Means.TARGET) or each.distinct < 2:
            return None
        return _yes_no(
            each, 5.0 if name in ("y", "target", "response", "converted", "won", "is_won") else 4.0
        )
    if each.kind is not Kind.WORD and not (each.kind is Kind.LABEL and each.says(Means.STATE)):
        return None
    if each.distinct > SHOWN:
        return None
    ends = {word: end_of(word) for word, _ in each.common}
    rows = dict(each.common)
    known = sum(rows[word] for word, end in ends.items() if end is not None)
    final = {end for end in ends.values() if end not in (None, "open")}
    if not final or not (
        each.says(Means.STATE, Means.TARGET) or (len(final) > 1 and known >= 0.8 * each.filled)
    ):
        return None
    score = 2.0 * each.says(Means.STATE) + 2.0 * each.says(Means.TARGET) + 3.0 * known / each.filled
    score += 1.5 * ("closed_won" in final) + 0.5 * (len(final) > 1)
    if score < _ENOUGH:
        return None
    words = {word: end if end in OUTCOMES else None for word, end in ends.items()}
    unknown = tuple(word for word, end in ends.items() if end is None)
    return Ending(each.name, words, rows, score, unknown=unknown)


def _as_said(each: Profile) -> Ending:
    if each.kind is Kind.YES_NO:
        return _yes_no(each, _SAID)
    ends = {word: end_of(word) for word, _ in each.common}
    words = {word: end if end in OUTCOMES else None for word, end in ends.items()}
    unknown = tuple(word for word, end in ends.items() if end is None)
    return Ending(each.name, words, dict(each.common), _SAID, unknown=unknown)


def _yes_no(each: Profile, score: float, *, guessed: bool = False) -> Ending:
    yes, no = (
        ("closed_lost", "closed_won") if _UNWANTED.search(plain(each.name)) else ("closed_won", "closed_lost")
    )
    words = {word: yes if word.casefold() in YES else no for word, _ in each.common}
    return Ending(each.name, words, dict(each.common), score, yes_no=True, guessed=guessed)


def _dated(sheet: Sheet, ending: Ending) -> Ending:
    """Add the date that goes with an end: by its name, or filled for ended leads and empty for open ones.

    Where only a yes is dated, a no is no end: such leads are still open.
    """
    ended = where(sheet, ending.column, [word for word, end in ending.words.items() if end is not None])
    won = where(sheet, ending.column, [word for word, end in ending.words.items() if end == "closed_won"])
    date = _date_of_ends(sheet, ended)
    if date is None and ending.yes_no and (date := _date_of_ends(sheet, won)) is not None:
        ended = won
        ending = replace(
            ending, words={word: end if end == "closed_won" else None for word, end in ending.words.items()}
        )
    if date is None:
        return ending
    filled = pc.is_valid(sheet.texts(date)).to_numpy()
    return replace(ending, date=date, date_filled=int(filled[ended].sum()))


def _date_of_ends(sheet: Sheet, ended: Flags) -> str | None:
    if not ended.any():
        return None
    best: tuple[float, str] | None = None
    for each in sheet.those(Kind.DATE):
        filled = pc.is_valid(sheet.texts(each.name)).to_numpy()
        share = float(filled[ended].mean())
        still = float(filled[~ended].mean()) if (~ended).any() else 1.0
        named = each.says(Means.CLOSED) and not each.says(Means.CREATED)
        telling = share >= 0.9 and still <= 0.1
        if share >= 0.5 and (named or telling) and not (each.says(Means.CHANGED) and not telling):
            score = share + named + telling
            if best is None or score > best[0]:
                best = (score, each.name)
    return None if best is None else best[1]


def opt_outs(sheet: Sheet) -> list[OptOut]:
    """Return the columns that say that a lead must not be called any more."""
    named = [each for each in sheet.profiles.values() if each.says(Means.OPTED_OUT) and each.filled]
    dates = [each for each in named if each.kind is Kind.DATE]
    found, used = [], set()
    for each in (each for each in named if each.kind is Kind.YES_NO):
        yes = tuple(sorted(word for word, _ in each.common if word.casefold() in YES))
        no = tuple(sorted(word for word, _ in each.common if word.casefold() in NO))
        rows = sum(times for word, times in each.common if word in yes)
        date = _date_of(each, rows, dates)
        used.add(date)
        said = yes or tuple(_OPPOSITE[word] for word in no if word in _OPPOSITE)
        found.append(OptOut(each.name, said, no, date, rows))
    found += [OptOut(each.name, (), (), each.name, each.filled) for each in dates if each.name not in used]
    return found


def _date_of(flag: Profile, rows: int, dates: Sequence[Profile]) -> str | None:
    """Return the date whose name repeats the flag's, else the only one if as many rows have it."""
    bare = _without_date(flag.name)
    named = next((each.name for each in dates if _without_date(each.name) == bare), None)
    return dates[0].name if named is None and len(dates) == 1 and dates[0].filled == rows else named


def _without_date(name: str) -> str:
    dropped = {
        "date",
        "at",
        "on",
        "am",
        "datum",
        "fecha",
        "le",
        "il",
        "em",
        "dne",
        "is",
        "has",
        "time",
        "timestamp",
    }
    return "_".join(word for word in plain(name).split("_") if word not in dropped)


def where(sheet: Sheet, column: str, words: Iterable[str]) -> Flags:
    """Say of each row whether a column holds one of these words."""
    hit: Any = pc.is_in(
        sheet.texts(column), value_set=pa.array(list(words), pa.large_string()), skip_nulls=True
    )
    flags: Flags = hit.to_numpy()
    return flags.astype(bool)
