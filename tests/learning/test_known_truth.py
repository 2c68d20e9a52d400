"""The learner on worlds whose truth is known."""

import dataclasses

import numpy as np
import pytest

from readiness.crm.tables import Floats, Ints
from readiness.learning.baselines import BaseRateByAge, logistic
from readiness.learning.incidence import IncidenceModel
from tests.learning.competing_weibull import Censoring, World, world

DAYS = (7.0, 30.0, 60.0, 90.0)
AGES = (1 / 24, 14.0, 45.0)


def learn(made: World) -> IncidenceModel:
    return IncidenceModel(at_risk=20).fit(made.X, made.y, groups=made.groups, levels=made.levels)


def bias(model: IncidenceModel, made: World) -> Floats:
    """Return, per snapshot age, day and end (the last: any), mean prediction minus mean truth.

    In standard errors of the share that leads followed to the end would show: about half of what chance
    allows when half of them are censored.
    """
    truth, found = made.truth(DAYS), model.predict_incidence(made.X, DAYS)
    truth = np.concatenate((truth, truth.sum(axis=2, keepdims=True)), axis=2)
    found = np.concatenate((found, found.sum(axis=2, keepdims=True)), axis=2)
    rows = [made.age == age for age in np.unique(made.age)]
    error = np.stack([(found[row] - truth[row]).mean(axis=0) for row in rows])
    chance = [np.sqrt((truth[row] * (1.0 - truth[row])).mean(axis=0) / row.sum()) for row in rows]
    return error / np.stack(chance)


@pytest.mark.slow
@pytest.mark.parametrize("censoring", ["late", "half", "by lead"])
def test_mean_incidence_is_unbiased_at_every_age(censoring: Censoring) -> None:
    made = world(4000, 11, censoring=censoring, ages=AGES)
    found = bias(learn(made), made)
    known = np.isfinite(found)
    assert known.mean() > 0.7
    assert (np.abs(found[known]) < 5.0).all()


@pytest.mark.slow
def test_forgetting_the_part_intervals_would_be_found_out() -> None:
    made = world(4000, 11, censoring="half", ages=AGES)
    edges = logistic().fit(made.X, made.y, groups=made.groups, levels=made.levels).edges_
    whole = edges[np.searchsorted(edges, made.y[:, 1], side="right") - 1]
    forgetful = np.where(made.y[:, 0] == 0, whole, made.y[:, 1])
    y = np.column_stack((made.y[:, 0], forgetful))
    model = logistic().fit(made.X, y, groups=made.groups, levels=made.levels)
    assert np.nanmax(bias(model, made)) > 6.0


@pytest.mark.slow
def test_the_estimator_is_nearer_the_truth_than_its_baselines() -> None:
    made, later = world(2000, 5), world(1000, 6, censoring="none")
    models = {
        "model": learn(made).predict_incidence(later.X, DAYS),
        "logistic": logistic()
        .fit(made.X, made.y, groups=made.groups, levels=made.levels)
        .predict_incidence(later.X, DAYS),
        "base rate": BaseRateByAge()
        .fit(made.age[:, None], made.y, groups=made.groups)
        .predict_incidence(later.age[:, None], DAYS),
    }
    error = {
        name: np.sqrt(((curves - later.truth(DAYS)) ** 2).mean(axis=(0, 1)))
        for name, curves in models.items()
    }
    assert error["model"][0] < 0.95 * error["logistic"][0]
    assert (error["model"] < 0.6 * error["base rate"]).all()


@pytest.mark.slow
def test_of_a_random_outcome_little_is_believed() -> None:
    made = world(1500, 8, ages=(1.0, 30.0))
    shuffled = np.random.default_rng(0).permutation(np.unique(made.groups))
    place = np.searchsorted(np.unique(made.groups), made.groups)
    random = dataclasses.replace(made, X=np.column_stack((_of(made, shuffled[place]), made.X[:, 4:])))
    spread = learn(random).predict_incidence(random.X, (60.0,))[:, 0, 0].std()
    assert spread < 0.25 * made.truth((60.0,))[:, 0, 0].std()


def _of(made: World, leads: Ints) -> Floats:
    """Return the attributes (not the age) of other leads than the rows'."""
    first = np.searchsorted(made.groups, leads)
    return made.X[first, :4]
