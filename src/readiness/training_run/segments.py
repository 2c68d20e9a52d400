"""The segments in which no challenger may be worse: by source, and by each column of the profile."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from readiness.counting import figure
from readiness.crm.tables import Attribute, Coded, Floats, Ints, Tables
from readiness.history.profile_features import SOURCE
from readiness.history.snapshots import Snapshots
from readiness.judging.parts import MOST, Part

THIRDS: Final = (1 / 3, 2 / 3)


def segments(tables: Tables, looks: Snapshots) -> tuple[Part, ...]:
    """Say how snapshots fall into segments: by source, and by every attribute that leads came with.

    Words part the leads where there are at most 12 of them; numbers by thirds of the leads that are looked
    at. They are read from the tables, so that they are the same whatever a model reads.

    Returns
    -------
    tuple of Part
        Columns in the order of their names, after the source; of n snapshots each. What is missing belongs to
        no segment; columns without two segments are left out.
    """
    columns: dict[str, Attribute] = {SOURCE: tables.leads.source}
    columns |= {name: tables.leads.attributes[name] for name in sorted(tables.leads.attributes)}
    return tuple(_parts(columns, looks.lead.astype(np.int64)))


def _parts(columns: dict[str, Attribute], lead: Ints) -> Iterator[Part]:
    for name, column in columns.items():
        part = _words(name, column, lead) if isinstance(column, Coded) else _numbers(name, column[lead])
        if len(np.unique(part.code[part.code >= 0])) > 1:
            yield part


def _words(name: str, column: Coded, lead: Ints) -> Part:
    used, codes = np.unique(column.codes[lead], return_inverse=True)
    if int((used >= 0).sum()) > MOST:
        return Part(name, np.full(len(lead), -1), ())
    missing = int((used < 0).sum())
    return Part(name, codes - missing, tuple(str(column.levels[code]) for code in used[missing:].tolist()))


def _numbers(name: str, value: Floats) -> Part:
    known = np.isfinite(value)
    if not known.any():
        return Part(name, np.full(len(value), -1), ())
    edges = np.unique(np.quantile(value[known], THIRDS, method="inverted_cdf"))
    code = np.where(known, np.searchsorted(edges, value, side="left"), -1)
    bounds = [figure(float(edge)) for edge in edges]
    names = [f"up to {bounds[0]}", *(f"above {low}" for low in bounds)]
    names[1:-1] = [f"{low} to {high}" for low, high in pairwise(bounds)]
    return Part(name, code, tuple(names))
