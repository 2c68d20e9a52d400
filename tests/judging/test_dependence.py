import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.bootstrap import Figure
from readiness.judging.cohort import Cohort
from readiness.judging.dependence import POINTS, Dependence, dependence
from readiness.judging.importance import Importance
from tests.judging.cohorts import undated

PLAN = FeaturePlan(
    features=(
        Feature("size", "number", "Size", "attribute:number"),
        Feature("source", "category", "Source", "source", levels=("chat", "web")),
    ),
    min_leads=10,
)
ORDER = tuple(Importance(group, Figure(0.1, 0.0, 0.2), "up", name) for group, name in
              (("Source", "source"), ("Size", "size")))  # fmt: skip


def score(matrix: Floats) -> Floats:
    return np.asarray(0.1 + 0.02 * np.nan_to_num(matrix[:, 0], nan=5.0) + 0.3 * (matrix[:, 1] == 0))


def world(n: int = 400) -> tuple[Floats, Cohort]:
    rng = np.random.default_rng(0)
    matrix = np.column_stack((rng.integers(1, 6, n).astype(np.float64), rng.integers(0, 2, n)))
    return matrix, undated(*np.ones(n, dtype=np.int64).tolist())


def shapes(matrix: Floats, fates: Cohort) -> tuple[Dependence, ...]:
    return dependence(matrix, fates, PLAN, score, ORDER, seed=0)


def test_the_mean_score_follows_what_the_score_is_made_of() -> None:
    matrix, fates = world()
    source, size = shapes(matrix, fates)
    assert [point.value for point in source.points] == ["chat", "web"]
    gap = (source.points[0].score.value or 0) - (source.points[1].score.value or 0)
    assert gap == pytest.approx(0.3)
    assert [point.value for point in size.points] == [1.0, 2.0, 3.0, 4.0, 5.0]
    steps = np.diff([point.score.value or 0.0 for point in size.points])
    assert steps == pytest.approx(np.full(4, 0.02))


def test_each_mean_has_its_interval_over_leads() -> None:
    for shape in shapes(*world()):
        for point in shape.points:
            assert point.score.low is not None
            assert point.score.high is not None
            assert point.score.low < (point.score.value or 0.0) < point.score.high


def test_not_known_is_asked_about_where_leads_lack_the_value() -> None:
    matrix, fates = world()
    matrix[::4, 0] = np.nan
    matrix[::4, 1] = 3
    source, size = shapes(matrix, fates)
    assert source.points[-1].value is size.points[-1].value is None
    assert size.points[-1].score.value == pytest.approx((size.points[-2].score.value or 0.0), abs=0.01)


def test_a_value_that_hardly_any_lead_has_is_not_asked_about() -> None:
    matrix, fates = world()
    matrix[0] = [np.nan, 2]
    source, size = shapes(matrix, fates)
    assert [point.value for point in source.points] == ["chat", "web"]
    assert None not in [point.value for point in size.points]


def test_of_many_values_a_few_are_asked_about() -> None:
    matrix, fates = world()
    matrix[:, 0] = np.arange(len(matrix))
    assert len(shapes(matrix, fates)[1].points) == POINTS


def test_without_snapshots_there_is_no_shape_and_one_has_one_value() -> None:
    assert shapes(np.zeros((0, 2)), undated()) == ()
    assert [len(shape.points) for shape in shapes(np.ones((1, 2)), undated(1))] == [1, 1]
    assert dependence(*world(), PLAN, score, (), seed=0) == ()
