"""The agreement over a million leads with 20 million activities, beside the prediction of a ready matrix.

Run as ``python -m benchmarks.agreement [--scale S]``. From sorted columns in memory to the codes of
category, BANT, stage and advice; sentences are made on demand, and their rate is told apart.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

import lightgbm
import numpy as np

from benchmarks.evidence import Row, table
from readiness import shipped
from readiness.agreement import reading, sentences
from readiness.agreement.advice import Advices, advise
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm import simulate
from readiness.crm import tables as crm
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.selection import select
from readiness.crm.tables import (
    Activities,
    Answers,
    Attribute,
    Coded,
    Floats,
    Leads,
    Tables,
    no_coded,
)
from readiness.history import features, snapshots
from readiness.history.snapshots import Snapshots

TITLE: Final = "The agreement over a million leads"
LEADS: Final = 20_000
COPIES: Final = 55
TREES, LEAVES, THREADS = 300, 8, 2
ROUNDS: Final = 3
RENDERED: Final = 2_000
ALONE: Final = 200
_NOBODY: Final = np.empty(0, dtype=np.int32)
_NEVER: Final = np.empty(0, dtype=np.int64)
POINTERS: Final = frozenset({"pointer", "last_inbound", "last_negative", "facts"})
"""Columns of row numbers, which depend on what else stands in the tables."""


@dataclass(frozen=True)
class Job:
    """Leads, one snapshot each, a score for each, and the matrix that a peer predicts from."""

    tables: Tables
    snapshots: Snapshots
    agreement: Agreement
    score: Floats
    matrix: Floats
    peer: lightgbm.Booster


def job(leads: int, copies: int) -> Job:
    """Simulate some leads and lay so many copies of them one after the other.

    Each is looked at up to 30 days after its last activity, so that all of them are to be weighed.
    """
    world = simulate.world(leads, seed=1).tables
    rng = np.random.default_rng(1)
    activities = world.activities
    last = np.where(
        np.diff(activities.starts) > 0,
        activities.occurred_at[activities.starts[1:] - 1],
        world.leads.created_at,
    )
    cutoff = last + 1 + rng.integers(0, 30 * MICROSECONDS_PER_DAY, leads)
    looks = snapshots.at(world, cutoff)
    matrix = features.build(world, looks, features.plan(world, looks))
    won = (np.diff(world.outcomes.starts) > 0).astype(float)
    settings = {"objective": "binary", "num_leaves": LEAVES, "verbose": -1, "num_threads": THREADS, "seed": 0}
    peer = lightgbm.train(settings, lightgbm.Dataset(matrix, won), num_boost_round=TREES)
    many = repeated(world, copies)
    return Job(
        tables=many,
        snapshots=snapshots.at(many, np.tile(cutoff, copies)),
        agreement=reading.load(shipped.agreement()),
        score=rng.random(leads * copies),
        matrix=np.tile(matrix, (copies, 1)),
        peer=peer,
    )


def repeated(tables: Tables, copies: int) -> Tables:
    """Return the tables with so many copies of each lead and its activities and answers, none else."""
    leads, many = tables.leads, len(tables.leads) * copies
    activities, answers = tables.activities, tables.answers

    def column(values: Any) -> Any:  # noqa: ANN401 - numbers stay numbers, texts texts
        return (
            Coded(np.tile(values.codes, copies), values.levels)
            if isinstance(values, Coded)
            else np.tile(values, copies)
        )

    def lead_of(rows: Activities | Answers) -> dict[str, Any]:
        step = np.repeat(np.arange(copies, dtype=np.int64), len(rows))
        starts = (rows.starts[:-1] + (np.arange(copies) * len(rows))[:, None]).ravel()
        lead = np.tile(rows.lead, copies) + (step * len(leads)).astype(np.int32)
        return {"lead": lead, "starts": np.append(starts, len(rows) * copies)}

    attributes: dict[str, Attribute] = {name: column(values) for name, values in leads.attributes.items()}
    return replace(
        tables,
        leads=Leads(
            lead_id=np.array([f"L-{number}" for number in range(many)], dtype=np.object_),
            created_at=np.tile(leads.created_at, copies),
            last_known_at=np.tile(leads.last_known_at, copies),
            source=column(leads.source),
            attributes=attributes,
        ),
        activities=Activities(
            **lead_of(activities),
            occurred_at=np.tile(activities.occurred_at, copies),
            type=column(activities.type),
            direction=np.tile(activities.direction, copies),
            channel=no_coded(len(activities) * copies),
            value=np.full(len(activities) * copies, np.nan),
            detail=no_coded(len(activities) * copies),
        ),
        answers=Answers(
            **lead_of(answers),
            answered_at=np.tile(answers.answered_at, copies),
            field=column(answers.field),
            value=column(answers.value),
        ),
        outcomes=crm.outcomes(leads=many, lead=_NOBODY, occurred_at=_NEVER, outcome=_NOBODY.astype(np.int8)),
        handovers=crm.handovers(
            leads=many,
            lead=_NOBODY,
            handed_over_at=_NEVER,
            decided_at=_NEVER,
            decision=_NOBODY.astype(np.int8),
        ),
    )


def judged(work: Job, rows: slice = slice(None), tables: Tables | None = None) -> tuple[Verdicts, Advices]:
    """Apply the agreement: from columns to codes."""
    looks = Snapshots(work.snapshots.lead[rows], work.snapshots.cutoff[rows])
    if tables is not None:
        looks = Snapshots(np.zeros(len(looks), dtype=np.int32), looks.cutoff)
    verdicts = evaluate(tables or work.tables, looks, work.agreement)
    advices = advise(
        verdicts,
        agreement=work.agreement,
        cutoff=looks.cutoff,
        score=work.score[rows],
        stop_risk=work.score[rows] / 4,
        capacity_score=0.8,
        suppressed=np.zeros(len(looks), dtype=np.bool_),
        ended_outcome=np.full(len(looks), -1, dtype=np.int8),
    )
    return verdicts, advices


def columns(part: object, rows: slice = slice(None)) -> dict[str, bytes]:
    """Return the bytes of every column but row numbers, of verdicts or advices."""
    found: dict[str, bytes] = {}
    for entry in fields(part):  # type: ignore[arg-type]
        value = getattr(part, entry.name)
        if isinstance(value, np.ndarray) and entry.name not in POINTERS:
            found[entry.name] = np.ascontiguousarray(value[rows]).tobytes()
        elif is_dataclass(value) and entry.name not in {"tables", "snapshots", "agreement"}:
            found |= {f"{entry.name}.{name}": held for name, held in columns(value, rows).items()}
    return found


def differing_alone(work: Job, many: tuple[Verdicts, Advices], count: int) -> int:
    """Judge leads one at a time, out of the tables of one; return how many got other bits than in bulk."""
    different = 0
    for lead in np.linspace(0, len(work.snapshots) - 1, count, dtype=np.int64).tolist():
        row = slice(lead, lead + 1)
        alone = judged(work, row, select(work.tables, np.array([lead])))
        different += any(columns(one) != columns(all_, row) for one, all_ in zip(alone, many, strict=True))
    return different


def _render(many: tuple[Verdicts, Advices], count: int) -> None:
    verdicts, advices = many
    for row in np.linspace(0, len(verdicts) - 1, count, dtype=np.int64).tolist():
        sentences.category(verdicts, row)
        sentences.bant(verdicts, row)
        sentences.stage(verdicts, row)
        sentences.advice(verdicts, advices, row)


def _best(contenders: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Let the contenders take turns, so that a busy machine hinders all alike; keep each one's best."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            begun = time.perf_counter()
            contender()
            best[name] = min(best[name], time.perf_counter() - begun)
    return best


def run(leads: int = LEADS, copies: int = COPIES) -> tuple[list[Row], str]:
    """Measure: seconds of both, their ratio, memory, sentences a second, and whether one alone differs."""
    work = job(leads, copies)
    n, activities = len(work.snapshots), len(work.tables.activities)
    ours, theirs = "the agreement: category, BANT, stage, advice", "Booster.predict, ready matrix (peer)"
    seconds = _best(
        {ours: lambda: judged(work), theirs: lambda: work.peer.predict(work.matrix, num_threads=THREADS)}
    )
    tracemalloc.start()
    many = judged(work)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    begun = time.perf_counter()
    _render(many, RENDERED)
    rate = RENDERED / (time.perf_counter() - begun)
    different = differing_alone(work, many, min(ALONE, n))
    rows: list[Row] = [
        {
            "what": name,
            "snapshots": n,
            "activities": activities if name == ours else "",
            "seconds": taken,
            "× the peer": taken / seconds[theirs],
            "snapshots a second": n / taken,
        }
        for name, taken in seconds.items()
    ]
    ratio = seconds[ours] / seconds[theirs]
    return rows, (
        f"{n:,} snapshots with {activities:,} activities are judged in {seconds[ours]:.1f} s (60 s allowed), "
        f"{ratio:.2f} times as long (2 allowed) as `Booster.predict` of {TREES} trees × {LEAVES} leaves "
        f"takes over their {work.matrix.shape[1]} columns on {THREADS} threads; at most {peak:,.0f} MB are "
        f"held above the tables, answers included. {rate:,.0f} leads a second are told in sentences. "
        f"Of {min(ALONE, n)} leads judged one at a time, {different} got other bits."
    )


def measure() -> tuple[list[Row], str]:
    """Measure at full size, for the evidence."""
    return run()


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of a million leads")
    rows, sentence = run(copies=max(1, round(COPIES * parser.parse_args().scale)))
    print(f"{table(rows)}\n\n{sentence}")


if __name__ == "__main__":
    main()
