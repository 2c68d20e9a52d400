"""Proves that what was planted in recorded worlds is found, and covered by the intervals stated.

`python -m benchmarks.prove_signifiers --worlds 20` simulates recorded worlds of 20,000 leads, and keeps one
line a world in out/prove_signifiers.jsonl; it goes on where the same code stopped.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.evidence import Row
from benchmarks.resumable import Found, run
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.simulate.planted import PlantedWorld, planted_world
from readiness.crm.simulate.planted_options import STANDARD, PlantedOptions
from readiness.hindsight.exposures import LATELY_DAYS
from readiness.hindsight.significance import Effect
from readiness.hindsight.signifiers import Signifiers, signifiers

TITLE: Final = "Planted signifiers are found, and their factors covered"
WORLDS: Final = 20
LEADS: Final = 20_000
OUT: Final = Path(__file__).parents[1] / "out" / "prove_signifiers.jsonl"
ENDS: Final = ("won", "stop")
FRESH: Final = replace(
    STANDARD,
    behaviours=tuple(replace(each, fresh_days=LATELY_DAYS) for each in STANDARD.behaviours),
)
"""The same factors, while an act is fresh only."""
KINDS: Final[dict[str, PlantedOptions]] = {"for good": STANDARD, "while fresh": FRESH}


def judge_world(kind: str, seed: int, leads: int = LEADS) -> Found:
    """Ask history of one world; say how planted and noise rank, and which intervals hold the truth."""
    world = planted_world(leads, seed, KINDS[kind])
    began = time.process_time()
    found = signifiers(world.tables, load(shipped.agreement()))
    seconds = time.process_time() - began
    return {
        "kind": kind,
        "seed": seed,
        "ranked": {end: ranked(found, world, end) for end in ENDS},
        "covered": covered(found, world, fresh=kind == "while fresh"),
        "called meaningless": [each.type for each in found.types if each.reading == "meaningless"],
        "wrongly named": wrongly_named(found, world),
        "seconds": round(seconds, 1),
    }


def _truth(world: PlantedWorld, end: str) -> dict[str, float]:
    return dict(world.won if end == "won" else world.stop)


def _noise(world: PlantedWorld) -> set[str]:
    return {name for name in world.won if world.won[name] == world.stop[name] == 1.0}


def ranked(found: Signifiers, world: PlantedWorld, end: str) -> bool:
    """Say whether every planted signifier of an end stands above every noise behaviour."""
    truth, noise = _truth(world, end), _noise(world)
    strength = {each.type: each.strength("won" if end == "won" else "stop") for each in found.types}
    planted = [strength[name] for name, factor in truth.items() if factor != 1.0]
    return min(planted) > max(strength[name] for name in noise)


def covered(found: Signifiers, world: PlantedWorld, *, fresh: bool) -> dict[str, list[int]]:
    """Count for each kind of effect how many intervals there are and how many hold the true factor."""
    names = ("lately", "earlier", "again") if fresh else ("after", "lately", "earlier", "again")
    counts = {name: [0, 0] for name in names}
    for each in found.types:
        for end in ENDS:
            truth = _truth(world, end)[each.type]
            for name in names:
                effect: Effect = getattr(getattr(each, name), end)
                true = 1.0 if name == "again" or (fresh and name == "earlier") else truth
                if effect.low is not None and effect.high is not None:
                    counts[name][0] += 1
                    counts[name][1] += effect.low <= true <= effect.high
    return counts


def wrongly_named(found: Signifiers, world: PlantedWorld) -> int:
    """Count effects that are named though none was planted: repeats, sequences and acts that are noise."""
    noise = _noise(world)
    named = 0
    for end in ENDS:
        truth = _truth(world, end)
        effects: list[Effect] = [getattr(each.again, end) for each in found.types]
        effects += [getattr(each, end) for each in found.in_order]
        for each in found.types:
            if each.type in noise or truth[each.type] == 1.0:
                effects += [getattr(each.after, end), getattr(each.lately, end)]
        named += sum(effect.verdict in ("more", "less") for effect in effects)
    return named


def summary(found: Sequence[Found]) -> tuple[list[Row], str]:
    """Return a row a kind of world, and the sentence that says whether the proof holds."""
    rows: list[Row] = []
    for kind in KINDS:
        of_kind = [each for each in found if each["kind"] == kind]
        if of_kind:
            rows.append(_row(kind, of_kind))
    plain = [each for each in found if each["kind"] == "for good"]
    right = sum(all(each["ranked"].values()) for each in plain)
    total, held = _coverage(plain, ("after",))
    share = held / total if total else float("nan")
    holds = bool(plain) and right >= 19 / 20 * len(plain) and 0.91 <= share <= 0.98
    return rows, (
        f"{'Holds' if holds else 'Does not hold'}: every planted signifier stands above all that is noise "
        f"in {right} of {len(plain)} worlds (needed: 19 of 20), and {100 * share:.1f} % of {total} intervals "
        "hold the true factor (needed: 91–98 % of at least 200)."
    )


def _row(kind: str, found: Sequence[Found]) -> Row:
    row: dict[str, object] = {
        "factors hold": kind,
        "worlds": len(found),
        "planted above noise, won": sum(each["ranked"]["won"] for each in found),
        "planted above noise, stop": sum(each["ranked"]["stop"] for each in found),
    }
    for name in ("after", "lately", "earlier", "again"):
        total, held = _coverage(found, (name,))
        row[f"covered, {name}"] = f"{100 * held / total:.1f} % of {total}" if total else "–"
    row["worlds with one named wrongly"] = sum(each["wrongly named"] > 0 for each in found)
    row["noise called meaningless"] = sum(len(each["called meaningless"]) for each in found)
    row["slowest, s of one core"] = max(each["seconds"] for each in found)
    return row


def _coverage(found: Sequence[Found], names: Sequence[str]) -> tuple[int, int]:
    counts = [each["covered"].get(name, [0, 0]) for each in found for name in names]
    return sum(total for total, _ in counts), sum(held for _, held in counts)


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(run(judge_world, _asked(WORLDS), OUT))


def _asked(worlds: int) -> list[tuple[str, int]]:
    return [("for good", seed) for seed in range(worlds)] + [
        ("while fresh", seed) for seed in range(worlds // 4)
    ]


def main() -> None:
    """Judge as many worlds as asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    rows, sentence = summary(run(judge_world, _asked(asked.worlds), OUT, processes=asked.processes))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
