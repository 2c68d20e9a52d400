"""A report with a million leads as they are now, beside asking the rules about each of them once."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.agreement import repeated
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.reading import load
from readiness.agreement.verdicts import evaluate
from readiness.crm import simulate
from readiness.hindsight.leads_now import leads_now
from readiness.history import snapshots
from readiness.reports import model_report, page
from readiness.scoring import suppressed
from tests.reports import examples

TITLE: Final = "A report with the leads as they are now"
SIMULATED: Final = 10_000
COPIES: Final = 100
MEGABYTE: Final = 1024


def measure(simulated: int = SIMULATED, copies: int = COPIES) -> tuple[list[Row], str]:
    """Time what `readiness report --data` does once the tables are read: ask, summarise, draw, write."""
    agreement = load(shipped.agreement())
    tables = repeated(simulate.world(simulated, seed=1).tables, copies)
    before = _peak()
    began = time.perf_counter()
    evaluate(tables, snapshots.open_at(tables, tables.observed_through), agreement)
    bare = time.perf_counter() - began
    began = time.perf_counter()
    found = leads_now(tables, agreement, never_call=suppressed)
    asked = time.perf_counter() - began
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report = model_report.with_leads(examples.report("skilled"), found)
        made = page.write(report, Path(folder) / "report.html").stat().st_size
    drawn = time.perf_counter() - began
    rows: list[Row] = [
        _row("the rules, asked once of every open lead (peer)", bare, bare),
        _row("where the leads are now, and were for a year", asked, bare),
        _row("the page drawn and written, with JSON and CSV", drawn, bare),
        _row("both together", asked + drawn, bare),
    ]
    return rows, (
        f"{len(tables.leads):,} leads, {len(tables.activities):,} activities; the page has "
        f"{made / 1e6:.1f} MB. The process held {_peak():,.0f} MB at most, {before:,.0f} MB of it once the "
        "tables were there; without --data a report reads no lead at all, but what was kept with the model."
    )


def _row(what: str, seconds: float, bare: float) -> Row:
    return {"what": what, "seconds": round(seconds, 1), "× the peer's": round(seconds / bare, 2)}


def _peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
