"""Proves that a bundle's name depends on the data alone: not on threads, processes or row order.

`python -m benchmarks prove bundles` trains five times on the same leads (about 200,000 snapshots) with other
threads, hash seeds and orders, and edits 1,000 single cells: each must change the data's fingerprint.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import resumable
from benchmarks.evidence import Row
from readiness import artefact, shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.fingerprint import fingerprint
from readiness.crm.selection import select
from readiness.crm.tables import Coded, Tables
from readiness.training_run import TrainingRun, TrainingSettings, train

TITLE: Final = "The same data give the same bundle, and other data another"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_bundles.jsonl"
LEADS: Final = 28_000
"""Seven snapshots each, about: 200,000 rows to learn from."""
TRAININGS: Final = 5
EDITS: Final = 1_000
EDITED: Final = 400
"""Leads of the world whose cells are edited."""
_ORDER_IS_NO_DATA: Final = {"starts", "lead_id", "lead"}


def bundle_name(leads: int, order: int, threads: int) -> str:
    """Train on leads in some order; return the bundle's name, a digest of every byte of it."""
    tables = simulate.world(leads, 1).tables
    if order:
        tables = select(tables, np.random.default_rng(order).permutation(leads))
    settings = TrainingSettings(num_threads=threads, importance=False, replicates=50)
    run = train(tables, load(shipped.agreement()), settings=settings)
    if not isinstance(run, TrainingRun):
        raise TypeError(f"{leads} leads are too few: {run.sentence}")
    with tempfile.TemporaryDirectory() as folder:
        text = shipped.agreement().read_text(encoding="utf-8")
        judged = run.judgement.to_dict()
        return artefact.write(
            run.model, agreement_text=text, provenance=run.provenance, folder=Path(folder), judgement=judged
        ).name


def in_a_process(leads: int, number: int) -> str:
    """Train in a process of its own, with its own hash seed, threads and order of the leads."""
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(number + 1),
        "OMP_NUM_THREADS": str(1 + number % 2),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "benchmarks.prove_bundles", str(leads), str(number), str(1 + number % 2)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def work(kind: str, seed: int) -> dict[str, Any]:
    """Train once and return the bundle's name, or edit a tenth of the cells and count unnoticed edits."""
    began = time.perf_counter()
    if kind == "training":
        found: dict[str, Any] = {"name": in_a_process(LEADS, seed)}
    else:
        found = {
            "unnoticed": unnoticed(simulate.world(EDITED, 2).tables, EDITS // 10, seed),
            "edits": EDITS // 10,
        }
    return {"kind": kind, "seed": seed, **found, "seconds": round(time.perf_counter() - began, 1)}


def unnoticed(tables: Tables, edits: int, seed: int) -> list[str]:
    """Edit single cells, one at a time, and return which edits left the fingerprint as it was."""
    random, before = np.random.default_rng(seed), fingerprint(tables)
    cells = list(columns(tables))
    missed = []
    for _ in range(edits):
        path, values = cells[random.integers(len(cells))]
        row = int(random.integers(len(values)))
        if fingerprint(_with(tables, path, edited(values, row))) == before:
            missed.append(f"{'.'.join(path)}[{row}]")
    return missed


def columns(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    """Yield every column that has cells, by its path; a Coded column counts as one."""
    names = [each.name for each in fields(part)] if is_dataclass(part) else list(part)
    for name in names:
        value = getattr(part, name) if is_dataclass(part) else part[name]
        if name in _ORDER_IS_NO_DATA:
            continue
        if isinstance(value, (Coded, np.ndarray)):
            several = not isinstance(value, Coded) or len(value.levels) > 0
            if len(value) and several:
                yield (*path, name), value
        elif is_dataclass(value) or isinstance(value, dict):
            yield from columns(value, (*path, name))


def edited(values: Any, row: int) -> Any:  # noqa: ANN401 - a column of any kind
    """Return the column with another value in one row."""
    if isinstance(values, Coded):
        codes = values.codes.copy()
        codes[row] = codes[row] + 1 if codes[row] + 1 < len(values.levels) else -1
        return replace(values, codes=codes)
    other = values.copy()
    if other.dtype == object:
        other[row] = None if other[row] else "someone@example.com"
    elif other.dtype.kind == "f":
        other[row] = 0.5 if np.isnan(other[row]) else np.nextafter(other[row], np.inf)
    else:
        other[row] = other[row] + 1 if other[row] < np.iinfo(other.dtype).max else other[row] - 1
    return other


def _with(part: Any, path: tuple[str, ...], values: Any) -> Any:  # noqa: ANN401
    name, *rest = path
    if is_dataclass(part):
        inner = _with(getattr(part, name), tuple(rest), values) if rest else values
        return replace(part, **{name: inner})  # type: ignore[type-var]
    return {**part, name: _with(part[name], tuple(rest), values) if rest else values}


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each claim, and the sentence that says whether both hold."""
    trained = [each for each in found if each["kind"] == "training"]
    edits = [each for each in found if each["kind"] == "edits"]
    names = {each["name"] for each in trained}
    tried, missed = sum(each["edits"] for each in edits), sum(len(each["unnoticed"]) for each in edits)
    rows: list[Row] = [
        {
            "what": "trainings with other threads, hash seeds and orders",
            "tried": len(trained),
            "told apart": len(names),
        },
        {"what": "edits of one cell", "tried": tried, "told apart": tried - missed},
    ]
    verdict = "Holds" if len(names) == 1 and missed == 0 else "Does not hold"
    slowest = max((each["seconds"] for each in trained), default=0.0)
    return rows, (
        f"{verdict}: {len(trained)} trainings gave {len(names)} bundle name{'' if len(names) == 1 else 's'} "
        f"(the slowest took {slowest:.0f} s), and {tried - missed:,} of {tried:,} edits of one cell another "
        "fingerprint of the data."
    )


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    asked = [("edits", part) for part in range(10)] + [("training", number) for number in range(TRAININGS)]
    return summary(resumable.run(work, asked, OUT))


if __name__ == "__main__":
    print(bundle_name(*(int(argument) for argument in sys.argv[1:4])))
