"""What is asked of a challenger whoever is champion: that it is calibrated and knows something."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from readiness.history.outcomes import STOP, WON
from readiness.judging import calibration, metrics
from readiness.judging.bootstrap import Estimate, Figure, Resamples
from readiness.judging.cohort import Known
from readiness.judging.contest import CHALLENGER, FEWEST_EACH, Contest
from readiness.judging.gates import Gate, Outcome, not_asked, too_few
from readiness.judging.judgement import BASE_RATE, FORECASTS, NAIVE_BAYES, POINTS_CARD
from readiness.judging.paired import BOTH_BOUNDS
from readiness.judging.sentences import percent, signed
from readiness.judging.skill import skill_of

OFF: Final = 0.10
"""A score that is surely further off than this share of what was observed is not calibrated."""
BY_CHANCE: Final = 2.0
"""So many standard errors more: who learns from n ends knows their share to 1 / √n of it at best."""
BOLD: Final = 0.8
TIMID: Final = 1.25
"""A calibration slope surely below is too bold, one surely above too timid; 1 is right."""
ROUGHEST: Final = 0.5
"""Where an interval reaches further than this to either side, too little is known to tell."""


def calibrated(contest: Contest, known: Known, resamples: Resamples) -> Iterator[Gate]:
    """Ask whether scores and stop risks hold on the whole, and whether scores are as bold as they may be."""
    yield _on_the_whole("calibrated", "scores", contest, known, WON, resamples)
    slope = calibration.slope(known, contest.of(CHALLENGER, WON), WON, resamples).figure()
    yield _bold(slope, _by_chance(contest, WON))
    if np.isfinite(contest.of(CHALLENGER, STOP)).all():
        yield _on_the_whole("stop_calibrated", "stop risks", contest, known, STOP, resamples)
    else:
        yield not_asked("stop_calibrated", "It gives no stop risk: too few leads told us to stop.")


def _on_the_whole(
    code: str, what: str, contest: Contest, known: Known, cause: int, resamples: Resamples
) -> Gate:
    forecast = contest.of(CHALLENGER, cause)
    happened = known.weight * known.happened(cause)
    observed = float(happened.sum()) / max(float(known.weight.sum()), 1.0)
    cases = len(np.unique(contest.cohort.lead[happened > 0]))
    bias = resamples.ratio(calibration.in_the_large(known, forecast, cause)).figure()
    if cases < FEWEST_EACH or bias.value is None or bias.low is None or bias.high is None:
        return too_few(
            code, f"It takes {FEWEST_EACH} leads with this end to judge {what}; there are {cases}."
        )
    off, low, high = (each / observed for each in (bias.value, bias.low, bias.high))
    mean = off * observed + observed
    sentence = (
        f"Of 100 looks at leads, {what} say {100 * mean:.1f} and {100 * observed:.1f} came true: "
        f"{percent(abs(off))} too {'many' if off > 0 else 'few'} (95 % interval {signed(low)} to "
        f"{signed(high)})"
    )
    allowed = OFF + _by_chance(contest, cause)
    outcome = three_ways(low, high, (-allowed, allowed))
    return Gate(code, outcome, f"{sentence}{_ENDING[outcome]}", _nearest_to(0.0, low, high), allowed, "share")


def _by_chance(contest: Contest, cause: int) -> float:
    return BY_CHANCE / math.sqrt(max(contest.learned.get(cause, 0), 1))


def _bold(slope: Figure, by_chance: float) -> Gate:
    if slope.value is None or slope.low is None or slope.high is None:
        return too_few("boldness", "Too few leads carry the calibration slope.")
    sentence = (
        f"The calibration slope is {slope.value:.2f}, where 1 is right and less is too bold (95 % interval "
        f"{slope.low:.2f} to {slope.high:.2f})"
    )
    boldest, most_timid = BOLD - by_chance, TIMID + by_chance
    outcome = three_ways(slope.low, slope.high, (boldest, most_timid))
    timid = slope.value > 1.0
    measured = slope.low if timid else slope.high
    required = most_timid if timid else boldest
    return Gate("boldness", outcome, f"{sentence}{_ENDING[outcome]}", measured, required, at_least=not timid)


def three_ways(low: float, high: float, allowed: tuple[float, float]) -> Outcome:
    """Refuse what surely lies outside; of the rest pass what is known well enough."""
    if low > allowed[1] or high < allowed[0]:
        return "refused"
    return "passed" if high - low <= 2.0 * ROUGHEST else "too_few"


_ENDING: Final = {
    "passed": ".",
    "refused": ", and that is surely too far off.",
    "too_few": "; too few leads to tell.",
}


def knows(contest: Contest, known: Known, resamples: Resamples, seed: int) -> Iterator[Gate]:
    """Ask whether it knows more than the base rates, the points card and naive Bayes."""
    own = contest.of(CHALLENGER, WON)
    base = contest.of(BASE_RATE, WON)
    found = skill_of(contest.cohort, known, own, base, contest.overall, seed=seed)
    outcome: Outcome = "passed" if found.claimed else "refused"
    if found.gain is None:
        outcome = "too_few"
    yield Gate("skill", outcome, found.sentence, found.lower_999, 0.0, "points", at_least=True)
    mine = resamples.ratio(metrics.log_loss(known, own, WON))
    for code, rival in (("beats_points_card", POINTS_CARD), ("beats_naive_bayes", NAIVE_BAYES)):
        theirs = resamples.ratio(metrics.log_loss(known, contest.of(rival, WON), WON))
        yield _beats(code, FORECASTS[rival], theirs - mine)


def _beats(code: str, rival: str, gain: Estimate) -> Gate:
    found = gain.figure(BOTH_BOUNDS)
    if found.value is None or found.low is None or found.high is None:
        return too_few(code, f"Too few leads to compare with {rival}.")
    outcome: Outcome
    outcome = "passed" if found.low > 0 else "refused" if found.value <= 0 else "too_few"
    lower = "lower" if found.value > 0 else "higher"
    ending = "; too few leads to tell." if outcome == "too_few" else "."
    sentence = (
        f"Its log-loss is {abs(found.value):.4f} {lower} than that of {rival}; with 95 % confidence it gains "
        f"at least {_plain(found.low)}, and that must be above 0{ending}"
    )
    return Gate(code, outcome, sentence, found.low, 0.0, "points", at_least=True)


def _nearest_to(aim: float, low: float, high: float) -> float:
    """Return how far the nearest end of an interval lies from the aim; 0 where it holds it."""
    return max(low - aim, aim - high, 0.0)


def _plain(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")
