"""Proves that no usual classifier is better on yes/no data of real sales, on the same columns and splits.

`python -m benchmarks prove uci` learns from bank marketing (without the duration of the call) and from B2B
deals (folds of identical deals), and keeps one line a split in out/prove_uci.jsonl.
"""

from __future__ import annotations

import functools
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit

from benchmarks import resumable
from benchmarks.evidence import Row
from benchmarks.peers import environment
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import mapping
from readiness.crm.tables import Flags, Floats, Tables
from readiness.history import features, splits
from readiness.history.outcomes import WON
from readiness.learning.naive_bayes import NaiveBayes
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import Material, held_out_leads, to_learn_from

TITLE: Final = "No usual classifier is better on real yes/no data"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_uci.jsonl"
SEEDS: Final = 5
FOLDS: Final = 10
BANK: Final = "bank marketing"
DEALS: Final = "B2B deals"
FILES: Final = {
    BANK: ("bank_marketing", Path("bank-marketing") / "bank-additional-full.csv.gz"),
    DEALS: ("bohanec", Path("bohanec-b2b") / "Salvirt_B2B_ML_dataset.csv"),
}
DATA: Final = Path(os.environ.get("READINESS_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
OURS: Final = "readiness"
NAIVE_BAYES: Final = "Odoo's naive Bayes"
ELSEWHERE: Final = ("LightGBM", "HistGradientBoosting", "CatBoost", "XGBoost", "logistic regression")
PEERS: Final = (*ELSEWHERE, NAIVE_BAYES)
AUTOGLUON: Final = "AutoGluon"
ALLOWED_SECONDS: Final = 600
"""Of the processor, for AutoGluon."""
CLAIMS: Final = {BANK: {"log-loss": 0.2715, "AUC": 0.802}, DEALS: {"AUC": 0.82, "Brier": 0.17}}
_LEAST: Final = 1e-6


@functools.cache
def tables_of(name: str) -> Tables:
    """Import one set as its shipped mapping says."""
    mapping_name, path = FILES[name]
    return mapping.apply(mapping.load(shipped.mapping(mapping_name)), [DATA / path]).tables


def split(name: str, number: int) -> Flags:
    """Say which leads are learned from: three quarters of the calls, or nine of ten folds of deals."""
    tables = tables_of(name)
    if name == DEALS:
        twins = to_learn_from(tables, load(shipped.agreement()), TrainingSettings()).groups
        learned: Flags = splits.folds(twins, FOLDS, number // FOLDS) != number % FOLDS
        return learned
    won = tables.outcomes.outcome == 0
    parts = StratifiedShuffleSplit(n_splits=1, test_size=0.25, random_state=number)
    rows = np.zeros(len(won), dtype=np.bool_)
    rows[next(parts.split(np.zeros(len(won)), won))[0]] = True
    return rows


def work(kind: str, seed: int, peers: Sequence[str] = PEERS) -> dict[str, Any]:
    """Learn from one split; return figures and processor seconds of ours and each peer."""
    learned, unseen = _parts(kind, seed)
    began = time.process_time()
    model = fit_model(learned, None, TrainingSettings(seed=seed), silent)
    chance = {OURS: model.predict_incidence(unseen.X, (math.inf,))[:, 0, WON - 1]}
    seconds = {OURS: time.process_time() - began}
    for peer in peers:
        chance[peer], seconds[peer] = _peer(peer, learned, unseen, seed)
    won = unseen.y[:, 0] == WON
    return {
        "kind": kind,
        "seed": seed,
        "leads": [len(learned), len(unseen)],
        "figures": {who: _figures(won, each) for who, each in chance.items()},
        "seconds": seconds,
        "choices": model.choices_.to_json(),
    }


def answered(kind: str, seed: int, peer: str) -> bool:
    """Say whether a peer was asked about this split before, so that its answer is there at once."""
    question, within = _question(peer, seed)
    return environment.answered(*question, within=within, **_given(*_parts(kind, seed)))


def _parts(kind: str, seed: int) -> tuple[Material, Material]:
    """Return what is learned from, and what is not seen."""
    rows, agreement = split(kind, seed), load(shipped.agreement())
    learned = to_learn_from(tables_of(kind), agreement, TrainingSettings(seed=seed), rows)
    return learned, held_out_leads(tables_of(kind), agreement, learned.plan, ~rows)


def _peer(peer: str, learned: Material, unseen: Material, seed: int) -> tuple[Floats, float]:
    if peer == NAIVE_BAYES:
        began = time.process_time()
        found = NaiveBayes().fit(learned.X, learned.y, groups=learned.groups, levels=learned.levels)
        chance = found.predict_incidence(unseen.X, (math.inf,))[:, 0, WON - 1]
        return chance, time.process_time() - began
    question, within = _question(peer, seed)
    told = environment.ask(*question, within=within, **_given(learned, unseen))
    return told["chance"], float(told["seconds"][0])


def _question(peer: str, seed: int) -> tuple[tuple[str, ...], environment.Environment]:
    if peer == AUTOGLUON:
        return ("autogluon/best_quality", str(ALLOWED_SECONDS), str(seed)), environment.AUTOGLUON
    return ("classifiers", peer, str(seed)), environment.PEERS


def _given(learned: Material, unseen: Material) -> dict[str, Any]:
    # The points are ours: peers learn from the columns of the export.
    own = np.array([each.measure != features.POINTS.measure for each in learned.plan.features])
    return {
        "X": learned.X[:, own],
        "asked": unseen.X[:, own],
        "levels": learned.levels[own],
        "won": (learned.y[:, 0] == WON).astype(np.int64),
    }


def _figures(won: Flags, chance: Floats) -> dict[str, float]:
    kept = np.clip(chance, _LEAST, 1.0 - _LEAST)
    return {
        "log-loss": float(log_loss(won, kept)),
        "AUC": float(roc_auc_score(won, chance)),
        "Brier": float(brier_score_loss(won, chance)),
    }


def corrected(gaps: Floats, learned: int, unseen: int) -> float:
    """Return the one-sided p-value of "the mean gap is above zero" over splits that share leads.

    The variance of a mean over resampled splits is 1/k + unseen/learned times that of the gaps.

    Notes
    -----
    Nadeau and Bengio (2003), Inference for the generalization error, Machine Learning 52.
    """
    k = len(gaps)
    spread = float(gaps.var(ddof=1)) * (1.0 / k + unseen / learned)
    if spread <= 0.0:
        return 0.0 if gaps.mean() > 0.0 else 1.0
    return float(stats.t.sf(gaps.mean() / math.sqrt(spread), k - 1))


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number: Holm (1979), A simple sequentially rejective procedure."""
    order = np.argsort(values, kind="stable")
    steps = np.asarray(values)[order] * (len(values) - np.arange(len(values)))
    result = np.empty(len(values))
    result[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(value) for value in result]


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each set and classifier, and the sentence that says what holds."""
    rows: list[Row] = []
    failed: list[str] = []
    for kind in dict.fromkeys(each["kind"] for each in found):
        runs = [each for each in found if each["kind"] == kind]
        figures = {who: _means(runs, who) for who in (OURS, *PEERS)}
        gaps = {
            who: np.array(
                [run["figures"][OURS]["log-loss"] - run["figures"][who]["log-loss"] for run in runs]
            )
            for who in PEERS
        }
        learned, unseen = runs[0]["leads"]
        better = dict(zip(PEERS, holm([corrected(gaps[who], learned, unseen) for who in PEERS]), strict=True))
        rows += [
            {"data": kind, "classifier": who, **figures[who], "p it is better": better.get(who, "")}
            for who in figures
        ]
        failed += [f"{who} is better on {kind}" for who in PEERS if better[who] < 0.05]
        failed += _unmet(kind, figures[OURS])
    return rows, ("Holds." if not failed else f"Does not hold: {'; '.join(failed)}.") + (
        " p: that the peer's log-loss is lower (corrected for shared leads and for the number of peers)."
    )


def _means(runs: Sequence[dict[str, Any]], who: str) -> dict[str, float]:
    names = runs[0]["figures"][who]
    means = {name: float(np.mean([run["figures"][who][name] for run in runs])) for name in names}
    return {**means, "processor, s": float(np.mean([run["seconds"][who] for run in runs]))}


def _unmet(kind: str, figures: dict[str, float]) -> list[str]:
    lacking = {
        name: figures[name] < least if name == "AUC" else figures[name] > least
        for name, least in CLAIMS[kind].items()
    }
    return [
        f"{name} on {kind} is {figures[name]:.4f} (wanted: {CLAIMS[kind][name]})"
        for name, bad in lacking.items()
        if bad
    ]


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    asked = [(BANK, seed) for seed in range(SEEDS)] + [(DEALS, number) for number in range(SEEDS * FOLDS)]
    return summary(resumable.run(work, asked, OUT))
