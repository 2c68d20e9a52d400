"""Cohorts to judge by: small enough to count on paper, drawn at random, or with a known truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.judging.cohort import Cohort


def cohort(*fates: tuple[int, float], lead: Sequence[int] | None = None) -> Cohort:
    """Fates are (event, days); every snapshot is its own lead unless told."""
    return Cohort(
        np.array([event for event, _ in fates], dtype=np.int8),
        np.array([days for _, days in fates], dtype=np.float64),
        np.arange(len(fates)) if lead is None else np.array(lead, dtype=np.int64),
    )


def undated(*events: int) -> Cohort:
    return cohort(*((event, float("nan")) for event in events))


@st.composite
def cohorts(draw: st.DrawFn, *, min_size: int = 0) -> Cohort:
    """Small cohorts full of ties."""
    fates = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 12).map(lambda half: half / 2)),
            min_size=min_size,
            max_size=25,
        )
    )
    leads = draw(st.lists(st.integers(0, 6), min_size=len(fates), max_size=len(fates)))
    return cohort(*fates, lead=leads)


def exponential(n: int, seed: int, *, censored_every: float = 60.0) -> tuple[Cohort, Floats]:
    """Constant hazards that differ by lead, censored at random; returns each lead's true hazards (n × 3)."""
    rng = np.random.default_rng(seed)
    hazards = np.stack(
        [0.004 * np.exp(rng.normal(0, 1, n)), 0.002 * np.exp(rng.normal(0, 0.7, n)), np.full(n, 0.003)],
        axis=1,
    )
    times = rng.exponential(1 / hazards)
    gone = rng.exponential(censored_every, n)
    first = times.min(axis=1)
    event = np.where(first < gone, times.argmin(axis=1) + 1, 0).astype(np.int8)
    return Cohort(event, np.minimum(first, gone), np.arange(n)), hazards


def true_incidence(hazards: Floats, days: Sequence[float]) -> Floats:
    """F_k(t) = λ_k / λ · (1 − exp(−λ t)); n × m × 3."""
    total = hazards.sum(axis=1)[:, None]
    ended = 1 - np.exp(-total * np.array(days)[None, :])
    incidence: Floats = ended[:, :, None] * (hazards / total)[:, None, :]
    return incidence
