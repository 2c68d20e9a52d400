"""The model and what it must beat, fitted on the same snapshots and asked about the same others."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.outcomes import STOP, WON
from readiness.judging.evaluation import Handovers, HeldOut, judging_days
from readiness.judging.gains import Weekly
from readiness.judging.judgement import BASE_RATE, LOGISTIC, MODEL, NAIVE_BAYES, POINTS_CARD
from readiness.learning.baselines import BaseRateByAge, PointsCard
from readiness.learning.choices import Choices
from readiness.learning.enough import enough
from readiness.learning.incidence import IncidenceModel
from readiness.learning.little_data import TooLittle
from readiness.learning.naive_bayes import NaiveBayes
from readiness.progress import Progress
from readiness.training_run.material import Material
from readiness.training_run.parts import parts
from readiness.training_run.settings import TrainingSettings

OVERALL: Final = "overall"
"""The base rate of all ages together: no baseline that anybody is shown, but skill must beat it too."""


@dataclass(frozen=True, slots=True)
class Simple:
    """The fitted baselines that only count; ``overall`` is the base rate of all ages together."""

    base_rate: BaseRateByAge
    overall: BaseRateByAge
    points_card: PointsCard
    naive_bayes: NaiveBayes

    def curves(self, material: Material, days: Sequence[float]) -> dict[str, Floats]:
        """Return each baseline's incidences, n × days × 3."""
        ages = material.ages[:, None]
        return {
            BASE_RATE: self.base_rate.predict_incidence(ages, days),
            POINTS_CARD: self.points_card.predict_incidence(material.verdicts.points[:, None], days),
            NAIVE_BAYES: self.naive_bayes.predict_incidence(material.X, days),
            OVERALL: self.overall.predict_incidence(ages, days),
        }


@dataclass(frozen=True, slots=True)
class Rivals:
    """The fitted model beside the fitted baselines."""

    model: IncidenceModel
    simple: Simple
    logistic: IncidenceModel

    def curves(self, material: Material, days: Sequence[float]) -> dict[str, Floats]:
        """Return each forecast's incidences, n × days × 3; the model's stop is NaN where it gives none."""
        simple = self.simple.curves(material, days)
        return {
            MODEL: shown_curves(self.model, material.X, days),
            BASE_RATE: simple[BASE_RATE],
            POINTS_CARD: simple[POINTS_CARD],
            LOGISTIC: self.logistic.predict_incidence(material.X, days),
            NAIVE_BAYES: simple[NAIVE_BAYES],
            OVERALL: simple[OVERALL],
        }


def shown_curves(model: IncidenceModel, X: Floats, days: Sequence[float]) -> Floats:
    """Return a model's incidences, n × days × 3; stop is NaN where it gives none."""
    curves = model.predict_incidence(X, days)
    if not model.stop_known_:
        curves[:, :, STOP - 1] = np.nan
    return curves


def fit_model(
    material: Material,
    horizon_days: float | None,
    settings: TrainingSettings,
    progress: Progress,
    chosen: Choices | None = None,
) -> IncidenceModel:
    """Fit the model on the material; its curve goes as far as the horizon at least.

    With ``chosen``, what an earlier fit of the recipe found by cross-validation is not looked for again.
    """
    model = unfitted(horizon_days, settings)
    model.set_params(
        chosen=chosen,
        stratified_by=_column(material.plan, "age"),
        card_column=_column(material.plan, features.POINTS.measure),
    )
    return model.fit(
        material.X,
        material.y,
        groups=material.groups,
        levels=material.levels,
        when=material.taken,
        progress=progress,
    )


def fit_rivals(
    material: Material, horizon_days: float | None, settings: TrainingSettings, progress: Progress
) -> Rivals:
    """Fit the model and its baselines on the same material."""
    model = fit_model(material, horizon_days, settings, progress)
    return Rivals(
        model=model,
        simple=fit_simple(material, model.longest_reach),
        logistic=_logistic(material, model, progress),
    )


def fit_simple(material: Material, longest_reach: float) -> Simple:
    """Fit the baselines that count on the material; their curves go as far as the model's may."""
    y, groups, ages = material.y, material.groups, material.ages[:, None]
    return Simple(
        base_rate=BaseRateByAge(longest_reach=longest_reach).fit(ages, y, groups=groups),
        overall=BaseRateByAge(ages=(), longest_reach=longest_reach).fit(ages, y, groups=groups),
        points_card=PointsCard(longest_reach=longest_reach).fit(
            material.verdicts.points[:, None], y, groups=groups
        ),
        naive_bayes=NaiveBayes(longest_reach=longest_reach).fit(
            material.X, y, groups=groups, levels=material.levels
        ),
    )


def _logistic(material: Material, recipe: IncidenceModel, progress: Progress) -> IncidenceModel:
    """Take the baseline from the recipe, or fit it for one that has no logistic member to lend."""
    if recipe.logistic_ensemble_ is None:
        recipe = copy.copy(recipe)
        recipe.set_params(logistic=True, leaves=())
        recipe.fit(material.X, material.y, groups=material.groups, levels=material.levels, progress=progress)
    return logistic_alone(recipe)


def _column(plan: FeaturePlan, measure: str) -> int | None:
    """Return the column that holds this, None where the plan has none."""
    return next((column for column, each in enumerate(plan.features) if each.measure == measure), None)


def unfitted(horizon_days: float | None, settings: TrainingSettings) -> IncidenceModel:
    """Return the recipe: the estimator with the settings of a training run."""
    model = IncidenceModel(seed=settings.seed, num_threads=settings.num_threads)
    model.set_params(**settings.estimator)
    if horizon_days is not None:
        model.set_params(longest_reach=max(model.longest_reach, horizon_days))
    return model


def too_little(
    material: Material, horizon_days: float | None, settings: TrainingSettings
) -> TooLittle | None:
    """Say what is missing before the recipe can learn from this: see `learning.enough`."""
    recipe = unfitted(horizon_days, settings)
    return enough(
        material.y,
        material.groups,
        horizon_days,
        longest_reach=recipe.longest_reach,
        at_risk=recipe.at_risk,
    )


def logistic_alone(model: IncidenceModel) -> IncidenceModel:
    """Return the logistic regression that is a member of a model just fitted, on its own.

    Not pulled to the points card: each baseline stands for itself.

    Bit for bit what `baselines.logistic` fits on the same material: a test holds the two together,
    so that the slower half of a fit is not done twice.
    """
    alone = copy.copy(model)
    if model.logistic_ensemble_ is None:
        raise ModelError("this model has no logistic member; fit one with `logistic=True`")
    alone.ensemble_ = model.logistic_ensemble_
    return alone


def held_out(
    name: str,
    material: Material,
    forecasts: dict[str, Floats],
    horizon_days: float | None,
    handovers: Handovers | None = None,
    weekly: Weekly | None = None,
) -> HeldOut:
    """Put snapshots no forecast was fitted on beside what each said of them.

    Curves are at `judging_days` of the horizon.
    """
    expected = (len(material), len(judging_days(horizon_days)), 3)
    if any(curves.shape != expected for curves in forecasts.values()):
        raise ValueError(f"forecasts are not of shape {expected}")
    return HeldOut(
        name=name,
        cohort=material.cohort,
        forecasts={rival: curves for rival, curves in forecasts.items() if rival != OVERALL},
        overall=forecasts[OVERALL][:, -1, WON - 1],
        category=material.verdicts.category.astype(np.int64),
        handovers=handovers,
        weekly=weekly,
        parts=parts(material),
    )
