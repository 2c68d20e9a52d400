"""Random defects in random tables: the counts add up, each is told, and what is mended comes in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crm.defects import claims

seeds = st.integers(0, 2**32 - 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "claim",
    [claims.from_files, claims.from_frames, claims.mended, claims.told_at_once],
    ids=lambda c: c.__name__,
)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(seed=seeds)
def test_nothing_is_lost_whatever_the_defects(
    tmp_path_factory: pytest.TempPathFactory, claim: Callable[[np.random.Generator, Path], int], seed: int
) -> None:
    claim(np.random.default_rng(seed), tmp_path_factory.mktemp("crm"))
