"""A backtest of 100,000 leads over 18 months beside the bare judging of the same number of looks."""

from __future__ import annotations

import resource
import time
from typing import Final

from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.hindsight.backtest import backtest
from readiness.hindsight.compare import compare
from readiness.hindsight.replay import Adviser, replay
from readiness.history import snapshots
from readiness.scoring import suppressed

TITLE: Final = "A backtest"
LEADS: Final = 100_000
MEGABYTE: Final = 1024


def measure(leads: int = LEADS) -> tuple[list[Row], str]:
    """Time replay, backtest and comparison; ratios to judging one look at each open lead, look for look."""
    tables = simulate.world(leads, seed=1).tables
    adviser = Adviser(load(shipped.agreement()), never_call=suppressed)
    before = _peak()
    once = snapshots.open_at(tables, tables.observed_through)
    began = time.perf_counter()
    adviser.advise(tables, once)
    bare = (time.perf_counter() - began) / max(1, len(once))
    found = replay(tables, adviser)
    rows: list[Row] = [
        _row("rules at one look each, all leads at once (peer)", bare * len(once), len(once), bare)
    ]
    for what, looks, run in (
        ("replay: who is handed over when", found.looks, lambda: replay(tables, adviser)),
        ("backtest, with 1,000 draws for the intervals", found.looks, lambda: backtest(tables, adviser)),
        ("comparison of two agreements", 2 * found.looks, lambda: compare(tables, adviser, adviser)),
    ):
        began = time.perf_counter()
        run()
        rows.append(_row(what, time.perf_counter() - began, looks, bare))
    more = _peak() - before
    weeks = (tables.observed_through - int(tables.leads.created_at.min())) / (7 * 86_400e6)
    return rows, (
        f"{leads:,} leads over {weeks:.0f} weeks, {len(tables.activities):,} activities; beyond the tables "
        f"the memory grew by {more:,.0f} MB at most."
    )


def _row(what: str, seconds: float, looks: int, bare: float) -> Row:
    return {
        "what": what,
        "looks": looks,
        "seconds": round(seconds, 1),
        "µs a look": round(1e6 * seconds / max(1, looks), 2),
        "× the peer's": round(seconds / max(1, looks) / bare, 2),
    }


def _peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
