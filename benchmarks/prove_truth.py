"""Proves how near the incidences come to the truth, beside others' survival models on the same leads.

`python -m benchmarks.prove_truth --seeds 2` learns in worlds whose truth is known, under three ways of losing
sight of leads, and keeps one line a fit in out/prove_truth.jsonl, so that a run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks import resumable
from benchmarks.evidence import Row
from benchmarks.peers import environment
from readiness import shipped
from readiness.agreement.reading import load
from readiness.counting import counted
from readiness.crm import simulate
from readiness.crm.tables import Floats, Ints
from readiness.history import features
from readiness.history.snapshots import Schedule, Snapshots, take
from readiness.learning.incidence import IncidenceModel
from readiness.training_run import TrainingSettings
from readiness.training_run.material import to_learn_from

TITLE: Final = "Incidences beside a known truth"
SEEDS: Final = 10
LEADS: Final = 3_000
ASKED: Final = 2_000
OUT: Final = Path(__file__).parents[1] / "out" / "prove_truth.jsonl"
STRAIGHT: Final = "log-linear"
WORLDS: Final = ("recorded CRM", "competing Weibull", STRAIGHT)
CENSORINGS: Final = ("independent", "by lead", "45 days")
ENDS: Final = ("won", "stop")
SLOW: Final = ("survival_boost",)
PEERS: Final = ("cox", *SLOW, "dropping")
MOST_OF: Final = {"cox": 0.8, "survival_boost": 0.8, "dropping": 0.6}
"""The share of each peer's error that ours may be."""
_SAID: Final = {"ours": "ours", "cox": "Cox", "survival_boost": "SurvivalBoost"}
_MEAN_DAYS: Final = 120.0
_BIAS: Final = 0.015


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


def work(kind: str, seed: int, peers: Sequence[str] | None = None) -> dict[str, Any]:
    """Fit ours and each peer once; return errors, biases and processor seconds by model and end.

    In log-linear worlds only Cox's model, which they are made for, is asked. With READINESS_KEPT_ANSWERS set
    SurvivalBoost, which takes minutes, is compared only where it has answered before.
    """
    world, censoring = kind.split(" / ")
    days = days_judged(censoring)
    learned, asked = pair(world, seed, days)
    y = censored(learned, censoring, seed)
    given = {"X": learned.X, "y": y, "asked": asked.X, "levels": learned.levels, "days": np.array(days)}
    if peers is None:
        slow = SLOW if world != STRAIGHT and _may_be_asked(seed, given) else ()
        peers = ("cox", *slow)
    told = {peer: environment.ask("survival", peer, str(seed), **given) for peer in peers}
    seconds = {peer: float(each["seconds"][0]) for peer, each in told.items()}
    began = time.process_time()
    curves = {"ours": ours(learned, y, asked.X, days, seed)}
    seconds["ours"] = time.process_time() - began
    ended = y[:, 0] > 0
    few = Leads(
        learned.X[ended], y[ended], learned.z[ended], learned.truth[ended], learned.levels, learned.age_column
    )
    curves["dropping"] = ours(few, y[ended], asked.X, days, seed)
    curves |= {peer: each["curves"] for peer, each in told.items()}
    return {
        "kind": kind,
        "seed": seed,
        "rmse": {who: _rmse(curve, asked.truth) for who, curve in curves.items()},
        "bias": {
            who: (curve[:, -1, :2] - asked.truth[:, -1]).mean(axis=0).tolist()
            for who, curve in curves.items()
        },
        "seconds": seconds,
    }


def _may_be_asked(seed: int, given: dict[str, Floats]) -> bool:
    kept_only = bool(os.environ.get("READINESS_KEPT_ANSWERS"))
    return not kept_only or environment.answered("survival", *SLOW, str(seed), **given)


def ours(learned: Leads, y: Floats, asked: Floats, days: Sequence[float], seed: int) -> Floats:
    """Learn from the fates as seen and forecast others; days beyond the reach count as at the reach."""
    model = IncidenceModel(seed=seed, stratified_by=learned.age_column, longest_reach=max(days))
    model.fit(learned.X, y, groups=np.arange(len(y)), levels=learned.levels)
    return model.predict_incidence(asked, [min(day, model.reach_) for day in days])


