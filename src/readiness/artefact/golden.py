"""Synthetic rows whose scores travel with a model, so that opening it proves that it still scores alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from readiness.crm.tables import Flags, Floats
from readiness.history.feature_plan import FeaturePlan

ROWS: Final = 64
TOLERANCE: Final = 1e-9
"""How far a score may lie from its golden value on another machine or with other libraries."""

_SPREAD: Final = (np.nan, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 7.0, 14.0, 30.0, 90.0, 365.0, 1e3, 1e5, 1e7)

Row: TypeAlias = list[float | None]


class Golden(BaseModel):
    """Rows of the feature matrix that are no lead's, and what the model said of them; None is NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rows: list[Row]
    figures: dict[str, list[Row]]


def rows(plan: FeaturePlan) -> Floats:
    """Return synthetic rows of the plan's matrix: made from a fixed seed, never from leads.

    Returns
    -------
    Floats, ROWS × features
        Numbers from missing to huge; each code of a category, unseen and missing too, is as likely.
    """
    random = np.random.default_rng(0)
    matrix = random.choice(np.array(_SPREAD), size=(ROWS, len(plan.features)))
    for column, feature in enumerate(plan.features):
        if feature.kind == "category":
            matrix[:, column] = random.integers(0, feature.missing + 1, size=ROWS)
    return np.ascontiguousarray(matrix)


def record(matrix: Floats, figures: Mapping[str, Floats]) -> Golden:
    """Keep the rows and what was predicted for them, exactly."""
    return Golden(rows=_plain(matrix), figures={name: _plain(figure) for name, figure in figures.items()})


def matrix(golden: Golden) -> Floats:
    """Return the golden rows as a matrix."""
    return _array(golden.rows)


def differing(golden: Golden, figures: Mapping[str, Floats], *, exactly: bool) -> tuple[str, ...]:
    """Return the names of the figures that differ from the golden ones.

    Parameters
    ----------
    exactly : bool
        True: bit for bit, as the same machine and libraries owe us. False: within ``TOLERANCE``,
        for elsewhere an exponential may round its last bit the other way.
    """
    names = sorted({*golden.figures, *figures})
    return tuple(
        name
        for name in names
        if name not in figures
        or name not in golden.figures
        or not _alike(_array(golden.figures[name]), _column(figures[name]), exactly=exactly)
    )


def _alike(expected: Floats, seen: Floats, *, exactly: bool) -> bool:
    if expected.shape != seen.shape:
        return False
    if exactly:
        return bool(np.array_equal(_bits(expected), _bits(seen)))
    same: Flags = np.isclose(expected, seen, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return bool(same.all())


def _bits(values: Floats) -> NDArray[np.int64]:
    """Return the values' bits, every NaN the same one."""
    return np.where(np.isnan(values), np.nan, values).view(np.int64)


def _column(values: Floats) -> Floats:
    values = np.asarray(values, dtype=np.float64)
    return values[:, None] if values.ndim == 1 else values


def _plain(values: Floats) -> list[Row]:
    return [[None if np.isnan(value) else float(value) for value in row] for row in _column(values)]


def _array(plain: list[Row]) -> Floats:
    return np.array(
        [[np.nan if value is None else value for value in row] for row in plain], dtype=np.float64
    )
