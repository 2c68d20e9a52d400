"""By how much what leads did multiplies a hazard: each type after the first time, lately, again, in order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.hindsight.exposures import Act, Acts, Columns, columns_of
from readiness.hindsight.hazard_fit import AtRisk
from readiness.hindsight.hazards import Ratios, hazard_ratios
from readiness.hindsight.significance import Effect, effects

MIN_EVENTS: Final = 20
"""Of an end that came more seldom nothing is estimated."""


def asked(acts: Acts) -> tuple[Act, ...]:
    """Name the effects that are asked for: four of each type, by effect and type, then the sequences."""
    single = [Act(name, when) for when in ("after", "lately", "earlier", "again") for name in acts.types]
    return (*single, *acts.orders)


def judged(at_risk: AtRisk, event: Flags, acts: Acts) -> tuple[Effect, ...]:
    """Say by how much each effect asked for multiplies the hazard of an event.

    Parameters
    ----------
    at_risk : AtRisk, m rows
        Of `exposures.at_risk_of`.
    event : Flags, m
        In which pieces it happened.

    Returns
    -------
    tuple of Effect
        In the order of `asked`.
    """
    place = columns_of(acts)
    leads, events = _counts(at_risk, event, place)
    happened = int(event.sum())
    if happened < MIN_EVENTS:
        none = np.full(len(leads), np.nan)
        return _in_lists(Ratios(none, none), leads, events, happened, place)
    single, orders = place.alike.stop, at_risk.flags[:, place.in_order]
    alone = replace(at_risk, flags=at_risk.flags[:, :single])
    confounder = np.arange(single) >= place.alike.start
    by_type, by_order = hazard_ratios(alone, event, _sums(at_risk, place), confounder, orders)
    told = _in_lists(by_type + by_order, leads, events, happened, place)
    # One step is too short for a sequence that changes much: those that stand out are fitted with the rest.
    far = np.array([each.verdict in ("more", "less") for each in told[len(by_type.log) :]], dtype=np.bool_)
    if not far.any():
        return told
    fitted = replace(at_risk, flags=np.concatenate([orders[:, far], alone.flags], axis=1))
    asked = np.eye(int(far.sum()), fitted.flags.shape[1])
    held = np.append(np.zeros(int(far.sum()), dtype=np.bool_), confounder)
    refined, _ = hazard_ratios(fitted, event, asked, held)
    by_order.log[far], by_order.error[far] = refined.log, refined.error
    return _in_lists(by_type + by_order, leads, events, happened, place)


def _in_lists(ratios: Ratios, leads: Ints, events: Ints, happened: int, place: Columns) -> tuple[Effect, ...]:
    """Judge what marks an end, what lasts or repeats, and sequences: each list by itself, as it is read."""
    edges = (0, 2 * place.types, 4 * place.types, len(leads))
    told: list[Effect] = []
    for low, high in itertools.pairwise(edges):
        some = slice(low, high)
        part = Ratios(ratios.log[some], ratios.error[some])
        told += effects(part, leads[some], events[some], happened - events[some])
    return tuple(told)


def _sums(at_risk: AtRisk, place: Columns) -> Floats:
    """Return which sums of flags' effects are after, lately, earlier and again, each for every type."""
    t, n = place.types, place.alike.stop
    first, lately, again = np.eye(t, n), np.eye(t, n, k=t), np.eye(t, n, k=2 * t)
    done = at_risk.exposure @ at_risk.flags[:, place.first]
    fresh = at_risk.exposure @ at_risk.flags[:, place.lately]
    share = np.divide(fresh, done, out=np.zeros(t), where=done > 0)
    return np.concatenate([first + share[:, None] * lately, first + lately, first, again])


def _counts(at_risk: AtRisk, event: Flags, place: Columns) -> tuple[Ints, Ints]:
    """Count, for each effect asked for, the leads that spent time after the act, and what happened then."""
    flags = at_risk.flags
    first, lately = flags[:, place.first], flags[:, place.lately]
    earlier = first & (1 - lately)
    columns = (first, lately, earlier, flags[:, place.again], flags[:, place.in_order])
    begins = np.flatnonzero(np.append(True, at_risk.lead[1:] != at_risk.lead[:-1])[: len(at_risk)])
    leads, events = [], []
    for some in columns:
        leads.append(np.maximum.reduceat(some, begins, axis=0).sum(axis=0, dtype=np.int64))
        events.append(some[event].sum(axis=0, dtype=np.int64))
    return np.concatenate(leads), np.concatenate(events)
