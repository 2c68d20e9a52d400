"""Proves that the intervals of a backtest hold: how often they cover the truth of the simulated world.

``python -m benchmarks.prove_backtest [WORLDS]`` replays two agreements in so many worlds of 2,000 leads (200
if not said), each with a slice of random hand-overs, and compares every interval with the truth of a world
fifty times as large.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load, parse
from readiness.crm import simulate
from readiness.crm.simulate import World, WorldOptions
from readiness.crm.tables import Floats
from readiness.hindsight.backtest import backtest
from readiness.hindsight.compare import compare
from readiness.hindsight.kept_back import called
from readiness.hindsight.replay import Adviser, replay
from readiness.judging.bootstrap import Figure
from readiness.scoring import suppressed

TITLE: Final = "Intervals of a backtest cover the truth"
WORLDS: Final = 200
LEADS: Final = 2_000
TRUE_LEADS: Final = 100_000
TRUE_SEED: Final = 1_000_000
OPTIONS: Final = WorldOptions(random_handovers=0.003)
LEAST: Final = 0.91
"""Of 200 intervals of 95 %, fewer than 91 % cover the truth once in a hundred times if all is well."""

_NAMES: Final = {
    "cry_wolf": "cry-wolf rate",
    "handed_over": "share of the leads handed over",
    "handed_over_anyway": "sales kept back, of those handed over anyway",
    "random_slice": "sales kept back, of those drawn by lot",
    "trend": "change of the cry-wolf rate a year",
}
TRENDS: Final = ("an easier one",)
"""Whose trend is judged: the other's hand-overs tell too seldom to stop. Its truth is its own value in the
large world, because the chain's truth has no calendar."""


def agreements() -> dict[str, Agreement]:
    """Return the shipped agreement, and one that asks for less interest and no BANT."""
    strict = load(shipped.agreement())
    content = json.loads(strict.text)
    content["handover"]["bant_at_least"] = 0
    content["interest"]["high_from"] = 5.0
    return {"the shipped agreement": strict, "an easier one": parse(json.dumps(content))}


def truths(leads: int = TRUE_LEADS, seed: int = TRUE_SEED) -> dict[str, float]:
    """Compute what the intervals should cover, from the true chances of every hand-over of a large world.

    Won and stop within the horizon are integrated over the world's own chain, beyond the end of the watch
    too; nothing is censored and nothing resampled.
    """
    world = simulate.world(leads, seed, options=OPTIONS)
    found: dict[str, float] = {}
    for name, agreement in agreements().items():
        adviser = Adviser(agreement, never_call=suppressed)
        gone = replay(world.tables, adviser)
        won, stop = _chances(world, gone.lead, gone.at, agreement)
        found[f"cry_wolf, {name}"] = float(stop.sum() / (won.sum() + stop.sum()))
        found[f"handed_over, {name}"] = len(gone) / int(gone.looked_at.sum())
        for each in called(gone, adviser, agreement):
            won, _ = _chances(world, each.snapshots.lead, each.snapshots.cutoff, agreement)
            sales = each.weight * won
            found[f"{each.among}, {name}"] = float(sales[each.kept].sum() / sales.sum())
        moves = backtest(world.tables, adviser, replicates=2).trend
        if name in TRENDS and moves is not None and moves.change_a_year.value is not None:
            found[f"trend, {name}"] = moves.change_a_year.value
    strict, easy = agreements()
    found["cry_wolf, difference"] = found[f"cry_wolf, {easy}"] - found[f"cry_wolf, {strict}"]
    found["handed_over_anyway, difference"] = (
        found[f"handed_over_anyway, {easy}"] - found[f"handed_over_anyway, {strict}"]
    )
    return found


def _chances(
    world: World, lead: Sequence[int] | np.ndarray, at: np.ndarray, agreement: Agreement
) -> tuple[Floats, Floats]:
    truth = world.truth_at(np.asarray(lead), at, [round(agreement.horizon_days)])
    return truth.won[:, 0], truth.stop[:, 0]


def intervals(seed: int, leads: int = LEADS, replicates: int = 400) -> dict[str, Figure]:
    """Return every interval of one world, by the names of `truths`."""
    tables = simulate.world(leads, seed, options=OPTIONS).tables
    advisers = {name: Adviser(each, never_call=suppressed) for name, each in agreements().items()}
    found: dict[str, Figure] = {}
    for name, adviser in advisers.items():
        test = backtest(tables, adviser, replicates=replicates, seed=seed)
        found[f"cry_wolf, {name}"] = test.total.cry_wolf.rate
        if test.weeks is not None and test.weeks.mean.value:
            factor = test.total.handed_over / test.standing.leads / test.weeks.mean.value
            mean = test.weeks.mean
            found[f"handed_over, {name}"] = Figure(
                *(None if part is None else part * factor for part in (mean.value, mean.low, mean.high))
            )
        for each in test.kept_back:
            found[f"{each.among}, {name}"] = each.sales
        if test.trend is not None:
            found[f"trend, {name}"] = test.trend.change_a_year
    differences = compare(tables, *advisers.values(), replicates=replicates, seed=seed).differences
    found["cry_wolf, difference"] = differences["cry_wolf"]
    found["handed_over_anyway, difference"] = differences["sales_kept_back_handed_over_anyway"]
    return found


def summary(truth: Mapping[str, float], found: Sequence[Mapping[str, Figure]]) -> tuple[list[Row], str]:
    """Return a row a figure, and the sentence that says whether the proof holds."""
    rows: list[Row] = []
    least = 1.0
    for name, true in sorted(truth.items()):
        figures = [each[name] for each in found if name in each]
        sure = [(one.low, one.high) for one in figures if one.low is not None and one.high is not None]
        below = sum(high < true for _, high in sure)
        above = sum(low > true for low, _ in sure)
        covered = 1.0 - (below + above) / len(sure) if sure else 0.0
        least = min(least, covered)
        kind, which = name.split(", ", 1)
        rows.append(
            {
                "figure": f"{_NAMES[kind]}, {which}",
                "truth": true,
                "intervals": len(sure),
                "covered, %": round(100 * covered, 1),
                "too low": below,
                "too high": above,
                "mean width": float(np.mean([high - low for low, high in sure])) if sure else float("nan"),
            }
        )
    verdict = "Holds" if least >= LEAST else "Does not hold"
    return rows, (
        f"{verdict}: intervals of 95 % cover the truth in at least {100 * least:.0f} % of the worlds, "
        f"whichever the figure (needed: {100 * LEAST:.0f} %)."
    )


def measure(worlds: int = WORLDS) -> tuple[list[Row], str]:
    """Compare the intervals of so many worlds with the truth."""
    found = []
    for seed in range(worlds):
        found.append(intervals(seed))
        print(f"{seed + 1} of {worlds} worlds", file=sys.stderr, flush=True)
    return summary(truths(), found)


def main() -> None:
    """Prove it in as many worlds as asked for and print the table."""
    rows, sentence = measure(int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS)
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
