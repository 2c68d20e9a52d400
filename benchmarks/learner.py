"""What the learner costs around its bare fits, predictions and contributions, as the number of rows grows.

`python -m benchmarks.learner 10000 100000` measures those numbers of snapshots and writes nothing down.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest import mock

import altair as alt
import lightgbm
import numpy as np
import scipy.optimize

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness.crm.tables import Floats, Ints
from readiness.judging import evaluation
from readiness.judging.cohort import Cohort
from readiness.judging.evaluation import HeldOut, judge, judging_days
from readiness.judging.judgement import BASE_RATE, LATER_LEADS, LOGISTIC, MODEL, NAIVE_BAYES, POINTS_CARD
from readiness.learning import blend, hazard_trees
from readiness.learning.baselines import BaseRateByAge, PointsCard
from readiness.learning.incidence import IncidenceModel
from readiness.learning.naive_bayes import NaiveBayes
from readiness.learning.reasons import explain
from readiness.reports.drawing import BLUE, GREY, HEIGHT, ORANGE, WIDE, sized, svg
from readiness.training_run.forecasts import logistic_alone

TITLE: Final = "The learner around its bare fits"
OUT: Final = Path(__file__).parents[1] / "out" / "learner.jsonl"
FIGURE: Final = Path(__file__).parents[1] / "docs" / "figures" / "learner_cost.svg"
SIZES: Final = (10_000, 100_000, 1_000_000)
FEATURES: Final = 60
ASKED: Final = 1_000
MOST: Final = {
    "around ÷ fits": 0.3,
    "predict ÷ bare": 1.3,
    "explain ÷ bare": 1.3,
    "wall, min": 30.0,
    "peak memory, GB": 12.0,
}
MOST_GROWTH: Final = 1.1
"""The power of the number of snapshots by which the cost may grow: one is linear."""
_HORIZON: Final = 90.0
_AGE, _POINTS = 13, 14
_PER_LEAD: Final = 7
_JUDGED: Final = 4
"""On one snapshot for each so many that teach, of leads not seen, the model is judged."""


@dataclass
class Bare:
    """Seconds of the processor that passed inside the libraries' own calls."""

    seconds: float = 0.0
    calls: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the call, its time counted."""

        def around(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the library takes and gives
            began = time.process_time()
            try:
                return call(*given, **named)
            finally:
                passed = time.process_time() - began
                self.seconds += passed
                self.calls[name] = self.calls.get(name, 0.0) + passed

        return around


@contextmanager
def bare_fits() -> Iterator[Bare]:
    """Count what passes inside LightGBM's training and cross-validation and inside the minimisers."""
    bare = Bare()
    with (
        mock.patch.object(hazard_trees.lgb, "cv", bare.timed("trees, cross-validated", lightgbm.cv)),
        mock.patch.object(hazard_trees.lgb, "train", bare.timed("trees", lightgbm.train)),
        # The logistic's and the calibration's ask SciPy when they are needed.
        mock.patch.object(scipy.optimize, "minimize", bare.timed("minimisers", scipy.optimize.minimize)),
        mock.patch.object(blend, "minimize", bare.timed("weights", blend.minimize)),
    ):
        yield bare


