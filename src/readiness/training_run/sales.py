"""What the judged model does for sales, on leads that it had not seen."""

from __future__ import annotations

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import Instant
from readiness.crm.tables import Floats, Ints, Tables
from readiness.hindsight.at_capacity import GivenToSales
from readiness.hindsight.for_sales import ForSales, for_sales
from readiness.hindsight.kept_back import Among
from readiness.hindsight.replay import Adviser
from readiness.history.handed_over import propensities
from readiness.history.outcomes import WON
from readiness.history.splits import later_leads
from readiness.judging.gains import Weekly
from readiness.judging.judgement import MODEL, POINTS_CARD
from readiness.learning.incidence import IncidenceModel
from readiness.progress import Progress, silent
from readiness.scoring import suppressed
from readiness.scoring.forecasting import with_model
from readiness.training_run.material import Material
from readiness.training_run.scales import for_use
from readiness.training_run.settings import TrainingSettings


def judged_for_sales(
    tables: Tables,
    agreement: Agreement,
    model: IncidenceModel,
    learned: Material,
    at_handover: Material,
    instant: Instant,
    settings: TrainingSettings,
    progress: Progress = silent,
) -> ForSales:
    """Say what a model does for sales, standing at an instant.

    Parameters
    ----------
    tables : Tables
        Dated, with all that is known now.
    model : IncidenceModel
        Fitted on ``learned``, which stands at the instant.
    at_handover : Material
        Hand-overs of leads created at or after the instant, followed for a whole horizon.
    """
    ready = for_use(
        model,
        learned,
        horizon_days=agreement.horizon_days,
        weekly_capacity=agreement.handover.weekly_capacity,
    )
    return for_sales(
        tables,
        agreement,
        given_to_sales(model, at_handover, agreement),
        with_model(Adviser(agreement, never_call=suppressed), ready, agreement),
        later_leads(tables, instant),
        replicates=settings.replicates,
        seed=settings.seed,
        progress=progress,
    )


def given_to_sales(
    model: IncidenceModel, at_handover: Material, agreement: Agreement
) -> tuple[GivenToSales, ...]:
    """Take the first hand-over of each lead, and apart from these all that were left to chance.

    Returns
    -------
    tuple of GivenToSales
        None where there are no hand-overs; the second only where chances were recorded.
    """
    if not len(at_handover):
        return ()
    score = model.predict_incidence(at_handover.X, (agreement.horizon_days,))[:, 0, WON - 1]
    card = at_handover.verdicts.points
    chance = propensities(at_handover.tables, at_handover.snapshots)
    first = np.unique(at_handover.snapshots.lead, return_index=True)[1]
    by_lot = np.flatnonzero(chance > 0)

    def given(among: Among, rows: Ints, weight: Floats, weekly: Weekly | None) -> GivenToSales:
        forecasts = {MODEL: score[rows], POINTS_CARD: card[rows]}
        return GivenToSales(among, at_handover.cohort.where(rows), weight, forecasts, weekly)

    weeks = at_handover.weekly(agreement.handover.weekly_capacity)
    by_week = Weekly(weeks.capacity, weeks.week[first])
    found = [given("handed_over_anyway", first, np.ones(len(first)), by_week)]
    if len(by_lot):
        found.append(given("random_slice", by_lot, 1.0 / chance[by_lot], None))
    return tuple(found)
