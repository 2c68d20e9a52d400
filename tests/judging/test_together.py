import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.cohort import Cohort
from readiness.judging.importance import importance
from readiness.judging.together import Together, together
from tests.judging.cohorts import cohort, undated

PLAN = FeaturePlan(
    features=(
        Feature("visits", "number", "Visits", "count"),
        Feature("pages", "number", "Pages", "count"),
        Feature("size", "number", "Size", "attribute:number"),
        Feature("region", "category", "Region", "attribute:category", levels=("n", "s")),
        Feature("country", "category", "Country", "attribute:category", levels=("a", "b", "c", "d")),
    ),
    min_leads=10,
)


def score(matrix: Floats) -> Floats:
    logit = 0.6 * matrix[:, 0] + 0.6 * matrix[:, 1] + 0.5 * matrix[:, 2] + 0.8 * (matrix[:, 4] >= 2) - 1
    return np.asarray(1 / (1 + np.exp(-logit)))


def world(n: int = 2_000) -> tuple[Floats, Cohort]:
    """Pages follow visits, and the region is that of the country."""
    rng = np.random.default_rng(0)
    visits, country = rng.normal(size=n), rng.integers(0, 4, n)
    pages = visits + 0.3 * rng.normal(size=n)
    matrix = np.column_stack((visits, pages, rng.normal(size=n), country // 2, country))
    return matrix, undated(*np.where(rng.random(n) < score(matrix), 1, 3).tolist())


def found(matrix: Floats, fates: Cohort, plan: FeaturePlan = PLAN) -> tuple[Together, ...]:
    return together(matrix, fates, plan, score, horizon_days=None, seed=0)


def test_groups_that_tell_of_the_same_thing_are_found() -> None:
    assert [each.groups for each in found(*world())] == [("Visits", "Pages"), ("Region", "Country")]


def test_shuffled_together_they_matter_more_than_each_alone() -> None:
    alone = {
        each.group: each.increase.value
        for each in importance(*world(), PLAN, score, horizon_days=None, seed=0)
    }
    both = found(*world())[0].increase
    assert both.low is not None
    assert both.low > (alone["Visits"] or 0.0)
    assert both.low > (alone["Pages"] or 0.0)


def test_what_says_the_opposite_tells_of_the_same_thing() -> None:
    matrix, fates = world()
    matrix[:, 2] = -matrix[:, 0]
    assert set(found(matrix, fates)[0].groups) == {"Visits", "Pages", "Size"}


def test_a_constant_column_is_like_no_other() -> None:
    matrix, fates = world()
    matrix[:, 2] = 7.0
    assert all("Size" not in each.groups for each in found(matrix, fates))


@pytest.mark.parametrize("fates", [cohort(), undated(0)], ids=["none", "unknown"])
def test_without_a_known_outcome_there_are_none(fates: Cohort) -> None:
    assert found(np.zeros((len(fates), 5)), fates) == ()


def test_one_snapshot_and_one_group_are_like_nothing() -> None:
    assert found(np.zeros((1, 5)), undated(1)) == ()
    alone = FeaturePlan(PLAN.features[:1], min_leads=10)
    assert together(*world(50), alone, lambda rows: rows[:, 0] * 0 + 0.5, horizon_days=None, seed=0) == ()


@pytest.mark.parametrize(
    ("correlation", "alike"), [(0.55, False), (0.85, True)], ids=["half", "nearly whole"]
)
def test_only_what_nearly_goes_together_tells_of_the_same_thing(correlation: float, alike: bool) -> None:
    matrix, fates = world()
    noise = np.random.default_rng(1).normal(size=len(matrix))
    matrix[:, 1] = correlation * matrix[:, 0] + np.sqrt(1 - correlation**2) * noise
    assert any(each.groups == ("Visits", "Pages") for each in found(matrix, fates)) == alike
