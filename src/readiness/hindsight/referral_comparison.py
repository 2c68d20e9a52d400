"""Leads that were referred beside leads that were not, fit, interest and all else that was known alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from readiness.agreement.category import SOURCE_REFERRAL
from readiness.agreement.conditions import Signs, fold
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.agreement.vocabulary import RELATIONS
from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.selection import select
from readiness.crm.tables import Codes, Flags, Floats, Ints, Tables
from readiness.hindsight import confounders
from readiness.hindsight.exposures import MIN_LEADS, acts_of, drawn, watched
from readiness.hindsight.hazard_fit import AtRisk
from readiness.hindsight.hazards import hazard_ratios
from readiness.hindsight.significance import Effect, effects
from readiness.history.outcomes import CENSORED, WON, label
from readiness.history.snapshots import Snapshots
from readiness.progress import Progress

_STEPS: Final = 5
NOT_REFERRED: Final = -2


def relations_of(tables: Tables, snapshots: Snapshots, agreement: Agreement) -> Signs:
    """Say of each snapshot how its referrer stands to us: as `Verdicts.relation`, or NOT_REFERRED."""
    verdicts = evaluate(tables, snapshots, agreement)
    return np.where(verdicts.source == SOURCE_REFERRAL, verdicts.relation, np.int8(NOT_REFERRED))


def adjusted(
    tables: Tables,
    agreement: Agreement,
    relation: Signs,
    *,
    until: Instant,
    exclude: Sequence[str],
    seed: int,
    progress: Progress,
) -> tuple[Effect, list[tuple[int, Effect]]]:
    """Say by how much a referral multiplies the hazard of won, and by relation, all else held alike.

    Parameters
    ----------
    relation : Signs, leads
        From `relations_of`, at each lead's beginning.
    seed : int
        Of the draw, where there are more leads than are compared.

    Returns
    -------
    Effect
        Of a referral of any kind.
    list of (position in RELATIONS, Effect)
        Of those that at least `MIN_LEADS` leads have.
    """
    exclude = (*exclude, *_telling(tables, agreement))
    some = drawn(len(tables.leads), seed)
    tables, relation = select(tables, some), relation[some]
    progress("Comparing leads like each other", 0.0)
    referred = relation != NOT_REFERRED
    if referred.all() or not referred.any():
        return Effect(None, None, None, None, int(referred.sum()), 0, "too few to tell"), []
    at_risk, won = (_dated if tables.dated else _undated)(tables, agreement, until, exclude)
    named = [code for code in range(len(RELATIONS)) if int((relation == code).sum()) >= MIN_LEADS]
    (whole,) = _compared(at_risk, won, referred[:, None])
    progress("Comparing leads like each other", 0.5)
    if len(named) == 1 and bool((relation[referred] == named[0]).all()):
        return whole, [(named[0], whole)]
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
        verdicts.bant_confirmed.astype(np.int64),
    )
    return np.concatenate([_indicators(each) for each in codes], axis=1)


def _steps(values: Floats) -> Ints:
    known_values = values[~np.isnan(values)]
    edges = np.quantile(known_values, np.arange(1, _STEPS) / _STEPS) if len(known_values) else np.zeros(0)
    return np.where(np.isnan(values), 0, 1 + np.searchsorted(np.unique(edges), values, side="right"))


def _indicators(codes: Ints) -> Signs:
    """Return a column for each code but the lowest."""
    indicators: Signs = (codes[:, None] == np.unique(codes)[None, 1:]).astype(np.int8)
    return indicators


def _telling(tables: Tables, agreement: Agreement) -> tuple[str, ...]:
    """Name the columns and fields that say whether a lead is a referral: they cannot be held alike too."""
    terms = agreement.sources.referrals
    evidence = [piece for name in RELATIONS for piece in terms.relations.of(name)]
    evidence += [*terms.outcomes.won, *terms.outcomes.stop]
    told = {fold(name) for name in ("source", *terms.named_in)}
    told |= {name for piece in evidence for name in piece.folded_reads}
    there = ("source", *tables.leads.attributes, *tables.answers.field.levels)
    return tuple(name for name in there if fold(name) in told)
