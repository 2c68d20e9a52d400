"""Proves whose chances a model tells where sales calls by something that nobody records.

`python -m benchmarks prove selection` learns in worlds where marketing hands over some leads by lot, others
because it likes them for reasons that nobody writes down; with and without looks at hand-overs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import ENDED, STOP, WON
from readiness.learning.incidence import IncidenceModel

TITLE: Final = "Whose chances a model tells"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_selection.jsonl"
SEEDS: Final = 5
LEADS: Final = 3_000
FRESH: Final = 2_000
WATCHED: Final = 270.0
HORIZON: Final = 90.0
AGES: Final = (0.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0)
LOOKS: Final = ("at ages", "and at hand-overs", "and at lots, by 1/chance", "at lots alone, by 1/chance")
"""Where the learner looks at leads; the first is what the product does."""
MOST: Final = 0.015
"""So far off may the mean forecast be of what the product promises."""
_RARE, _OFTEN = 0.001, 0.003
"""Chance a day that a lot hands a lead over; marketing draws more among some."""


@dataclass(frozen=True, slots=True)
class Lives:
    """n leads: what is recorded (x, n × 2), rates a day (n each), and what happened when (days)."""

    x: Floats
    by_choice: Floats
    by_lot: Floats
    alone: Floats
    """Rates of won, stop and otherwise ended before the hand-over, n × 3."""
    called: Floats
    """The same after it."""
    handed: Floats
    lot: Flags
    end: Floats
    cause: Ints

    def matrix(self, lead: Ints, age: Floats) -> Floats:
        """Return what a model reads: what is recorded, the age, and whether sales has called."""
        return np.column_stack((self.x[lead], age, self.handed[lead] < age))

    def chances(self, lead: Ints, called: Flags, *, days: float = HORIZON) -> Floats:
        """Return the true chances of won and stop within some days, n × 2, of leads that are open.

        Of one not yet called, marketing and the lot may hand it over in that time.
        """
        with_sales, still, handing = self.called[lead], self.alone[lead], (self.by_choice + self.by_lot)[lead]
        rate, leaving = with_sales.sum(axis=1), still.sum(axis=1) + handing
        of_called = with_sales[:, :2] * (-np.expm1(-rate * days) / rate)[:, None]
        gone = -np.expm1(-leaving * days) / leaving
        # Handed over at s and won by sales within the days left, over all s.
        apart = np.where(np.abs(leaving - rate) > 1e-9, leaving - rate, 1e-9)
        late = (np.exp(-rate * days) - np.exp(-leaving * days)) / apart
        by_sales = with_sales[:, :2] * (handing / rate * (gone - late))[:, None]
        return np.where(called[:, None], of_called, still[:, :2] * gone[:, None] + by_sales)


def lives(leads: int, seed: int) -> Lives:
    """Draw leads; ``liking`` is what marketing sees in a lead, and nobody records."""
    random = np.random.default_rng((seed, 8))
    x, liking = random.normal(size=(leads, 2)), random.normal(size=leads)
    by_choice = np.exp(-5.2 + 0.6 * x[:, 0] + 1.0 * liking)
    by_lot = np.where(x[:, 1] > 0.0, _OFTEN, _RARE)
    never = np.zeros(leads)
    alone = np.stack([np.exp(-8.0 + 0.5 * x[:, 0] + 0.5 * liking), never, np.full(leads, 0.003)], axis=1)
    won, stop = -5.6 + 0.5 * x[:, 0] + 0.8 * liking, -5.6 - 0.3 * x[:, 0] - 0.6 * liking
    called = np.stack([np.exp(won), np.exp(stop), np.full(leads, 0.003)], axis=1)
    choice, lot = (random.exponential(size=leads) / rate for rate in (by_choice, by_lot))
    handed = np.minimum(choice, lot)
    first, cause = _end(alone, random)
    later, cause_called = _end(called, random)
    before = first < handed
    return Lives(
        x=x,
        by_choice=by_choice,
        by_lot=by_lot,
        alone=alone,
        called=called,
        handed=np.where(before, np.inf, handed),
        lot=lot < choice,
        end=np.where(before, first, handed + later),
        cause=np.where(before, cause, cause_called),
    )


def _end(rates: Floats, random: np.random.Generator) -> tuple[Floats, Ints]:
    total = rates.sum(axis=1)
    drawn = random.random(len(rates))[:, None] * total[:, None]
    cause = np.array([WON, STOP, ENDED])[(drawn >= np.cumsum(rates, axis=1)).sum(axis=1)]
    return random.exponential(size=len(rates)) / total, cause


def looked_at(made: Lives, looks: str) -> tuple[Ints, Floats]:
    """Return the leads and ages at which a learner looks; a lead of weight three stands there three times."""
    lead, age = _at_ages(made)
    handed = np.flatnonzero(made.handed < WATCHED)
    lots = handed[made.lot[handed]]
    # 1 / chance, normalised: the rarer lot counts three times as much.
    lots = np.repeat(lots, np.where(made.by_lot[lots] == _RARE, 3, 1))
    more = {LOOKS[0]: handed[:0], LOOKS[1]: handed}.get(looks, lots)
    if looks == LOOKS[3]:
        lead, age = lead[:0], age[:0]
    return np.concatenate((lead, more)), np.concatenate((age, made.handed[more]))


def _at_ages(made: Lives) -> tuple[Ints, Floats]:
    lead, at = np.nonzero(made.end[:, None] > np.array(AGES))
    return lead, np.array(AGES)[at]


def learn(made: Lives, looks: str, seed: int) -> IncidenceModel:
    """Fit the recipe on what was watched: leads still open then are not known yet."""
    lead, age = looked_at(made, looks)
    seen = made.end[lead] < WATCHED
    y = np.column_stack((np.where(seen, made.cause[lead], 0), np.minimum(made.end[lead], WATCHED) - age))
    model = IncidenceModel(seed=seed, stratified_by=2)
    return model.fit(made.matrix(lead, age), y, groups=lead, levels=np.zeros(4, dtype=np.int64))


def work(kind: str, seed: int) -> dict[str, Any]:
    """Learn from one world's looks; compare the mean forecast for other leads with their true chances.

    Returns
    -------
    dict
        ``scored``: forecast minus truth of won and stop among open leads at all ages, under marketing's
        practice. ``called``: the same among leads that nobody called yet, if all of them were called now.
    """
    model, fresh = learn(lives(LEADS, seed), kind, seed), lives(FRESH, seed + 10_000)
    lead, age = _at_ages(fresh)
    was_called = fresh.handed[lead] < age
    told = model.predict_incidence(fresh.matrix(lead, age), (HORIZON,))[:, 0, :2]
    everyone = np.ones(len(lead), dtype=np.bool_)
    practice, forced = fresh.chances(lead, was_called), fresh.chances(lead, everyone)
    return {
        "kind": kind,
        "seed": seed,
        "scored": (told - practice).mean(axis=0).tolist(),
        "called": (told - forced)[~was_called].mean(axis=0).tolist(),
        "truth": [practice.mean(axis=0).tolist(), forced[~was_called].mean(axis=0).tolist()],
    }


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each way of looking, and the sentence that says whether the product's is right."""
    rows: list[Row] = []
    for kind in dict.fromkeys(each["kind"] for each in found):
        runs = [each for each in found if each["kind"] == kind]
        row: dict[str, object] = {"looks": kind, "worlds": len(runs)}
        for of, whom in (("scored", "all, as practised"), ("called", "uncalled, if all were called now")):
            for end, name in enumerate(("score", "stop_risk")):
                biases = np.array([each[of][end] for each in runs])
                row[f"{name}, {whom}"] = (
                    f"{biases.mean():+.4f} (sd {biases.std(ddof=min(1, len(runs) - 1)):.4f})"
                )
        rows.append(row)
    own = [each["scored"] for each in found if each["kind"] == LOOKS[0]]
    worst = float(np.abs(np.mean(own, axis=0)).max())
    truth = np.mean([each["truth"] for each in found], axis=0)
    return rows, (
        f"{'Holds' if worst <= MOST else 'Does not hold'}: looking at ages alone, mean score and stop_risk "
        f"of all are at most {worst:.4f} off what comes of them as sales calls today (allowed: {MOST}). "
        f"Forecast minus truth; true are {truth[0][0]:.3f} and {truth[0][1]:.3f} as practised, "
        f"{truth[1][0]:.3f} and {truth[1][1]:.3f} if all that are uncalled were called now."
    )


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    return summary(resumable.run(work, [(looks, seed) for seed in range(SEEDS) for looks in LOOKS], OUT))
