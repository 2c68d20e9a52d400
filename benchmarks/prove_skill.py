"""Proves that skill is claimed where there is some, and not where there is none.

`python -m benchmarks.prove_skill --real 20 --random 200 --resume` trains in simulated worlds of 3,000 leads
and keeps one line a world in out/prove_skill.jsonl; with --resume it goes on where the same code stopped.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.judging.judgement import MODEL
from readiness.training_run import TrainingRun, TrainingSettings, train

TITLE: Final = "Skill is claimed where there is some"
LEADS: Final = 3_000
REAL: Final = 20
RANDOM: Final = 200
OUT: Final = Path(__file__).parents[1] / "out" / "prove_skill.jsonl"


def judge_world(kind: str, seed: int, leads: int = LEADS) -> dict[str, Any]:
    """Train in one world and say whether skill was claimed; ``kind`` is real or random."""
    began = time.perf_counter()
    options = simulate.WorldOptions(random_outcome=kind == "random")
    world = simulate.world(leads, seed, options=options)
    settings = TrainingSettings(seed=seed, importance=False, refit=False)
    run = train(world.tables, load(shipped.agreement()), settings=settings)
    assert isinstance(run, TrainingRun), run  # noqa: S101 - a world of 3,000 leads is enough to learn from
    auc = run.judgement.sets[0].figures[MODEL]["won_auc"].value if run.judgement.sets else None
    return {
        "kind": kind,
        "seed": seed,
        "claimed": run.judgement.skill.claimed,
        "gain": run.judgement.skill.gain,
        "lower_999": run.judgement.skill.lower_999,
        "won_auc": auc,
        "seconds": round(time.perf_counter() - began, 1),
    }


def worlds(
    real: int, random: int, *, resume: bool, processes: int = 2, out: Path = OUT
) -> list[dict[str, Any]]:
    """Judge so many worlds of each kind; what is judged is kept at once, one line each."""
    asked = [("real", seed) for seed in range(real)] + [("random", seed) for seed in range(random)]
    return resumable.run(judge_world, asked, out, resume=resume, processes=processes)


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row a kind of world, and the sentence that says whether the proof holds."""
    rows: list[Row] = []
    for kind in ("real", "random"):
        of_kind = [each for each in found if each["kind"] == kind]
        gains = [each["gain"] for each in of_kind if each["gain"] is not None]
        rows.append(
            {
                "world": kind,
                "worlds": len(of_kind),
                "skill claimed": sum(each["claimed"] for each in of_kind),
                "mean gain": sum(gains) / len(gains) if gains else float("nan"),
                "slowest, s": max((each["seconds"] for each in of_kind), default=0.0),
            }
        )
    real, random = ([each for each in found if each["kind"] == kind] for kind in ("real", "random"))
    missed = len(real) - sum(each["claimed"] for each in real)
    false = sum(each["claimed"] for each in random)
    holds = missed <= len(real) / REAL and false <= max(1, len(random) // RANDOM)
    verdict = "Holds" if holds else "Does not hold"
    return rows, (
        f"{verdict}: skill was claimed in {len(real) - missed} of {len(real)} worlds with something to learn "
        f"(needed: 19 of 20), and in {false} of {len(random)} with random outcomes (allowed: 1 of 200)."
    )


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
