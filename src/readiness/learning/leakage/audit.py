"""Goes through every column that a model could read, and through what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from readiness.crm.tables import Coded, Tables
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.first_looks import FirstLooks, first_looks
from readiness.history.outcomes import EVENT_OF_OUTCOME, EventOfOutcome
from readiness.history.rows_around import rows_around
from readiness.learning.leakage import later, oddities
from readiness.learning.leakage.columns import Column, category, number, of_leads
from readiness.learning.leakage.ends import Read, of_the_end, read
from readiness.learning.leakage.findings import Finding
from readiness.progress import Progress, silent


def audit(
    tables: Tables, *, event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME, progress: Progress = silent
) -> tuple[Finding, ...]:
    """Find the columns that know the future, as far as the tables can show it.

    A lead column should hold what was known when the lead came, and an answer what had been said by its date.

    Parameters
    ----------
    tables : Tables
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.

    Returns
    -------
    tuple of Finding
        First those that block, at most one a column, then the others, at most one too; each in the order of
        the columns: source, attributes and answers by name. None where there are too few ends to tell.

    Notes
    -----
    Kaufman, Rosset, Perlich and Stitelman (2012), Leakage in data mining: formulation, detection, and
    avoidance, ACM Transactions on Knowledge Discovery from Data 6(4).
    """
    looks = first_looks(tables, event_of_outcome)
    if not len(looks):
        return ()
    everything = list(_read(tables, looks, progress))
    columns = {each.column.name: each.column for each in everything if each.of_lead}
    around = list(rows_around(tables, looks.snapshots)) if tables.dated else []
    found: list[Finding] = []
    for each in everything:
        column = each.column
        blocking = chain(
            later.dates(column, looks) if each.of_lead else (),
            later.answers(tables, looks, column.name) if each.of_lead else (),
            of_the_end(each, everything, looks),
            later.rows(column, around) if each.of_lead else (),
        )
        odd = chain(oddities.ids(column, looks), oddities.calendar(column, looks))
        found += [one for one in (next(blocking, None), next(odd, None)) if one is not None]
    named = {each.column for each in found}
    found += oddities.twins([column for name, column in columns.items() if name not in named], looks)
    return tuple(sorted(found, key=lambda each: not each.blocks))


def _read(tables: Tables, looks: FirstLooks, progress: Progress) -> Iterator[Read]:
    of_lead = list(of_leads(tables, looks.snapshots))
    columns = [*of_lead, *_answered(tables, looks)]
    for place, column in enumerate(columns):
        progress("Looking for columns that know the future", place / len(columns))
        yield read(column, looks, of_lead=place < len(of_lead))
    progress("Looking for columns that know the future", 1.0)


def _answered(tables: Tables, looks: FirstLooks) -> Iterator[Column]:
    """Read what had been answered at the first look, which is nothing unless answers are dated back."""
    if not tables.dated or not len(tables.answers):
        return
    plan = features.plan(tables, looks.snapshots)
    kept = tuple(each for each in plan.features if each.measure in ("answer:number", "answer:category"))
    X = features.build(tables, looks.snapshots, FeaturePlan(kept, plan.min_leads))
    for place, feature in enumerate(kept):
        if feature.kind == "number":
            yield number(feature.of, X[:, place])
        else:
            codes = X[:, place].astype(np.int32)
            codes[codes == feature.missing] = -1
            yield category(feature.of, Coded(codes, (*feature.levels, "another value")))
