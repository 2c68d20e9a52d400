import math

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.more_leads import MoreLeads, more_leads
from tests.judging.cohorts import cohort, exponential, true_incidence


def curve(fates: Cohort, *scores: Floats, horizon: float = 60.0) -> MoreLeads | None:
    resamples = draw(fates.lead, replicates=200, seed=0)
    leads = [100 * 2**place for place in range(len(scores))]
    return more_leads(leads, scores, known_at(fates, horizon), resamples)


def test_the_gain_of_the_last_doubling_counted_by_hand() -> None:
    # one won and one open: losses log 2 and then log 4/3 a snapshot
    fates = cohort((1, 1.0), (0, 9.0))
    found = curve(fates, np.array([0.5, 0.5]), np.array([0.75, 0.25]), horizon=5.0)
    assert found is not None
    assert [point.leads for point in found.points] == [100, 200]
    assert found.points[0].loss.value == pytest.approx(math.log(2))
    assert found.gain.value == pytest.approx(math.log(2) - math.log(4 / 3))


def test_where_each_doubling_comes_nearer_the_truth_more_leads_would_help() -> None:
    fates, hazards = exponential(3_000, seed=1)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    noise = np.random.default_rng(0).normal(size=len(truth))
    scores = [1 / (1 + (1 - truth) / truth * np.exp(noise * spread)) for spread in (1.5, 1.0, 0.5)]
    found = curve(fates, *scores)
    assert found is not None
    losses = [point.loss.value or 0.0 for point in found.points]
    assert losses == sorted(losses, reverse=True)
    assert found.sentence.startswith(
        "More leads would probably help: learning from 400 leads instead of 200 lowered the log-loss by 0.0"
    )


def test_where_a_doubling_changed_nothing_none_is_promised() -> None:
    fates, hazards = exponential(1_000, seed=1)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    noise = 0.02 * np.random.default_rng(0).normal(size=(2, len(truth)))
    found = curve(fates, *(np.clip(truth * np.exp(each), 0, 1) for each in noise))
    assert found is not None
    assert found.sentence.startswith("That more leads would help cannot be shown")
    assert found.sentence.endswith("which may be chance.")


def test_where_more_leads_made_it_worse_it_says_so() -> None:
    fates, hazards = exponential(2_000, seed=1)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    found = curve(fates, truth, np.clip(2 * truth, 0, 0.99))
    assert found is not None
    assert found.sentence.startswith("More leads did not help")


def test_gains_are_paired() -> None:
    fates, hazards = exponential(500, seed=1)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    found = curve(fates, truth, truth)
    assert found is not None
    assert (found.gain.low, found.gain.high) == (0.0, 0.0)


def test_one_model_is_no_curve_and_unknown_outcomes_say_nothing() -> None:
    assert curve(cohort((1, 1.0)), np.array([0.5])) is None
    found = curve(cohort(), np.zeros(0), np.zeros(0))
    assert found is not None
    assert found.sentence == "Whether more leads would help could not be told: too few outcomes are known."
