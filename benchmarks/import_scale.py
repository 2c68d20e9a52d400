"""Importing and checking 1 million leads with 20 million activities, as CSV, on two cores.

``python -m benchmarks.import_scale --leads 100000`` measures a smaller export. Each step runs in a
process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from readiness.crm import folder, mapping, simulate
from readiness.reports import quality

TITLE = "Import of 1 million leads with 20 million activities"
LEADS: Final = 1_000_000
SIMULATED: Final = 20_000
CORES: Final = 2
SECONDS_ALLOWED: Final = 300
MEMORY_ALLOWED: Final = 6_000
FILES: Final = ("leads", "activities", "answers", "opportunities", "handovers")

MAPPING: Final = """
name: big_export
about: an export such as a large seller's CRM writes it
observed_through: 2026-03-01T00:00:00Z
files:
  leads: {path: leads.csv}
  activities: {path: activities.csv}
  answers: {path: answers.csv}
  opportunities: {path: opportunities.csv}
  handovers: {path: handovers.csv}
leads:
  file: leads
  columns:
    lead_id: Id
    created_at: CreatedDate
    source: {column: LeadSource, values: {Web Form: web_form}}
    email: Email
    phone: Phone
    company_domain: Website
  exclude: {OwnerId: who works on it is decided later}
activities:
  - file: activities
    columns:
      lead_id: WhoId
      occurred_at: ActivityDate
      type: {column: Type, values: {Web Visit: web_visit, Email Sent: email_sent, Call: call}}
      direction: {column: Direction, values: {In: inbound, Out: outbound}}
      channel: Channel
      value: Value
answers:
  - file: answers
    columns: {lead_id: ParentId, answered_at: CreatedDate, field: Field, value: NewValue}
outcomes:
  - file: opportunities
    columns:
      lead_id: LeadId
      occurred_at: CloseDate
      outcome:
        column: StageName
        values: {Won: closed_won, Lost: closed_lost, Do not call: stop_calling, Disqualified: disqualified}
handovers:
  - file: handovers
    columns:
      lead_id: LeadId
      handed_over_at: AssignedDate
      decided_at: DecidedDate
      decision: Decision
      reason: Reason
"""

_ID: Final = "'00Q' || lpad(CAST(copy AS VARCHAR), 3, '0') || lead_id"
_AT: Final = "strftime({} - to_hours(copy + 2), '%Y-%m-%dT%H:%M:%S.000Z')"
_EXPORT: Final = {
    "leads": f"""
        SELECT {_ID} AS Id, {_AT.format("created_at")} AS CreatedDate,
               CASE source WHEN 'web_form' THEN 'Web Form' ELSE source END AS LeadSource,
               'p' || copy || email AS Email, phone AS Phone, 'c' || copy || company_domain AS Website,
               '005' || (row_number() OVER () % 80) AS OwnerId,
               * EXCLUDE (lead_id, created_at, source, email, phone, company_domain, copy)
        FROM leads CROSS JOIN copies""",
    "activities": f"""
        SELECT '00T' || lpad(CAST(row_number() OVER () AS VARCHAR), 12, '0') AS Id,
               {_ID} AS WhoId, {_AT.format("occurred_at")} AS ActivityDate,
               CASE type WHEN 'web_visit' THEN 'Web Visit' WHEN 'email_sent' THEN 'Email Sent'
                         WHEN 'call' THEN 'Call' ELSE type END AS Type,
               CASE direction WHEN 'inbound' THEN 'In' ELSE 'Out' END AS Direction,
               channel AS Channel, value AS Value, 'Re: your question of ' || CAST(occurred_at AS DATE)
               AS Subject, '005' || (hash(lead_id) % 80) AS OwnerId
        FROM more CROSS JOIN copies""",
    "answers": f"""
        SELECT {_ID} AS ParentId, {_AT.format("answered_at")} AS CreatedDate, field AS Field,
               value AS NewValue FROM (FROM answers ORDER BY answered_at) CROSS JOIN copies""",
    "opportunities": f"""
        SELECT {_ID} AS LeadId, {_AT.format("occurred_at")} AS CloseDate,
               CASE outcome WHEN 'closed_won' THEN 'Won' WHEN 'closed_lost' THEN 'Lost'
                            WHEN 'stop_calling' THEN 'Do not call' ELSE 'Disqualified' END AS StageName
        FROM outcomes CROSS JOIN copies""",
    "handovers": f"""
        SELECT {_ID} AS LeadId, {_AT.format("handed_over_at")} AS AssignedDate,
               {_AT.format("decided_at")} AS DecidedDate, decision AS Decision, reason AS Reason
        FROM handovers CROSS JOIN copies""",
}
"""Copies of a simulated CRM, each lead with its own id and hours, under another CRM's names.

