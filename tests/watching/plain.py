"""A CRM in which nothing changes unless it is told to, and a model that learned from its first half."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.records import Activity, Lead, Outcome
from readiness.crm.tables import Tables
from readiness.history import features, outcomes
from readiness.history.cuts import cut
from readiness.history.snapshots import take
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from readiness.training_run.watching.in_use import InUse
from readiness.training_run.watching.watch import Watched, watch
from tests.builders import at, tables

HALF = 200.0
END = 400.0
LEADS = 2_000
AGREEMENT = load(shipped.agreement())

Change = Callable[[dict[str, Any], float], None]
"""Changes what is drawn of a lead, given the day it came."""


def plain(leads: int = LEADS, seed: int = 0, change: Change | None = None) -> Tables:
    """Return leads that come evenly over 400 days; countries, sizes, one kind of visit, three ends."""
    rng = np.random.default_rng(seed)
    made: list[Lead] = []
    visits: list[Activity] = []
    ended: list[Outcome] = []
    for number in range(leads):
        day = END * number / leads
        drawn = {
            "country": str(rng.choice(["DE", "FR", "US"], p=[0.5, 0.3, 0.2])),
            "size": float(np.round(rng.lognormal(4.0, 0.5))),
            "visit": float(rng.uniform(0.1, 6.0)) if rng.random() < 0.6 else None,
            "rates": np.array([0.006, 0.004, 0.006]),
            "unknown": rng.random() < 0.1,
        }
        drawn["rates"][0] *= 2.0 if drawn["country"] == "DE" else 0.5
        if drawn["unknown"]:
            drawn["size"] = None
        if change is not None:
            change(drawn, day)
        times = rng.exponential(1.0 / drawn["rates"])
        name = f"L-{number:05}"
        made.append(
            Lead(name, at(day), "web_form", attributes={"country": drawn["country"], "size": drawn["size"]})
        )
        if drawn["visit"] is not None and drawn["visit"] < min(times.min(), END - day):
            visits.append(Activity(name, at(day + drawn["visit"]), drawn.get("type", "web_visit"), "inbound"))
        if day + times.min() < END:
            end = ("closed_won", "stop_calling", "closed_lost")[int(times.argmin())]
            ended.append(Outcome(name, at(day + times.min()), end))
    return tables(made, visits, outcomes=ended, through=END)


def later(day: float) -> bool:
    """Say whether a day lies in the last six weeks."""
    return day >= END - 42.0


@functools.cache
def quiet() -> Tables:
    return plain()


@functools.cache
def used() -> InUse:
    """Return a model of the first half, on every look at its leads."""
    then = cut(quiet(), at(HALF))
    looks = take(then, until=at(HALF))
    plan = features.plan(then, looks)
    X = features.build(then, looks, plan)
    labels = outcomes.label(looks, then, known_until=at(HALF))
    levels = np.array([each.missing + 1 if each.kind == "category" else 0 for each in plan.features])
    model = IncidenceModel(max_rounds=20, folds=2, intervals=4, leaves=(4,), penalties=(10.0,))
    model.fit(
        X,
        np.stack([labels.event.astype(np.float64), labels.duration], axis=1),
        groups=looks.lead.astype(np.int64),
        levels=levels,
    )
    ready = ReadinessModel.around(model, plan, X, horizon_days=60.0)
    return InUse(ready, AGREEMENT, at(HALF), 60.0, {})


def without(attribute: str) -> Tables:
    """Return the quiet tables without a column."""
    made = quiet()
    left = {name: column for name, column in made.leads.attributes.items() if name != attribute}
    return replace(made, leads=replace(made.leads, attributes=left))


@functools.cache
def calm() -> Watched:
    """Return a watch over the quiet tables."""
    return watch(quiet(), used(), AGREEMENT)


@functools.cache
def changed() -> Watched:
    """Return a watch over tables with a new value of a column, and four times as many sales."""

    def one(drawn: dict[str, Any], day: float) -> None:
        drawn["country"] = "<b>" if later(day) else drawn["country"]
        drawn["rates"][0] *= 4.0 if day > HALF else 1.0

    return watch(plain(change=one), used(), AGREEMENT)


@functools.cache
def empty() -> Watched:
    """Return a watch where nothing came since."""
    return watch(quiet(), used(), AGREEMENT, at=used().data_end)
