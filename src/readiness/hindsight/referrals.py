"""What a referral is worth: how many more of those referred are won, and how many because of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.agreement.category import SOURCE_REFERRAL
from readiness.agreement.conditions import Signs
from readiness.agreement.document import Agreement
from readiness.agreement.known import known, newest_evidence
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.agreement.vocabulary import RELATIONS, RelationName
from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.tables import Codes, Flags, Floats, Ints, Tables
from readiness.hindsight import confounders
from readiness.hindsight.exposures import MIN_LEADS, acts_of, watched
from readiness.hindsight.hazards import AtRisk, hazard_ratios
from readiness.hindsight.significance import Effect, effects
from readiness.history.outcomes import CENSORED, WON, label
from readiness.history.snapshots import Schedule, Snapshots, take
from readiness.judging.bootstrap import Estimate, Figure, draw
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.progress import Progress, silent

_FIRST_LOOK: Final = Schedule(age_days=())
_REPLICATES: Final = 500
_STEPS: Final = 5

NO_REFERRALS: Final = "By this agreement no lead that was watched is a referral."
ONLY_REFERRALS: Final = (
    "By this agreement every lead that was watched is a referral: there is nothing to compare with."
)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some leads came to each end within the horizon, of those looked at from the beginning."""

    leads: int
    won: Figure
    stop: Figure


@dataclass(frozen=True, slots=True)
class Relation:
    """Referrals of one kind: how the referrer stands to us."""

    name: RelationName
    share: Share
    adjusted: Effect


@dataclass(frozen=True, slots=True)
class Referrals:
    """What a referral is worth, raw and with like leads.

    ``difference`` and ``ratio`` are raw: won among the referred against won among all others, within the
    horizon. ``adjusted`` multiplies the hazard of won at every moment within the horizon.
    """

    referred: Share
    others: Share
    difference: Figure
    ratio: Figure
    adjusted: Effect
    relations: tuple[Relation, ...]
    horizon_days: float | None
    """None where nothing is dated: then shares are of the leads that ended."""
    missing: str | None
    """Why there is nothing to compare; None where there is."""


