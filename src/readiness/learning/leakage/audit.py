"""Goes through every column that a model could read, and through what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from readiness.crm.tables import Coded, Tables
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.first_looks import FirstLooks, first_looks
from readiness.history.outcomes import EVENT_OF_OUTCOME, EventOfOutcome
from readiness.history.rows_around import RowsAround, rows_around
from readiness.learning.leakage import later, oddities
from readiness.learning.leakage.columns import Column, category, number, of_leads
from readiness.learning.leakage.ends import of_the_end
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
    columns = list(of_leads(tables, looks.snapshots))
    answered = list(_answered(tables, looks))
    around = list(rows_around(tables, looks.snapshots)) if tables.dated else []
    found: list[Finding] = []
    for place, column in enumerate((*columns, *answered)):
        progress("Looking for columns that know the future", place / (len(columns) + len(answered)))
        of_lead = place < len(columns)
        first = next(_of_lead(column, tables, looks, around) if of_lead else of_the_end(column, looks), None)
        odd = next(chain(oddities.ids(column, looks), oddities.calendar(column, looks)), None)
        found += [each for each in (first, odd) if each is not None]
    named = {each.column for each in found}
    found += oddities.twins([column for column in columns if column.name not in named], looks)
    return tuple(sorted(found, key=lambda each: not each.blocks))


def _of_lead(
    column: Column, tables: Tables, looks: FirstLooks, around: Sequence[RowsAround]
) -> Iterator[Finding]:
    yield from later.dates(column, looks)
    yield from later.answers(tables, looks, column.name)
    yield from of_the_end(column, looks)
    yield from later.rows(column, around)


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
