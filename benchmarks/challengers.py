"""Challengers that must not win, each spoilt in one way, beside a champion and a sound challenger.

All learn from one simulated world, as it was known at one instant or before, and are compared on the leads
that came later. What is spoilt is what they learned from; what they are judged on is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm import simulate
from readiness.crm.records import CLOSED_WON, OUTCOMES, Instant, days
from readiness.crm.selection import select
from readiness.crm.tables import Coded, Flags, Outcomes, Tables
from readiness.history.cuts import cut
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.contender import Contender
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import to_learn_from

LOST: Final = OUTCOMES.index("closed_lost")
LEAK: Final = "pipeline_status"
"""A column that nearly says how the lead ended."""
SEGMENT: Final = "region"
FLIPPED: Final = 0.05
STALE_DAYS: Final = 91.0
LEADS_A_CALLER: Final = 200
"""For so many leads in all, sales can take one a week: a seller with more leads has more people."""
LATER_DAYS: Final = 240.0
"""So long is watched after the instant at which both have learned."""


@dataclass(frozen=True, slots=True)
class World:
    """One world, and what of it was known when champion and challengers learned."""

    tables: Tables
    known: Tables
    at: Instant
    agreement: Agreement
    settings: TrainingSettings


def world(
    leads: int, seed: int, agreement: Agreement, settings: TrainingSettings, *, drift: bool = False
) -> World:
    """Simulate a world and stop its clock where models learn; with ``drift`` it changes half-way."""
    options = simulate.WorldOptions(leaks=("near_copy",), drift=drift)
    handover = agreement.handover.model_copy(update={"weekly_capacity": max(1, leads // LEADS_A_CALLER)})
    agreement = agreement.model_copy(update={"handover": handover})
    tables = simulate.world(leads, seed, options=options).tables
    at = tables.observed_through - days(LATER_DAYS)
    return World(tables, cut(tables, at), at, agreement, replace(settings, seed=seed, exclude=(LEAK,)))


def with_capacity(agreement: Agreement, weekly: int) -> Agreement:
    """Return the agreement of a seller who can take so many leads a week."""
    handover = agreement.handover.model_copy(update={"weekly_capacity": weekly})
    return agreement.model_copy(update={"handover": handover})


def learned(of: World, name: str, known: Tables, at: Instant, settings: TrainingSettings) -> Contender:
    """Learn from tables as they were known at an instant."""
    material = to_learn_from(known, of.agreement, settings)
    model = fit_model(material, of.agreement.horizon_days, settings, silent)
    return Contender(name, model, material.plan, of.agreement, settings, at)


def sound(of: World, name: str = "sound") -> Contender:
    """Learn as one should."""
    return learned(of, name, of.known, of.at, of.settings)


def stale(of: World) -> Contender:
    """Learn from what was known a quarter before."""
    at = of.at - days(STALE_DAYS)
    return learned(of, "stale", cut(of.tables, at), at, of.settings)


def leaky(of: World) -> Contender:
    """Read the column that betrays who was won."""
    return learned(of, "leaky", of.known, of.at, replace(of.settings, exclude=()))


def miscalibrated(of: World) -> Contender:
    """Learn from all the winners and half of the others, as one who balances the classes does."""
    won = _won(of.known)
    keep = won | (np.arange(len(won)) % 2 == 0)
    return learned(of, "miscalibrated", select(of.known, np.flatnonzero(keep)), of.at, of.settings)


def label_flipped(of: World) -> Contender:
    """Learn from leads of which one in twenty is written down as lost though won, or as won though not."""
    turned = with_labels_flipped(of.known, of.at, of.settings.seed)
    return learned(of, "label_flipped", turned, of.at, of.settings)


def with_labels_flipped(known: Tables, until: Instant, seed: int) -> Tables:
    """Turn the fate of one lead in twenty round: won leads are lost, all others won, at some instant."""
    rng = np.random.default_rng(seed)
    ends = known.outcomes
    flipped = rng.random(len(known.leads)) < FLIPPED
    won = _won(known)
    kept = ~flipped[ends.lead]
    wrong = np.flatnonzero(flipped)
    created = known.leads.created_at[wrong]
    at = created + (rng.random(len(wrong)) * (until - created)).astype(np.int64)
    lead = np.concatenate([ends.lead[kept], wrong.astype(ends.lead.dtype)])
    when = np.concatenate([ends.occurred_at[kept], at])
    said = np.concatenate([ends.outcome[kept], np.where(won[wrong], LOST, CLOSED_WON)])
    order = np.lexsort((when, lead))
    outcomes = Outcomes(
        lead=lead[order],
        starts=np.searchsorted(lead[order], np.arange(len(won) + 1)).astype(ends.starts.dtype),
        occurred_at=when[order],
        outcome=said[order].astype(ends.outcome.dtype),
    )
    return replace(known, outcomes=outcomes)


def segment_breaking(of: World) -> Contender:
    """Learn from tables in which one region, the largest, writes down no sale any more."""
    column = of.known.leads.attributes[SEGMENT]
    if not isinstance(column, Coded):
        raise TypeError(f"{SEGMENT} holds no words")
    largest = int(np.bincount(column.codes[column.codes >= 0]).argmax())
    ends = of.known.outcomes
    lost = (column.codes[ends.lead] == largest) & (ends.outcome == CLOSED_WON)
    outcomes = replace(ends, outcome=np.where(lost, LOST, ends.outcome).astype(ends.outcome.dtype))
    return learned(of, "segment_breaking", replace(of.known, outcomes=outcomes), of.at, of.settings)


SPOILT: Final[Mapping[str, tuple[Callable[[World], Contender], str]]] = {
    "stale": (stale, "newer_data"),
    "leaky": (leaky, "leak_audit"),
    "miscalibrated": (miscalibrated, "calibrated"),
    "label_flipped": (label_flipped, "calibrated"),
    "segment_breaking": (segment_breaking, "segments"),
}
"""How each is made, and the gate that must refuse it."""


def _won(tables: Tables) -> Flags:
    won = np.zeros(len(tables.leads), dtype=np.bool_)
    won[tables.outcomes.lead[tables.outcomes.outcome == CLOSED_WON]] = True
    return won
