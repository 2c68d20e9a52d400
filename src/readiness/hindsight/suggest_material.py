"""What a proposal is learned from: the tables as of an instant, how leads stood, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY, Instant
from readiness.crm.tables import Ints, Tables
from readiness.hindsight.replay import NeverCall
from readiness.hindsight.suggest_ladder import Looker
from readiness.history import outcomes, splits
from readiness.history.cuts import cut
from readiness.history.outcomes import STOP, WON
from readiness.history.snapshots import Snapshots, every_week, take
from readiness.judging.cohort import Cohort, Known, known_at

WON_NEEDED: Final = 50
"""Sales before the cut, and as many after it: fewer tell nothing apart."""

STOP_NEEDED: Final = 20
"""Stops before the cut."""

MOST_TO_FOLLOW: Final = 3.0
LEAST_TO_FOLLOW: Final = 1.5
"""Between these, half of the history lies after the cut, in horizons."""


@dataclass(frozen=True, slots=True)
class Material:
    """What was known at the instant where learning ends.

    ``looks`` are the weekly looks of the replay, ``states`` the snapshots after creation that say how a
    lead stood at each age; each with what had happened a horizon later, as far as was known.
    """

    instant: Instant
    looker: Looker
    looks_known: Known
    states: Snapshots
    states_known: Known

    @property
    def tables(self) -> Tables:
        """The tables as of the instant."""
        return self.looker.tables

    @property
    def state_leads(self) -> Ints:
        """Whose states they are."""
        return self.states.lead.astype(np.int64)


def known_of(tables: Tables, snapshots: Snapshots, agreement: Agreement) -> Known:
    """Say what is known of snapshots a horizon later, with ends counted as the agreement does."""
    labels = outcomes.label(
        snapshots,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
    cohort = Cohort(labels.event, labels.duration, snapshots.lead.astype(np.int64))
    return known_at(cohort, agreement.horizon_days)


def material(
    tables: Tables, agreement: Agreement, never_call: NeverCall | None = None
) -> tuple[Material | None, str]:
    """Cut the history in two and lay out the earlier part.

    Returns
    -------
    Material or None, and a sentence
        None where there is too little before or after any cut; then the sentence says what is missing.
    """
    if not tables.dated:
        return None, (
            "These leads carry no dates: nothing can be learned on earlier leads and judged on later ones. "
            "What each answer goes together with can be described; whether a change of the agreement would "
            "have helped cannot be told, so none is proposed."
        )
    missing = "There are no leads to learn from."
    horizon = agreement.horizon_days
    for horizons in _horizons_to_follow(tables, horizon) if len(tables.leads) else ():
        start = splits.test_start(tables, horizon_days=horizons * horizon, won_needed=WON_NEEDED)
        if isinstance(start, splits.NoTestStart):
            missing = start.missing
            continue
        found = _before(cut(tables, start.at), start.at, agreement, never_call)
        missing = _too_few(found)
        if not missing:
            return found, ""
    return None, missing


def _horizons_to_follow(tables: Tables, horizon: float) -> tuple[float, ...]:
    history = (tables.observed_through - int(tables.leads.created_at.min())) / MICROSECONDS_PER_DAY
    return min(max(history / 2.0 / horizon, LEAST_TO_FOLLOW), MOST_TO_FOLLOW), LEAST_TO_FOLLOW


def _before(
    earlier: Tables, instant: Instant, agreement: Agreement, never_call: NeverCall | None
) -> Material:
    looks = every_week(earlier, until=instant)
    states = take(earlier, until=instant)
    return Material(
        instant=instant,
        looker=Looker(earlier, looks, never_call),
        looks_known=known_of(earlier, looks, agreement),
        states=states,
        states_known=known_of(earlier, states, agreement),
    )


def _too_few(found: Material) -> str:
    known = found.states_known
    decided = known.weight > 0
    won, stop = (
        len(np.unique(found.states.lead[decided & (known.outcome == cause)])) for cause in (WON, STOP)
    )
    parts = []
    if won < WON_NEEDED:
        parts.append(f"{WON_NEEDED - won} more sales (there are {won})")
    if stop < STOP_NEEDED:
        parts.append(f"{STOP_NEEDED - stop} more leads that told us to stop (there are {stop})")
    if not parts:
        return ""
    return f"To learn what tells sales from stops takes {' and '.join(parts)} before the later leads begin."
