import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from readiness.crm.tables import Floats
from readiness.history.outcomes import WON
from readiness.judging import ranking
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.metrics import auc
from readiness.judging.ranking import average_precision, concordance
from tests.judging.cohorts import cohort, cohorts, exponential, true_incidence, undated
from tests.oracles import judging as oracle

SEEN = cohort((1, 1.0), (0, 9.0), (1, 2.0), (3, 2.0))


def forecasts(n: int, seed: int) -> Floats:
    return np.random.default_rng(seed).integers(0, 5, size=n) / 5


def agrees(fates: Cohort, forecast: Floats, cause: int = WON, horizon: float = 5.0) -> float:
    resamples = draw(fates.lead, replicates=4, seed=0)
    return concordance(fates, forecast, cause, horizon, resamples).value


def test_average_precision_counted_by_hand() -> None:
    # Ranks: won, open, won, lost. Precision 1 at half of the sales, 2/3 at all: (1 + 2/3) / 2.
    area = average_precision(known_at(SEEN, 5.0), np.array([0.9, 0.7, 0.5, 0.1]), WON)
    assert area.tolist() == pytest.approx([5 / 6])


@given(cohorts(min_size=1), st.integers(0, 99), st.integers(1, 3))
def test_average_precision_is_that_of_the_library_in_every_replicate(
    fates: Cohort, seed: int, cause: int
) -> None:
    known, forecast = known_at(fates, 4.0), forecasts(len(fates), seed)
    counts = np.random.default_rng(seed).integers(0, 3, size=(3, len(fates))).astype(np.float64)
    for found, weights in zip(average_precision(known, forecast, cause, counts), counts, strict=True):
        weight = weights * known.weight
        happened = known.happened(cause)
        if (weight * happened).sum() == 0:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(average_precision_score(happened, forecast, sample_weight=weight))


def test_a_constant_forecast_has_the_share_won_as_its_average_precision() -> None:
    assert average_precision(known_at(SEEN, 5.0), np.full(4, 0.3), WON).tolist() == [0.5]


def test_average_precision_under_censoring_is_that_without() -> None:
    fates, hazards = exponential(6_000, seed=3, censored_every=50.0)
    seen, _ = exponential(6_000, seed=3, censored_every=1e9)
    forecast = true_incidence(hazards, [60.0])[:, 0, 0]
    censored, whole = (average_precision(known_at(each, 60.0), forecast, WON)[0] for each in (fates, seen))
    assert censored == pytest.approx(whole, abs=0.03)


@pytest.mark.parametrize("fates", [cohort(), cohort((0, 1.0)), undated(0)], ids=["none", "one", "undated"])
def test_without_a_known_sale_there_is_no_average_precision(fates: Cohort) -> None:
    known = known_at(fates, 5.0 if len(fates) and fates.dated else None)
    assert np.isnan(average_precision(known, np.full(len(fates), 0.5), WON)).all()


def test_one_sale_alone_is_ranked_perfectly() -> None:
    assert average_precision(known_at(cohort((1, 1.0)), 5.0), np.array([0.2]), WON).tolist() == [1.0]


def test_a_missing_forecast_is_not_ranked() -> None:
    forecast = np.array([0.5, np.nan, 0.5, 0.5])
    assert np.isnan(average_precision(known_at(SEEN, 5.0), forecast, WON)).all()
    assert np.isnan(agrees(SEEN, forecast))


def test_concordance_counted_by_hand() -> None:
    # Won on day 1 (.5): against open (.2), won later (.7), lost (.5): 1 + 0 + ½.
    # Won on day 2 (.7): against open (.2) and lost on the same day (.5): 2. In all 3.5 of 5.
    assert agrees(SEEN, np.array([0.5, 0.2, 0.7, 0.5])) == pytest.approx(3.5 / 5)


def test_concordance_weighs_pairs_by_the_chance_of_being_known() -> None:
    # Lost sight of on day 2, when 3 are left: G falls to 2/3. Won on day 1 (.5) against .1, .6, .9: 1 of 3.
    # Won on day 3 (.6) against open (.9): 0 of (3/2)² = 2.25.
    fates = cohort((1, 1.0), (0, 2.0), (1, 3.0), (0, 9.0))
    assert agrees(fates, np.array([0.5, 0.1, 0.6, 0.9])) == pytest.approx(1 / 5.25)


@given(cohorts(), st.integers(0, 99), st.integers(1, 3))
def test_concordance_equals_the_slow_one(fates: Cohort, seed: int, cause: int) -> None:
    forecast = forecasts(len(fates), seed)
    slow = oracle.concordance(fates, forecast, cause, 4.0)
    assert agrees(fates, forecast, cause, 4.0) == pytest.approx(slow, nan_ok=True)


@given(cohorts(min_size=2), st.integers(0, 99))
def test_concordance_of_the_turned_forecast_is_the_rest_to_one(fates: Cohort, seed: int) -> None:
    forecast = forecasts(len(fates), seed)
    assert agrees(fates, 1 - forecast) == pytest.approx(1 - agrees(fates, forecast), nan_ok=True)


def test_who_was_won_sooner_should_have_been_ranked_higher() -> None:
    fates = cohort((1, 1.0), (1, 2.0), (1, 3.0), (0, 9.0))
    right, wrong = np.array([0.9, 0.8, 0.7, 0.1]), np.array([0.7, 0.8, 0.9, 0.1])
    assert auc(known_at(fates, 5.0), right, WON) == auc(known_at(fates, 5.0), wrong, WON)
    assert agrees(fates, right) == 1.0
    assert agrees(fates, wrong) == pytest.approx(0.5)


def test_concordance_under_censoring_is_that_without() -> None:
    fates, hazards = exponential(4_000, seed=3, censored_every=50.0)
    seen, _ = exponential(4_000, seed=3, censored_every=1e9)
    forecast = true_incidence(hazards, [60.0])[:, 0, 0]
    censored, whole = (agrees(each, forecast, horizon=60.0) for each in (fates, seen))
    assert censored == pytest.approx(whole, abs=0.02)


def test_linear_replicates_are_close_to_counting_each_anew() -> None:
    fates, hazards = exponential(400, seed=6)
    forecast = true_incidence(hazards, [60.0])[:, 0, 0]
    resamples = draw(fates.lead, replicates=12, seed=2)
    fast = concordance(fates, forecast, WON, 60.0, resamples).replicates
    slow = []
    for counts in resamples.counts:
        rows = np.repeat(np.arange(len(fates)), counts.astype(np.int64))
        slow.append(agrees(fates.where(rows), forecast[rows], horizon=60.0))
    assert np.std(fast - slow) < 0.25 * np.std(slow)


def test_of_many_snapshots_whole_leads_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    fates, hazards = exponential(2_000, seed=6)
    forecast = true_incidence(hazards, [60.0])[:, 0, 0]
    whole = agrees(fates, forecast, horizon=60.0)
    monkeypatch.setattr(ranking, "PAIRED", 1_000)
    assert agrees(fates, forecast, horizon=60.0) == pytest.approx(whole, abs=0.05)
    assert agrees(fates, forecast, horizon=60.0) != whole


@pytest.mark.parametrize(
    "fates", [cohort(), cohort((0, 1.0)), cohort((1, 1.0)), cohort((1, 9.0), (0, 9.0))],
    ids=["none", "one open", "one won", "won after the horizon"],
)  # fmt: skip
def test_without_a_pair_there_is_no_concordance(fates: Cohort) -> None:
    assert np.isnan(agrees(fates, np.full(len(fates), 0.5)))
