"""From tables to a judged model for use."""

from __future__ import annotations

from dataclasses import replace

from readiness.agreement.document import Agreement
from readiness.artefact.provenance import AgreementName, Provenance
from readiness.crm.fingerprint import fingerprint, fingerprints
from readiness.crm.records import NO_INSTANT, Instant, iso
from readiness.crm.tables import Tables
from readiness.errors import DataError
from readiness.learning import leakage
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress, silent
from readiness.training_run.forecasts import fit_model, too_little
from readiness.training_run.judged import (
    Judged,
    judge_dated,
    judge_undated,
    outside_first_fold,
    where_it_stands,
)
from readiness.training_run.material import Material, to_learn_from
from readiness.training_run.order import in_order
from readiness.training_run.scales import for_use
from readiness.training_run.settings import Standing, TrainingRun, TrainingSettings
from readiness.training_run.tuning.found import Found
from readiness.training_run.tuning.tuner import Tuner, tune

STANDARD = TrainingSettings()


def train(
    tables: Tables,
    agreement: Agreement,
    *,
    settings: TrainingSettings = STANDARD,
    progress: Progress = silent,
    tuner: Tuner | None = None,
) -> TrainingRun | TooLittle:
    """Learn, judge and refit: everything that leads to a model somebody may promote.

    The judged model stands at T (`splits.test_start`): it learns from nothing at or after T, and is
    judged on leads created at or after T, and apart from these on leads open at T, by all that became
    known until the end of the data. Then its recipe is refitted at the end of the data: that is the
    model for use. Where no T leaves enough to judge by, the judgement is empty and says what is
    missing. Undated leads are judged by folds grouped by identical attributes.

    Parameters
    ----------
    tables : Tables
        The order of the leads changes no byte of what is found.
    agreement : Agreement
        Gives the horizon, the points card, the categories and sales' weekly capacity.
    tuner : Tuner, optional
        Has other settings of the estimator tried on leads that came before T, and says which to take
        (`tuning`). What the model is judged on has no part in it: of undated leads one fold is set aside.

    Returns
    -------
    TrainingRun or TooLittle
        TooLittle says what is missing before anything can be learned.

    Raises
    ------
    DataError
        If a column knows the future and is neither excluded nor waived; all such columns are told.
    """
    tables = in_order(tables)
    refuse_leaks(tables, agreement, settings, progress)
    horizon = agreement.horizon_days if tables.dated else None
    progress("taking snapshots", 0.0)
    whole = to_learn_from(tables, agreement, settings)
    progress("taking snapshots", 1.0)
    little = too_little(whole, horizon, settings)
    if little is not None:
        return little
    found = None
    if tuner is not None:
        found = _tuned(tuner, whole, agreement, settings, progress)
        settings = _taken(settings, found, tables.dated)
    judged = (
        judge_dated(tables, agreement, settings, progress)
        if tables.dated
        else judge_undated(whole, agreement, settings, progress)
    )
    if judged.model is not None and judged.learned_from is not None and not settings.refit:
        model, learned_from = judged.model, judged.learned_from
    else:
        # The recipe that was judged, its rounds, penalty and weights included, on all that is known now.
        chosen = None if judged.model is None else judged.model.choices_
        model, learned_from = fit_model(whole, horizon, settings, again(progress), chosen), whole
    return TrainingRun(
        model=for_use(
            model, learned_from, horizon_days=horizon, weekly_capacity=agreement.handover.weekly_capacity
        ),
        judgement=judged.judgement,
        settings=settings,
        provenance=_provenance(
            tables,
            agreement,
            settings,
            judged.judgement.test_start,
            learned_from.tables.observed_through,
            found,
        ),
        test_start=judged.judgement.test_start,
        data_end=learned_from.tables.observed_through,
        tuned=found,
        sales=judged.sales,
        standing=_standing(judged),
    )


def _standing(judged: Judged) -> Standing | None:
    """Return the judged model as it stood at T; None where nothing was judged, or by folds."""
    if judged.model is None or judged.judgement.test_start == NO_INSTANT:
        return None
    return Standing(judged.judgement.test_start, judged.model)


def _tuned(
    tuner: Tuner, whole: Material, agreement: Agreement, settings: TrainingSettings, progress: Progress
) -> Found:
    """Have settings tried on the leads that the recipe will not be judged on."""
    tables = whole.tables
    if not tables.dated:
        return tune(tuner, tables, agreement, settings, progress, outside_first_fold(whole, settings))
    start = where_it_stands(tables, agreement, settings)
    known = tables if isinstance(start, str) else start[1].tables
    return tune(tuner, known, agreement, settings, progress)


def _taken(settings: TrainingSettings, found: Found, dated: bool) -> TrainingSettings:
    """Take what was found; undated leads are then judged by the one fold that had no part in it."""
    taken = replace(settings, estimator={**settings.estimator, **found.estimator})
    return taken if dated or not found.tried else replace(taken, one_fold_above=0)


def refuse_leaks(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, progress: Progress = silent
) -> None:
    """Refuse tables with columns that know the future, unless each is excluded or waived by name.

    Raises
    ------
    DataError
        One fault a column, with its evidence and what to type.
    """
    found = leakage.audit(tables, event_of_outcome=agreement.labels.event_of_outcome, progress=progress)
    refused = leakage.blocking(found, exclude=settings.exclude, waive=settings.waive)
    if refused:
        raise DataError([each.fault() for each in refused])


def again(progress: Progress) -> Progress:
    """Tell of the second fit under names of its own."""

    def tell(what: str, done: float) -> None:
        progress(f"{what}, for use", done)

    return tell


def _provenance(
    tables: Tables,
    agreement: Agreement,
    settings: TrainingSettings,
    test_start: Instant,
    data_end: Instant,
    tuned: Found | None,
) -> Provenance:
    return Provenance(
        data_fingerprint=fingerprint(tables),
        table_fingerprints=fingerprints(tables),
        data_end=iso(data_end),
        judged_at=iso(test_start),
        agreement=AgreementName(name=agreement.name, version=agreement.version, sha256=agreement.fingerprint),
        seed=settings.seed,
        settings=settings.to_dict() | ({} if tuned is None else {"tuning": tuned.to_dict()}),
    )
