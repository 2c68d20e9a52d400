import numpy as np
import pytest

from readiness.errors import ModelError
from readiness.history import features, snapshots, wording
from tests.builders import activity, answer, at, lead, tables

MADE = tables(
    [lead("A"), lead("B")],
    [activity(1, "email_reply", lead_id="A")],
    [answer(2, "budget", "yes", lead_id="B")],
)
LOOKS = snapshots.at(MADE, at(5))
PLAN = features.plan(MADE, LOOKS, min_leads=1, points=True)


def test_points_are_the_last_feature_and_stand_as_they_were_given() -> None:
    bare = features.plan(MADE, LOOKS, min_leads=1)
    assert PLAN.features == (*bare.features, features.POINTS)
    found = features.build(MADE, LOOKS, PLAN, np.array([3.0, -1.5]))
    assert found[:, -1].tolist() == [3.0, -1.5]
    np.testing.assert_array_equal(found[:, :-1], features.build(MADE, LOOKS, bare))


def test_points_keep_the_order_of_the_snapshots() -> None:
    turned = LOOKS.where(np.array([1, 0]))
    assert features.build(MADE, turned, PLAN, np.array([3.0, -1.5]))[:, -1].tolist() == [3.0, -1.5]


def test_a_plan_that_reads_points_asks_for_them() -> None:
    with pytest.raises(ModelError, match="give the points of each snapshot"):
        features.build(MADE, LOOKS, PLAN)


def test_points_can_be_left_out() -> None:
    plan = features.plan(MADE, LOOKS, min_leads=1, points=True, exclude=["points_card"])
    assert features.POINTS not in plan.features


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (1.0, "The agreement's points card gives 1 point"),
        (-23.22, "The agreement's points card gives -23 points"),
        (-0.8, "The agreement's points card gives -1 point"),
        (-0.2, "The agreement's points card gives 0 points"),
        (np.nan, "Points by the agreement: not known"),
    ],
)
def test_points_are_told_in_words(points: float, said: str) -> None:
    row = features.build(MADE, LOOKS, PLAN, np.array([points, 0.0]))[0]
    assert wording.describe(PLAN, "Points by the agreement", row) == said


def test_no_snapshots_have_no_points() -> None:
    nobody = LOOKS.where(np.zeros(0, dtype=np.int64))
    assert features.build(MADE, nobody, PLAN, np.zeros(0)).shape == (0, len(PLAN))
