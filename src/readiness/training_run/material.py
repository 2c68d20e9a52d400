"""What a learner standing at one instant learns from: snapshots, features, fates, points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import DECISIONS, Instant, days
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history import features, outcomes, splits
from readiness.history.feature_plan import FeaturePlan
from readiness.history.handed_over import at_handovers
from readiness.history.outcomes import Labels
from readiness.history.snapshots import (
    Snapshots,
    ages,
    open_and_kept,
    open_at,
    take,
    week_of,
)
from readiness.judging.cohort import Cohort
from readiness.judging.evaluation import Handovers
from readiness.judging.gains import Weekly
from readiness.training_run.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class Material:
    """n snapshots with what a learner may read of them, and what became of them.

    ``X`` is n × p by ``plan``; ``y`` is n × 2: event and days. ``groups`` are leads, or in undated data
    sets of leads with identical features, which no model can tell apart.
    """

    tables: Tables
    snapshots: Snapshots
    plan: FeaturePlan
    X: Floats
    y: Floats
    groups: Ints
    ages: Floats
    verdicts: Verdicts

    def __len__(self) -> int:
        return len(self.snapshots)

    @property
    def levels(self) -> Ints:
        """How many codes each feature has, 0 for numbers: its levels, unseen and missing."""
        return np.array(
            [feature.missing + 1 if feature.kind == "category" else 0 for feature in self.plan.features],
            dtype=np.int64,
        )

    @property
    def taken(self) -> Floats:
        """When each snapshot was taken, in days since an origin that all share."""
        taken: Floats = self.snapshots.cutoff / days(1)
        return taken

    def weekly(self, capacity: int) -> Weekly:
        """Return the week of each snapshot, beside how many leads sales can take in one."""
        return Weekly(capacity, week_of(self.snapshots.cutoff))

    @property
    def cohort(self) -> Cohort:
        """The fates, by lead."""
        return Cohort(self.y[:, 0].astype(np.int8), self.y[:, 1], self.groups)


def to_learn_from(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, rows: Flags | None = None
) -> Material:
    """Take the snapshots that a learner standing at the end of the tables learns from, and plan features.

    Parameters
    ----------
    tables : Tables
        Already cut: all of it was known where the learner stands.
    rows : Flags, leads, optional
        In undated tables: the leads to learn from.
    """
    looks = take(tables, until=tables.observed_through, schedule=settings.schedule)
    if rows is not None:
        looks = looks.where(rows[looks.lead])
    plan = features.plan(tables, looks, min_leads=settings.min_leads, exclude=settings.exclude, points=True)
    return _material(tables, agreement, looks, plan)


def later_leads(
    tables: Tables, agreement: Agreement, plan: FeaturePlan, instant: Instant, settings: TrainingSettings
) -> Material:
    """Take the snapshots of leads created at or after an instant that could be followed for a whole horizon.

    A younger snapshot would count if its lead has ended by now, and not if it is still open. Weights for
    censoring do not mend that, for they take it to strike at random, and it strikes the snapshots of old
    leads first: among those hardly any but ends would be counted.
    """
    looks = take(tables, until=tables.observed_through, schedule=settings.schedule)
    return _material(tables, agreement, _followed(tables, agreement, looks, instant), plan)


def leads_created_between(
    tables: Tables,
    agreement: Agreement,
    plan: FeaturePlan,
    start: Instant,
    end: Instant,
    settings: TrainingSettings,
) -> Material:
    """Take the snapshots of leads created at or after one instant and before another, however short followed.

    For a loss that takes what is not known yet as what it is, time seen without an end.
    """
    looks = take(tables, until=tables.observed_through, schedule=settings.schedule)
    within = splits.created_between(tables, start, end)[looks.lead]
    return _material(tables, agreement, looks.where(within), plan)


def handovers_of_later_leads(
    tables: Tables, agreement: Agreement, instant: Instant, *, by_propensity: bool = False
) -> Handovers:
    """Look at each hand-over of a lead created at or after an instant, at the hand-over itself.

    With ``by_propensity`` each stands for as many leads as the inverse of its recorded chance says; one
    without a recorded chance for none.
    """
    looks, row = at_handovers(tables)
    later = splits.later_leads(tables, instant)[looks.lead]
    looks, row = looks.where(later), row[later]
    labels = _labels(tables, agreement, looks)
    return Handovers(
        Cohort(labels.event, labels.duration, looks.lead.astype(np.int64)),
        tables.handovers.decision[row] == DECISIONS.index("declined"),
        _inverse(tables.handovers.propensity[row]) if by_propensity else None,
    )


def _inverse(propensity: Floats) -> Floats:
    # Who is never chosen is not there; a chance of 0 beside a hand-over is a mistake and stands for nobody.
    recorded = np.nan_to_num(propensity, nan=0.0)
    return np.divide(1.0, recorded, out=np.zeros(len(recorded)), where=recorded > 0.0)


def leads_handed_over(tables: Tables, agreement: Agreement, plan: FeaturePlan, instant: Instant) -> Material:
    """Look at the hand-overs of leads created at or after an instant that could be followed for a horizon."""
    looks, _ = at_handovers(tables)
    return _material(tables, agreement, _followed(tables, agreement, looks, instant), plan)


def _followed(tables: Tables, agreement: Agreement, looks: Snapshots, instant: Instant) -> Snapshots:
    """Return the looks at later leads after which a whole horizon was watched."""
    watched = looks.cutoff <= tables.observed_through - days(agreement.horizon_days)
    return looks.where(splits.later_leads(tables, instant)[looks.lead] & watched)


def leads_open_at(tables: Tables, agreement: Agreement, plan: FeaturePlan, instant: Instant) -> Material:
    """Take one snapshot at an instant of every lead open then, with all that is known of it now."""
    looks = open_at(tables, instant)
    return _material(tables, agreement, looks.where(open_and_kept(tables, looks)), plan)


def held_out_leads(tables: Tables, agreement: Agreement, plan: FeaturePlan, rows: Flags) -> Material:
    """Take the undated leads in ``rows``."""
    looks = take(tables, until=tables.observed_through)
    return _material(tables, agreement, looks.where(rows[looks.lead]), plan)


def _material(tables: Tables, agreement: Agreement, looks: Snapshots, plan: FeaturePlan) -> Material:
    labels = _labels(tables, agreement, looks)
    verdicts = evaluate(tables, looks, agreement)
    X = features.build(tables, looks, plan, verdicts.points)
    # Whom only the rules tell apart, by what no feature reads, the members cannot: twins still.
    read = X[:, [feature.measure != features.POINTS.measure for feature in plan.features]]
    return Material(
        tables=tables,
        snapshots=looks,
        plan=plan,
        X=X,
        y=np.stack([labels.event.astype(np.float64), labels.duration], axis=1),
        groups=looks.lead.astype(np.int64) if tables.dated else splits.identical_groups(read),
        ages=ages(tables, looks),
        verdicts=verdicts,
    )


def _labels(tables: Tables, agreement: Agreement, looks: Snapshots) -> Labels:
    return outcomes.label(
        looks,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
