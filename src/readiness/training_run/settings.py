"""What a training run is told, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from readiness.artefact.provenance import Provenance
from readiness.crm.records import Instant
from readiness.hindsight.for_sales import ForSales
from readiness.history.features import MIN_LEADS
from readiness.history.snapshots import Schedule
from readiness.history.splits import WON_NEEDED
from readiness.judging.evaluation import REPLICATES
from readiness.judging.importance import Importance
from readiness.judging.judgement import Judgement
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from readiness.training_run.tuning.found import Found


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What can be asked of a training run; the defaults are what the product recommends.

    Parameters
    ----------
    seed : int
        The only source of chance.
    schedule : Schedule
        At which ages a learner looks at a lead.
    exclude : tuple of str
        Lead columns, activity types, answer fields, features or groups to leave out.
    waive : tuple of str
        Lead columns and answer fields in which the leak audit may find what it will: somebody who knows them
        says that they hold what was known when the lead came.
    min_leads : int
        No value that fewer leads share enters a model.
    won_needed : int
        So many closed sales must lie after the instant at which the judged model stands.
    folds : int
        Undated leads are judged by so many folds, grouped by identical attributes; more than
        ``one_fold_above`` leads by the first of them only.
    replicates : int
        Resamples of whole leads behind each interval.
    by_propensity : bool
        Whether hand-overs are weighted, in the cry-wolf rate, by the inverse of their recorded chance.
        The fit is not weighted: it looks at no hand-over, and forecasts all leads as sales calls today.
    thorough : bool
        Whether also to ask if more leads would help, and how steady importance is: a dozen more fits.
    importance, refit : bool
        Whether to look into the judged model (what it rests on, what it does for sales), and whether to
        refit the judged recipe at the end of the data. Without the refit the model is the judged one.
    num_threads : int
        Changes no bit of the result.
    estimator : mapping
        Parameters of `IncidenceModel` to be other than its defaults.
    """

    seed: int = 0
    schedule: Schedule = field(default_factory=Schedule)
    exclude: tuple[str, ...] = ()
    waive: tuple[str, ...] = ()
    min_leads: int = MIN_LEADS
    won_needed: int = WON_NEEDED
    folds: int = 5
    one_fold_above: int = 5_000
    replicates: int = REPLICATES
    importance: bool = True
    by_propensity: bool = False
    thorough: bool = False
    refit: bool = True
    num_threads: int = 1
    estimator: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse one name where names are listed: it would be taken letter by letter.

        Raises
        ------
        TypeError
            If ``exclude`` or ``waive`` is a text.
        """
        for name in ("exclude", "waive"):
            one = getattr(self, name)
            if isinstance(one, str):
                raise TypeError(f"{name} is a list of names; write ({one!r},)")

    def to_dict(self) -> dict[str, Any]:
        """Return what changes the result, ready for JSON."""
        return {
            "seed": self.seed,
            "first_hours": self.schedule.first_hours,
            "age_days": list(self.schedule.age_days),
            "at_handovers": self.schedule.at_handovers,
            "exclude": list(self.exclude),
            "waive": list(self.waive),
            "min_leads": self.min_leads,
            "won_needed": self.won_needed,
            "folds": self.folds,
            "one_fold_above": self.one_fold_above,
            "replicates": self.replicates,
            "importance": self.importance,
            "by_propensity": self.by_propensity,
            "thorough": self.thorough,
            "refit": self.refit,
            "estimator": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in sorted(self.estimator.items())
            },
        }


def settings_from(kept: Mapping[str, Any]) -> TrainingSettings:
    """Return the settings that `TrainingSettings.to_dict` wrote; other entries beside them are left alone.

    What an older version did not write has its default.
    """
    own = {each.name for each in fields(TrainingSettings)}
    plain = {name: value for name, value in kept.items() if name in own}
    for name in ("exclude", "waive"):
        if name in plain:
            plain[name] = tuple(plain[name])
    if "estimator" in plain:
        plain["estimator"] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain["estimator"].items()
        }
    usual = Schedule()
    return TrainingSettings(
        **plain,
        schedule=Schedule(
            first_hours=kept.get("first_hours", usual.first_hours),
            age_days=tuple(kept.get("age_days", usual.age_days)),
            at_handovers=kept.get("at_handovers", usual.at_handovers),
        ),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """The judged model, and T, the instant at which it stood."""

    at: Instant
    model: IncidenceModel


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What `train` produced.

    Parameters
    ----------
    model : ReadinessModel
        The model for use, fitted on what was known before ``data_end``.
    judgement : Judgement
        Of the same recipe, standing at ``test_start``.
    test_start, data_end : Instant
        NO_INSTANT where there is none.
    provenance : Provenance
        Data fingerprint, agreement, seed, settings, code and library versions.
    tuned : Found, optional
        What trying other settings came to, where that was asked.
    sales : ForSales, optional
        What the judged model does for sales, where that was asked and leads are dated.
    standing : Standing, optional
        The judged model; None where nothing could be judged, or where several folds were.
    """

    model: ReadinessModel
    judgement: Judgement
    settings: TrainingSettings
    provenance: Provenance
    test_start: Instant
    data_end: Instant
    tuned: Found | None = None
    sales: ForSales | None = None
    standing: Standing | None = None

    @property
    def importance(self) -> tuple[Importance, ...]:
        """What the model rests on, the most important first; empty where nothing could be judged."""
        return self.judgement.insight.importance

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data, independent of row order."""
        return self.provenance.data_fingerprint
