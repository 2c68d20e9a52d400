"""Whether leads are of the kind that a model learned from: what is empty, never seen or out of range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from readiness.crm.tables import Flags, Floats, Tables
from readiness.history.feature_plan import FeaturePlan
from readiness.history.wording import short

Oddity: TypeAlias = Literal["missing", "unlearned", "beyond"]
"""Empty where hardly any lead lacked it; a category not learned from; a number beyond those learned from."""

ODDITIES: Final[tuple[Oddity, ...]] = ("missing", "unlearned", "beyond")


@dataclass(frozen=True, slots=True)
class Unfamiliar:
    """In how many rows one attribute is odd, and how."""

    group: str
    oddity: Oddity
    rows: int


def row_warnings(plan: FeaturePlan, row: Floats) -> tuple[str, ...]:
    """Say what a reader of a score should know about the row it was computed from.

    It depends on the row alone, so one lead alone and in a batch are told the same.

    Parameters
    ----------
    plan : FeaturePlan, p features
    row : Floats, p

    Returns
    -------
    tuple of str
        First which columns are empty that hardly any lead lacked in training, then each category that
        the model never saw, or saw with too few leads to learn from, then each number beyond those that
        it learned from; empty if there is nothing to say.
    """
    missing = [name for column, name, code in _expected(plan) if _is_missing(float(row[column]), code)]
    told = [f"Usually known, but not here: {', '.join(missing)}."] if missing else []
    told += [
        f"{group}: a value that the model has not learned from."
        for column, group, unseen in _categories(plan)
        if row[column] == unseen
    ]
    told += [
        f"{group}: {short(float(row[column]))} lies outside what the model has learned from "
        f"({short(low)} to {short(high)})."
        for column, group, low, high in _ranged(plan)
        if _is_beyond(float(row[column]), low, high)
    ]
    # A column and the later answers to it are one attribute, and may say the same.
    return tuple(dict.fromkeys(told))


def unfamiliar(plan: FeaturePlan, matrix: Floats) -> tuple[Unfamiliar, ...]:
    """Count in how many rows each attribute is what `row_warnings` warns of.

    Parameters
    ----------
    plan : FeaturePlan, p features
    matrix : Floats, n × p

    Returns
    -------
    tuple of Unfamiliar
        Those found in at least one row: by oddity in the order of ``ODDITIES``, then the most frequent first.
    """
    odd: dict[tuple[Oddity, str], Flags] = {}

    def note(oddity: Oddity, group: str, rows: Flags) -> None:
        # A column and the later answers to it are one attribute.
        odd[oddity, group] = odd.get((oddity, group), False) | rows

    for column, group, code in _expected(plan):
        note("missing", group, _is_missing(matrix[:, column], code))
    for column, group, unseen in _categories(plan):
        note("unlearned", group, matrix[:, column] == unseen)
    for column, group, low, high in _ranged(plan):
        note("beyond", group, _is_beyond(matrix[:, column], low, high))
    found = [
        Unfamiliar(group, oddity, int(rows.sum())) for (oddity, group), rows in odd.items() if rows.any()
    ]
    return tuple(sorted(found, key=lambda each: (ODDITIES.index(each.oddity), -each.rows)))


def lacking(tables: Tables, plan: FeaturePlan) -> tuple[str, ...]:
    """Return the attributes that a plan reads and for which the tables have no column, by name."""
    wanted = {f.of for f in plan.features if f.measure.startswith("attribute:")}
    return tuple(sorted(wanted - set(tables.leads.attributes)))


def surplus(tables: Tables, plan: FeaturePlan) -> tuple[str, ...]:
    """Return the attributes of the tables that a plan never met, by name."""
    return tuple(sorted(set(tables.leads.attributes) - {*plan.columns, *plan.excluded}))


@lru_cache(maxsize=16)
def _expected(plan: FeaturePlan) -> tuple[tuple[int, str, float], ...]:
    """Return column, words and missing code (NaN for numbers) of what a lead's record usually holds."""
    return tuple(
        (column, feature.group, float(feature.missing) if feature.kind == "category" else math.nan)
        for column, feature in enumerate(plan.features)
        if feature.measure.startswith(("attribute:", "source")) and feature.of in plan.expected
    )


@lru_cache(maxsize=16)
def _categories(plan: FeaturePlan) -> tuple[tuple[int, str, float], ...]:
    return tuple(
        (column, feature.group, float(feature.unseen))
        for column, feature in enumerate(plan.features)
        if feature.kind == "category"
    )


@lru_cache(maxsize=16)
def _ranged(plan: FeaturePlan) -> tuple[tuple[int, str, float, float], ...]:
    return tuple(
        (column, feature.group, feature.low, feature.high)
        for column, feature in enumerate(plan.features)
        if feature.low is not None and feature.high is not None
    )


def _is_missing(value: Any, code: float) -> Any:  # noqa: ANN401 - a number, or a column of them
    # Only NaN differs from itself.
    return (value == code) | (value != value)


def _is_beyond(value: Any, low: float, high: float) -> Any:  # noqa: ANN401 - as above
    return (value < low) | (value > high)
