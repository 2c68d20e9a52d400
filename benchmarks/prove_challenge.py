"""Proves that a spoilt challenger is refused by the gate that names it, and that a sound one is not.

`python -m benchmarks.prove_challenge --seeds 5` makes in each world a champion, a sound challenger and five
spoilt ones (`challengers`), and challenges the champion with each. Then the world changes half-way: the
champion learned before, and a model retrained since challenges it; and the other way round.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks import challengers, resumable
from benchmarks.challengers import World
from benchmarks.evidence import Row
from benchmarks.resumable import Found
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.records import days
from readiness.history.cuts import cut
from readiness.judging.gates import Challenge
from readiness.training_run import TrainingSettings
from readiness.training_run.challenge import challenge
from readiness.training_run.contender import Contender

TITLE: Final = "A spoilt challenger is refused by the gate that names it"
OUT: Final = Path("out/prove_challenge.jsonl")
SEEDS: Final = 5
LEADS: Final = 6_000
DRIFTING: Final = 20_000
"""So many leads where the world changes: a share of sales at sales' capacity is known to 2 % only by many."""
BEFORE_DAYS: Final = 30.0
"""So long before the change the old champion's data end."""
QUICK: Final = TrainingSettings(
    won_needed=30,
    estimator={
        "max_rounds": 100,
        "learning_rate": 0.2,
        "logistic": False,
        "folds": 2,
        "intervals": 4,
        "quiet_rows": 10_000,
    },
)
"""A recipe of trees alone: what is proven is the gates, and a recommended fit takes ten times as long."""

SOUND: Final = "sound"
RETRAINED: Final = "retrained after the change"
GONE_BACK: Final = "from before the change"
KINDS: Final = (SOUND, *challengers.SPOILT, RETRAINED, GONE_BACK)
EXPECTED: Final = {
    **{name: gate for name, (_, gate) in challengers.SPOILT.items()},
    GONE_BACK: "log_loss",
}
"""The gate that must refuse each kind."""


def found_of(kind: str, seed: int) -> Found:
    """Hold one challenge, and say what its gates said."""
    if kind in (RETRAINED, GONE_BACK):
        held = drifted(seed, retrained=kind == RETRAINED)
    else:
        held = spoilt(kind, challengers.world(LEADS, seed, load(shipped.agreement()), QUICK))
    closed = {gate.code: gate.outcome for gate in held.gates if gate.outcome in ("refused", "too_few")}
    return {"kind": kind, "seed": seed, "verdict": held.verdict, "closed": closed, "leads": held.leads}


def spoilt(kind: str, world: World) -> Challenge:
    """Challenge a champion that learned as it should with one of the others."""
    champion = challengers.sound(world, "champion")
    return challenge(world.tables, _made(kind, world), champion)


def _made(kind: str, world: World) -> Contender:
    if kind == SOUND:
        seed = world.settings.seed + 1_000
        return challengers.learned(world, SOUND, world.known, world.at, replace(world.settings, seed=seed))
    make, _ = challengers.SPOILT[kind]
    return make(world)


def drifted(seed: int, *, retrained: bool, leads: int = DRIFTING) -> Challenge:
    """Challenge a model from before the change with one retrained since, or the other way round."""
    world = challengers.world(leads, seed, load(shipped.agreement()), QUICK, drift=True)
    created = world.tables.leads.created_at
    half_way = (int(created.min()) + world.tables.observed_through) // 2
    before = half_way - days(BEFORE_DAYS)
    late = world.tables.observed_through - days(LATE_DAYS)
    old = challengers.learned(world, "old", cut(world.tables, before), before, world.settings)
    new = challengers.learned(world, "new", cut(world.tables, late), late, world.settings)
    return challenge(world.tables, new, old) if retrained else challenge(world.tables, old, new)


LATE_DAYS: Final = 180.0
"""So long before the end the retrained model's data end: the leads since then are those compared on."""


def summary(found: Iterable[Found]) -> tuple[list[Row], str]:
    """Return a row a kind of challenger: its verdicts, and how often the gate that names it refused."""
    held = list(found)
    rows: list[Row] = []
    refused = asked = 0
    for kind in KINDS:
        those = [each for each in held if each["kind"] == kind]
        if not those:
            continue
        verdicts = Counter(each["verdict"] for each in those)
        named = EXPECTED.get(kind)
        by_it = sum(each["closed"].get(named) == "refused" for each in those) if named else 0
        refused, asked = refused + by_it, asked + (len(those) if named else 0)
        gates = Counter(code for each in those for code in each["closed"])
        rows.append(
            {
                "challenger": kind,
                "worlds": len(those),
                "promote: yes": verdicts["yes"],
                "too few to tell": verdicts["too_few"],
                "no": verdicts["no"],
                "gate that names it": named or "–",
                "refused by it": by_it if named else "–",
                "shut": ", ".join(f"{code} {times}" for code, times in gates.most_common(5)) or "–",
            }
        )
    sound = [each["verdict"] for each in held if each["kind"] in (SOUND, RETRAINED)]
    return rows, (
        f"{refused} of {asked} spoilt challengers were refused by the gate that names them; of "
        f"{len(sound)} sound ones {sum(each == 'no' for each in sound)} were refused and "
        f"{sum(each == 'too_few' for each in sound)} had too few leads to tell."
    )


def measure() -> tuple[list[Row], str]:
    """Run the whole proof; what was found already by the same code is not done again."""
    return summary(resumable.run(found_of, [(kind, seed) for seed in range(SEEDS) for kind in KINDS], OUT))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    asked = parser.parse_args()
    pairs = [(kind, seed) for seed in range(asked.seeds) for kind in asked.kinds]
    rows, sentence = summary(resumable.run(found_of, pairs, OUT))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