def _rmse(curve: Floats, truth: Floats) -> list[float]:
    error: list[float] = np.sqrt(((curve[:, :, :2] - truth) ** 2).mean(axis=(0, 1))).tolist()
    return error


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each world, censoring and end, and the sentence that says what holds."""
    rows: list[Row] = []
    failed: list[str] = []
    for kind in dict.fromkeys(each["kind"] for each in found):
        runs = [each for each in found if each["kind"] == kind]
        for end, name in enumerate(ENDS):
            rows.append(_row(kind, end, name, runs, failed))
    seconds = {
        who: [each["seconds"][who] for each in found if who in each["seconds"]]
        for who in ("ours", "cox", *SLOW)
    }
    taken = ", ".join(
        f"{_SAID[who]} {np.mean(of):.1f} s ({counted(len(of), 'fit')})" for who, of in seconds.items() if of
    )
    verdict = "Holds" if not failed else f"Does not hold for {'; '.join(failed)}"
    return rows, (
        f"{verdict}. On the mean of {len({each['seed'] for each in found})} seeds of {LEADS:,} leads. "
        f"Processor time a fit: {taken}."
    )


def _row(kind: str, end: int, name: str, runs: Sequence[dict[str, Any]], failed: list[str]) -> Row:
    error = np.array([each["rmse"]["ours"][end] for each in runs])
    bias = float(np.mean([each["bias"]["ours"][end] for each in runs]))
    told: dict[str, object] = {"world / censoring": kind, "end": name, "RMSE": float(error.mean())}
    for peer in PEERS:
        asked = [each for each in runs if peer in each["rmse"]]
        told |= _beside(kind, name, peer, end, asked, failed)
    told["bias"] = f"{bias:+.4f}"
    if not kind.endswith("45 days") and abs(bias) > _BIAS:
        failed.append(f"{kind}, {name}: bias {bias:+.4f}")
    return told


def _beside(
    kind: str, name: str, peer: str, end: int, runs: Sequence[dict[str, Any]], failed: list[str]
) -> dict[str, object]:
    """Compare with one peer on the seeds that it was asked about; say how many."""
    most = MOST_OF[peer] if not kind.startswith(STRAIGHT) else 1.0 if peer == "cox" else math.inf
    names = f"{peer} RMSE", f"÷ {peer}", f"ours − {most:g} × {peer}, upper 95 %"
    if not runs:
        return dict.fromkeys((f"{peer} seeds", *names), "")
    own, others = (np.array([each["rmse"][who][end] for each in runs]) for who in ("ours", peer))
    ratio = float(own.mean() / others.mean())
    told: dict[str, object] = {f"{peer} seeds": len(runs), names[0]: float(others.mean()), names[1]: ratio}
    if math.isinf(most):
        return told | {names[2]: ""}
    gap = own - most * others
    if gap.mean() > 0.0:
        failed.append(f"{kind}, {name}: {ratio:.2f} of {peer}'s error (allowed {most:g})")
    return told | {names[2]: _upper(gap)}


def _upper(gap: Floats) -> float:
    if len(gap) < 2:
        return math.nan
    return float(gap.mean() + stats.t.ppf(0.975, len(gap) - 1) * gap.std(ddof=1) / math.sqrt(len(gap)))


def runs(
    seeds: int, worlds: Sequence[str] = WORLDS, processes: int = 1, out: Path = OUT
) -> list[dict[str, Any]]:
    """Do what is left to do of so many seeds in each world, under each censoring."""
    kinds = [" / ".join(each) for each in itertools.product(worlds, CENSORINGS)]
    asked = [(kind, seed) for seed in range(seeds) for kind in kinds]
    return resumable.run(work, asked, out, processes=processes)


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(runs(SEEDS))


def main() -> None:
    """Measure as many seeds as asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS))
    chosen = parser.parse_args()
    rows, sentence = summary(runs(chosen.seeds, chosen.worlds))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
