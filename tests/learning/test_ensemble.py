from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.learning.blend import blend, earned
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import Encoding, HazardLogistic
from readiness.learning.hazard_trees import HazardTrees
from readiness.learning.person_periods import PersonPeriods
from readiness.learning.points_card import CardHazards
from readiness.learning.pull import Pull
from readiness.learning.recalibration import Recalibration
from tests.learning.fitted import dated, training, undated

ENDS = Ends(0, (1,))
X = training().X


def rows(m: int, seed: int = 0) -> tuple[Floats, PersonPeriods]:
    """True log-hazards of m person-periods, and what happened in them."""
    rng = np.random.default_rng(seed)
    eta = rng.normal(-1.0, 1.5, (1, m))
    event = (rng.random(m) < 1 / (1 + np.exp(-eta[0]))).astype(np.int64)
    return eta, PersonPeriods(np.arange(m), np.zeros(m, np.int64), event, np.ones(m))


def test_the_member_that_knows_gets_the_weight() -> None:
    truth, seen = rows(5000)
    noise = np.random.default_rng(1).normal(-1.0, 1.5, truth.shape)
    assert blend([truth, noise], seen, ENDS, snapshots_per_lead=1.0)[0] > 0.95


def test_few_leads_leave_equal_shares() -> None:
    truth, seen = rows(3)
    assert blend([truth, -truth], seen, ENDS, snapshots_per_lead=1.0) == pytest.approx([0.5, 0.5], abs=0.2)


def test_the_narrower_the_spread_the_nearer_are_weights_to_equal_shares() -> None:
    truth, seen = rows(100)
    away = [
        abs(blend([truth, -truth], seen, ENDS, snapshots_per_lead=1.0, spread=spread)[0] - 0.5)
        for spread in (0.5, 0.1, 0.01)
    ]
    assert away[0] > 2.0 * away[1] > 4.0 * away[2]


def test_snapshots_of_one_lead_count_as_one() -> None:
    truth, seen = rows(400)
    noise = np.random.default_rng(1).normal(-1.0, 1.5, truth.shape)
    once = blend([truth, noise], seen, ENDS, snapshots_per_lead=1.0)
    repeated = blend([truth, noise], seen, ENDS, snapshots_per_lead=100.0)
    assert abs(repeated[0] - 0.5) < abs(once[0] - 0.5)


def test_weights_are_shares() -> None:
    truth, seen = rows(200)
    weights = blend([truth, truth * 0.5, -truth], seen, ENDS, snapshots_per_lead=1.0)
    assert (weights >= 0.0).all()
    assert weights.sum() == pytest.approx(1.0)
    assert blend([truth], seen, ENDS, snapshots_per_lead=1.0).tolist() == [1.0]


def test_a_member_that_gains_nothing_has_earned_no_share_and_one_that_gains_surely_nearly_all() -> None:
    truth, seen = rows(2000)
    curved = truth + 0.5 * np.random.default_rng(2).normal(size=truth.shape)
    assert earned(curved, truth, seen, ENDS, seen.snapshot) == 0.0
    assert earned(truth, np.full_like(truth, -1.0), seen, ENDS, seen.snapshot) > 0.99
    assert earned(truth, truth, seen, ENDS, seen.snapshot) == 0.0
    assert earned(truth[:, :1], -truth[:, :1], seen.where(seen.snapshot < 1), ENDS, seen.snapshot[:1]) == 0.0


def test_a_share_follows_the_gain_in_standard_errors_and_a_lead_s_rows_are_one_gain() -> None:
    # Of 10 rows 6 gain ln(.6/.5) and 4 lose ln(.5/.4): .0201 a row with a spread of .199, so that 1,000
    # leads are 3.2 standard errors away from nothing; 100 leads of 10 rows, six of ten gaining, only 1.0.
    event, alike = np.tile(np.repeat([1, 0], [60, 40]), 10), np.arange(1000) % 100
    seen = PersonPeriods(np.arange(1000), np.zeros(1000, np.int64), event, np.ones(1000))
    curved, straight = np.full((1, 1000), np.log(0.6 / 0.4)), np.zeros((1, 1000))
    assert earned(curved, straight, seen, ENDS, np.arange(1000)) == pytest.approx(10.3 / 11.3, abs=0.01)
    assert earned(curved, straight, seen, ENDS, alike) == pytest.approx(0.51, abs=0.01)


def test_a_row_s_contributions_are_its_log_hazards_but_for_a_constant() -> None:
    for model in (dated(), undated()):
        intervals = len(model.edges_) - 1
        rest = model.log_hazards(X) - model.contributions(X, intervals).sum(axis=3)
        assert np.ptp(rest, axis=2) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("pulled", [False, True], ids=["members alone", "pulled and mended"])
def test_of_one_interval_log_hazards_are_the_same_however_many_are_asked_for(pulled: bool) -> None:
    ensemble = dated().ensemble_
    whole = ensemble.log_hazards(X)
    if pulled:
        causes, intervals = whole.shape[:2]
        points, level = np.array([0.0, 1.0]), np.full((causes, intervals), -2.0) - np.arange(intervals)
        made = PersonPeriods(np.arange(2), np.array([0, 1]), np.array([1, 0]), np.ones(2))
        card = CardHazards.of(points, made, dated().ends_, level)
        mending = Recalibration(level, np.full(causes, 0.5), np.ones(causes))
        pull = Pull(card, np.full(causes, 0.3))
        ensemble = replace(ensemble, card=0, pull=pull, recalibration=mending)
        ensemble = replace(ensemble, trees=(), logistic=_constant(level, X.shape[1] - 1), weights=np.ones(1))
        whole = ensemble.log_hazards(X)
    for first in range(1, whole.shape[1] + 1):
        assert (ensemble.log_hazards(X, first) == whole[:, :first]).all()


def _constant(level: Floats, features: int) -> HazardLogistic:
    nothing = np.zeros(features)
    encoding = Encoding(nothing.astype(np.int64), nothing, nothing, nothing.astype(np.bool_))
    return HazardLogistic(encoding, level, np.zeros((len(level), encoding.width)))


def test_undated_there_are_two_members_of_trees() -> None:
    assert len(undated().ensemble_.trees) == 2
    assert len(dated().ensemble_.trees) == 1


def test_trees_read_from_their_text_give_the_same_bits() -> None:
    (member,) = dated().ensemble_.trees
    copy = HazardTrees(member.text, member.offset)
    assert np.array_equal(copy.log_hazards(X), member.log_hazards(X))
    assert copy.log_hazards(X[:0]).shape[2] == 0
