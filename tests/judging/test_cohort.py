import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.cohort import Cohort, censoring_survival, known_at
from readiness.judging.incidence import observed_incidence
from tests.judging.cohorts import cohort, cohorts, exponential, true_incidence, undated
from tests.oracles import judging as oracle

HORIZONS = st.integers(1, 14).map(lambda half: half / 2)


def test_a_censored_snapshot_lends_its_weight_to_those_seen_longer() -> None:
    # won at 1; censored at 2 with two others still seen: G falls to 2/3 behind day 2.
    fates = cohort((1, 1.0), (0, 2.0), (2, 3.0), (0, 9.0))
    known = known_at(fates, 5.0)
    assert known.outcome.tolist() == [1, 0, 2, 0]
    assert known.weight.tolist() == pytest.approx([1.0, 0.0, 1.5, 1.5])


@pytest.mark.parametrize(
    ("fate", "outcome", "known"),
    [((1, 4.999), 1, True), ((1, 5.0), 0, True), ((0, 4.999), 0, False), ((0, 5.0), 0, True)],
    ids=["won just within", "won at the horizon is after it", "lost sight before", "seen until the horizon"],
)
def test_the_horizon_is_half_open(fate: tuple[int, float], outcome: int, known: bool) -> None:
    seen = known_at(cohort(fate, (0, 9.0)), 5.0)
    assert seen.outcome[0] == outcome
    assert (seen.weight[0] > 0) == known


def test_in_undated_data_no_outcome_is_not_known_and_never_a_no() -> None:
    known = known_at(undated(1, 0, 3), None)
    assert known.weight.tolist() == [1.0, 0.0, 1.0]


def test_nothing_is_known_beyond_the_last_sight() -> None:
    known = known_at(cohort((0, 1.0), (0, 2.0)), 5.0)
    assert known.weight.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("fates", [[], [(1, 1.0)]], ids=["none", "one"])
def test_none_and_one_are_cohorts_too(fates: list[tuple[int, float]]) -> None:
    known = known_at(cohort(*fates), 5.0)
    assert known.weight.tolist() == [1.0] * len(fates)


@given(cohorts(), HORIZONS)
def test_weights_equal_the_slow_ones(fates: Cohort, horizon: float) -> None:
    known = known_at(fates, horizon)
    slow = [oracle.weight(fates, row, horizon) for row in range(len(fates))]
    assert known.weight == pytest.approx(np.array(slow))


@given(cohorts(min_size=1), HORIZONS)
def test_weights_sum_to_the_snapshots_and_give_aalen_johansen_exactly(fates: Cohort, horizon: float) -> None:
    known = known_at(fates, horizon)
    observed = observed_incidence(fates, horizon)
    if np.isnan(observed).any():
        return
    weighted = [(known.weight * known.happened(cause)).sum() / len(fates) for cause in (1, 2, 3)]
    assert known.weight.sum() == pytest.approx(len(fates))
    assert weighted == pytest.approx(observed.tolist())


@given(cohorts(min_size=1), HORIZONS)
def test_observed_incidence_equals_the_slow_one(fates: Cohort, horizon: float) -> None:
    fast = observed_incidence(fates, horizon).tolist()
    assert fast == pytest.approx(oracle.incidence(fates, horizon), nan_ok=True)


@given(cohorts(), HORIZONS)
def test_a_replicate_that_draws_each_lead_once_is_the_estimate(fates: Cohort, horizon: float) -> None:
    once = np.ones((1, len(fates)))
    estimate = observed_incidence(fates, horizon).tolist()
    assert observed_incidence(fates, horizon, once)[0].tolist() == pytest.approx(estimate, nan_ok=True)
    shares = observed_incidence(undated(*fates.event), None).tolist()
    assert observed_incidence(undated(*fates.event), None, once)[0].tolist() == pytest.approx(
        shares, nan_ok=True
    )


@given(cohorts(min_size=1), HORIZONS, st.integers(0, 99))
def test_a_replicate_equals_the_cohort_written_out(fates: Cohort, horizon: float, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 3, size=len(fates)).astype(np.float64)
    counts[0] += 1
    weighted = observed_incidence(fates, horizon, counts[None, :])[0].tolist()
    assert weighted == pytest.approx(oracle.incidence(oracle.repeated(fates, counts), horizon), nan_ok=True)


def test_incidence_counted_by_hand() -> None:
    # day 1: 1 of 4 won; day 2 one is lost sight of; day 3: 1 of 2 says stop: S(3-) = 3/4, so 3/8.
    observed = observed_incidence(cohort((1, 1.0), (0, 2.0), (2, 3.0), (0, 9.0)), 5.0)
    assert observed.tolist() == [0.25, 0.375, 0.0]


def test_incidence_beyond_the_last_sight_is_not_known() -> None:
    assert np.isnan(observed_incidence(cohort((1, 1.0), (0, 2.0)), 5.0)).all()


def test_incidence_of_a_cohort_that_all_ended_is_known() -> None:
    assert observed_incidence(cohort((1, 1.0), (2, 2.0)), 5.0).tolist() == [0.5, 0.5, 0.0]


def test_an_empty_cohort_has_no_incidence() -> None:
    assert np.isnan(observed_incidence(cohort(), 5.0)).all()
    assert np.isnan(observed_incidence(undated(), None)).all()


def test_undated_incidences_are_shares_of_what_has_an_outcome() -> None:
    assert observed_incidence(undated(1, 3, 3, 0, 2), None).tolist() == [0.25, 0.25, 0.5]


def test_observed_incidence_is_unbiased_under_censoring() -> None:
    fates, hazards = exponential(20_000, seed=5, censored_every=40.0)
    truth = true_incidence(hazards, [60.0])[:, 0].mean(axis=0)
    assert observed_incidence(fates, 60.0) == pytest.approx(truth, abs=0.012)


def test_censoring_survival_is_one_without_censoring() -> None:
    fates = Cohort(np.array([1, 2], dtype=np.int8), np.array([1.0, 2.0]), np.arange(2))
    assert censoring_survival(fates, np.array([0.5, 3.0])).tolist() == [1.0, 1.0]
