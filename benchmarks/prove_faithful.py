"""Proves that the reasons told for a score order what moved it as exact Shapley values of the score do.

`python -m benchmarks prove faithful` learns from real and simulated leads, in models of at most ten
behaviours and attributes, and keeps one line a model in out/prove_faithful.jsonl.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks import prove_uci, resumable
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history.feature_plan import FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.reasons import explain
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import Material, held_out_leads, to_learn_from

TITLE: Final = "Reasons are those of the score"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_faithful.jsonl"
SIMULATED: Final = "simulated CRM"
GROUPS: Final = {prove_uci.BANK: 10, prove_uci.DEALS: 10, SIMULATED: 8}
"""So many behaviours and attributes each model has: those that mattered most among all."""
SEEDS: Final = 2
LEADS: Final = 100
BACKGROUND: Final = 100
WANTED: Final = 0.9
COMPLETE: Final = 1e-6
_WORLD: Final = 3_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A fitted model, the groups of its columns, leads it had not seen (X), and rows that it learned from."""

    model: IncidenceModel
    groups: tuple[tuple[int, ...], ...]
    X: Floats
    background: Floats
    horizon: float


def shapley(
    value: Callable[[Floats], Floats], row: Floats, background: Floats, groups: Sequence[tuple[int, ...]]
) -> Floats:
    """Return the exact Shapley value of each group of columns for one row: all coalitions are asked.

    A coalition is worth the mean value of the background's rows, with the row's own columns of the groups
    in it (interventional: columns outside are drawn whatever those inside are).

    Parameters
    ----------
    value : function of m × p, giving m
    row : Floats, p
    background : Floats, b × p

    Returns
    -------
    Floats, groups
        Adding up to value(row) minus the background's mean value.

    Notes
    -----
    Shapley (1953), A value for n-person games; Janzing, Minorics and Blöbaum (2020), Feature relevance
    quantification in explainable AI, AISTATS.
    """
    coalition = np.arange(2 ** len(groups))
    bits = 1 << np.arange(len(groups))
    same = (background == row) | (np.isnan(background) & np.isnan(row))
    apart = sum(bit * ~same[:, list(columns)].all(axis=1) for bit, columns in zip(bits, groups, strict=True))
    # Where row and background agree it does not matter whose values stand there: each mixture is asked once.
    mixtures, place = np.unique(
        (coalition[:, None] & apart) * len(background) + np.arange(len(background)), return_inverse=True
    )
    inside, behind = np.divmod(mixtures, len(background))
    rows = background[behind]
    for bit, columns in zip(bits, groups, strict=True):
        own = np.flatnonzero(inside & bit)
        rows[np.ix_(own, columns)] = row[np.array(columns)]
    worth = value(rows)[place.reshape(len(coalition), len(background))].mean(axis=1)
    return np.array([_mean_gain(worth, coalition, int(bit), len(groups)) for bit in bits])


def _mean_gain(worth: Floats, coalition: Ints, bit: int, groups: int) -> float:
    """Return the mean of what joining adds, over the orders in which all may come to join."""
    without = coalition[coalition & bit == 0]
    size = np.bitwise_count(without).astype(np.int64)
    weight = np.array([1.0 / (groups * math.comb(groups - 1, each)) for each in range(groups)])
    return float((weight[size] * (worth[without + bit] - worth[without])).sum())


def logit_of_score(model: IncidenceModel, X: Floats, horizon: float) -> Floats:
    """Return the logit of the chance of won within the horizon."""
    score = model.predict_incidence(X, (horizon,))[:, 0, 0]
    logit: Floats = np.log(score) - np.log1p(-score)
    return logit


def compared(asked: Asked) -> dict[str, Any]:
    """Compare the effects told with Shapley values, lead by lead, and check that effects add up."""
    effects = explain(asked.model, asked.X, asked.horizon)
    logit = logit_of_score(asked.model, asked.X, asked.horizon)
    apart = float(np.abs(effects.values.sum(axis=1) - (logit - effects.typical_logit)).max())
    own = np.stack([effects.values[:, list(columns)].sum(axis=1) for columns in asked.groups], axis=1)

    def value(rows: Floats) -> Floats:
        return logit_of_score(asked.model, rows, asked.horizon)

    exact = np.stack([shapley(value, row, asked.background, asked.groups) for row in asked.X])
    return {
        "groups": len(asked.groups),
        "leads": len(asked.X),
        "spearman": [rank_correlation(*pair) for pair in zip(own, exact, strict=True)],
        "first": float((np.abs(own).argmax(axis=1) == np.abs(exact).argmax(axis=1)).mean()),
        "apart": apart,
    }


