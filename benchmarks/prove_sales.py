"""Proves that what the report says of fewer calls holds: how often its intervals cover the truth.

``python -m benchmarks.prove_sales [WORLDS]`` draws so many small sets of leads given to sales (400 if not
said) whose chances to buy and to tell us to stop are known, some followed for less than a horizon, and
compares each interval at half and at a quarter of the calls with what a very large set comes to.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.evidence import Row
from readiness.crm.tables import Floats
from readiness.hindsight.at_capacity import GivenToSales, at_capacity
from readiness.judging.bootstrap import Figure, draw
from readiness.judging.cohort import Cohort
from readiness.judging.first_calls import line, taken
from readiness.judging.judgement import MODEL

TITLE: Final = "What fewer calls would have met: intervals cover the truth"
WORLDS: Final = 400
SIZES: Final = (150, 600)
TRUE_LEADS: Final = 400_000
HORIZON: Final = 90.0
SHARES: Final = (0.25, 0.5)
FIGURES: Final = ("sales found", "cry-wolf rate", "change of the rate", "stops avoided, of 100 leads")
LEAST: Final = 0.92
"""Of 400 intervals of 95 %, fewer than 92 % cover the truth once in a hundred times if all is well."""

_Truth = dict[tuple[str, float], float]


def _hazards(leads: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return each lead's constant hazards of the three ends, and a forecast that knows some of it."""
    liking = rng.normal(0.0, 1.0, leads)
    won = 0.004 * np.exp(liking)
    stop = 0.003 * np.exp(-0.6 * liking + rng.normal(0.0, 0.5, leads))
    hazards = np.stack([won, stop, np.full(leads, 0.002)], axis=1)
    return hazards, liking + rng.normal(0.0, 1.2, leads)


def truth(leads: int = TRUE_LEADS, seed: int = 1_000_000) -> _Truth:
    """Compute every figure from the true chances of a very large set; nothing happens by chance in it."""
    hazards, forecast = _hazards(leads, np.random.default_rng(seed))
    total = hazards.sum(axis=1)
    chances = hazards / total[:, None] * (1.0 - np.exp(-total * HORIZON))[:, None]
    won, stop = chances[:, 0], chances[:, 1]
    order = line(forecast)
    before = float(stop.sum() / (won.sum() + stop.sum()))
    found: _Truth = {}
    for share in SHARES:
        part = taken(order, share * leads)
        met = float((stop * part).sum())
        rate = met / (met + float((won * part).sum()))
        found["sales found", share] = float((won * part).sum() / won.sum())
        found["cry-wolf rate", share] = rate
        found["change of the rate", share] = rate - before
        found["stops avoided, of 100 leads", share] = 100 * (share * float(stop.sum()) - met) / leads
    return found


def intervals(leads: int, seed: int, replicates: int = 400) -> dict[tuple[str, float], Figure]:
    """Return every interval of one small set, by the names of `truth`; only what the report would tell."""
    rng = np.random.default_rng((seed, leads))
    hazards, forecast = _hazards(leads, rng)
    times = rng.exponential(1.0 / hazards)
    first, gone = times.min(axis=1), rng.uniform(30.0, 400.0, leads)
    event = np.where(first < gone, times.argmin(axis=1) + 1, 0).astype(np.int8)
    cohort = Cohort(event, np.minimum(first, gone), np.arange(leads))
    given = GivenToSales("handed_over_anyway", cohort, np.ones(leads), {MODEL: forecast})
    resamples = draw(cohort.lead, replicates=replicates, seed=seed)
    found = at_capacity(given, resamples, horizon_days=HORIZON)
    if not found.enough_stops:
        return {}
    told: dict[tuple[str, float], Figure] = {}
    for each in (one for one in found.capacities if one.share in SHARES):
        avoided = each.stops_avoided
        figures = (each.sales, each.rate, each.gap, _times(avoided, 100 / leads))
        told |= {(name, each.share): figure for name, figure in zip(FIGURES, figures, strict=True)}
    return told


def _times(figure: Figure, factor: float) -> Figure:
    parts = (figure.value, figure.low, figure.high)
    return Figure(*(None if part is None else part * factor for part in parts))


def summary(
    true: _Truth, found: dict[int, Sequence[dict[tuple[str, float], Figure]]]
) -> tuple[list[Row], str]:
    """Return a row for each figure and size, and the sentence that says whether the proof holds."""
    rows: list[Row] = []
    least = 1.0
    for leads, worlds in found.items():
        for (name, share), value in true.items():
            figures = [each[name, share] for each in worlds if (name, share) in each]
            spans = [(one.low, one.high) for one in figures if one.low is not None and one.high is not None]
            covered = sum(low <= value <= high for low, high in spans) / len(spans) if spans else 0.0
            least = min(least, covered)
            rows.append(
                {
                    "leads given to sales": leads,
                    "of the calls": share,
                    "figure": name,
                    "truth": value,
                    "intervals": len(spans),
                    "covered, %": round(100 * covered, 1),
                }
            )
    verdict = "Holds" if least >= LEAST else "Does not hold"
    return rows, (
        f"{verdict}: intervals of 95 % cover the truth in at least {100 * least:.1f} % of the sets, "
        f"whichever the figure (needed: {100 * LEAST:.0f} %)."
    )


def measure(worlds: int = WORLDS) -> tuple[list[Row], str]:
    """Compare the intervals of so many sets of each size with the truth."""
    found: dict[int, Sequence[dict[tuple[str, float], Figure]]] = {
        leads: [intervals(leads, seed) for seed in range(worlds)] for leads in SIZES
    }
    return summary(truth(), found)


def main() -> None:
    """Prove it with as many sets as asked for and print the table."""
    rows, sentence = measure(int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS)
    for row in rows:
        print(row)
    print(sentence)


if __name__ == "__main__":
    main()
