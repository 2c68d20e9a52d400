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

Pair: TypeAlias = tuple[str, str]
"""An activity type and a direction."""

INBOUND: Final = ("", "inbound")
OUTBOUND: Final = ("", "outbound")
REPLY: Final = ("reply", "")
TURN: Final = ("dialogue", "")
FIXED: Final = (INBOUND, OUTBOUND, REPLY, TURN)
"""The kinds every row is sorted into beside its own type: in this order, after the planned pairs."""

_IN: Final = DIRECTIONS.index("inbound")


@dataclass(frozen=True, slots=True)
class Rows:
    """Activities of a block's leads, sorted into kinds by looking back at earlier rows only."""

    lead: Codes
    starts: Ints
    at: Ints
    direction: NDArray[np.int8]
    pair: NDArray[np.int16]
    """Position among the planned pairs; -1 for another."""
    type: Codes
    channel: Codes
    value: Floats
    kinds: events.Kinds


@dataclass(frozen=True, slots=True)
class View:
    """What n snapshots see of the rows: where their windows open, and where all of them close."""

    rows: Rows
    pairs: tuple[Pair, ...]
    spans: tuple[float, ...]
    cutoff: Ints
    opens: Ints
    """n × (spans + 1): the first row of each window; the last column is the lead's first row."""
    low: Ints
    high: Ints

    def __len__(self) -> int:
        return len(self.cutoff)

    def kind(self, pair: Pair) -> int:
        """Return the number of a kind."""
        return (*self.pairs, *FIXED).index(pair)

    def opening(self, window: float) -> Ints:
        """Return the first row of a window, in days; infinity: ever."""
        return self.low if window == np.inf else self.opens[:, self.spans.index(window)]

    def slice_of(self, pair: Pair) -> tuple[Ints, Ints, Ints]:
        """Return the rows of a kind, and for each snapshot which slice of them it sees."""
        kinds = self.rows.kinds
        kind = self.kind(pair)
        first = kinds.first[kind]
        return kinds.rows, first + kinds.counts[self.low, kind], first + kinds.counts[self.high, kind]


def turns(lead: Codes, direction: NDArray[np.int8]) -> Flags:
    """Say which rows go the other way than the row before: where the dialogue changes sides."""
    turn = np.zeros(len(lead), dtype=np.bool_)
    turn[1:] = (lead[1:] == lead[:-1]) & (direction[1:] != direction[:-1])
    return turn


def rows_of(activities: Activities, block: events.Block, pairs: Sequence[Pair]) -> Rows:
    """Gather a block's activities and sort them into kinds."""
    number = block.rows
    lead = activities.lead[number]
    direction = activities.direction[number]
    kind = activities.type.codes[number]
    pair = _pair_codes(activities, pairs)[kind, direction]
    turn = turns(lead, direction)
    codes = np.full((4, len(number)), -1, dtype=np.int16)
    codes[0] = pair
    np.add(direction, len(pairs), out=codes[1])
    codes[2][turn & (direction == _IN)] = len(pairs) + FIXED.index(REPLY)
    codes[3][turn] = len(pairs) + FIXED.index(TURN)
    return Rows(
        lead=lead,
        starts=block.starts,
        at=activities.occurred_at[number],
        direction=direction,
        pair=pair,
        type=kind,
        channel=activities.channel.codes[number],
        value=activities.value[number],
        kinds=events.kinds_of(codes, len(pairs) + len(FIXED)),
    )


def _pair_codes(activities: Activities, pairs: Sequence[Pair]) -> NDArray[np.int16]:
    table = np.full((len(activities.type.levels) + 1, len(DIRECTIONS)), -1, dtype=np.int16)
    place = {level: code for code, level in enumerate(activities.type.levels)}
    for number, (what, direction) in enumerate(pairs):
        if what in place:
            table[place[what], DIRECTIONS.index(direction)] = number
    return table


def view_of(rows: Rows, lead: Codes, cutoff: Ints, pairs: tuple[Pair, ...], spans: tuple[float, ...]) -> View:
    """Search where each snapshot's windows open and close."""
    lengths = [days(span) for span in spans]
    past, opens = events.past_and_windows(rows.starts, rows.at, lead, cutoff, lengths)
    opens = np.concatenate([opens, past.low[:, None]], axis=1)
    return View(rows, pairs, spans, cutoff, opens, past.low, past.high)
