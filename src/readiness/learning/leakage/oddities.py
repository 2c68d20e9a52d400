"""Columns that may mislead without knowing the future: numbers given out in order, the calendar, twins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from readiness.crm.tables import Ints
from readiness.history.first_looks import FirstLooks
from readiness.learning.leakage.columns import Column
from readiness.learning.leakage.findings import Finding
from readiness.learning.leakage.wording import calendar_words

UNIQUE: Final = 0.95
ORDERLY: Final = 0.95
EXPLAINED: Final = 0.8
ERAS: Final = 24
FEWEST: Final = 50
TWINS: Final = 0.05
"""So many of the later leads have a twin among the earlier ones …"""

OFTENER: Final = 25.0
"""… and so much oftener than if columns were independent. Columns go together, so some more is no wonder."""

_COLUMNS: Final = 3


def ids(column: Column, looks: FirstLooks) -> Iterator[Finding]:
    """Find texts of which nearly every lead has its own, and whole numbers given out in order."""
    known = int(column.known.sum())
    if known < FEWEST or column.distinct < UNIQUE * known or column.kind == "date":
        return
    if column.kind == "number" and not _in_order(column, looks):
        return
    yield Finding(
        "like_an_id",
        column.name,
        f"{column.distinct:,} different values among {known:,} leads",
        {"distinct": float(column.distinct), "known": float(known)},
    )


def _in_order(column: Column, looks: FirstLooks) -> bool:
    values = column.values[column.known]
    if not bool((values == np.round(values)).all()) or np.isnan(looks.followed).any():
        return False
    return abs(_correlation(_ranks(values), _ranks(looks.snapshots.cutoff[column.known]))) >= ORDERLY


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(values), values).astype(np.float64)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def calendar(column: Column, looks: FirstLooks) -> Iterator[Finding]:
    """Find months and weekdays by their names, and columns that the time of creation determines."""
    if calendar_words(column):
        yield Finding("calendar", column.name, "its values are names of months, weekdays or quarters", {})
        return
    if np.isnan(looks.followed).any() or len(looks) < FEWEST or column.kind == "date":
        return
    told = _told_by_time(column, looks)
    if told >= EXPLAINED:
        yield Finding(
            "calendar",
            column.name,
            f"when a lead came says {100 * told:.0f} % of what can be said about it",
            {"explained": told},
        )


def _told_by_time(column: Column, looks: FirstLooks) -> float:
    """Return by how much the era of creation lowers the uncertainty about the bin (Theil's U)."""
    rank = np.searchsorted(np.sort(looks.snapshots.cutoff), looks.snapshots.cutoff)
    bins = len(column.labels)
    counts = np.bincount(rank * ERAS // len(rank) * bins + column.bin, minlength=ERAS * bins).reshape(
        ERAS, bins
    )
    whole = _uncertainty(counts.sum(axis=0))
    within = sum(_uncertainty(era) * era.sum() for era in counts) / counts.sum()
    return 1.0 - float(within) / whole if whole > 0.1 else 0.0


def _uncertainty(counts: Ints) -> float:
    share = counts[counts > 0] / max(int(counts.sum()), 1)
    return float(-(share * np.log(share)).sum())


def twins(columns: Sequence[Column], looks: FirstLooks) -> Iterator[Finding]:
    """Find later leads that agree in every column with an earlier one, far oftener than by chance.

    Undated leads have no later half, and those that agree are judged together anyway.
    """
    useful = [column for column in columns if len(np.unique(column.bin)) > 1]
    if len(useful) < _COLUMNS or len(looks) < FEWEST or np.isnan(looks.followed).any():
        return
    group = np.zeros(len(looks), dtype=np.int64)
    alike = 1.0
    for column in useful:
        value = _values(column)
        group = np.unique(group * (int(value.max()) + 1) + value, return_inverse=True)[1].reshape(-1)
        alike *= float(((np.bincount(value) / len(looks)) ** 2).sum())
    late = looks.snapshots.cutoff > np.median(looks.snapshots.cutoff)
    has_early = np.bincount(group[~late], minlength=int(group.max()) + 1) > 0
    count = int((late & has_early[group]).sum())
    by_chance = alike * int(late.sum()) * int((~late).sum())
    if count >= TWINS * int(late.sum()) and count >= OFTENER * by_chance:
        yield Finding(
            "twins_across_time",
            "",
            f"{count:,} of {int(late.sum()):,} leads of the later half agree in all {len(useful)} columns "
            "with one of the earlier half",
            {"twins": float(count), "later": float(late.sum())},
        )


def _values(column: Column) -> Ints:
    """Return a number for each value of a column; texts that few leads share count as one."""
    if column.kind in ("category", "text"):
        return column.bin
    return np.unique(column.values, return_inverse=True)[1].reshape(-1).astype(np.int64)
