"""What became of leads by their BANT, in sentences computed from the figures."""

from __future__ import annotations

import math
from typing import Final

from readiness.agreement.document import PIECES
from readiness.counting import counted
from readiness.hindsight.bant_table import BantTable, Fate, PieceFates
from readiness.hindsight.notation import shown
from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import within

FEWEST_TOLD: Final = 10
"""Of fewer leads than this no share is put into a sentence; from here on its interval says how sure it is."""

WORTH_NAMING: Final = 0.05
"""Two shares nearer to each other than this are called alike, if that much is sure."""

IN_BRACKETS: Final = "In brackets: between which percentages the true share lies, 95 times in 100."

_MOST_WORDS: Final = 3


def headline(table: BantTable) -> str:
    """Say which leads were looked at, when, and what is counted."""
    if not table.leads:
        return f"There is nothing to count: no lead could be looked at{_when(table)}."
    if table.horizon_days is None:
        return (
            f"{counted(table.leads, 'lead')} without dates, each as it stands. "
            "Shares are of those whose end is known."
        )
    left = ""
    if table.not_looked_at:
        left = f" {counted(table.not_looked_at, 'lead')} had ended before, or are not followed that long."
    return (
        f"{counted(table.leads, 'lead')}, each looked at{_when(table)}: what was known of it then, and what "
        f"became of it{within(table.horizon_days)} after that.{left}"
    )


def stops(table: BantTable) -> str:
    """Say that nobody told us to stop, where that is so; nothing otherwise."""
    return "" if table.stops else "None of these leads is known to have told us to stop."


def piece_sentence(table: BantTable, piece: PieceFates) -> str:
    """Say what a confirmed piece goes with, or that the tables do not tell."""
    if not piece.told.leads:
        return f"Nothing in these tables tells of the {piece.name}."
    others = [each for each in (piece.denied, piece.unknown) if not _few(each)]
    if _few(piece.confirmed) or not others:
        return (
            f"{piece.name.capitalize()}: too few to tell what it goes with "
            f"({piece.confirmed.leads:,} confirmed, {piece.denied.leads:,} denied)."
        )
    beside = "; ".join(
        f"where it is {each.name} {shown(each.won)}, {_verdict(each.won, piece.confirmed.won)}"
        for each in others
    )
    return (
        f"Where {piece.name} is confirmed {shown(piece.confirmed.won)} were "
        f"won{within(table.horizon_days)}; {beside}."
    )


def unsettled(piece: PieceFates) -> str:
    """Say which words stand there without settling the piece; nothing where there are none."""
    words = list(piece.told.unsettled.items())[:_MOST_WORDS]
    if not words:
        return ""
    told = ", ".join(f"“{word}” ({counted(count, 'lead')})" for word, count in words)
    return f"Entries that do not settle the {piece.name}: {told}."


def confirmed_sentence(table: BantTable) -> str:
    """Say what it goes with to have as many of the four confirmed as the agreement asks for."""
    if not tells_anything(table):
        return f"Nothing in these tables tells of {', '.join(PIECES[:-1])} or {PIECES[-1]}."
    if _few(table.enough) or _few(table.fewer):
        return (
            f"With {table.required} or more of the four confirmed there are "
            f"{counted(table.enough.leads, 'lead')}, with fewer {table.fewer.leads:,}: too few to tell."
        )
    return (
        f"With {table.required} or more of the four confirmed {shown(table.enough.won)} were "
        f"won{within(table.horizon_days)}; with fewer {shown(table.fewer.won)}, "
        f"{_verdict(table.fewer.won, table.enough.won)}."
    )


def tells_anything(table: BantTable) -> bool:
    """Say whether the tables hold anything of any of the four."""
    return any(piece.told.leads for piece in table.pieces)


def sentences(table: BantTable) -> tuple[str, ...]:
    """Say it all, in order."""
    if not table.leads:
        return (headline(table),)
    if not tells_anything(table):
        return headline(table), confirmed_sentence(table)
    pieces = (each for piece in table.pieces for each in (piece_sentence(table, piece), unsettled(piece)))
    return tuple(filter(None, (headline(table), *pieces, confirmed_sentence(table), stops(table))))


def difference(one: Figure, other: Figure) -> Figure:
    """Return the difference of two shares of different leads, with an interval made of theirs.

    Notes
    -----
    Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach,
    Statistics in Medicine 27.
    """
    if one.value is None or other.value is None:
        return Figure(None, None, None)
    value = one.value - other.value
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Figure(value, None, None)
    return Figure(
        value,
        value - math.hypot(one.value - one.low, other.high - other.value),
        value + math.hypot(one.high - one.value, other.value - other.low),
    )


def _verdict(one: Figure, other: Figure) -> str:
    """Say how the first share stands to the second."""
    between = difference(one, other)
    if between.low is None or between.high is None:
        return "too close to tell apart"
    if between.low > 0:
        return "more"
    if between.high < 0:
        return "fewer"
    return "about as many" if max(-between.low, between.high) < WORTH_NAMING else "too close to tell apart"


def _few(fate: Fate) -> bool:
    return fate.leads - fate.counts.too_soon < FEWEST_TOLD or fate.won.value is None


def _when(table: BantTable) -> str:
    if table.after_days is None:
        return ""
    return f" {counted(table.after_days, 'day')} after its creation, if still open then"
