"""Columns that show what came after the first look: dates, answers, counts of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from readiness.crm.tables import Attribute, Coded, Flags, Floats, Tables
from readiness.history.first_looks import FirstLooks
from readiness.history.later_answers import LaterAnswers, later_answers
from readiness.history.levels import number_table
from readiness.history.rows_around import RowsAround
from readiness.learning.leakage.association import FEWEST
from readiness.learning.leakage.columns import Column
from readiness.learning.leakage.findings import Finding

DATES: Final = 10
SHARE_LATER: Final = 0.02
"""So many dates must lie later before they are no slip."""

_EXPECTED: Final = 3
_EXACT: Final = 0.9
_ANYWAY: Final = 0.5
_ALWAYS: Final = 0.98
_MANY: Final = 50
_VALUES: Final = 3


def dates(column: Column, looks: FirstLooks) -> Iterator[Finding]:
    """Find dates that lie more than a day after the first look, unless they are plans.

    Plans made when the lead came lie beyond the end of the watch as often as their distance says; a record of
    what happened never does.
    """
    if column.kind != "date":
        return
    known = ~np.isnan(column.values)
    ahead, followed = -column.values[known], looks.followed[known]
    later = ahead > 1.0
    if later.sum() < max(DATES, SHARE_LATER * len(ahead)):
        return
    beyond = int((ahead > followed).sum())
    expected = float((1.0 - np.searchsorted(np.sort(ahead), followed, side="right") / len(ahead)).sum())
    if beyond >= _EXPECTED and beyond >= expected / 2.0:
        return
    yield Finding(
        "later_dates",
        column.name,
        f"{int(later.sum()):,} of {len(ahead):,} dates lie more than a day after the lead came, "
        f"and {beyond:,} beyond the end of the watch",
        {"later": float(later.sum()), "dates": float(len(ahead)), "beyond": float(beyond)},
    )


def answers(tables: Tables, looks: FirstLooks, name: str) -> Iterator[Finding]:
    """Find a lead column that shows later answers to the question of the same name."""
    column = tables.leads.attributes.get(name)
    if column is None or name not in tables.answers.field.levels:
        return
    given = later_answers(tables, looks.snapshots, name)
    leads = looks.snapshots.lead.astype(np.int64)
    own = column.take(leads) if isinstance(column, Coded) else column[leads]
    levels = tables.answers.value.levels
    new, old = _says(own, given.last, levels), _says(own, given.first, levels)
    changed = given.later & (given.last != given.first)
    shows_new, shows_old = int((changed & new).sum()), int((changed & old).sum())
    if shows_new >= DATES and shows_new > shows_old:
        yield Finding(
            "later_answers",
            name,
            f"of {int(changed.sum()):,} leads whose answer changed after they came, {shows_new:,} show the "
            f"new one and {shows_old:,} the old one",
            {"new": float(shows_new), "old": float(shows_old)},
        )
    else:
        yield from _only_if_answered(name, given, new, _filled(own))


def _only_if_answered(name: str, given: LaterAnswers, new: Flags, filled: Flags) -> Iterator[Finding]:
    late = given.later & ~given.before & (given.last >= 0)
    never = ~given.later & ~given.before
    if min(int(late.sum()), int(never.sum())) < FEWEST:
        return
    if new[late].mean() >= _EXACT and filled[never].mean() <= 1.0 - _EXACT:
        yield Finding(
            "later_answers",
            name,
            f"{100 * new[late].mean():.0f} % of the {int(late.sum()):,} leads that answered it only later "
            f"already show that answer, and {100 * filled[never].mean():.0f} % of those that never did have "
            "a value",
            {"answered_later": float(late.sum()), "shows": float(new[late].mean())},
        )


def _filled(column: Attribute) -> Flags:
    return column.codes >= 0 if isinstance(column, Coded) else ~np.isnan(column)


def _says(column: Attribute, code: np.ndarray, levels: Sequence[str]) -> Flags:
    """Say for which leads the column holds this answer."""
    if isinstance(column, Coded):
        place = {level: number for number, level in enumerate(column.levels)}
        table = np.array([*(place.get(level, -2) for level in levels), -2], dtype=np.int64)
        same: Flags = table[code] == column.codes
        return same
    stated: Flags = number_table(levels)[code] == column
    return stated


def rows(column: Column, around: Sequence[RowsAround]) -> Iterator[Finding]:
    """Find numbers that add up to a lead's later rows, and values that later rows go with."""
    if not around:
        return
    known = column.known
    if column.kind == "number" and column.distinct >= 2 * _VALUES and int(known.sum()) >= _MANY:
        before = np.stack([each.before for each in around], axis=1)[known]
        both = before + np.stack([each.after for each in around], axis=1)[known]
        exact, anyway = (
            _adds_up(counts.astype(np.float64), column.values[known]) for counts in (both, before)
        )
        if exact >= _EXACT and anyway <= _ANYWAY:
            yield Finding(
                "later_rows",
                column.name,
                f"for {100 * exact:.0f} % of the leads it is a count of their activities, those after they "
                f"came included; without these it fits for {100 * anyway:.0f} %",
                {"with_later_rows": exact, "without": anyway},
            )
            return
    yield from _goes_with(column, around)


def _adds_up(counts: Floats, values: Floats) -> float:
    design = np.column_stack((counts, np.ones(len(values))))
    weights, *_ = np.linalg.lstsq(design, values, rcond=None)
    return float((np.abs(design @ weights - values) < _ANYWAY).mean())


def _goes_with(column: Column, around: Sequence[RowsAround]) -> Iterator[Finding]:
    bins = len(column.labels)
    of = np.bincount(column.bin, minlength=bins)
    if np.count_nonzero(of) > _VALUES:
        return
    for each in around:
        has = np.bincount(column.bin[each.after > 0], minlength=bins)
        share = has / np.maximum(of, 1)
        usual = (of >= _MANY) & (share >= _ALWAYS)
        seldom = (of >= _MANY) & (share <= _ANYWAY)
        if usual.any() and seldom.any():
            yield Finding(
                "later_rows",
                column.name,
                f"leads with one of its values nearly all get {each.kind} later "
                f"({100 * share[usual].min():.1f} %), those with another seldom do "
                f"({100 * share[seldom].max():.0f} %)",
                {"with": float(share[usual].min()), "without": float(share[seldom].max())},
            )
            return
