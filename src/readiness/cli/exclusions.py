"""What `train` may leave out or waive by name; a name that matches nothing would go unnoticed."""

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
    known = {*_audited(tables), *tables.activities.type.levels}
    if not known.issuperset(names):
        known |= _of_features(tables)
    what = "Name a lead column, activity type, answer field or feature, as tables and report write it."
    _refuse_unknown(names, known, what, "--exclude")


def check_waived(tables: Tables, names: Sequence[str], excluded: Sequence[str]) -> None:
    """Refuse to waive what the leak audit does not read, or what is left out anyway.

    Raises
    ------
    typer.BadParameter
        If a name is no lead column and no answer field, or is excluded too.
    """
    what = "Name a lead column or an answer field, as `readiness check` writes it."
    _refuse_unknown(names, _audited(tables), what, "--waive")
    both = sorted({*names} & {*excluded})
    if both:
        raise typer.BadParameter(
            f"{', '.join(map(repr, both))} cannot be left out and waived; say one of the two.",
            param_hint="--waive",
        )


def _audited(tables: Tables) -> set[str]:
    return {*tables.leads.attributes, *tables.answers.field.levels, "source"}


def _refuse_unknown(names: Sequence[str], known: set[str], what: str, option: str) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        said = "; ".join(f"{name!r}{_nearest(name, known)}" for name in unknown)
        raise typer.BadParameter(f"nothing in the tables is called {said}. {what}", param_hint=option)


def _of_features(tables: Tables) -> set[str]:
    looks = snapshots.take(tables, until=tables.observed_through)
    plan = features.plan(tables, looks, points=True)
    return {name for feature in plan.features for name in (feature.name, feature.group)}


def _nearest(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f" (nearest: {', '.join(near)})" if near else ""
