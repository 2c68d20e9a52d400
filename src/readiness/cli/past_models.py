"""A model that is kept, asked about the past: what it would have said of leads it had not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from readiness import artefact
from readiness.artefact import Bundle
from readiness.cli.models import opened
from readiness.crm.records import instant
from readiness.crm.tables import Flags, Tables
from readiness.errors import ModelError
from readiness.hindsight.replay import Adviser
from readiness.history.splits import later_leads
from readiness.progress import Progress
from readiness.scoring import forecasting

CHAMPION: Final = "champion"


def fetched(models: Path, which: str, tell: Progress) -> Bundle:
    """Fetch and open a model's bundle: the champion's, or that of a version.

    Raises
    ------
    NoChampionError
        If nobody has promoted a model yet.
    StoreError
        If there is no such version.
    """
    registry = opened(models, tell)
    if which != CHAMPION and not which.isdigit():
        raise typer.BadParameter(
            f"{which!r} is no version; give a number, or {CHAMPION}", param_hint="--model"
        )
    tell("Checking the bundle", 0.0)
    chosen = registry.champion() if which == CHAMPION else registry.version(which)
    path = registry.fetch(chosen.version, models / "bundles")
    return artefact.open_bundle(path, name=chosen.bundle)


def with_model(adviser: Adviser, bundle: Bundle) -> Adviser:
    """Return an adviser that asks this model for score and stop risk."""
    return forecasting.with_model(adviser, bundle.model, bundle.agreement)


def unseen_by(bundle: Bundle, tables: Tables) -> Flags:
    """Say which leads were created after the data from which the model learned.

    Raises
    ------
    ModelError
        If leads or model have no dates: then nobody can say which leads it has not seen.
    """
    end = bundle.provenance.data_end
    if end is None or not tables.dated:
        raise ModelError(
            "Which leads this model has not seen can't be told: "
            f"{'it learned from leads without dates' if end is None else 'these leads have no dates'}. "
            "Leave out --model"
        )
    return later_leads(tables, instant(end))