def rank_correlation(first: Floats, second: Floats) -> float:
    """Return Spearman's rank correlation; 0 where one side does not vary: nothing was told then."""
    if np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return 0.0
    return float(stats.spearmanr(first, second).statistic)


def work(kind: str, seed: int) -> dict[str, Any]:
    """Learn from one set of leads, and compare the reasons of 200 others with Shapley values."""
    began = time.perf_counter()
    return {
        "kind": kind,
        "seed": seed,
        **compared(asked_of(kind, seed)),
        "seconds": round(time.perf_counter() - began, 1),
    }


def asked_of(kind: str, seed: int) -> Asked:
    """Learn twice: from all there is, then from the behaviours and attributes that told most."""
    tables, rows = _leads(kind, seed)
    agreement, random = load(shipped.agreement()), np.random.default_rng(seed)
    horizon = agreement.horizon_days if tables.dated else None
    days = math.inf if horizon is None else horizon
    exclude: tuple[str, ...] = ()
    for _ in range(2):
        settings = TrainingSettings(seed=seed, exclude=exclude)
        learned = to_learn_from(tables, agreement, settings, rows)
        model = fit_model(learned, horizon, settings, silent)
        some = learned.X[np.sort(random.permutation(len(learned))[:LEADS])]
        effects = np.abs(explain(model, some, days).values).mean(axis=0)
        exclude = least_telling(learned.plan, effects, GROUPS[kind])
    unseen = held_out_leads(tables, agreement, learned.plan, ~rows)
    return Asked(
        model=model,
        groups=tuple(learned.plan.group_columns().values()),
        X=unseen.X[_one_a_lead(unseen, random)[:LEADS]],
        background=learned.X[np.sort(random.permutation(len(learned))[:BACKGROUND])],
        horizon=days,
    )


def _leads(kind: str, seed: int) -> tuple[Tables, Flags]:
    """Return one set's tables, and which of its leads are learned from: three quarters or nine tenths."""
    if kind == SIMULATED:
        return simulate.world(_WORLD, seed).tables, np.arange(_WORLD) % 4 > 0
    return prove_uci.tables_of(kind), prove_uci.split(kind, seed)


def least_telling(plan: FeaturePlan, effects: Floats, most: int) -> tuple[str, ...]:
    """Return the groups to leave out so that the ``most`` with the largest effects (of p features) stay."""
    size = {group: float(effects[list(columns)].sum()) for group, columns in plan.group_columns().items()}
    return tuple(sorted(size, key=lambda group: -size[group])[most:])


def _one_a_lead(unseen: Material, random: np.random.Generator) -> Ints:
    shuffled = random.permutation(len(unseen))
    _, first = np.unique(unseen.snapshots.lead[shuffled], return_index=True)
    return shuffled[np.sort(first)]


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each set of leads, and the sentence that says what holds."""
    rows: list[Row] = []
    failed: list[str] = []
    for kind in dict.fromkeys(each["kind"] for each in found):
        runs = [each for each in found if each["kind"] == kind]
        mean, half = _mean(np.concatenate([each["spearman"] for each in runs]))
        apart = max(each["apart"] for each in runs)
        rows.append(
            {
                "leads of": kind,
                "models": len(runs),
                "groups": max(each["groups"] for each in runs),
                "leads asked": sum(each["leads"] for each in runs),
                "mean Spearman": mean,
                "± (95 %)": half,
                "lowest model": min(float(np.mean(each["spearman"])) for each in runs),
                "same first reason": float(np.mean([each["first"] for each in runs])),
                "sum off by at most": f"{apart:.1e}",
            }
        )
        failed += [f"{mean:.3f} on {kind}"] * (mean < WANTED)
        failed += [f"effects of {kind} are {apart:.1e} off their sum"] * (apart > COMPLETE)
    return rows, ("Holds" if not failed else f"Does not hold: {'; '.join(failed)}") + (
        f". Rank correlation, lead by lead, between effects and exact Shapley values of the score's logit "
        f"over all coalitions of groups, {BACKGROUND} training rows as background (wanted: {WANTED})."
    )


def _mean(values: Floats) -> tuple[float, float]:
    half = (
        stats.norm.ppf(0.975) * values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    )
    return float(values.mean()), float(half)


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(resumable.run(work, [(kind, seed) for kind in GROUPS for seed in range(SEEDS)], OUT))
