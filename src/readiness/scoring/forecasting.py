"""A model as an agreement asks it about the past."""

from __future__ import annotations

from dataclasses import replace

from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import evaluate
from readiness.crm.tables import Tables
from readiness.hindsight.replay import Adviser, Forecast
from readiness.history import features
from readiness.history.snapshots import Snapshots
from readiness.learning.model import ReadinessModel


def with_model(adviser: Adviser, model: ReadinessModel, learned_with: Agreement) -> Adviser:
    """Return an adviser that asks this model for score, stop risk and the score that fills sales' capacity.

    Parameters
    ----------
    learned_with : Agreement
        Its points are what the model learned with, whichever agreement is asked about.
    """

    def forecaster(tables: Tables, snapshots: Snapshots) -> Forecast:
        points = evaluate(tables, snapshots, learned_with).points
        said = model.predict(features.build(tables, snapshots, model.plan, points))
        return Forecast(said.score, said.stop_risk)

    return replace(adviser, forecaster=forecaster, capacity_score=model.capacity_score)
