"""Proves that a spoilt challenger is refused by the gate that names it, and that a sound one is not.

`python -m benchmarks.prove_challenge --seeds 5` makes in each world a champion, a sound challenger and five
spoilt ones (`challengers`), and challenges the champion with each. Then in a world in which from
some day on half as many buy, and others, a model retrained since challenges one from before; and the other
way round.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from benchmarks import challengers, drifting, resumable
from benchmarks.challengers import World
from benchmarks.evidence import Row
from benchmarks.resumable import Found
from readiness import shipped
from readiness.agreement.reading import load
from readiness.history.cuts import cut
from readiness.judging.gates import Challenge
from readiness.training_run import TrainingSettings
from readiness.training_run.challenge import challenge
from readiness.training_run.contender import Contender

TITLE: Final = "A spoilt challenger is refused by the gate that names it"
OUT: Final = Path("out/prove_challenge.jsonl")
FIRST, SEEDS = 3, 5
"""Worlds from the fourth on: the gates' thresholds were set while looking at the first three."""
LEADS: Final = 12_000
WATCHED: Final = 960.0
CHANGED: Final = 120.0
"""From this day on half as many buy, and others: here the old champion's data end."""
RETRAINED_AT: Final = 700.0
OFTEN: Final = (15.0, 20.0)
"""Leads a day before and after."""
A_WEEK: Final = 40
QUICK: Final = TrainingSettings(
    won_needed=30,
    estimator={
        "max_rounds": 100,
        "learning_rate": 0.2,
        "folds": 2,
        "intervals": 4,
        "quiet_rows": 10_000,
    },
)
"""Fewer rounds, folds and intervals: what is proven is the gates, and a recommended fit takes much longer.

Both members stay: trees alone, so few, are surely too timid, and a gate says so of sound ones too.
"""

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
        held = spoilt(kind, *_begun(seed))
    closed = {gate.code: gate.outcome for gate in held.gates if gate.outcome in ("refused", "too_few")}
    return {"kind": kind, "seed": seed, "verdict": held.verdict, "closed": closed, "leads": held.leads}


@lru_cache(maxsize=1)
def _begun(seed: int) -> tuple[World, Contender]:
    """Return a world and its champion, which all challengers of a seed meet."""
    world = challengers.world(LEADS, seed, load(shipped.agreement()), QUICK)
    return world, challengers.sound(world, "champion")


def spoilt(kind: str, world: World, champion: Contender) -> Challenge:
    """Challenge a champion that learned as it should with one of the others."""
    return challenge(world.tables, _made(kind, world), champion)


def _made(kind: str, world: World) -> Contender:
    if kind == SOUND:
        seed = world.settings.seed + 1_000
        return challengers.learned(world, SOUND, world.known, world.at, replace(world.settings, seed=seed))
    make, _ = challengers.SPOILT[kind]
    return make(world)


@lru_cache(maxsize=1)
def _changed(seed: int) -> tuple[World, Contender, Contender]:
    """Return a world in which others buy from some day on, a model from before and one retrained since."""
    tables = drifting.tables("buyers", seed, days=WATCHED, changed_from=CHANGED, a_day=OFTEN)
    agreement = challengers.with_capacity(load(shipped.agreement()), A_WEEK)
    world = World(tables, tables, tables.observed_through, agreement, replace(QUICK, seed=seed))
    old, new = (
        challengers.learned(world, name, cut(tables, drifting.at(day)), drifting.at(day), world.settings)
        for name, day in (("old", CHANGED), ("new", RETRAINED_AT))
    )
    return world, old, new


def drifted(seed: int, *, retrained: bool) -> Challenge:
    """Challenge a model from before the change with one retrained since, or the other way round."""
    world, old, new = _changed(seed)
    return challenge(world.tables, new, old) if retrained else challenge(world.tables, old, new)


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
    asked = [(kind, seed) for seed in range(FIRST, FIRST + SEEDS) for kind in KINDS]
    return summary(resumable.run(found_of, asked, OUT))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    asked = parser.parse_args()
    pairs = [(kind, seed) for seed in range(FIRST, FIRST + asked.seeds) for kind in asked.kinds]
    rows, sentence = summary(resumable.run(found_of, pairs, OUT))
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
