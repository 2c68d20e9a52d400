import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.history.outcomes import WON
from readiness.judging.bootstrap import Figure, draw
from readiness.judging.calibration import bin_of, calibration_bins, ece_if_perfect, in_the_large, slope
from readiness.judging.cohort import Cohort, known_at
from tests.judging.cohorts import cohort, exponential, true_incidence, undated


@pytest.fixture(scope="module")
def world() -> tuple[Cohort, Floats]:
    fates, hazards = exponential(12_000, seed=8)
    return fates, true_incidence(hazards, [60.0])[:, 0, 0]


def test_bins_counted_by_hand() -> None:
    # forecasts .1 .1 .3 .3; of the low two one was won, of the high two one
    fates = cohort((1, 1.0), (0, 9.0), (1, 1.0), (0, 9.0))
    bins, ece = calibration_bins(
        fates,
        np.array([0.1, 0.1, 0.3, 0.3]),
        WON,
        horizon_days=5.0,
        resamples=draw(fates.lead, replicates=20, seed=0),
        bins=2,
    )
    assert [(part.n, part.forecast, part.observed.value) for part in bins] == [(2, 0.1, 0.5), (2, 0.3, 0.5)]
    assert ece.value == pytest.approx(0.5 * 0.4 + 0.5 * 0.2)


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(1, 10))
def test_equal_forecasts_share_a_bin_and_bins_ascend(sixths: list[int], bins: int) -> None:
    forecast = np.array(sixths, dtype=np.float64) / 6
    number = bin_of(forecast, bins)
    assert sorted(set(number.tolist())) == list(range(len(set(number.tolist()))))
    assert len(set(number.tolist())) <= bins
    order = np.argsort(forecast, kind="stable")
    assert (np.diff(number[order]) >= 0).all()
    assert all(len(set(number[forecast == value].tolist())) == 1 for value in set(forecast.tolist()))


def test_bins_of_distinct_forecasts_are_of_equal_size() -> None:
    assert np.bincount(bin_of(np.random.default_rng(0).random(1000), 10)).tolist() == [100] * 10


def test_a_constant_forecast_has_one_bin() -> None:
    assert bin_of(np.full(5, 0.2), 10).tolist() == [0] * 5


def test_true_forecasts_are_calibrated_under_censoring(world: tuple[Cohort, Floats]) -> None:
    fates, truth = world
    resamples, known = draw(fates.lead, replicates=200, seed=0), known_at(fates, 60.0)
    bins, ece = calibration_bins(fates, truth, WON, horizon_days=60.0, resamples=resamples)
    inside = [covers(part.observed, part.forecast) for part in bins]
    assert sum(inside) >= 8
    assert ece.value < 0.02
    assert covers(resamples.ratio(in_the_large(known, truth, WON)).figure(), 0.0)
    assert covers(slope(known, truth, WON, resamples).figure(), 1.0)


def test_forecasts_half_again_too_high_are_called_so(world: tuple[Cohort, Floats]) -> None:
    fates, truth = world
    known = known_at(fates, 60.0)
    figure = draw(fates.lead, replicates=200, seed=0).ratio(in_the_large(known, 1.5 * truth, WON)).figure()
    assert figure.low is not None
    assert figure.low > 0


def test_forecasts_too_bold_have_a_slope_below_one(world: tuple[Cohort, Floats]) -> None:
    fates, truth = world
    bold = 1 / (1 + np.exp(-2 * np.log(truth / (1 - truth))))
    estimate = slope(known_at(fates, 60.0), bold, WON, draw(fates.lead, replicates=200, seed=0))
    assert estimate.value == pytest.approx(0.5, abs=0.05)


def test_a_one_step_replicate_is_close_to_a_full_fit(world: tuple[Cohort, Floats]) -> None:
    fates, truth = world
    resamples = draw(fates.lead, replicates=5, seed=4, clusters=len(fates))
    stepped = slope(known_at(fates, 60.0), truth, WON, resamples).replicates
    known = known_at(fates, 60.0)
    for row, weights in enumerate(resamples.counts):
        drawn = np.repeat(np.arange(len(fates)), weights.astype(np.int64))
        again = type(known)(known.outcome[drawn], known.weight[drawn])
        full = slope(again, truth[drawn], WON, draw(fates.lead[drawn], replicates=1, seed=0)).value
        assert stepped[row] == pytest.approx(full, abs=0.01)


