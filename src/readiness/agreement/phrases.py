"""How the terms of an agreement are said: numbers, days, conditions and evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from readiness.agreement.conditions import Condition, Evidence, fold
from readiness.agreement.document import Agreement
from readiness.agreement.wording import plain
from readiness.counting import counted, figure

_PLAIN_PATTERN: Final = re.compile(r"[\w -]+")


def share(value: float) -> str:
    """Write a share in per cent.

    >>> share(0.02), share(0.125)
    ('2 %', '12.5 %')
    """
    return f"{figure(round(100 * value, 10))} %"


def times(count: int) -> str:
    """Say how often.

    >>> times(1), times(2), times(3)
    ('once', 'twice', '3 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def day(when: dt.date) -> str:
    """Write a day.

    >>> day(dt.date(2026, 3, 14))
    '14 March 2026'
    """
    return f"{when.day} {when:%B} {when.year}"


def choice(things: Sequence[str]) -> str:
    """Join alternatives as one says them.

    >>> choice(["form", "survey", "chat"])
    'form, survey or chat'
    """
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} or {things[-1]}"


def named(names: Sequence[str], joined: str = "or") -> str:
    """Join names of the CRM, marked as such.

    >>> named(["budget", "budgt_alloc"])
    '`budget` or `budgt_alloc`'
    """
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} {joined} {marked[-1]}"


def asked(condition: Condition) -> str:
    """Say what a value has to be, so that it follows the value's name.

    >>> asked(Condition(at_least=20, any_of=("Mid", "Big")))
    'is at least 20, Mid or Big'
    """
    low, high = condition.at_least, condition.at_most
    ways = []
    if low is not None and high is not None:
        ways.append(figure(low) if low == high else f"{figure(low)} to {figure(high)}")
    elif low is not None or high is not None:
        ways.append(f"at least {figure(low)}" if low is not None else f"at most {figure(high or 0.0)}")
    said = f"is {choice([*ways, *map(plain, condition.any_of)])}" if ways or condition.any_of else ""
    if condition.pattern is None:
        return said
    contains = f"contains {choice(_sought(condition.pattern))}"
    return f"{said}, or {contains}" if said else contains


def evidence(agreement: Agreement, piece: Evidence) -> str:
    """Say what has to be there, and for how long it counts, so that it follows "if"."""
    lasts = "" if piece.lasts_days is None else f", for {counted(piece.lasts_days, 'day')}"
    if piece.activities:
        return f"the lead {choice(list(dict.fromkeys(acts(agreement, piece.activities))))}{lasts}"
    return f"{named(piece.reads)} {asked(piece)}{lasts}"


def acts(agreement: Agreement, kinds: Sequence[str]) -> list[str]:
    """Say what a lead did, for each kind of activity: in the agreement's words, if it has any."""
    words = said_of(agreement)
    return [words.get(fold(kind)) or f"did `{kind}`" for kind in kinds]


def said_of(agreement: Agreement) -> Mapping[str, str]:
    """Return the agreement's words for what a lead did, by folded kind of activity."""
    return {kind: worth.says for kind, worth in agreement.interest.worths.items() if worth.says}


def _sought(pattern: str) -> list[str]:
    # Most patterns are words with a bar between them; people need not see more of it than the words.
    parts = pattern.split("|")
    bare = [part.removeprefix("\\b").removesuffix("\\b") for part in parts]
    if not all(map(_PLAIN_PATTERN.fullmatch, bare)):
        return [f"“{pattern}”"]
    return [_bounded(part, word) for part, word in zip(parts, bare, strict=True)]


def _bounded(part: str, word: str) -> str:
    begins, ends = part.startswith("\\b"), part.endswith("\\b")
    if begins and ends:
        return f"the word “{word}”"
    if begins or ends:
        return f"a word that {'begins' if begins else 'ends'} with “{word}”"
    return f"“{word}”"
