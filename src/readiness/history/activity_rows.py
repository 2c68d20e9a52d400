"""The activities of some leads as the feature kernel wants them, and what snapshots see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import DIRECTIONS, days
from readiness.crm.tables import Activities, Codes, Flags, Floats, Ints
from readiness.history import events
from readiness.history.blocks import Block

Pair: TypeAlias = tuple[str, str]
"""An activity type and a direction."""

INBOUND: Final = ("", "inbound")
OUTBOUND: Final = ("", "outbound")
REPLY: Final = ("reply", "")
TURN: Final = ("dialogue", "")

Layers: TypeAlias = tuple[tuple[Pair, ...], ...]
"""The kinds that a plan needs: the planned pairs, then any of TOTALS, REPLIES and TURNS."""

TOTALS: Final = (INBOUND, OUTBOUND)
REPLIES: Final = (REPLY,)
TURNS: Final = (TURN,)

_IN: Final = DIRECTIONS.index("inbound")


@dataclass(frozen=True, slots=True)
class Rows:
    """Activities of a block's leads, sorted into kinds by looking back at earlier rows only."""

    table: Activities
    number: Ints
    """The row's number in the table."""
    lead: Codes
    starts: Ints
    at: Ints
    direction: NDArray[np.int8]
    pair: NDArray[np.int16]
    """Position among the planned pairs; -1 for another."""
    type: Codes
    kinds: events.Kinds

    @property
    def channel(self) -> Codes:
        """The channel's code, -1 where missing."""
        return self.table.channel.codes[self.number]

    @property
    def value(self) -> Floats:
        """The value, NaN where missing."""
        return self.table.value[self.number]


@dataclass(frozen=True, slots=True)
class View:
    """What n snapshots see of the rows: where their windows open, and where all of them close."""

    rows: Rows
    kinds: tuple[Pair, ...]
    spans: tuple[float, ...]
    cutoff: Ints
    opens: Ints
    """n × (spans + 1): the first row of each window; the last column is the lead's first row."""
    low: Ints
    high: Ints

    def __len__(self) -> int:
        return len(self.cutoff)

    def opening(self, window: float) -> Ints:
        """Return the first row of a window, in days; infinity: ever."""
        return self.low if window == np.inf else self.opens[:, self.spans.index(window)]

    def slice_of(self, pair: Pair) -> tuple[Ints, Ints, Ints]:
        """Return the rows of a kind, and for each snapshot which slice of them it sees."""
        kinds = self.rows.kinds
        kind = self.kinds.index(pair)
        first = kinds.first[kind]
        return kinds.rows, first + kinds.counts[self.low, kind], first + kinds.counts[self.high, kind]


def turns(lead: Codes, direction: NDArray[np.int8]) -> Flags:
    """Say which rows go the other way than the row before: where the dialogue changes sides."""
    turn = np.zeros(len(lead), dtype=np.bool_)
    turn[1:] = (lead[1:] == lead[:-1]) & (direction[1:] != direction[:-1])
    return turn


def rows_of(activities: Activities, block: Block, layers: Layers) -> Rows:
    """Gather a block's activities and sort them into the kinds of these layers."""
    number = block.rows
    lead = activities.lead[number]
    direction = activities.direction[number]
    type_code = activities.type.codes[number]
    pairs, *further = layers
    pair = np.take(_pair_codes(activities, pairs), type_code * len(DIRECTIONS) + direction)
    sorted_into: list[events.Layer] = [(pair, len(pairs))]
    if TOTALS in further:
        sorted_into.append((direction.astype(np.int16), len(TOTALS)))
    if REPLIES in further or TURNS in further:
        turn = turns(lead, direction)
        if REPLIES in further:
            sorted_into.append(_marked(turn & (direction == _IN)))
        if TURNS in further:
            sorted_into.append(_marked(turn))
    return Rows(
        table=activities,
        number=number,
        lead=lead,
        starts=block.starts,
        at=activities.occurred_at[number],
        direction=direction,
        pair=pair,
        type=type_code,
        kinds=events.kinds_of(sorted_into, len(number)),
    )


def _marked(rows: Flags) -> events.Layer:
    return rows.astype(np.int16) - np.int16(1), 1


def _pair_codes(activities: Activities, pairs: Sequence[Pair]) -> NDArray[np.int16]:
    """Return the pair of each type and direction, by type × 2 + direction; -1 for another."""
    # One entry more: a missing type (-1) reaches the last.
    table = np.full((len(activities.type.levels) + 1) * len(DIRECTIONS), -1, dtype=np.int16)
    place = {level: code for code, level in enumerate(activities.type.levels)}
    for number, (what, direction) in enumerate(pairs):
        if what in place:
            table[place[what] * len(DIRECTIONS) + DIRECTIONS.index(direction)] = number
    return table


def view_of(rows: Rows, lead: Codes, cutoff: Ints, kinds: tuple[Pair, ...], spans: tuple[float, ...]) -> View:
    """Search where each snapshot's windows open and close."""
    lengths = [days(span) for span in spans]
    past, opens = events.past_and_windows(rows.starts, rows.at, lead, cutoff, lengths)
    opens = np.concatenate([opens, past.low[:, None]], axis=1)
    return View(rows, kinds, spans, cutoff, opens, past.low, past.high)
