"""Who takes part in a challenge: a model, and the recipe that it was made by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from readiness.agreement.document import Agreement
from readiness.artefact import Bundle
from readiness.crm.records import NO_INSTANT, Instant, instant
from readiness.history.feature_plan import FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.training_run.settings import TrainingRun, TrainingSettings, settings_from

_NOT_THE_RECIPE: Final = (
    "waive",
    "won_needed",
    "folds",
    "one_fold_above",
    "replicates",
    "importance",
    "by_propensity",
    "thorough",
    "refit",
)
"""Settings that change how a model is judged, and not what it learns."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A model that takes part in a challenge, and the recipe that it was made by.

    ``name`` is its bundle's; ``data_end`` is NO_INSTANT where it learned from undated leads.
    """

    name: str
    model: IncidenceModel
    plan: FeaturePlan
    agreement: Agreement
    settings: TrainingSettings
    data_end: Instant

    @classmethod
    def of(cls, bundle: Bundle) -> Contender:
        """Return what a bundle holds as a contender."""
        end = bundle.provenance.data_end
        return cls(
            name=bundle.name,
            model=bundle.model.incidence,
            plan=bundle.model.plan,
            agreement=bundle.agreement,
            settings=settings_from(bundle.provenance.settings),
            data_end=NO_INSTANT if end is None else instant(end),
        )

    @classmethod
    def trained(
        cls, name: str, run: TrainingRun, agreement: Agreement, *, exclude: tuple[str, ...] | None = None
    ) -> Contender:
        """Return what a training produced as a contender, under a name of one's own.

        ``exclude`` names what its recipe leaves out of the tables of a challenge, where they have more
        than it was trained on; by default what it left out then.

        Raises
        ------
        TypeError
            If ``exclude`` is one name and no tuple of names (`TrainingSettings`).
        """
        settings = run.settings if exclude is None else replace(run.settings, exclude=exclude)
        return cls(name, run.model.incidence, run.model.plan, agreement, settings, run.data_end)

    def shares_recipe(self, other: Contender) -> bool:
        """Say whether both learn the same from the same data."""
        mine, theirs = ({**each.settings.to_dict()} for each in (self, other))
        for name in _NOT_THE_RECIPE:
            del mine[name], theirs[name]
        return mine == theirs and self.agreement.fingerprint == other.agreement.fingerprint
