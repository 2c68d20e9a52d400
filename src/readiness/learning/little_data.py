"""Whether there is enough to learn from, and if not, how much is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON

ENDED_NEEDED: Final = 50
WON_NEEDED: Final = 10
NOT_WON_NEEDED: Final = 10
STOP_NEEDED: Final = 10

LONGEST_REACH: Final = 180.0
"""Days; no curve goes further, unless the horizon does."""
AT_RISK_NEEDED: Final = 50
"""A curve goes as far as so many leads have been followed."""


@dataclass(frozen=True, slots=True)
class Learnable:
    """There is enough: how many leads ended, and how."""

    ended: int
    won: int
    stop: int
    otherwise: int

    @property
    def stop_known(self) -> bool:
        """Whether enough leads told us to stop for a stop risk to be given."""
        return self.stop >= STOP_NEEDED


@dataclass(frozen=True, slots=True)
class TooLittle:
    """There is too little: what to say, and how many more leads of each kind are needed."""

    sentence: str
    missing: Mapping[str, int]


def learnable(y: Floats, groups: Ints) -> Learnable | TooLittle:
    """Say whether a model can be learnt: 50 ended leads, 10 of them won and 10 not.

    Below that a fixed rule beat every model tried. This is a result, not an error.

    Parameters
    ----------
    y : Floats, n × 2
        Event (0 censored, 1 won, 2 stop, 3 otherwise ended) and days until then; NaN days
        everywhere: undated, and each row counts as a lead.
    groups : Ints, n
        Which lead each snapshot belongs to. Leads are counted, not snapshots; a lead counts once
        under each end that any of its snapshots has.
    """
    lead = lead_numbers(y, groups)
    ends = [np.unique(lead[y[:, 0] == event]).size for event in (WON, STOP, ENDED)]
    ended = np.unique(lead[y[:, 0] != CENSORED]).size
    missing = {
        "ended": max(0, ENDED_NEEDED - ended),
        "won": max(0, WON_NEEDED - ends[0]),
        "ended otherwise than won": max(0, NOT_WON_NEEDED - ends[1] - ends[2]),
    }
    if not any(missing.values()):
        return Learnable(ended, *ends)
    lacking = ", ".join(f"{count} more {kind}" for kind, count in missing.items() if count)
    return TooLittle(
        f"Too little to learn from: {ended} {'lead has' if ended == 1 else 'leads have'} ended, "
        f"{ends[0]} of them won; needed are {lacking}. Until then the rules alone answer.",
        {kind: count for kind, count in missing.items() if count},
    )


def stop_known(y: Floats, groups: Ints) -> bool:
    """Say whether at least 10 leads told us to stop: with fewer there is no stop risk to speak of."""
    return np.unique(lead_numbers(y, groups)[y[:, 0] == STOP]).size >= STOP_NEEDED


def lead_numbers(y: Floats, groups: Ints) -> Ints:
    """Return which lead each row belongs to: its group, or itself where nothing is dated.

    Undated leads are grouped by identical attributes, so that twins share a fold; each is a lead still.
    """
    if undated(y):
        return np.arange(len(y), dtype=np.int64)
    return groups


def undated(y: Floats) -> bool:
    """Say whether no row has a duration: then there is one interval and no time."""
    unknown: Flags = np.isnan(y[:, 1])
    return bool(unknown.all())
