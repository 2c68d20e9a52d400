"""Proves that skill is claimed where there is some, and not where there is none.

`python -m benchmarks.prove_skill --real 20 --random 200 --resume` trains in simulated worlds of 3,000 leads
and keeps one line a world in out/prove_skill.jsonl; with --resume it goes on where the same code stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import readiness
from benchmarks.evidence import Row
from benchmarks.processes import pool
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
    code = code_fingerprint()
    done = list(_kept(out, code)) if resume else []
    out.parent.mkdir(parents=True, exist_ok=True)
    # Written anew: a run that was killed may have left half a line.
    out.write_text("".join(_line(found, code) for found in done), encoding="utf-8")
    seen = {(found["kind"], found["seed"]) for found in done}
    asked = [("real", seed) for seed in range(real)] + [("random", seed) for seed in range(random)]
    left = [each for each in asked if each not in seen]
    with pool(processes) as workers, out.open("a", encoding="utf-8") as kept:
        for found in workers.map(judge_world, [kind for kind, _ in left], [seed for _, seed in left]):
            done.append(found)
            kept.write(_line(found, code))
            kept.flush()
            print(f"{len(done)} of {len(asked)}: {found}", flush=True)
    return [found for found in done if (found["kind"], found["seed"]) in set(asked)]


def code_fingerprint() -> str:
    """Return what identifies the code and agreement measured: results of other code are not resumed."""
    digest = hashlib.sha256(shipped.agreement().read_bytes())
    package = Path(readiness.__file__).parent
    for source in sorted(package.rglob("*.py")):
        digest.update(str(source.relative_to(package)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _kept(out: Path, code: str) -> Iterator[dict[str, Any]]:
    lines = out.read_text(encoding="utf-8").splitlines(keepends=True) if out.exists() else []
    for line in lines:
        if line.endswith("\n"):
            found = json.loads(line)
            if found.pop("code") == code:
                yield found


def _line(found: dict[str, Any], code: str) -> str:
    return json.dumps({**found, "code": code}) + "\n"


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
