"""Who a lead is, as features: attributes by their type, source, age, how complete the record is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.tables import Attribute, Coded, Floats, Ints, Leads, Tables
from readiness.history.feature_plan import Feature
from readiness.history.levels import (
    attribute_label,
    categories_of,
    instants_of,
    is_free_text,
    names_dates,
    numbers_of,
    shared_levels,
    states_numbers,
    usual_range,
)
from readiness.history.snapshots import Snapshots, ages

SOURCE: Final = "source"

USUAL_SHARE: Final = 0.9
"""A column that so many leads fill is missed where it is empty."""


def features(leads: Leads, rows: Ints, dated: bool, min_leads: int) -> Iterator[Feature]:
    """Name the features that the leads' own columns support.

    A column is a number if all its texts are numbers, a date if all are ISO dates, else a category; a
    category needs at least one level that enough leads share. Free text is none of these. Dates need a
    cutoff to be measured from, so undated tables make nothing of them.

    Parameters
    ----------
    leads : Leads
    rows : Ints
        The leads that have a snapshot; what the others hold does not count.
    dated : bool
    min_leads : int
    """
    if dated:
        yield Feature("lead_age_days", "number", "Age of the lead", "age")
    sources = shared_levels(leads.source.take(rows), rows.astype(np.int32), min_leads)
    if sources:
        yield Feature(SOURCE, "category", "Source", "source", SOURCE, levels=sources)
    for name in sorted(leads.attributes):
        yield from _attribute(name, _taken(leads.attributes[name], rows), rows, dated, min_leads)
    if leads.attributes:
        yield Feature("attributes_known_share", "number", "Completeness of the profile", "completeness")


def free_texts(leads: Leads) -> tuple[str, ...]:
    """Name the columns that hold free text: no feature is made of them."""
    return tuple(name for name in sorted(leads.attributes) if is_free_text(leads.attributes[name]))


def usually_known(leads: Leads, rows: Ints) -> Iterator[str]:
    """Name the columns that hardly any of these leads lack: a lead without one is out of the ordinary."""
    columns = {SOURCE: leads.source, **leads.attributes}
    for name in sorted(columns):
        if len(rows) and _known(_taken(columns[name], rows)).mean() >= USUAL_SHARE:
            yield name


def _taken(column: Attribute, rows: Ints) -> Attribute:
    return column.take(rows) if isinstance(column, Coded) else column[rows]


def _attribute(name: str, column: Attribute, rows: Ints, dated: bool, min_leads: int) -> Iterator[Feature]:
    group = attribute_label(name)
    if int(_known(column).sum()) < max(min_leads, 1):
        return
    if states_numbers(column):
        low, high = usual_range(numbers_of(column), min_leads) or (None, None)
        yield Feature(name, "number", group, "attribute:number", name, low=low, high=high)
    elif names_dates(column):
        if dated:
            yield Feature(f"days_since_{name}", "number", group, "attribute:date", name)
    elif isinstance(column, Coded) and not is_free_text(column):
        levels = shared_levels(column, rows.astype(np.int32), min_leads)
        if levels:
            yield Feature(name, "category", group, "attribute:category", name, levels=levels)


def _known(column: Attribute) -> Floats:
    known = column.codes >= 0 if isinstance(column, Coded) else ~np.isnan(column)
    return known.astype(np.float64)


def measure(
    tables: Tables, snapshots: Snapshots, planned: tuple[Feature, ...], columns: tuple[str, ...], out: Floats
) -> None:
    """Measure the profile features of a plan.

    Parameters
    ----------
    tables : Tables
    snapshots : Snapshots, n rows
    planned : k features that `features` named
    columns : the plan's lead attributes
        Completeness is the share of these that are known.
    out : Floats, n × k
        Filled: a column that the tables do not have is missing for every lead.
    """
    for place, feature in enumerate(planned):
        if feature.measure == "age":
            out[:, place] = ages(tables, snapshots)
        elif feature.measure == "completeness":
            out[:, place] = _completeness(tables.leads, columns)[snapshots.lead]
        elif feature.measure == "attribute:date":
            out[:, place] = _days_since(tables.leads, snapshots, feature.of)
        else:
            out[:, place] = _value(tables.leads, feature)[snapshots.lead]


def _value(leads: Leads, feature: Feature) -> Floats:
    """Read one column of all leads as the plan has it."""
    column = leads.source if feature.measure == "source" else leads.attributes.get(feature.of)
    if column is None:
        return np.full(len(leads), np.nan if feature.kind == "number" else float(feature.missing))
    return numbers_of(column) if feature.kind == "number" else categories_of(column, feature.levels)


def _days_since(leads: Leads, snapshots: Snapshots, name: str) -> Floats:
    column = leads.attributes.get(name)
    if column is None:
        return np.full(len(snapshots), np.nan)
    at = instants_of(column)[snapshots.lead]
    return np.where(at == NO_INSTANT, np.nan, (snapshots.cutoff - at) / MICROSECONDS_PER_DAY)


def _completeness(leads: Leads, columns: tuple[str, ...]) -> Floats:
    known = np.zeros(len(leads))
    for name in columns:
        if name in leads.attributes:
            known += _known(leads.attributes[name])
    return known / max(len(columns), 1)
