"""A short version of `python -m benchmarks prove agreement`, as far as advice goes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scoring.claims import ADVICE_CLAIMS
from tests.scoring.desks import random_desked


@pytest.mark.parametrize("name", ADVICE_CLAIMS)
def test_what_the_advice_promises_holds_for_random_leads(name: str) -> None:
    ADVICE_CLAIMS[name](random_desked(np.random.default_rng(0), 60))