def referrals(
    tables: Tables,
    agreement: Agreement,
    *,
    until: Instant | None = None,
    exclude: Sequence[str] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Referrals:
    """Say how much oftener referred leads are won than others, raw and among leads like each other.

    A lead is a referral if its source is listed or the evidence of a relation held an hour after its
    creation (date-only tables: at the next midnight). Raw: Aalen–Johansen incidences from there on,
    resampled by lead. Adjusted: at every moment within the horizon, leads of the same age are compared, fit,
    interest, stage, attributes, newest answers and what they and we had done so far held alike.

    Parameters
    ----------
    tables : Tables
        All five are read. Undated: whatever ended is compared, with nothing but what stands there.
    agreement : Agreement
        Says what a referral is, and how far ahead the horizon lies.
    until : Instant, optional
        Where the learner stands; default: where the watch ends.
    exclude : sequence of str
        Lead columns or answer fields that are not held alike.
    seed : int
        Of the resampling.

    Returns
    -------
    Referrals
    """
    stand = tables.observed_through if until is None else min(until, tables.observed_through)
    looks = take(tables, until=stand, schedule=_FIRST_LOOK)
    progress("Finding referrals", 0.0)
    relation = relations_of(tables, looks, agreement)
    of_lead = np.full(len(tables.leads), NOT_REFERRED, dtype=np.int8)
    of_lead[looks.lead] = relation
    fate = label(looks, tables, known_until=stand, event_of_outcome=agreement.labels.event_of_outcome)
    cohort = Cohort(fate.event, fate.duration, looks.lead.astype(np.int64))
    horizon = agreement.horizon_days if tables.dated else None
    progress("Counting sales among referrals and others", 0.0)
    raw = _Raw(cohort, horizon, seed)
    referred = relation != NOT_REFERRED
    one, other = raw.won(referred), raw.won(~referred)
    missing = NO_REFERRALS if not referred.any() else ONLY_REFERRALS if referred.all() else None
    whole, named = _adjusted(tables, agreement, of_lead, stand, (*exclude, *_telling(agreement)), progress)
    return Referrals(
        referred=raw.share(referred),
        others=raw.share(~referred),
        difference=(one - other).figure(),
        ratio=_ratio(one, other).figure(),
        adjusted=whole,
        relations=tuple(
            Relation(RELATIONS[code], raw.share(relation == code), effect) for code, effect in named
        ),
        horizon_days=horizon,
        missing=missing,
    )


NOT_REFERRED: Final = -2
UNTYPED: Final = -1
"""A referral of which nobody knows how the referrer stands to us."""


def relations_of(tables: Tables, snapshots: Snapshots, agreement: Agreement) -> Signs:
    """Say of each snapshot how its referrer stands to us: a position in RELATIONS, UNTYPED or NOT_REFERRED.

    The first relation whose evidence holds counts; a lead whose source is listed is a referral without any.
    """
    past = known(tables, snapshots, agreement.unknown)
    verdicts = evaluate(tables, snapshots, agreement)
    found = np.where(verdicts.source == SOURCE_REFERRAL, np.int8(UNTYPED), np.int8(NOT_REFERRED))
    for code in reversed(range(len(RELATIONS))):
        evidence = agreement.sources.referrals.relations.of(RELATIONS[code])
        held = newest_evidence(past, evidence).item >= 0
        found = np.where(held, np.int8(code), found)
    return found


def _telling(agreement: Agreement) -> tuple[str, ...]:
    """Name the columns that say whether a lead is a referral: they cannot be held alike as well."""
    terms = agreement.sources.referrals
    evidence = [piece for name in RELATIONS for piece in terms.relations.of(name)]
    evidence += [*terms.outcomes.won, *terms.outcomes.stop]
    return ("source", *terms.named_in, *(name for piece in evidence for name in piece.reads))


class _Raw:
    """Incidences within the horizon, the same draw of leads for all of them."""

    def __init__(self, cohort: Cohort, horizon_days: float | None, seed: int) -> None:
        self.cohort, self.horizon = cohort, horizon_days
        self.resamples = draw(cohort.lead, replicates=_REPLICATES, seed=seed)

    def won(self, rows: Flags) -> Estimate:
        return self._ends(rows)[0]

    def share(self, rows: Flags) -> Share:
        won, stop = self._ends(rows)
        return Share(int(rows.sum()), won.figure(), stop.figure())

    def _ends(self, rows: Flags) -> tuple[Estimate, Estimate]:
        chosen = np.flatnonzero(rows)
        won, stop, _ = observed_estimates(
            self.cohort.where(chosen), self.horizon, self.resamples.where(chosen)
        )
        return won, stop


def _ratio(one: Estimate, other: Estimate) -> Estimate:
    replicates = np.full(len(one.replicates), np.nan)
    np.divide(one.replicates, other.replicates, out=replicates, where=other.replicates > 0)
    return Estimate(one.value / other.value if other.value > 0 else float("nan"), replicates)


def _adjusted(
    tables: Tables,
    agreement: Agreement,
    relation: Signs,
    until: Instant,
    exclude: Sequence[str],
    progress: Progress,
) -> tuple[Effect, list[tuple[int, Effect]]]:
    progress("Comparing leads like each other", 0.0)
    at_risk, won = (_dated if tables.dated else _undated)(tables, agreement, until, exclude)
    named = [code for code in range(len(RELATIONS)) if int((relation == code).sum()) >= MIN_LEADS]
    (whole,) = _compared(at_risk, won, (relation != NOT_REFERRED)[:, None])
    progress("Comparing leads like each other", 0.5)
    rest = (relation != NOT_REFERRED) & ~np.isin(relation, named)
    each = np.stack([*(relation == code for code in named), rest], axis=1)
    told = _compared(at_risk, won, each) if named else ()
    progress("Comparing leads like each other", 1.0)
    return whole, list(zip(named, told[: len(named)], strict=True))


def _compared(at_risk: AtRisk, event: Flags, of_lead: Flags) -> tuple[Effect, ...]:
    """Compare leads of each column with those of none, all else alike."""
    own = of_lead[at_risk.lead]
    wide = own.shape[1]
    flags = np.concatenate([own.astype(np.int8), at_risk.flags], axis=1)
    confounder = np.arange(flags.shape[1]) >= wide
    ratios, _ = hazard_ratios(replace(at_risk, flags=flags), event, np.eye(wide, flags.shape[1]), confounder)
    leads = np.array([len(np.unique(at_risk.lead[column])) for column in own.T], dtype=np.int64)
    events = own[event].sum(axis=0, dtype=np.int64)
    return effects(ratios, leads, events, int(event.sum()) - events)


def _dated(
    tables: Tables, agreement: Agreement, until: Instant, exclude: Sequence[str]
) -> tuple[AtRisk, Flags]:
    time = watched(
        tables,
        acts_of(tables),
        until=until,
        exclude=exclude,
        event_of_outcome=agreement.labels.event_of_outcome,
        horizon_days=agreement.horizon_days,
    )
    states = _states(evaluate(tables, time.snapshots, agreement))
    flags = np.concatenate([time.at_risk.flags, states], axis=1)
    return replace(time.at_risk, flags=flags), time.event == WON


def _undated(
    tables: Tables, agreement: Agreement, until: Instant, exclude: Sequence[str]
) -> tuple[AtRisk, Flags]:
    everyone = Snapshots(np.arange(len(tables.leads), dtype=np.int32), np.full(len(tables.leads), NO_INSTANT))
    fate = label(everyone, tables, known_until=until, event_of_outcome=agreement.labels.event_of_outcome)
    ended = fate.event != CENSORED
    looks = everyone.where(ended)
    plan = confounders.plan_of(tables, looks, exclude)
    found = confounders.measure(tables, looks, plan, np.ones(len(looks), dtype=np.bool_))
    lead: Codes = looks.lead
    at_risk = AtRisk(
        lead=lead,
        exposure=np.ones(len(looks)),
        stratum=np.zeros(len(looks), dtype=np.int64),
        flags=_states(evaluate(tables, looks, agreement)),
        known=found.columns,
        state=found.state,
    )
    return at_risk, fate.event[ended] == WON


def _states(verdicts: Verdicts) -> Signs:
    """Return fit, interest and stage as the agreement sees them, a column a state or step."""
    codes = (
        verdicts.fit.state.astype(np.int64),
        _steps(verdicts.fit.share),
        _steps(verdicts.fit.known_share),
        verdicts.interest.level.astype(np.int64),
        _steps(np.where(verdicts.interest.points > 0, verdicts.interest.points, np.nan)),
        verdicts.stage.stage.astype(np.int64),
        verdicts.bant_confirmed,
    )
    return np.concatenate([_indicators(each) for each in codes], axis=1)


def _steps(values: Floats) -> Ints:
    known_values = values[~np.isnan(values)]
    edges = np.quantile(known_values, np.arange(1, _STEPS) / _STEPS) if len(known_values) else np.zeros(0)
    return np.where(np.isnan(values), 0, 1 + np.searchsorted(np.unique(edges), values, side="right"))


def _indicators(codes: Ints) -> Signs:
    """Return a column for each code but the lowest."""
    return (codes[:, None] == np.unique(codes)[None, 1:]).astype(np.int8)
