"""Champion and challenger on the same leads, gate by gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from readiness.history.outcomes import STOP, WON
from readiness.judging.challenge import gates_of, within, without_leads
from readiness.judging.contest import CHALLENGER, CHAMPION, Contest
from readiness.judging.gates import ASKED, Gate, verdict_of
from readiness.judging.own_merits import three_ways
from readiness.judging.paired import Shortfall
from tests.judging.contests import contest, region, saying

FAIR = contest()
OF_LEADS = tuple(ASKED)[:12]


def asked(of: Contest) -> dict[str, Gate]:
    return {gate.code: gate for gate in gates_of(of, replicates=100)}


def outcomes(of: Contest) -> dict[str, str]:
    return {code: gate.outcome for code, gate in asked(of).items()}


def _noisy(of: Contest) -> Contest:
    noise = np.random.default_rng(7).normal(0.0, 1.0, len(of.cohort))
    won = of.of(CHALLENGER, WON)
    return saying(of, 1 / (1 + np.exp(-(np.log(won / (1 - won)) + noise))))


def _bold(of: Contest) -> Contest:
    won = of.of(CHALLENGER, WON)
    return saying(of, 1 / (1 + np.exp(-2.0 * (np.log(won / (1 - won)) + 1.6) + 1.6)))


def _too_high(of: Contest) -> Contest:
    return saying(of, np.minimum(1.5 * of.of(CHALLENGER, WON), 0.99))


def _broken_in_the_east(of: Contest) -> Contest:
    return saying(of, of.of(CHALLENGER, WON) * (1.0 - 0.8 * region(of, "east")))


def _stops_at_random(of: Contest) -> Contest:
    return saying(of, of.of(CHALLENGER, WON), np.random.default_rng(3).permutation(of.of(CHALLENGER, STOP)))


def _stops_too_high(of: Contest) -> Contest:
    return saying(of, of.of(CHALLENGER, WON), 1.6 * of.of(CHALLENGER, STOP))


def _knows_nothing(of: Contest) -> Contest:
    return saying(of, of.overall)


def test_the_same_forecast_passes_every_gate_in_the_order_in_which_they_are_told() -> None:
    found = gates_of(FAIR, replicates=100)
    assert [gate.code for gate in found] == list(OF_LEADS)
    assert {gate.outcome for gate in found} == {"passed"}
    assert verdict_of(found) == "yes"


@pytest.mark.parametrize(
    ("spoilt", "gate"),
    [
        (_noisy, "log_loss"),
        (_noisy, "integrated_brier"),
        (_noisy, "weekly_precision"),
        (_bold, "boldness"),
        (_too_high, "calibrated"),
        (_broken_in_the_east, "segments"),
        (_stops_at_random, "stop_risk"),
        (_stops_too_high, "stop_calibrated"),
        (_knows_nothing, "skill"),
        (_knows_nothing, "beats_points_card"),
        (_knows_nothing, "beats_naive_bayes"),
    ],
)
def test_each_fault_is_refused_by_the_gate_that_names_it(
    spoilt: Callable[[Contest], Contest], gate: str
) -> None:
    found = asked(spoilt(FAIR))
    assert found[gate].outcome == "refused", found[gate].sentence
    assert verdict_of(tuple(found.values())) == "no"


def test_the_segment_that_is_served_worse_is_named_and_no_other() -> None:
    sentence = asked(_broken_in_the_east(FAIR))["segments"].sentence
    assert "region east" in sentence
    assert not any(name in sentence for name in ("north", "south", "west"))


def test_a_champion_that_is_worse_makes_no_difference_to_what_is_asked_of_the_challenger_alone() -> None:
    worse = _too_high(FAIR).forecasts[CHALLENGER]
    found = outcomes(replace(FAIR, forecasts={**FAIR.forecasts, CHAMPION: worse}))
    assert set(found.values()) == {"passed"}


def test_a_bad_champion_opens_no_gate_to_a_bad_challenger() -> None:
    worse = _too_high(FAIR)
    both = replace(worse, forecasts={**worse.forecasts, CHAMPION: worse.forecasts[CHALLENGER]})
    found = outcomes(both)
    assert found["log_loss"] == "passed"
    assert found["calibrated"] == "refused"


def test_without_a_champion_what_is_asked_beside_it_is_not_asked_and_the_others_decide() -> None:
    found = outcomes(contest(champion=False))
    beside = ("log_loss", "integrated_brier", "stop_risk", "weekly_precision", "segments")
    assert {found[code] for code in beside} == {"not_asked"}
    assert {found[code] for code in OF_LEADS if code not in beside} == {"passed"}


@pytest.mark.parametrize("n", [0, 1, 25])
def test_too_few_leads_never_promote(n: int) -> None:
    found = gates_of(contest(n), replicates=50)
    assert found[0].outcome == "too_few"
    assert verdict_of(found) in {"too_few", "no"}


def test_a_difference_that_might_be_chance_is_too_few_to_tell() -> None:
    few = contest(150, seed=5)
    noise = np.random.default_rng(1).normal(0.0, 0.5, 150)
    won = few.of(CHALLENGER, WON)
    found = outcomes(saying(few, 1 / (1 + np.exp(-(np.log(won / (1 - won)) + noise)))))
    assert found["log_loss"] == "too_few"


def test_without_dates_there_are_no_curves_and_no_weeks_to_ask_about() -> None:
    nothing = np.full(len(FAIR.cohort), np.nan)
    undated = replace(
        FAIR,
        cohort=replace(FAIR.cohort, event=np.maximum(FAIR.cohort.event, 1), duration=nothing),
        horizon_days=None,
        days=(float("inf"),),
        forecasts={name: curve[:, -1:] for name, curve in FAIR.forecasts.items()},
        weekly=None,
    )
    found = outcomes(undated)
    assert (found["integrated_brier"], found["weekly_precision"]) == ("not_asked", "not_asked")


@pytest.mark.parametrize(
    ("silent", "outcome"),
    [((CHAMPION,), "not_asked"), ((CHALLENGER,), "refused"), ((CHAMPION, CHALLENGER), "not_asked")],
    ids=["the champion", "the challenger", "both"],
)
def test_who_gives_no_stop_risk(silent: tuple[str, ...], outcome: str) -> None:
    forecasts = {name: curve.copy() for name, curve in FAIR.forecasts.items()}
    for name in silent:
        forecasts[name][:, :, STOP - 1] = np.nan
    assert outcomes(replace(FAIR, forecasts=forecasts))["stop_risk"] == outcome


def test_a_column_with_no_segment_large_enough_is_too_few_to_tell_and_no_column_is_not_asked() -> None:
    part = FAIR.segments[0]
    tiny = replace(part, code=np.where(np.arange(len(FAIR.cohort)) < 20, part.code, -1))
    assert outcomes(replace(FAIR, segments=(tiny,)))["segments"] == "too_few"
    assert outcomes(replace(FAIR, segments=()))["segments"] == "not_asked"


def test_who_learned_from_few_ends_may_be_further_off() -> None:
    off = saying(FAIR, 1.35 * FAIR.of(CHALLENGER, WON))
    assert outcomes(off)["calibrated"] == "refused"
    assert outcomes(replace(off, learned={WON: 50, STOP: 50}))["calibrated"] == "passed"


@pytest.mark.parametrize("champion", [True, False])
def test_without_leads_all_that_is_asked_on_leads_is_too_few_to_tell(champion: bool) -> None:
    found = without_leads("It takes 40 more closed sales.", champion=champion)
    assert [gate.code for gate in found] == list(OF_LEADS)
    assert verdict_of(found) == "too_few"
    assert "40 more closed sales" in found[0].sentence


def test_the_same_contest_gives_the_same_gates() -> None:
    assert gates_of(_noisy(FAIR), replicates=50) == gates_of(_noisy(contest()), replicates=50)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [
        (-0.01, 0.02, "passed"),
        (0.01, 0.02, "passed"),
        (-0.01, 0.0201, "too_few"),
        (0.0, 0.0201, "too_few"),
        (1e-9, 0.0201, "refused"),
    ],
    ids=["at the margin", "worse, within it", "beyond it", "perhaps not worse", "surely worse"],
)
def test_a_shortfall_passes_up_to_the_margin_and_is_refused_where_it_is_surely_there(
    low: float, high: float, outcome: str
) -> None:
    assert within("log_loss", "log-loss", Shortfall(0.01, low, high), 0.02).outcome == outcome
    assert within("log_loss", "log-loss", None, 0.02).outcome == "too_few"


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [
        (-0.3, 0.3, "passed"),
        (0.1, 0.3, "passed"),
        (0.1001, 0.3, "refused"),
        (-0.3, -0.1, "passed"),
        (-0.3, -0.1001, "refused"),
        (-0.5, 0.5, "passed"),
        (-0.5, 0.5001, "too_few"),
    ],
)
def test_only_what_surely_lies_outside_is_refused_and_what_is_too_rough_is_not_passed(
    low: float, high: float, outcome: str
) -> None:
    assert three_ways(low, high, (-0.1, 0.1)) == outcome


@pytest.mark.parametrize(
    ("n", "won", "enough"), [(30, 10, True), (29, 10, False), (30, 9, False), (30, 21, False)]
)
def test_it_takes_thirty_leads_with_ten_won_and_ten_not(n: int, won: int, enough: bool) -> None:
    event = np.where(np.arange(n) < won, WON, 0).astype(np.int8)
    few = contest(n)
    duration = np.where(event > 0, 1.0, 90.0)
    found = gates_of(replace(few, cohort=replace(few.cohort, event=event, duration=duration)), replicates=20)
    assert (found[0].outcome == "passed") is enough
