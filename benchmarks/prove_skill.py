"""Proves that skill is claimed where there is some, and that nothing is lost or claimed where there is none.

`python -m benchmarks.prove_skill --real 20 --random 200 --resume` trains in simulated worlds of 3,000 leads,
and on real deals of which nothing but the calendar tells, and keeps one line a world in
out/prove_skill.jsonl; with --resume it goes on where the same code stopped.
"""

from __future__ import annotations

import argparse
import functools
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import mapping, simulate
from readiness.crm.tables import Tables
from readiness.judging.judgement import BASE_RATE, MODEL
from readiness.training_run import TrainingRun, TrainingSettings, train

TITLE: Final = "Skill is claimed where there is some"
LEADS: Final = 3_000
REAL: Final = 20
RANDOM: Final = 200
MAVEN: Final = "Maven"
MOST_LOST: Final = 0.002
"""By so much the log-loss may lie above that of the base rate per age, where there is nothing to learn."""
OUT: Final = Path(__file__).parents[1] / "out" / "prove_skill.jsonl"
DATA: Final = Path(os.environ.get("READINESS_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
_FEW: Final = 20
"""Resamples behind intervals that nobody reads here; skill is judged by 10,000 of its own."""


def judge_world(kind: str, seed: int, leads: int = LEADS) -> dict[str, Any]:
    """Train in one world and say whether skill was claimed; ``kind`` is real, random or Maven.

    Returns
    -------
    dict
        ``lost_won`` and ``lost_stop`` are the log-loss of the score and of stop_risk minus that of the base
        rate per age, on later leads; None where there is no such forecast.
    """
    began = time.perf_counter()
    settings = TrainingSettings(seed=seed, importance=False, refit=False, replicates=_FEW)
    run = train(_tables(kind, seed, leads), load(shipped.agreement()), settings=settings)
    assert isinstance(run, TrainingRun), run  # noqa: S101 - a world of 3,000 leads is enough to learn from
    judged = run.judgement.sets[0] if run.judgement.sets else None
    gaps = judged.differences[BASE_RATE] if judged else {}
    return {
        "kind": kind,
        "seed": seed,
        "claimed": run.judgement.skill.claimed,
        "gain": run.judgement.skill.gain,
        "lower_999": run.judgement.skill.lower_999,
        "won_auc": judged.figures[MODEL]["won_auc"].value if judged else None,
        **{f"lost_{end}": gaps[f"{end}_log_loss"].value if judged else None for end in ("won", "stop")},
        "seconds": round(time.perf_counter() - began, 1),
    }


def _tables(kind: str, seed: int, leads: int) -> Tables:
    if kind == MAVEN:
        return _maven()
    options = simulate.WorldOptions(random_outcome=kind == "random")
    return simulate.world(leads, seed, options=options).tables


@functools.cache
def _maven() -> Tables:
    """Import the deals as the shipped mapping says: without the calendar and without leaks."""
    return mapping.apply(mapping.load(shipped.mapping("maven_crm")), [DATA / "maven-crm"]).tables


def worlds(
    real: int, random: int, *, resume: bool, processes: int = 2, out: Path = OUT
) -> list[dict[str, Any]]:
    """Judge so many worlds of each kind; what is judged is kept at once, one line each."""
    asked = [("real", seed) for seed in range(real)] + [("random", seed) for seed in range(random)]
    asked += [(MAVEN, 0)] * DATA.is_dir()
    return resumable.run(judge_world, asked, out, resume=resume, processes=processes)


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row a kind of world, and the sentence that says whether the proof holds.

    What was lost is judged on the mean of the worlds of a kind, by the upper end of its 95 % interval; of a
    single world by what was lost there.
    """
    kinds = {kind: [each for each in found if each["kind"] == kind] for kind in ("real", "random", MAVEN)}
    failed = _unmet(kinds)
    rows = [_row(kind, of_kind) for kind, of_kind in kinds.items() if of_kind]
    for kind in ("random", MAVEN):
        for end in ("won", "stop"):
            mean, upper = _lost(kinds[kind], end)
            if max(mean, upper) > MOST_LOST:
                failed.append(f"{kind}: log-loss of {end} up to {max(mean, upper):.4f} above the base rate")
    claimed = {kind: sum(each["claimed"] for each in of_kind) for kind, of_kind in kinds.items()}
    return rows, (
        f"{'Holds' if not failed else 'Does not hold: ' + '; '.join(failed)}. Skill was claimed in "
        f"{claimed['real']} of {len(kinds['real'])} worlds with something to learn (needed: 19 of 20), in "
        f"{claimed['random']} of {len(kinds['random'])} with random outcomes (allowed: 1 of 200), and in "
        f"{claimed[MAVEN]} of {len(kinds[MAVEN])} sets of real deals that the columns tell nothing of. Lost: "
        f"log-loss minus that of the base rate per age (allowed where nothing can be learned: {MOST_LOST})."
    )


def _unmet(kinds: dict[str, list[dict[str, Any]]]) -> list[str]:
    real, random, maven = (kinds[kind] for kind in ("real", "random", MAVEN))
    missed = len(real) - sum(each["claimed"] for each in real)
    false = sum(each["claimed"] for each in random)
    failed = [f"skill missed in {missed} worlds"] * (missed > len(real) / REAL)
    failed += [f"skill claimed in {false} random worlds"] * (false > max(1, len(random) // RANDOM))
    return failed + [f"skill claimed of {MAVEN}"] * any(each["claimed"] for each in maven)


def _row(kind: str, of_kind: Sequence[dict[str, Any]]) -> Row:
    gains = [each["gain"] for each in of_kind if each["gain"] is not None]
    row: dict[str, object] = {
        "world": kind,
        "worlds": len(of_kind),
        "skill claimed": sum(each["claimed"] for each in of_kind),
        "mean gain": sum(gains) / len(gains) if gains else float("nan"),
    }
    for end in ("won", "stop"):
        lost = [each[f"lost_{end}"] for each in of_kind if each[f"lost_{end}"] is not None]
        mean, upper = _lost(of_kind, end)
        row |= {f"lost, {end}": mean if lost else "", f"upper 95 %, {end}": upper if len(lost) > 1 else ""}
        row[f"worlds above {MOST_LOST}, {end}"] = sum(each > MOST_LOST for each in lost)
    return {**row, "slowest, s": max(each["seconds"] for each in of_kind)}


def _lost(of_kind: Sequence[dict[str, Any]], end: str) -> tuple[float, float]:
    """Return the mean of what was lost and the upper end of its 95 % interval; -inf where none is known."""
    lost = np.array([each[f"lost_{end}"] for each in of_kind if each[f"lost_{end}"] is not None])
    if not len(lost):
        return -math.inf, -math.inf
    if len(lost) == 1:
        return float(lost[0]), float(lost[0])
    half = stats.t.ppf(0.975, len(lost) - 1) * lost.std(ddof=1) / math.sqrt(len(lost))
    return float(lost.mean()), float(lost.mean() + half)


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(worlds(REAL, RANDOM, resume=True))


def main() -> None:
    """Judge as many worlds as asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=int, default=REAL)
    parser.add_argument("--random", type=int, default=RANDOM)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    rows, sentence = summary(worlds(asked.real, asked.random, resume=asked.resume, processes=asked.processes))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
