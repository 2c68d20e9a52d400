"""What `train --exclude` may name; a name that matches nothing would leave everything in unnoticed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import typer

from readiness.crm.tables import Tables
from readiness.history import features, snapshots


def check(tables: Tables, names: Sequence[str]) -> None:
    """Refuse names that match nothing in the tables, naming the nearest that do.

    Raises
    ------
    typer.BadParameter
        If a name is no lead column, activity type, answer field, feature or group of features.
    """
    if not names:
        return
    known = {*tables.leads.attributes, *tables.activities.type.levels, *tables.answers.field.levels, "source"}
    if not known.issuperset(names):
        known |= _of_features(tables)
    unknown = [name for name in names if name not in known]
    if unknown:
        said = "; ".join(f"{name!r}{_nearest(name, known)}" for name in unknown)
        raise typer.BadParameter(
            f"nothing in the tables is called {said}. "
            "Name a lead column, activity type, answer field or feature, as tables and report write it.",
            param_hint="--exclude",
        )


def _of_features(tables: Tables) -> set[str]:
    looks = snapshots.take(tables, until=tables.observed_through)
    plan = features.plan(tables, looks, points=True)
    return {name for feature in plan.features for name in (feature.name, feature.group)}


def _nearest(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f" (nearest: {', '.join(near)})" if near else ""
