"""Proves that the effect of a referral planted in recorded worlds is covered by the interval stated.

`python -m benchmarks.prove_referrals --worlds 20` simulates recorded worlds of 20,000 leads, and keeps one
line a world in out/prove_referrals.jsonl; it goes on where the same code stopped.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.evidence import Row
from benchmarks.resumable import Found, run
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.simulate.planted import planted_world
from readiness.hindsight.referrals import referrals

TITLE: Final = "The planted worth of a referral is covered"
WORLDS: Final = 20
LEADS: Final = 20_000
OUT: Final = Path(__file__).parents[1] / "out" / "prove_referrals.jsonl"


def judge_world(kind: str, seed: int, leads: int = LEADS) -> Found:
    """Ask history what a referral is worth in one world, raw and adjusted."""
    world = planted_world(leads, seed)
    began = time.process_time()
    found = referrals(world.tables, load(shipped.agreement()), seed=seed)
    return {
        "kind": kind,
        "seed": seed,
        "truth": world.referral,
        "raw": found.ratio.to_dict(),
        "adjusted": {"value": found.adjusted.ratio, "low": found.adjusted.low, "high": found.adjusted.high},
        "seconds": round(time.process_time() - began, 1),
    }


def holds_truth(found: Found, what: str) -> bool:
    """Say whether an interval holds the planted factor."""
    figure = found[what]
    return figure["low"] is not None and bool(figure["low"] <= found["truth"] <= figure["high"])


def summary(found: Sequence[Found]) -> tuple[list[Row], str]:
    """Return a row a kind of comparison, and the sentence that says whether the proof holds."""
    rows: list[Row] = [
        {
            "comparison": what,
            "worlds": len(found),
            "covers the planted factor": sum(holds_truth(each, what) for each in found),
            "mean ratio": sum(each[what]["value"] for each in found) / max(len(found), 1),
            "planted": found[0]["truth"] if found else float("nan"),
            "slowest, s of one core": max((each["seconds"] for each in found), default=0.0),
        }
        for what in ("raw", "adjusted")
    ]
    held = sum(holds_truth(each, "adjusted") for each in found)
    holds = bool(found) and held >= 17 / 20 * len(found)
    return rows, (
        f"{'Holds' if holds else 'Does not hold'}: the adjusted interval holds the planted factor in {held} "
        f"of {len(found)} worlds (needed: 17 of 20)."
    )


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(run(judge_world, [("recorded", seed) for seed in range(WORLDS)], OUT))


def main() -> None:
    """Judge as many worlds as asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    worlds = [("recorded", seed) for seed in range(asked.worlds)]
    rows, sentence = summary(run(judge_world, worlds, OUT, processes=asked.processes))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