@contextmanager
def bare_predictions() -> Iterator[Bare]:
    """Count what passes inside `Booster.predict`, contributions apart."""
    bare = Bare()
    names = {False: "predict", True: "contributions"}
    timed = {kind: bare.timed(name, lightgbm.Booster.predict) for kind, name in names.items()}

    def predict(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the library takes and gives
        return timed[bool(named.get("pred_contrib"))](*given, **named)

    with mock.patch.object(lightgbm.Booster, "predict", predict):
        yield bare


@contextmanager
def resampling() -> Iterator[Bare]:
    """Count what passes in resamples that judging makes beside those that it is asked for."""
    bare = Bare()
    with (
        mock.patch.object(evaluation, "ece_if_perfect", bare.timed("perfect", evaluation.ece_if_perfect)),
        mock.patch.object(evaluation, "skill_of", bare.timed("skill", evaluation.skill_of)),
    ):
        yield bare


def leads(snapshots: int, seed: int = 0) -> tuple[Floats, Floats, Ints, Ints]:
    """Draw X, y, groups and levels: 60 columns, ten of them codes, hazards by four of them, half censored.

    One column has few values, as points have.
    """
    random = np.random.default_rng(seed)
    groups = np.arange(snapshots) // _PER_LEAD
    X = random.normal(size=(snapshots, FEATURES))
    X[:, :10] = random.integers(0, 8, size=(snapshots, 10))
    X[:, _POINTS] = np.rint(2.0 * X[:, _POINTS])
    X[random.random(X.shape) < 0.02] = np.nan
    X[:, :10] = np.nan_to_num(X[:, :10], nan=8.0)
    score = np.nan_to_num(X[:, 10] + 0.5 * X[:, 11] * (X[:, 0] > 3.0))
    rates = np.exp(
        np.stack([score - 6.5, np.nan_to_num(0.7 * X[:, 12]) - 6.5, np.full(snapshots, -5.5)], axis=1)
    )
    end = random.exponential(size=snapshots) / rates.sum(axis=1)
    which = (random.random(snapshots)[:, None] * rates.sum(axis=1)[:, None] > np.cumsum(rates, axis=1)).sum(
        axis=1
    )
    seen = random.uniform(20.0, 300.0, snapshots)
    y = np.column_stack((np.where(end < seen, np.minimum(which, 2) + 1, 0), np.minimum(end, seen)))
    return X, y, groups.astype(np.int64), np.where(np.arange(FEATURES) < 10, 9, 0)


def measured(snapshots: int) -> Row:
    """Fit, judge, predict and explain once; return seconds of the processor, and how bare calls compare."""
    seen, later, levels = _parted(snapshots)
    wall = time.perf_counter()
    model, fits, fitting = _fitted(seen, levels)
    judging = _judged(model, seen, later, levels)
    wall = time.perf_counter() - wall
    X = seen.X
    asked = X[:: max(1, len(X) // ASKED)][:ASKED]
    predicted = _ratio(lambda: model.predict_incidence(asked, (_HORIZON,)), "predict")
    explained = _ratio(lambda: explain(model, asked, _HORIZON), "contributions")
    around = fitting - fits + judging
    return {
        "snapshots": snapshots,
        "bare fits, s": fits,
        "around them, s": around,
        "of it judging, s": judging,
        "around ÷ fits": around / fits,
        "wall, min": wall / 60.0,
        "peak memory, GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2,
        "predict ÷ bare": predicted,
        "explain ÷ bare": explained,
    }


@dataclass(frozen=True, slots=True)
class Drawn:
    """Snapshots, what became of them, and whose they are."""

    X: Floats
    y: Floats
    groups: Ints


def _parted(snapshots: int) -> tuple[Drawn, Drawn, Ints]:
    """Draw those that teach, those of other leads on which the model is judged, and the levels."""
    X, y, groups, levels = leads(snapshots + snapshots // _JUDGED)
    taught = groups <= groups[snapshots - 1]
    seen, later = (Drawn(X[part], y[part], groups[part]) for part in (taught, ~taught))
    return seen, later, levels


def _fitted(seen: Drawn, levels: Ints) -> tuple[IncidenceModel, float, float]:
    """Return the model, the seconds of its bare fits, and those of all it took."""
    began = time.process_time()
    with bare_fits() as fits:
        model = IncidenceModel(stratified_by=_AGE, card_column=_POINTS)
        model.fit(seen.X, seen.y, groups=seen.groups, levels=levels)
    return model, fits.seconds, time.process_time() - began


def _judged(model: IncidenceModel, seen: Drawn, later: Drawn, levels: Ints) -> float:
    """Judge it beside its baselines on leads that it has not seen; return the seconds without resampling.

    The baselines' own fits are counted.
    """
    began = time.process_time()
    X, days = later.X, judging_days(_HORIZON)
    with resampling() as resamples:
        base = BaseRateByAge().fit(seen.X[:, [_AGE]], seen.y, groups=seen.groups)
        card = PointsCard().fit(seen.X[:, [_POINTS]], seen.y, groups=seen.groups)
        bayes = NaiveBayes().fit(seen.X, seen.y, groups=seen.groups, levels=levels)
        forecasts = {
            MODEL: model.predict_incidence(X, days),
            BASE_RATE: base.predict_incidence(X[:, [_AGE]], days),
            POINTS_CARD: card.predict_incidence(X[:, [_POINTS]], days),
            LOGISTIC: logistic_alone(model).predict_incidence(X, days),
            NAIVE_BAYES: bayes.predict_incidence(X, days),
        }
        cohort = Cohort(later.y[:, 0].astype(np.int8), later.y[:, 1], later.groups)
        held_out = HeldOut(LATER_LEADS, cohort, forecasts, np.zeros(len(X), dtype=np.int64))
        judge([held_out], horizon_days=_HORIZON, categories=("all",), replicates=0)
    return time.process_time() - began - resamples.seconds


def _ratio(call: Callable[[], object], bare_call: str) -> float:
    """Return how many times as long a call takes as the bare calls within it; the best of three."""
    found = []
    for _ in range(3):
        with bare_predictions() as bare:
            began = time.process_time()
            call()
            found.append((time.process_time() - began) / max(bare.calls[bare_call], 1e-9))
    return min(found)


def growth(rows: Sequence[Row]) -> float:
    """Return by which power of the number of snapshots all that is spent grows, first to last."""
    spent = [
        float(str(row["bare fits, s"])) + float(str(row["around them, s"])) for row in (rows[0], rows[-1])
    ]
    sizes = [float(str(row["snapshots"])) for row in (rows[0], rows[-1])]
    return float(np.log(spent[1] / spent[0]) / np.log(sizes[1] / sizes[0]))


def told(rows: Sequence[Row]) -> str:
    """Say which of the claims hold."""
    failed = [
        f"{name} {float(str(row[name])):.2f} at {row['snapshots']:,} (allowed {most:g})"
        for row in rows
        for name, most in MOST.items()
        if float(str(row[name])) > most
    ]
    sentence = ""
    if len(rows) > 1:
        power = growth(rows)
        failed += [f"the cost grows faster than the number of snapshots (allowed {MOST_GROWTH})"] * (
            power > MOST_GROWTH
        )
        sentence = f" From {rows[0]['snapshots']:,} to {rows[-1]['snapshots']:,} snapshots of {FEATURES} "
        sentence += f"features the cost grows by the power {power:.2f} of their number (linear: 1)."
    return ("Holds." if not failed else f"Does not hold: {'; '.join(failed)}.") + sentence


def drawn(rows: Sequence[Row]) -> str:
    """Return the cost by the number of snapshots as SVG: the same bytes for the same figures."""
    kinds = {"bare fits, s": "The bare fits", "around them, s": "Everything around them"}
    first = rows[0]
    scale = float(str(first["bare fits, s"])) / float(str(first["snapshots"]))
    points = [
        {"snapshots": row["snapshots"], "seconds": float(str(row[name])), "what": kind}
        for row in rows
        for name, kind in kinds.items()
    ]
    linear = [
        {"snapshots": row["snapshots"], "seconds": scale * float(str(row["snapshots"]))} for row in rows
    ]
    log = alt.Scale(type="log")
    x = alt.X("snapshots:Q", title="Snapshots", scale=log, axis=alt.Axis(format="~s", tickCount=4))
    y = alt.Y(
        "seconds:Q", title="Seconds of one processor", scale=log, axis=alt.Axis(format="~g", tickCount=5)
    )
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=list(kinds.values()), range=[BLUE, ORANGE]),
        legend=alt.Legend(orient="top"),
    )
    line = alt.Chart(alt.InlineData(values=linear)).mark_line(color=GREY, strokeDash=[5, 4]).encode(x=x, y=y)
    cost = alt.Chart(alt.InlineData(values=points)).mark_line(point=True, strokeWidth=2.5)
    return svg(sized(line + cost.encode(x=x, y=y, color=colour), WIDE - 60, HEIGHT))


def work(kind: str, seed: int) -> dict[str, Any]:
    """Measure one number of snapshots."""
    return {"kind": kind, "seed": seed, **measured(seed)}


def measure(sizes: Sequence[int] = SIZES) -> tuple[list[Row], str]:
    """Measure each number of snapshots, going on where the same code stopped, and draw the figure."""
    found = resumable.run(work, [("snapshots", size) for size in sizes], OUT)
    rows = [{name: value for name, value in each.items() if name not in {"kind", "seed"}} for each in found]
    rows.sort(key=lambda row: int(str(row["snapshots"])))
    FIGURE.parent.mkdir(exist_ok=True)
    FIGURE.write_text(drawn(rows), encoding="utf-8")
    return rows, (
        f"{told(rows)} Bare fits are those inside LightGBM and the minimisers (logistic member, calibration, "
        "weights). Around them: encoding, person-periods, folds, held-out predictions, settling, and judging "
        "beside four baselines on a quarter as many snapshots of other leads, without resamples. Seconds are "
        f"those of one processor; other work shared it.\n\n![Cost by snapshots](figures/{FIGURE.name})"
    )


if __name__ == "__main__":
    all_rows = []
    for number in sys.argv[1:]:
        all_rows.append(measured(int(number)))
        print(all_rows[-1], flush=True)
    print(told(all_rows))