@pytest.mark.parametrize(
    ("fates", "forecast"),
    [
        (cohort((1, 1.0), (0, 9.0)), [0.3, 0.3]),
        (cohort((0, 9.0), (0, 9.0)), [0.3, 0.4]),
        (cohort((1, 1.0), (0, 9.0)), [0.4, 0.3]),
        (cohort(), []),
        (undated(0, 0), [0.3, 0.4]),
    ],
    ids=["constant", "no case", "separable", "none", "nothing known"],
)
def test_a_slope_that_is_not_defined_is_not_given(fates: Cohort, forecast: list[float]) -> None:
    known = known_at(fates, 5.0 if fates.dated else None)
    resamples = draw(fates.lead, replicates=3, seed=0)
    assert slope(known, np.array(forecast), WON, resamples).figure() == Figure(None, None, None)


def test_no_snapshots_have_no_bins() -> None:
    bins, ece = calibration_bins(
        cohort(),
        np.zeros(0),
        WON,
        horizon_days=5.0,
        resamples=draw(np.zeros(0, dtype=np.int64), replicates=3, seed=0),
    )
    assert bins == ()
    assert ece.figure() == Figure(None, None, None)


def covers(figure: Figure, value: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


def test_chance_alone_makes_the_calibration_error_counted_by_hand() -> None:
    # One bin of 4 leads at ½: of 4 coins the distance of the share from ½ is 0, ¼ or ½ with chances
    # 6/16, 8/16, 2/16: on average 3/16.
    known = known_at(cohort(*[(0, 9.0)] * 4), 5.0)
    chance = ece_if_perfect(known, np.full(4, 0.5), np.arange(4), draws=20_000)
    assert chance.value == pytest.approx(3 / 16, abs=0.003)


def test_a_lead_s_snapshots_make_chance_no_smaller() -> None:
    known, again = (known_at(cohort(*[(0, 9.0)] * n), 5.0) for n in (4, 40))
    once = ece_if_perfect(known, np.full(4, 0.5), np.arange(4), draws=4_000)
    often = ece_if_perfect(again, np.full(40, 0.5), np.arange(40) % 4, draws=4_000)
    assert often.value == pytest.approx(once.value)


def test_chance_makes_less_error_of_more_leads() -> None:
    found = [
        ece_if_perfect(known_at(cohort(*[(0, 9.0)] * n), 5.0), np.linspace(0.1, 0.9, n), np.arange(n)).value
        for n in (100, 1_600)
    ]
    # A sixteenth of the variance.
    assert found[0] / found[1] == pytest.approx(4, rel=0.15)


def test_true_forecasts_have_the_error_that_chance_makes_and_bold_ones_more() -> None:
    fates, hazards = exponential(4_000, seed=9, censored_every=1e9)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    resamples, known = draw(fates.lead, replicates=2, seed=0), known_at(fates, 60.0)
    chance = ece_if_perfect(known, truth, fates.lead).figure()
    own, bold = (
        calibration_bins(fates, each, WON, horizon_days=60.0, resamples=resamples)[1].value
        for each in (truth, np.clip(1.5 * truth, 0, 1))
    )
    assert chance.high is not None
    assert own < 1.2 * chance.high < bold


@pytest.mark.parametrize("fates", [cohort(), cohort((0, 1.0)), undated(0)], ids=["none", "one", "undated"])
def test_where_nothing_is_known_chance_makes_no_error(fates: Cohort) -> None:
    known = known_at(fates, 5.0 if len(fates) and fates.dated else None)
    found = ece_if_perfect(known, np.full(len(fates), 0.5), fates.lead)
    assert found.figure() == Figure(None, None, None)


def test_the_bias_counted_by_hand() -> None:
    # weights 1, 0, 1.5, 1.5 (sum 4); won weighs 1: Σ w p = .5 + .3 + .3 = 1.1, and 1.1 − 1 = .1, over 4
    known = known_at(cohort((1, 1.0), (0, 2.0), (2, 3.0), (0, 9.0)), 5.0)
    assert in_the_large(known, np.array([0.5, 0.9, 0.2, 0.2]), WON).value() == pytest.approx(0.025)


def test_the_slope_counted_by_hand() -> None:
    # Forecast ¼ and ¾, logits ∓log 3; of ten each 2 and 8 were won, logits ∓log 4: slope log 4 / log 3.
    fates = cohort(*([(1, 1.0)] * 2 + [(0, 9.0)] * 8 + [(1, 1.0)] * 8 + [(0, 9.0)] * 2))
    forecast = np.repeat([0.25, 0.75], 10)
    found = slope(known_at(fates, 5.0), forecast, WON, draw(fates.lead, replicates=2, seed=0))
    assert found.value == pytest.approx(np.log(4) / np.log(3))
