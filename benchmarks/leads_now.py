"""Where a million leads are: counts of moves, gaps and waiting beside the same counts by pandas."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.document import CATEGORIES, PIECES
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.hindsight.ageing import GROUPS, ageing, edges_of, passing_kinds
from readiness.hindsight.bant_gaps import bant_gaps
from readiness.hindsight.category_flow import a_month_later, flow
from readiness.hindsight.leads_now import MONTHS, REPLICATES, leads_now
from readiness.history.outcomes import Labels
from readiness.judging.bootstrap import draw
from readiness.scoring import suppressed

TITLE: Final = "Where a million leads are"
LEADS: Final = 1_000_000
WORLD: Final = 100_000
T = TypeVar("T")


def measure(leads: int = LEADS, world: int = WORLD) -> tuple[list[Row], str]:
    """Time the counts on drawn columns, then the whole on a simulated world."""
    rng = np.random.default_rng(1)
    rows = [_moves(leads, rng), _gaps(leads, rng), _waiting(leads, rng)]
    tables = simulate.world(world, seed=1).tables
    agreement = load(shipped.agreement())
    seconds, found = _timed(lambda: leads_now(tables, agreement, never_call=suppressed))
    return rows, (
        f"Figures and intervals of a whole section on {world:,} simulated leads ({found.open_leads:,} open, "
        f"{len(tables.activities):,} activities): {seconds:.1f} s."
    )


def _moves(leads: int, rng: np.random.Generator) -> Row:
    each = leads // MONTHS
    lead = np.repeat(np.arange(each, dtype=np.int32), MONTHS)
    place = np.tile(np.arange(MONTHS, dtype=np.int32), each)
    kind = rng.integers(0, len(CATEGORIES), len(lead)).astype(np.int8)
    starts = np.arange(MONTHS, dtype=np.int64) * 30 * MICROSECONDS_PER_DAY
    fates = Labels(np.zeros(len(lead), dtype=np.int8), np.full(len(lead), 400.0))
    passing = passing_kinds(load(shipped.agreement()))
    resamples = draw(lead.astype(np.int64), replicates=REPLICATES, seed=1)
    frame = pd.DataFrame({"lead": lead, "kind": kind})

    def peer() -> pd.DataFrame:
        return pd.crosstab(frame["kind"], frame.groupby("lead")["kind"].shift(-1))

    def ours() -> object:
        later = a_month_later(lead, place, starts, kind, fates)
        return flow(lead, kind, later, passing, resamples, months=MONTHS - 1)

    return _row(f"moves, with intervals from {REPLICATES} draws of leads", len(lead), ours, peer)


def _gaps(leads: int, rng: np.random.Generator) -> Row:
    kind = rng.integers(0, len(CATEGORIES), leads).astype(np.int8)
    state = rng.integers(-1, 2, (leads, len(PIECES))).astype(np.int8)
    frame = pd.DataFrame(state, columns=list(PIECES)).assign(kind=kind)

    def peer() -> list[pd.DataFrame]:
        return [pd.crosstab(frame["kind"], frame[piece]) for piece in PIECES]

    return _row("gaps in BANT", leads, lambda: bant_gaps(kind, state), peer)


def _waiting(leads: int, rng: np.random.Generator) -> Row:
    group = rng.integers(0, len(GROUPS), leads)
    waited = np.where(rng.random(leads) < 0.5, np.nan, rng.exponential(30.0, leads))
    edges = edges_of(24.0)
    frame = pd.DataFrame({"group": group, "waited": waited})

    def peer() -> pd.DataFrame:
        return pd.crosstab(frame["group"], pd.cut(frame["waited"], [-1.0, *edges, np.inf]))

    return _row("who waits how long", leads, lambda: ageing(group, waited, edges), peer)


def _row(what: str, rows: int, ours: Callable[[], object], peer: Callable[[], object]) -> Row:
    seconds, _ = _timed(ours)
    other, _ = _timed(peer)
    return {
        "what": what,
        "rows": rows,
        "seconds": round(seconds, 2),
        "pandas (peer), seconds": round(other, 2),
        "× the peer's": round(seconds / other, 2),
    }


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = run()
    return time.perf_counter() - began, found
