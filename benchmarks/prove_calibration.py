"""Proves that predicted incidences are unbiased where half the leads end early.

`python -m benchmarks.prove_calibration --worlds 10` trains in simulated worlds whose truth is known, and
compares the mean prediction with the mean truth for each snapshot age, in worlds not learned from.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import stats

from benchmarks.evidence import Row
from benchmarks.processes import pool
from readiness import shipped
from readiness.agreement.reading import load
from readiness.agreement.verdicts import evaluate
from readiness.crm import simulate
from readiness.crm.tables import Floats, Tables
from readiness.history import features
from readiness.history.snapshots import Schedule, Snapshots, ages, take
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import Material, to_learn_from

TITLE: Final = "Predicted incidences are unbiased where half the leads end early"
WORLDS: Final = 10
LEADS: Final = 3_000
HORIZON: Final = 90.0
SCHEDULE: Final = Schedule(at_handovers=False)
OPTIONS: Final = simulate.WorldOptions(end_early=0.5)
ENDS: Final = ("won", "stop")


@dataclass(frozen=True, slots=True)
class Bias:
    """Predicted minus true incidence within the horizon, mean over the snapshots of each age.

    ``bias`` is ages × 2 (won, stop); ``error`` its standard error as far as the training leads cause
    it: that of the incidences observed in them.
    """

    ages: Floats
    bias: Floats
    error: Floats
    truth: Floats


def settings(seed: int) -> TrainingSettings:
    """Return the product's recipe, looking at leads by age only."""
    return TrainingSettings(seed=seed, schedule=SCHEDULE)


def bias_in_world(seed: int, leads: int = LEADS, *, knowing_the_future: bool = False) -> Bias:
    """Learn in one world, predict in another of the same kind, and compare with its truth.

    ``knowing_the_future`` learns three times from a snapshot whose lead was seen for less than 30 days
    after it: a weight that depends on what came after the cutoff. That must show.
    """
    learned, fresh = (simulate.world(leads, 2 * seed + other, options=OPTIONS) for other in (0, 1))
    agreement = load(shipped.agreement())
    material = to_learn_from(learned.tables, agreement, settings(seed))
    learned_from = _weighted_by_the_future(material) if knowing_the_future else material
    model = fit_model(learned_from, HORIZON, settings(seed), silent)
    looks = take(fresh.tables, until=fresh.tables.observed_through, schedule=SCHEDULE)
    points = evaluate(fresh.tables, looks, agreement).points
    X = features.build(fresh.tables, looks, material.plan, points)
    predicted = model.predict_incidence(X, (HORIZON,))
    truth = fresh.truth_at(looks.lead, looks.cutoff, (int(HORIZON),))
    gap = predicted[:, 0, :2] - np.stack([truth.won[:, 0], truth.stop[:, 0]], axis=1)
    true = np.stack([truth.won[:, 0], truth.stop[:, 0]], axis=1)
    age = _age(fresh.tables, looks)
    distinct = np.unique(age)
    return Bias(
        ages=distinct,
        bias=np.stack([gap[age == each].mean(axis=0) for each in distinct]),
        error=np.stack([_error(material, each, seed) for each in distinct]),
        truth=np.stack([true[age == each].mean(axis=0) for each in distinct]),
    )


def _age(tables: Tables, looks: Snapshots) -> Floats:
    return np.round(ages(tables, looks), 6)


def _weighted_by_the_future(material: Material) -> Material:
    rows = np.repeat(np.arange(len(material)), np.where(material.y[:, 1] < 30.0, 3, 1))
    return replace(
        material,
        snapshots=material.snapshots.where(rows),
        X=np.ascontiguousarray(material.X[rows]),
        y=material.y[rows],
        groups=material.groups[rows],
        ages=material.ages[rows],
    )


def _error(material: Material, age: float, seed: int) -> Floats:
    """Return the standard errors of the incidences observed among the training snapshots of an age."""
    cohort: Cohort = material.cohort.where(np.round(material.ages, 6) == age)
    found = observed_estimates(cohort, HORIZON, draw(cohort.lead, replicates=200, seed=seed))
    return np.array([estimate.replicates.std() for estimate in found[: len(ENDS)]])


def summary(found: Sequence[Bias]) -> tuple[list[Row], str]:
    """Return a row an age with the mean bias over the worlds and its 99 % interval, and what follows."""
    n = len(found)
    bias = np.stack([each.bias for each in found])
    mean, error = bias.mean(axis=0), bias.std(axis=0, ddof=1) / math.sqrt(n)
    # All ages and ends together are to hold with 99 %: each interval is as much wider.
    reach = float(stats.t.ppf(1 - 0.005 / mean.size, n - 1)) * error
    truth = np.stack([each.truth for each in found]).mean(axis=0)
    rows: list[Row] = []
    for row, age in enumerate(found[0].ages):
        told: dict[str, object] = {"age, days": float(age)}
        for end, name in enumerate(ENDS):
            told[f"true {name}"] = float(truth[row, end])
            told[f"bias {name}"] = f"{mean[row, end]:+.4f} ± {reach[row, end]:.4f}"
        rows.append(told)
    inside = bool((np.abs(mean) <= reach).all())
    verdict = "Holds" if inside else "Does not hold"
    return rows, (
        f"{verdict}: over {n} worlds of {LEADS:,} leads the largest mean bias is {np.abs(mean).max():.4f}; "
        f"{int((np.abs(mean) <= reach).sum())} of {mean.size} intervals hold zero (99 % for all together)."
    )


def worlds(many: int, processes: int = 2) -> list[Bias]:
    """Measure the bias in so many pairs of worlds."""
    with pool(processes) as workers:
        return list(workers.map(bias_in_world, range(many)))


def measure() -> tuple[list[Row], str]:
    """Run the whole proof."""
    return summary(worlds(WORLDS))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    rows, sentence = summary(worlds(parser.parse_args().worlds))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
