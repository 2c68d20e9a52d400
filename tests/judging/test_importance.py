import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.cohort import Cohort
from readiness.judging.importance import importance, top
from tests.judging.cohorts import cohort, undated

PLAN = FeaturePlan(
    features=(
        Feature("noise", "number", "Noise", "attribute"),
        Feature("replies_7d", "number", "Replies", "count"),
        Feature("replies_30d", "number", "Replies", "count"),
        Feature("quiet_days", "number", "Quiet", "recency"),
        Feature("source", "category", "Source", "source", levels=("chat", "web")),
    ),
    min_leads=10,
)


def score(matrix: Floats) -> Floats:
    replies = np.nan_to_num(matrix[:, 1] + matrix[:, 2])
    logit = -1.0 + 1.0 * replies - 0.5 * np.nan_to_num(matrix[:, 3]) + 0.8 * (matrix[:, 4] == 0)
    return np.asarray(1 / (1 + np.exp(-logit)))


def world(n: int = 3_000) -> tuple[Floats, Cohort]:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(n, 5))
    matrix[:, 4] = rng.integers(0, 4, size=n)
    matrix[rng.random(n) < 0.1, 1] = np.nan
    won = rng.random(n) < score(matrix)
    return matrix, undated(*np.where(won, 1, 3).tolist())


def test_what_drives_the_outcome_is_found_in_its_order_and_direction() -> None:
    found = importance(*world(), PLAN, score, horizon_days=None, seed=0)
    assert [each.group for each in found] == ["Replies", "Quiet", "Source", "Noise"]
    assert [each.direction for each in found[:3]] == ["up", "down", "by level"]
    assert (found[2].raises, found[2].lowers is not None) == ("chat", True)


def test_what_the_score_does_not_read_has_no_importance() -> None:
    found = {each.group: each for each in importance(*world(), PLAN, score, horizon_days=None, seed=0)}
    assert found["Noise"].increase.value == 0.0
    assert found["Noise"].direction == "mixed"


def test_the_interval_of_a_true_driver_lies_above_zero() -> None:
    found = importance(*world(), PLAN, score, horizon_days=None, seed=0)
    assert all(each.increase.low is not None and each.increase.low > 0 for each in found[:3])
    assert top(found) == "The score rests most on Replies, Quiet and Source."


def test_the_same_seed_gives_the_same_importance() -> None:
    matrix, fates = world(200)
    first, again = (importance(matrix, fates, PLAN, score, horizon_days=None, seed=3) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("fates", [cohort(), cohort((0, 1.0)), undated(0)], ids=["none", "one", "undated"])
def test_without_a_known_outcome_there_is_none(fates: Cohort) -> None:
    horizon = 5.0 if len(fates) == 0 or fates.dated else None
    found = importance(np.zeros((len(fates), 5)), fates, PLAN, score, horizon_days=horizon, seed=0)
    assert found == ()
    assert top(found) == "No single behaviour or attribute can be shown to matter to the score."


def test_one_known_snapshot_shows_nothing_to_matter() -> None:
    found = importance(np.zeros((1, 5)), undated(1), PLAN, score, horizon_days=None, seed=0)
    assert {each.increase.value for each in found} == {0.0}


def test_an_answer_in_words_raises_or_lowers_by_what_was_said_though_its_age_is_a_number() -> None:
    said = Feature("answer_need", "category", "Need", "answer:category", "need", levels=("urgent", "vague"))
    since = Feature("days_since_answer_need", "number", "Need", "answer:since", "need")
    plan = FeaturePlan(features=(since, said), min_leads=10)
    rng = np.random.default_rng(0)
    matrix = np.column_stack((rng.exponential(9, 2_000), rng.integers(0, 2, 2_000)))

    def forecast(rows: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(1.0 - 2.0 * (rows[:, 1] == 0) + 0.01 * rows[:, 0])))

    won = rng.random(2_000) < forecast(matrix)
    fates = undated(*np.where(won, 1, 3).tolist())
    (found,) = importance(matrix, fates, plan, forecast, horizon_days=None, seed=0)
    assert (found.direction, found.raises, found.lowers) == ("by level", "urgent", "vague")


def test_contribution_is_how_far_the_score_moves() -> None:
    matrix, fates = world(400)
    found = {each.group: each for each in importance(matrix, fates, PLAN, score, horizon_days=None, seed=0)}
    assert found["Noise"].contribution == 0.0
    assert found["Replies"].contribution is not None
    assert found["Replies"].contribution > (found["Source"].contribution or 0.0) > 0.0
