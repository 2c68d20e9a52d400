"""Proves how near the incidences come to the truth, beside others' survival models on the same leads.

`python -m benchmarks.prove_truth --seeds 2` learns in worlds whose truth is known, under three ways of losing
sight of leads, and keeps one line a fit in out/prove_truth.jsonl, so that a run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks import evidence, resumable
from benchmarks.evidence import Row
from benchmarks.known_truth import CENSORINGS, LEADS, STRAIGHT, WORLDS, Leads, censored, days_judged, pair
from benchmarks.peers import environment, measured
from readiness.counting import counted
from readiness.crm.tables import Floats
from readiness.learning.incidence import IncidenceModel

TITLE: Final = "Incidences beside a known truth"
SEEDS: Final = 10
KEPT_ONLY: Final = bool(os.environ.get("READINESS_KEPT_ANSWERS"))
OUT: Final = Path(__file__).parents[1] / "out" / f"prove_truth{'_kept' * KEPT_ONLY}.jsonl"
ENDS: Final = ("won", "stop")
SLOW: Final = ("survival_boost",)
PEERS: Final = ("cox", *SLOW, "dropping")
MOST_OF: Final = {"cox": 0.8, "survival_boost": 0.8, "dropping": 0.6}
"""The share of each peer's error that ours may be."""
_SAID: Final = {"ours": "ours", "cox": "Cox", "survival_boost": "SurvivalBoost"}
_BIAS: Final = 0.015


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
        peers = ("cox", *(SLOW if world != STRAIGHT else ()))
    told = {peer: _peer(peer, kind, seed, given, asked.truth) for peer in peers}
    beside = {peer: each for peer, each in told.items() if each is not None}
    began = time.process_time()
    curves = {"ours": ours(learned, y, asked.X, days, seed)}
    seconds = {"ours": time.process_time() - began}
    ended = y[:, 0] > 0
    few = Leads(
        learned.X[ended], y[ended], learned.z[ended], learned.truth[ended], learned.levels, learned.age_column
    )
    curves["dropping"] = ours(few, y[ended], asked.X, days, seed)
    errors = {who: _errors(curve, asked.truth) for who, curve in curves.items()}
    both = {**errors, **beside}
    return {
        "kind": kind,
        "seed": seed,
        "rmse": {who: each["rmse"] for who, each in both.items()},
        "bias": {who: each["bias"] for who, each in both.items()},
        "seconds": seconds | {peer: each["seconds"] for peer, each in beside.items()},
    }


def _peer(peer: str, kind: str, seed: int, given: dict[str, Floats], truth: Floats) -> dict[str, Any] | None:
    """Return a peer's errors and processor seconds; those of a slow one are kept with the project."""
    if peer in SLOW:
        asked = environment.question("survival", peer, str(seed), **given, truth=truth)
        known = measured.found(asked)
        if known or KEPT_ONLY:
            return known
    answer = environment.ask("survival", peer, str(seed), **given)
    told = _errors(answer["curves"], truth) | {"seconds": float(answer["seconds"][0])}
    if peer in SLOW:
        measured.keep(asked, {"peer": peer, "kind": kind, "seed": seed, **told})
    return told


def _errors(curve: Floats, truth: Floats) -> dict[str, Any]:
    return {
        "rmse": _rmse(curve, truth),
        "bias": (curve[:, -1, :2] - truth[:, -1]).mean(axis=0).tolist(),
    }


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
    for slow in SLOW:
        beside = [each["seconds"] for each in found if slow in each["seconds"]]
        if beside and np.mean([each["ours"] for each in beside]) > np.mean([each[slow] for each in beside]):
            failed.append(f"processor time beside {_SAID[slow]}")
    verdict = "Holds" if not failed else f"Does not hold for {'; '.join(failed)}"
    return rows, (
        f"{verdict}. On the mean of {len({each['seed'] for each in found})} seeds of {LEADS:,} leads. "
        f"Processor time a fit: {taken}.{_unasked(found)}"
    )


def _unasked(found: Sequence[dict[str, Any]]) -> str:
    """Say where a peer has not answered on every seed: there nothing is claimed beside it."""
    known = [each for each in found if not each["kind"].startswith(STRAIGHT)]
    missing = {
        f"{_SAID[peer]} in {counted(sum(peer not in each['rmse'] for each in known), 'run')} of {len(known)}"
        for peer in SLOW
        if any(peer not in each["rmse"] for each in known)
    }
    worlds = sorted({world for world in WORLDS if not any(each["kind"].startswith(world) for each in found)})
    return "".join(f" Nothing is claimed of {what}: not asked yet." for what in (*sorted(missing), *worlds))


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
    command = shlex.join(("python", "-m", "benchmarks.prove_truth", *sys.argv[1:]))
    evidence.record(TITLE, command, rows, sentence)
    print(sentence)


if __name__ == "__main__":
    main()
