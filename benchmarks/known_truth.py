"""Worlds in which each lead's chances are known: drawn, recorded as a CRM would, and lost sight of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.peers import environment
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.tables import Floats, Ints
from readiness.history import features
from readiness.history.snapshots import Schedule, Snapshots, take
from readiness.training_run import TrainingSettings
from readiness.training_run.material import to_learn_from

LEADS: Final = 3_000
ASKED: Final = 2_000
STRAIGHT: Final = "log-linear"
WORLDS: Final = ("recorded CRM", "competing Weibull", STRAIGHT)
CENSORINGS: Final = ("independent", "by lead", "45 days")
_MEAN_DAYS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Leads:
    """One snapshot a lead: what is recorded of it (X), its fate (y), what loses sight of it sooner (z).

    ``truth`` holds the incidences of won and stop, n × days × 2, given what is recorded.
    """

    X: Floats
    y: Floats
    z: Floats
    truth: Floats
    levels: Ints
    age_column: int | None = None


def days_judged(censoring: str) -> tuple[float, ...]:
    """Return the days at which incidences are compared with the truth: up to what was followed."""
    return (15.0, 30.0, 45.0) if censoring == "45 days" else (30.0, 60.0, 90.0)


def pair(
    world: str, seed: int, days: Sequence[float], leads: int = LEADS, asked: int = ASKED
) -> tuple[Leads, Leads]:
    """Return leads to learn from, and others of the same world to be asked about."""
    if world == "recorded CRM":
        return _recorded(seed, days, leads, asked)
    draw = _hazardous if world == "competing Weibull" else _log_linear
    return draw(2 * seed, days, leads), draw(2 * seed + 1, days, asked)


def _log_linear(seed: int, days: Sequence[float], leads: int) -> Leads:
    """Draw proportional hazards of one shape: the world that Cox's model is made for."""
    random, shape = np.random.default_rng(seed), 0.9
    X = random.normal(size=(leads, 6))
    logs = np.stack([0.7 * X[:, 0] + 0.4 * X[:, 1], 0.6 * X[:, 2] - 0.4 * X[:, 0], 0.5 * X[:, 3]], axis=1)
    rates = np.exp(logs - np.array([4.8, 5.2, 4.6]))
    total = rates.sum(axis=1)
    end = (random.exponential(size=leads) / total) ** (1.0 / shape)
    which = (random.random(leads)[:, None] * total[:, None] > np.cumsum(rates, axis=1)).sum(axis=1)
    ended = 1.0 - np.exp(-total[:, None] * np.asarray(days) ** shape)
    truth = ended[:, :, None] * (rates / total[:, None])[:, None, :2]
    y = np.column_stack((np.minimum(which, 2) + 1.0, end))
    return Leads(X, y, X[:, 0], truth, np.zeros(6, dtype=np.int64))


def _hazardous(seed: int, days: Sequence[float], leads: int) -> Leads:
    made = environment.ask("survival", "world", str(seed), leads=np.array([leads]))
    X = made["X"].astype(np.float64)
    grid = np.concatenate(([0.0], np.geomspace(1e-4, max(days), 2_000)))
    cumulative = [(grid / X[:, [2 * cause + 1]]) ** X[:, [2 * cause]] for cause in range(3)]
    middle = np.exp(-sum(each[:, 1:] + each[:, :-1] for each in cumulative) / 2.0)
    within = [np.cumsum(middle * np.diff(each, axis=1), axis=1) for each in cumulative[:2]]
    at = np.searchsorted(grid, np.asarray(days) - 1e-9) - 1
    truth = np.stack([each[:, at] for each in within], axis=2)
    z = -np.log(X[:, 1])
    return Leads(
        X, made["y"].astype(np.float64), (z - z.mean()) / z.std(), truth, np.zeros(6, dtype=np.int64)
    )


def _recorded(seed: int, days: Sequence[float], leads: int, asked: int) -> tuple[Leads, Leads]:
    """Simulate CRMs that record all that matters; each lead is looked at once, at an age drawn for it."""
    options = simulate.WorldOptions(recorded=True)
    agreement = load(shipped.agreement())
    # All learn from what is recorded alone: the points card is ours.
    points = features.POINTS.group
    settings = TrainingSettings(schedule=Schedule(at_handovers=False), exclude=(points,))
    plan, made = None, []
    for number, count in ((2 * seed, leads), (2 * seed + 1, asked)):
        world = simulate.world(count, number, options=options)
        looks = take(world.tables, until=world.tables.observed_through, schedule=settings.schedule)
        chosen = np.random.default_rng(number).permutation(len(looks))
        _, first = np.unique(looks.lead[chosen], return_index=True)
        one: Snapshots = looks.where(np.sort(chosen[first]))
        material = to_learn_from(world.tables, agreement, settings)
        plan = plan or material.plan
        place = {
            (lead, at): row
            for row, (lead, at) in enumerate(
                zip(material.snapshots.lead.tolist(), material.snapshots.cutoff.tolist(), strict=True)
            )
        }
        rows = np.array([place[key] for key in zip(one.lead.tolist(), one.cutoff.tolist(), strict=True)])
        truth = world.truth_at(one.lead, one.cutoff, [int(day) for day in days])
        X = features.build(world.tables, one, plan)
        need = X[:, next(at for at, each in enumerate(plan.features) if each.of.startswith("true_"))]
        made.append(
            Leads(
                X=X,
                y=material.y[rows],
                z=(need - np.nanmean(need)) / np.nanstd(need),
                truth=np.stack([truth.won, truth.stop], axis=2),
                levels=np.array(
                    [each.missing + 1 if each.kind == "category" else 0 for each in plan.features]
                ),
                age_column=next(at for at, each in enumerate(plan.features) if each.measure == "age"),
            )
        )
    return made[0], made[1]


def censored(made: Leads, censoring: str, seed: int) -> Floats:
    """Return the fates as seen: lost independently, lost sooner the higher z, or followed for 45 days."""
    random = np.random.default_rng(seed + 77)
    if censoring == "45 days":
        seen = np.full(len(made.y), 45.0)
    else:
        seen = random.exponential(_MEAN_DAYS, len(made.y))
        seen *= np.exp(-0.7 * made.z) if censoring == "by lead" else 1.0
    lost = (made.y[:, 1] >= seen) | (made.y[:, 0] == 0)
    return np.column_stack((np.where(lost, 0.0, made.y[:, 0]), np.minimum(made.y[:, 1], seen)))