Events stand nearly in the order of time, as a CRM writes them, and not by lead.
"""
_MORE: Final = """
    CREATE TABLE more AS
    SELECT * FROM activities UNION ALL
    SELECT * REPLACE (occurred_at + to_seconds(CAST(hash(occurred_at) % 3600 AS INTEGER)) AS occurred_at)
    FROM activities WHERE hash(occurred_at, lead_id) % 100 < 11
    ORDER BY occurred_at, lead_id"""


def generate(leads: int, there: Path) -> None:
    """Write an export of so many leads: simulated ones, repeated, each copy at other hours."""
    simulated = min(leads, SIMULATED)
    with tempfile.TemporaryDirectory(dir=there) as aside:
        world = simulate.world(simulated, seed=1)
        folder.write(world.tables, Path(aside), format="parquet")
        database = duckdb.connect()
        database.execute("SET TimeZone='UTC'; SET preserve_insertion_order=true")
        database.execute(f"CREATE TABLE copies AS SELECT range AS copy FROM range({-(-leads // simulated)})")
        for table in ("leads", "activities", "answers", "outcomes", "handovers"):
            database.execute(f"CREATE VIEW {table} AS SELECT * FROM '{aside}/{table}.parquet'")
        database.execute(_MORE)
        for name in FILES:
            database.execute(f"COPY ({_EXPORT[name]}) TO '{there / name}.csv' (HEADER)")
        database.close()
    (there / "mapping.yaml").write_text(MAPPING, encoding="utf-8")


def import_it(there: Path) -> dict[str, object]:
    """Import the export into the tables."""
    received = mapping.apply(mapping.load(there / "mapping.yaml"), [there])
    folder.write(received.tables, there / "tables")
    return {f"{name}": received.counts[name].read for name in ("leads", "activities")}


def check(there: Path) -> dict[str, object]:
    """Read the tables back, check every row and draw up the page of data quality."""
    received = folder.receive(there / "tables")
    quality.summarise(received, [], horizon_days=90.0)
    return {f"{name}": received.counts[name].read for name in ("leads", "activities")}


def read_with_pandas(there: Path) -> dict[str, object]:
    """Read the same files and do nothing with them."""
    frames = {name: pd.read_csv(there / f"{name}.csv") for name in FILES}
    return {f"{name}": len(frames[name]) for name in ("leads", "activities")}


STEPS: Final[dict[str, Callable[[Path], dict[str, object]]]] = {
    "import": import_it,
    "check": check,
    "pandas.read_csv": read_with_pandas,
}


def run(step: str, there: Path) -> dict[str, object]:
    """Carry out one step in this process, on two cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    began = time.perf_counter()
    counts = STEPS[step](there)
    seconds = time.perf_counter() - began
    # Linux counts kilobytes, macOS bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return {
        "step": step,
        **counts,
        "seconds": seconds,
        "processor, s": time.process_time(),
        "peak memory, MB": peak,
    }


def measure(leads: int = LEADS) -> tuple[list[dict[str, object]], str]:
    """Make an export, import it, check it, and read it with pandas."""
    with tempfile.TemporaryDirectory() as folder_name:
        there = Path(folder_name)
        _in_own_process("generate", there, leads)
        size = sum((there / f"{name}.csv").stat().st_size for name in FILES) / 1e9
        rows = [_in_own_process(step, there, leads) for step in STEPS]
    seconds = [float(str(row["seconds"])) for row in rows]
    peaks = [float(str(row["peak memory, MB"])) for row in rows]
    ours, peak = seconds[0] + seconds[1], max(peaks[:2])
    verdict = "within" if ours < SECONDS_ALLOWED and peak < MEMORY_ALLOWED else "NOT within"
    sentence = (
        f"{rows[0]['leads']:,} leads with {rows[0]['activities']:,} activities, {size:.1f} GB of CSV, are "
        f"imported and checked in {ours:.0f} s with at most {peak / 1000:.1f} GB, {verdict} the "
        f"{SECONDS_ALLOWED} s and {MEMORY_ALLOWED / 1000:.0f} GB allowed; pandas takes {seconds[2]:.0f} s "
        f"and {peaks[2] / 1000:.1f} GB only to read the same files, {ours / seconds[2]:.1f} times less."
    )
    return rows, sentence


def _in_own_process(step: str, there: Path, leads: int) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.import_scale", "--step", step, "--in", str(there)]
    done = subprocess.run([*command, "--leads", str(leads)], check=True, stdout=subprocess.PIPE, text=True)
    row: dict[str, object] = json.loads(done.stdout) if done.stdout else {}
    return row


def main() -> None:
    """Measure, or carry out one step for the process that asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=LEADS)
    parser.add_argument("--step", choices=("generate", *STEPS))
    parser.add_argument("--in", dest="there", type=Path)
    asked = parser.parse_args()
    if asked.step is None:
        rows, sentence = measure(asked.leads)
        print(json.dumps(rows, indent=1))
        print(sentence)
    elif asked.step == "generate":
        generate(asked.leads, asked.there)
    else:
        print(json.dumps(run(asked.step, asked.there)))


if __name__ == "__main__":
    main()
