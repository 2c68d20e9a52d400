"""The same leads give the same bundle, whatever their order, the threads, or the process that trains."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from readiness import artefact, shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.training_run import TrainingRun, TrainingSettings, train
from tests import builders

QUICK: Final = TrainingSettings(
    seed=3,
    won_needed=20,
    replicates=40,
    folds=2,
    estimator={"max_rounds": 10, "penalties": (1000.0,), "folds": 2, "intervals": 3},
)


def bundle_name(tables: Tables, folder: Path, settings: TrainingSettings = QUICK) -> str:
    """Train and write the bundle; return its name, which is a digest of every byte in it."""
    run = train(tables, load(shipped.agreement()), settings=settings)
    assert isinstance(run, TrainingRun)
    text = shipped.agreement().read_text(encoding="utf-8")
    judgement = {**run.judgement.to_dict(), "importance": [each.to_dict() for each in run.importance]}
    written = artefact.write(
        run.model, agreement_text=text, provenance=run.provenance, folder=folder, judgement=judgement
    )
    return written.name


def turned(tables: Tables) -> Tables:
    """The same leads in another order."""
    return select(tables, np.random.default_rng(0).permutation(len(tables.leads)))


def undated() -> Tables:
    leads, outcomes = [], []
    for number in range(200):
        size, region = float(number * 37 % 60), ("north", "south")[number * 7 % 3 % 2]
        leads.append(builders.lead(f"L-{number}", created=None, size=size, region=region))
        end = "closed_won" if size + number * 13 % 40 > 50 else "closed_lost"
        outcomes.append(builders.outcome(None, end, lead_id=f"L-{number}"))
    return builders.tables(leads, outcomes=outcomes, through=None)


@pytest.mark.slow
def test_neither_the_order_of_the_leads_nor_the_threads_show_in_a_bundles_name(tmp_path: Path) -> None:
    tables = simulate.world(800, 4).tables
    name = bundle_name(tables, tmp_path)
    assert bundle_name(turned(tables), tmp_path) == name
    assert bundle_name(tables, tmp_path, replace(QUICK, num_threads=2)) == name


def test_the_order_of_undated_leads_does_not_show_in_a_bundles_name(tmp_path: Path) -> None:
    assert bundle_name(turned(undated()), tmp_path) == bundle_name(undated(), tmp_path)


@pytest.mark.slow
def test_another_process_with_other_hashes_writes_the_same_bundle(tmp_path: Path) -> None:
    command = (
        "from pathlib import Path; from readiness.crm import simulate; from tests.test_training_bytes "
        f"import bundle_name; print(bundle_name(simulate.world(800, 4).tables, Path({str(tmp_path)!r})))"
    )
    root = str(Path(__file__).parents[1])
    names = {
        subprocess.run(
            [sys.executable, "-c", command],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert names == {bundle_name(simulate.world(800, 4).tables, tmp_path)}
