"""Short versions of what `make prove` shows: skill where there is some, and no bias at any age."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from benchmarks import prove_calibration, prove_skill
from benchmarks.prove_calibration import Bias

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [0, 1])
def test_skill_is_claimed_where_something_can_be_learned(seed: int) -> None:
    found = prove_skill.judge_world("real", seed)
    assert found["claimed"]
    assert found["won_auc"] > 0.7


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_skill_is_claimed_where_the_outcome_is_random(seed: int) -> None:
    found = prove_skill.judge_world("random", seed)
    assert not found["claimed"]
    assert found["lower_999"] < 0
    assert found["lost_won"] < 2 * prove_skill.MOST_LOST


@pytest.fixture(scope="module")
def judged_on_real_deals() -> dict[str, Any]:
    if not prove_skill.DATA.is_dir():
        pytest.skip("no real data: set READINESS_REAL_DATA")
    return prove_skill.judge_world(prove_skill.MAVEN, 0)


@pytest.mark.realdata
def test_no_skill_is_claimed_where_real_deals_tell_nothing(judged_on_real_deals: dict[str, Any]) -> None:
    assert not judged_on_real_deals["claimed"]


@pytest.mark.realdata
def test_nothing_is_lost_where_real_deals_tell_nothing(judged_on_real_deals: dict[str, Any]) -> None:
    assert judged_on_real_deals["lost_won"] < prove_skill.MOST_LOST


def test_predicted_incidence_is_unbiased_at_each_age_where_half_the_leads_end_early() -> None:
    found = prove_calibration.bias_in_world(0)
    assert len(found.ages) == 10
    assert (np.abs(found.bias) <= reach(found)).all()


def test_a_weight_that_knows_the_future_shows_as_bias() -> None:
    found = prove_calibration.bias_in_world(0, knowing_the_future=True)
    assert (np.abs(found.bias) > reach(found)).any()


def reach(found: Bias) -> np.ndarray:
    """99 % for all ages and both ends together, as far as the training leads cause the error."""
    return np.asarray(stats.norm.ppf(1 - 0.005 / found.bias.size) * found.error)
