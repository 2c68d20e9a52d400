"""One assessment in process, without and with reasons, beside the bare prediction of a ready row."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Final

import lightgbm
import numpy as np

from benchmarks.evidence import Row
from readiness import shipped, training_run
from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.crm import simulate
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.history.snapshots import Snapshots
from readiness.learning.little_data import TooLittle
from readiness.scoring import Explain, score
from readiness.training_run import TrainingSettings

TITLE: Final = "One assessment"
LEADS: Final = 3_000
ROUNDS: Final = 300


def measure() -> tuple[list[Row], str]:
    """Time one lead with the median activity count; ratios to `Booster.predict` in the same run."""
    tables = simulate.world(LEADS, seed=1).tables
    agreement = reading.load(shipped.agreement())
    run = training_run.train(tables, agreement, settings=TrainingSettings(replicates=20, importance=False))
    if isinstance(run, TooLittle):
        raise SystemExit(run.sentence)
    # Of the open leads: one that has ended is neither predicted nor explained.
    still_open = snapshots.open_at(tables, tables.observed_through).lead
    counts = np.diff(tables.activities.starts)
    lead = int(still_open[np.argsort(counts[still_open], kind="stable")[len(still_open) // 2]])
    one = select(tables, np.array([lead]))
    look = snapshots.at(one, tables.observed_through)
    ready = np.random.default_rng(1).normal(size=(1, len(run.model.plan)))
    peer = _peer(len(run.model.plan))

    def assess(explain: Explain) -> Callable[[], object]:
        return lambda: score(
            one,
            look,
            agreement=agreement,
            model=run.model,
            explain=explain,
        ).assessment(0)

    bare = _median(lambda: peer.predict(ready, num_threads=1))
    kept = _that_lacks_an_answer(tables, agreement)
    rows: list[Row] = [_row("Booster.predict, 300 trees × 8 leaves, one ready row (peer)", bare, bare)]
    rows += [
        _row("the rules alone", _median(_rules(one, look, agreement, "none")), bare),
        _row(
            "the rules alone, a lead that lacks an answer",
            _median(_rules(kept, look, agreement, "none")),
            bare,
        ),
        _row("the same, with what would change it", _median(_rules(kept, look, agreement, "brief")), bare),
        _row("an assessment without reasons", _median(assess("none")), bare),
        _row("an assessment with its strongest reasons", _median(assess("brief")), bare),
        _row("an assessment with all reasons", _median(assess("full")), bare),
    ]
    return rows, f"One lead with {counts[lead]} activities, {len(run.model.plan)} features, one thread."


def _rules(one: Tables, look: Snapshots, agreement: Agreement, explain: Explain) -> Callable[[], object]:
    return lambda: score(one, look, agreement=agreement, model=None, explain=explain).assessment(0)


def _that_lacks_an_answer(tables: Tables, agreement: Agreement) -> Tables:
    """Return the first open lead that one answer would have handed over."""
    looks = snapshots.open_at(tables, tables.observed_through)
    changes = score(tables, looks, agreement=agreement, model=None).changes
    row = next(row for row, answers in changes.items() if len(answers) == 1)
    return select(tables, np.array([looks.lead[row]]))


def _peer(features: int) -> lightgbm.Booster:
    random = np.random.default_rng(0)
    X = random.normal(size=(5_000, features))
    y = (X[:, 0] + random.normal(size=len(X)) > 0).astype(float)
    settings = {"objective": "binary", "num_leaves": 8, "verbose": -1, "num_threads": 1, "seed": 0}
    return lightgbm.train(settings, lightgbm.Dataset(X, y), num_boost_round=300)


def _median(what: Callable[[], object]) -> float:
    what()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        what()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _row(what: str, seconds: float, peer: float) -> Row:
    return {
        "what": what,
        "median ms": round(1e3 * seconds, 3),
        "× the bare prediction": round(seconds / peer, 1),
    }
