"""Proves that with little data the model is no worse than the rules' points card, by a known truth.

`python -m benchmarks prove little` learns from worlds cut down to 50 … 3,000 resolved leads and keeps one
line a fit in out/prove_little.jsonl, so that a run goes on where it stopped.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.agreement.verdicts import evaluate
from readiness.crm import simulate
from readiness.crm.selection import select
from readiness.crm.simulate import World
from readiness.crm.tables import Floats, Tables
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.snapshots import Snapshots, take
from readiness.learning.baselines import PointsCard
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model, too_little
from readiness.training_run.material import Material, to_learn_from

TITLE: Final = "With little data the model is no worse than the points card"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_little.jsonl"
RESOLVED: Final = (50, 100, 200, 500, 1_000, 3_000)
SEEDS: Final = 20
ASKED: Final = 800
DAYS: Final = (15, 30, 45, 60, 75, 90)
MOST: Final = 0.002
_A_RESOLVED_LEAD_TAKES: Final = 3.6
"""So many leads are drawn for each that must have ended."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Snapshots of a world that nobody learned from, and what is true of them: n × days × 2 (won, stop)."""

    tables: Tables
    looks: Snapshots
    points: Floats
    truth: Floats

    def matrix(self, plan: FeaturePlan) -> Floats:
        """Return what a plan's model reads of them."""
        return features.build(self.tables, self.looks, plan, self.points)


@functools.lru_cache(maxsize=1)
def asked(leads: int = ASKED) -> Asked:
    """Return the snapshots that every model is asked about."""
    world: World = simulate.world(leads, 987_654)
    looks = take(world.tables, until=world.tables.observed_through)
    truth = world.truth_at(looks.lead, looks.cutoff, DAYS)
    points = evaluate(world.tables, looks, load(shipped.agreement())).points
    return Asked(world.tables, looks, points, np.stack([truth.won, truth.stop], axis=2))


def resolved(many: int, seed: int) -> Tables:
    """Return leads drawn one by one from a world until so many of them have ended."""
    tables = simulate.world(round(_A_RESOLVED_LEAD_TAKES * many) + 200, seed).tables
    ended = np.isin(np.arange(len(tables.leads.lead_id)), tables.outcomes.lead)
    order = np.random.default_rng(seed).permutation(len(ended))
    enough = int(np.searchsorted(np.cumsum(ended[order]), many)) + 1
    return select(tables, np.sort(order[:enough]))


def work(kind: str, seed: int) -> dict[str, Any]:
    """Learn from so many resolved leads; return how far the integrated Brier score lies above the card's."""
    agreement, settings = load(shipped.agreement()), TrainingSettings(seed=seed)
    material = to_learn_from(resolved(int(kind), seed), agreement, settings)
    told: dict[str, Any] = {"kind": kind, "seed": seed, "gap": None, "card": None}
    if too_little(material, agreement.horizon_days, settings) is not None:
        return told
    began = time.process_time()
    gap, card, strength = _compared(material, agreement, settings, asked())
    return told | {
        "gap": gap.tolist(),
        "card": card.tolist(),
        "strength": strength,
        "seconds": round(time.process_time() - began, 1),
    }


def _compared(
    material: Material, agreement: Agreement, settings: TrainingSettings, unseen: Asked
) -> tuple[Floats, Floats, float | None]:
    """Return the gap to the card by end, the card's own excess over the truth, and how far it was pulled.

    The mean Brier score of a forecast is that of the truth plus the squared distance to it: the first is the
    same for both, and its noise is left out of the difference.
    """
    model = fit_model(material, agreement.horizon_days, settings, silent)
    card = PointsCard(longest_reach=model.longest_reach)
    card.fit(material.verdicts.points[:, None], material.y, groups=material.groups)
    curves = (
        model.predict_incidence(unseen.matrix(material.plan), DAYS),
        card.predict_incidence(unseen.points[:, None], DAYS),
    )
    own, cards = (((curve[:, :, :2] - unseen.truth) ** 2).mean(axis=(0, 1)) for curve in curves)
    return own - cards, cards, model.choices_.strength


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each number of resolved leads, and the sentence that says what holds."""
    rows: list[Row] = []
    failed: list[str] = []
    for kind in dict.fromkeys(each["kind"] for each in found):
        runs = [each for each in found if each["kind"] == kind]
        learned = [each for each in runs if each["gap"] is not None]
        told: dict[str, object] = {
            "resolved leads": int(kind),
            "worlds": len(runs),
            "rules alone": len(runs) - len(learned),
        }
        for end, name in enumerate(("won", "stop")):
            gaps = np.array([each["gap"][end] for each in learned])
            mean, upper = (float(gaps.mean()), _upper(gaps)) if len(gaps) else (math.nan, math.nan)
            told |= {f"gap {name}": mean, f"upper 95 % {name}": upper}
            if mean > 0.0 or upper > MOST:
                failed.append(f"{name} at {kind}")
        rows.append(told)
    verdict = "Holds" if not failed else f"Does not hold for {', '.join(failed)}"
    return rows, (
        f"{verdict}: the mean paired difference in integrated Brier score (up to 90 days, by the truth) to "
        f"the points card is to be at most 0 with an upper 95 % bound of at most {MOST}. Where there is too "
        "little to learn from the rules alone answer, and there is no difference."
    )


def _upper(gaps: Floats) -> float:
    if len(gaps) < 2:
        return math.nan
    return float(gaps.mean() + stats.t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / math.sqrt(len(gaps)))


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    wanted = [(str(many), seed) for many in RESOLVED for seed in range(SEEDS)]
    return summary(resumable.run(work, wanted, OUT))
