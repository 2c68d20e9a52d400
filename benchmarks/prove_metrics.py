"""Proves that what is judged under censoring is what lifelines and hazardous make of the same leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.evidence import Row
from benchmarks.peers.environment import ask
from readiness.crm.tables import Floats
from readiness.judging import metrics
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort, censoring_survival, known_at
from readiness.judging.incidence import observed_incidence
from readiness.judging.ranking import concordance

TITLE: Final = "Judged as lifelines and hazardous judge"
WORLDS: Final = 5
LEADS: Final = 800
DAYS: Final = (5.0, 10.0, 20.0, 30.0, 45.0, 60.0)
CLOSE: Final = 1e-9

PEERS: Final = {
    "censoring": "lifelines, Kaplan–Meier",
    "incidence": "lifelines, Aalen–Johansen",
    "brier": "hazardous, Brier score of an incidence",
    "integrated_brier": "hazardous, integrated Brier score",
    "concordance": "hazardous, concordance with competing ends",
    "harrell": "lifelines, concordance without censoring",
}


def world(seed: int, leads: int = LEADS) -> dict[str, Floats]:
    """Draw leads with three competing ends, censored at random, and forecasts that are not quite right."""
    rng = np.random.default_rng(seed)
    spread = rng.normal(size=(3, leads))
    hazards = np.stack(
        [0.004 * np.exp(spread[0]), 0.002 * np.exp(0.7 * spread[1]), np.full(leads, 0.003)], axis=1
    )
    ends = rng.exponential(1 / hazards)
    first, gone = ends.min(axis=1), rng.exponential(60.0, leads)
    event = np.where(first < gone, ends.argmin(axis=1) + 1, 0).astype(np.float64)
    guessed = hazards * np.exp(0.5 * spread[2])[:, None]
    total = guessed.sum(axis=1)[:, None]
    ended = 1 - np.exp(-total * np.array(DAYS)[None, :])
    return {
        "event": event,
        "duration": np.minimum(first, gone),
        "curves": ended[:, :, None] * (guessed / total)[:, None, :],
        "days": np.array(DAYS),
        "whole": ends[:, 0],
        "score": guessed[:, 0],
    }


def ours(given: dict[str, Floats]) -> dict[str, Floats]:
    """Judge the same leads by the product's own figures."""
    cohort = Cohort(given["event"].astype(np.int8), given["duration"], np.arange(len(given["event"])))
    resamples = draw(cohort.lead, replicates=2, seed=0)
    found = {"censoring": censoring_survival(cohort, given["days"])}
    for cause in (1, 2, 3):
        curve = np.ascontiguousarray(given["curves"][:, :, cause - 1])
        scores = [
            metrics.brier(known_at(cohort, day), curve[:, place], cause) for place, day in enumerate(DAYS)
        ]
        found |= {
            f"incidence_{cause}": np.array([observed_incidence(cohort, day)[cause - 1] for day in DAYS]),
            f"brier_{cause}": np.array([score.value() for score in scores]),
            f"integrated_brier_{cause}": np.array(
                [metrics.integrated_brier(cohort, curve, DAYS, cause).value()]
            ),
            f"concordance_{cause}": np.array(
                [concordance(cohort, curve[:, -1], cause, DAYS[-1], resamples).value]
            ),
        }
    won = Cohort(np.ones(len(given["whole"]), dtype=np.int8), given["whole"], cohort.lead)
    found["harrell"] = np.array([concordance(won, given["score"], 1, float("inf"), resamples).value])
    return found


def differences(given: dict[str, Floats]) -> dict[str, float]:
    """Return the largest difference between our figure and the peer's, by the names in `PEERS`."""
    theirs, own = ask("censored", **given), ours(given)
    far = {name: float(np.abs(own[name] - theirs[name]).max()) for name in own}
    return {kind: max(gap for name, gap in far.items() if name.rstrip("_123") == kind) for kind in PEERS}


def summary(found: Sequence[dict[str, float]]) -> tuple[list[Row], str]:
    """Return a row a figure, and the sentence that says whether the proof holds."""
    largest = {kind: max(one[kind] for one in found) for kind in PEERS}
    rows: list[Row] = [
        {"figure": kind.replace("_", " "), "peer": peer, "largest difference": f"{largest[kind]:.1e}"}
        for kind, peer in PEERS.items()
    ]
    holds = all(gap <= CLOSE for gap in largest.values())
    return rows, (
        f"{'Holds' if holds else 'Does not hold'}: over {len(found)} worlds of {LEADS} leads with three "
        "competing ends under censoring, no figure differs from the peer's by more than "
        f"{max(largest.values()):.1e}."
    )


def measure() -> tuple[list[Row], str]:
    """Compare in five worlds."""
    return summary([differences(world(seed)) for seed in range(WORLDS)])
