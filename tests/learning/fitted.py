"""Small fitted models, made once for all tests that only ask them."""

from __future__ import annotations

import functools

import numpy as np

from readiness.crm.tables import Floats
from readiness.learning.incidence import IncidenceModel
from tests.learning.competing_weibull import World, world


@functools.cache
def training(seed: int = 0) -> World:
    return world(400, seed, ages=(1 / 24, 7.0, 30.0))


@functools.cache
def dated() -> IncidenceModel:
    return fit(training())


@functools.cache
def undated() -> IncidenceModel:
    ended = training()
    return small().fit(ended.X, without_dates(ended.y), groups=ended.groups, levels=ended.levels)


def small(**parameters: object) -> IncidenceModel:
    return IncidenceModel(max_rounds=40, folds=3, **parameters)  # type: ignore[arg-type]


def fit(made: World, **parameters: object) -> IncidenceModel:
    return small(**parameters).fit(made.X, made.y, groups=made.groups, levels=made.levels)


def without_dates(y: Floats) -> Floats:
    return np.column_stack((y[:, 0], np.full(len(y), np.nan)))
