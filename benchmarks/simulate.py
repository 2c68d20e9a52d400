"""Simulating 100,000 leads and writing them with their truth, on one core.

Run as ``python -m benchmarks.simulate``; each size runs in a process of its own, so that its peak
memory is its own.
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
from pathlib import Path

from readiness.crm import simulate

TITLE = "Simulator"
SIZES = (10_000, 100_000)
SECONDS_ALLOWED = 60


def run(leads: int, folder: Path) -> dict[str, object]:
    """Simulate and write in this process, on one core; seconds are the wall clock's."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    began = time.perf_counter()
    world = simulate.world(leads, seed=1)
    simulated = time.perf_counter()
    simulate.write(world, folder)
    written = time.perf_counter()
    # Linux counts kilobytes, macOS bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return {
        "leads": leads,
        "activities": len(world.tables.activities),
        "snapshots with truth": len(world.snapshots()[0]),
        "simulate, s": simulated - began,
        "truth and files, s": written - simulated,
        "together, s": written - began,
        "processor, s": time.process_time(),
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def measure() -> tuple[list[dict[str, object]], str]:
    """Simulate worlds of each size, each in a process of its own."""
    rows = [_in_own_process(leads) for leads in SIZES]
    seconds, busy = (float(str(rows[-1][name])) for name in ("together, s", "processor, s"))
    verdict = "within" if seconds < SECONDS_ALLOWED else "NOT within"
    sentence = (
        f"{SIZES[-1]:,} leads, their tables and their truth take {seconds:.0f} s on one core, {verdict} the "
        f"{SECONDS_ALLOWED} s allowed; {busy:.0f} s of them the processor worked on it."
    )
    return rows, sentence


def _in_own_process(leads: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.simulate", "--leads", str(leads), "--out", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    row: dict[str, object] = json.loads(done.stdout)
    return row


def main() -> None:
    """Measure, or simulate one world for the process that asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.leads is None:
        rows, sentence = measure()
        print(json.dumps(rows, indent=1))
        print(sentence)
    else:
        print(json.dumps(run(asked.leads, asked.out)))


if __name__ == "__main__":
    main()
