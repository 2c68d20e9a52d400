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
from typing import Any, Final
from unittest import mock

import lightgbm
import numpy as np

from benchmarks.evidence import Row
from readiness.crm.tables import Floats, Ints
from readiness.learning import hazard_trees, logistic_fit
from readiness.learning.incidence import IncidenceModel
from readiness.learning.reasons import explain

TITLE: Final = "The learner around its bare fits"
SIZES: Final = (10_000, 100_000, 1_000_000)
FEATURES: Final = 60
ASKED: Final = 2_000
MOST_AROUND: Final = 0.3
MOST_ASKED: Final = 1.3
_PER_LEAD: Final = 7


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
    """Count what passes inside LightGBM's training and cross-validation and inside the minimiser."""
    bare = Bare()
    with (
        mock.patch.object(hazard_trees.lgb, "cv", bare.timed("trees, cross-validated", lightgbm.cv)),
        mock.patch.object(hazard_trees.lgb, "train", bare.timed("trees", lightgbm.train)),
        mock.patch.object(logistic_fit, "minimize", bare.timed("logistic", logistic_fit.minimize)),
    ):
        yield bare


@contextmanager
def bare_predictions() -> Iterator[Bare]:
    """Count what passes inside `Booster.predict`."""
    bare = Bare()
    timed = bare.timed("predict", lightgbm.Booster.predict)
    with mock.patch.object(lightgbm.Booster, "predict", timed):
        yield bare


def leads(snapshots: int, seed: int = 0) -> tuple[Floats, Floats, Ints, Ints]:
    """Draw X, y, groups and levels: 60 columns, ten of them codes, hazards by four of them, half censored."""
    random = np.random.default_rng(seed)
    groups = np.arange(snapshots) // _PER_LEAD
    X = random.normal(size=(snapshots, FEATURES))
    X[:, :10] = random.integers(0, 8, size=(snapshots, 10))
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
    """Fit, predict and explain once; return processor seconds, and how they compare with the bare calls."""
    X, y, groups, levels = leads(snapshots)
    began, wall = time.process_time(), time.perf_counter()
    with bare_fits() as fits:
        model = IncidenceModel(stratified_by=13).fit(X, y, groups=groups, levels=levels)
    whole, wall = time.process_time() - began, time.perf_counter() - wall
    asked = X[:: max(1, len(X) // ASKED)][:ASKED]
    predicted = _ratio(lambda: model.predict_incidence(asked, (90.0,)))
    explained = _ratio(lambda: explain(model, asked, 90.0))
    return {
        "snapshots": snapshots,
        "fit, processor s": whole,
        "of it around the bare fits, ×": (whole - fits.seconds) / fits.seconds,
        "wall, min": wall / 60.0,
        "peak memory, GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2,
        "predict ÷ bare": predicted,
        "explain ÷ bare": explained,
    }


def _ratio(call: Callable[[], object]) -> float:
    """Return how many times as long a call takes as the bare predictions within it; the best of three."""
    found = []
    for _ in range(3):
        with bare_predictions() as bare:
            began = time.process_time()
            call()
            found.append((time.process_time() - began) / max(bare.seconds, 1e-9))
    return min(found)


def told(rows: Sequence[Row]) -> str:
    """Say which of the claims hold."""
    failed = []
    for row in rows:
        for name, most in (
            ("of it around the bare fits, ×", MOST_AROUND),
            ("predict ÷ bare", MOST_ASKED),
            ("explain ÷ bare", MOST_ASKED),
        ):
            value = float(str(row[name]))
            if value > most:
                failed.append(f"{name} {value:.2f} at {row['snapshots']:,} (allowed {most})")
    first, last = rows[0], rows[-1]
    growth = float(str(last["fit, processor s"])) / float(str(first["fit, processor s"]))
    times = int(str(last["snapshots"])) / int(str(first["snapshots"]))
    return ("Holds" if not failed else f"Does not hold: {'; '.join(failed)}") + (
        f". {times:,.0f} times as many snapshots of {FEATURES} features take {growth:.1f} times as long."
    )


def measure(sizes: Sequence[int] = SIZES) -> tuple[list[Row], str]:
    """Measure each number of snapshots."""
    rows = [measured(size) for size in sizes]
    return rows, told(rows)


if __name__ == "__main__":
    found, sentence = measure([int(size) for size in sys.argv[1:]])
    for each in found:
        print(each)
    print(sentence)
