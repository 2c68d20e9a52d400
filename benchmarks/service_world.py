"""A model as a default training gives it, published for a service, and requests about leads of its world."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.resumable import code_fingerprint
from readiness import artefact, shipped, training_run
from readiness.agreement import reading
from readiness.artefact import Bundle, Pointer
from readiness.crm import simulate
from readiness.crm.records import iso
from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.learning.little_data import TooLittle
from readiness.training_run import TrainingSettings
from tests.serve.published import request_of

OUT: Final = Path(__file__).parents[1] / "out" / "service"
ACTIVITIES: Final = 50


@dataclass(frozen=True, slots=True)
class World:
    """A folder with two published bundles of the same data, and that data.

    ``names`` are their names: two seeds, so two models that score differently.
    """

    folder: Path
    names: tuple[str, ...]
    tables: Tables

    def bundle(self, which: int) -> Bundle:
        """Open a bundle, checked."""
        return artefact.open_bundle(self.folder / self.names[which], name=self.names[which])

    def point(self, which: int, version: int) -> None:
        """Make a bundle the champion."""
        artefact.point(self.folder, Pointer(name=self.names[which], version=str(version)))


def trained(leads: int, *, models: int = 1, replicates: int = 20) -> World:
    """Train on a simulated CRM, or take what was trained before; the first model is the champion."""
    tables = simulate.world(leads, seed=1).tables
    folder = OUT / f"{leads}-{code_fingerprint(measuring=False)}"
    names = []
    for seed in range(models):
        kept = folder / f"model-{seed}"
        if not kept.exists():
            _train(tables, folder, kept, seed, replicates)
        names.append(kept.read_text(encoding="utf-8").strip())
    world = World(folder, tuple(names), tables)
    world.point(0, 1)
    return world


def _train(tables: Tables, folder: Path, kept: Path, seed: int, replicates: int) -> None:
    settings = TrainingSettings(seed=seed, importance=False, replicates=replicates)
    run = training_run.train(tables, reading.load(shipped.agreement()), settings=settings)
    if isinstance(run, TooLittle):
        raise SystemExit(run.sentence)
    folder.mkdir(parents=True, exist_ok=True)
    text = shipped.agreement().read_text(encoding="utf-8")
    path = artefact.write(run.model, agreement_text=text, provenance=run.provenance, folder=folder)
    kept.write_text(path.name, encoding="utf-8")


def bodies(world: World, count: int, *, explain: str, activities: int | None = ACTIVITIES) -> list[bytes]:
    """Return requests about leads that are still open, each with exactly so many activities.

    The newest are kept where a lead has more, and the oldest comes again where it has fewer.
    """
    tables = world.tables
    still_open = snapshots.open_at(tables, tables.observed_through).lead
    having = np.diff(tables.activities.starts)[still_open]
    nearest = np.argsort(np.abs(having - (activities or 0)), kind="stable") if activities else slice(None)
    chosen = still_open[nearest][:count]
    return [_body(tables, int(lead), explain, activities) for lead in chosen]


def _body(tables: Tables, lead: int, explain: str, activities: int | None) -> bytes:
    asked: dict[str, Any] = request_of(tables, lead, explain=explain)
    rows = asked["activities"]
    if activities is not None and rows:
        rows = [rows[0]] * (activities - len(rows)) + rows[-activities:]
    asked = {**asked, "activities": rows, "at": iso(tables.observed_through)}
    return json.dumps(asked).encode()
