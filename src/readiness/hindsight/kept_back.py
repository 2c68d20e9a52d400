"""The good leads that an agreement would have kept back, as far as anything is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.conditions import Signs
from readiness.agreement.document import Agreement
from readiness.crm.tables import Flags, Floats, Ints
from readiness.hindsight.groups import Counts, counts, drawn
from readiness.hindsight.replay import Adviser, Replay, advise_at
from readiness.history.handed_over import at_handovers
from readiness.history.outcomes import STOP, WON, label
from readiness.history.snapshots import Snapshots
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.gains import CryWolf, CryWolfEstimates, cry_wolf_estimates, worth

Among: TypeAlias = Literal["handed_over_anyway", "random_slice"]

_PASSES: Final = np.array([rule.action == "hand_over" for rule in ADVICE_RULES])


@dataclass(frozen=True, slots=True)
class KeptByRule:
    """Leads handed over in fact that one rule of the advice would have kept back."""

    rule: str
    hand_overs: int
    won: int
    stop: int

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"rule": self.rule, "hand_overs": self.hand_overs, "won": self.won, "stop": self.stop}


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What an agreement would have kept back of what was handed over in fact.

    ``sales`` and ``stops`` are the shares of all sales and stops within the horizon after these
    hand-overs that it would have kept back.
    """

    among: Among
    hand_overs: int
    leads: int
    worth: float
    """As many hand-overs of equal weight would weigh as surely as these."""
    share: Figure
    """Which share of these hand-overs it would have kept back."""
    counts: Counts
    """Of those it would have kept back."""
    kept: CryWolf
    passed: CryWolf
    sales: Figure
    stops: Figure
    by_rule: tuple[KeptByRule, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "among": self.among,
            "hand_overs": self.hand_overs,
            "leads": self.leads,
            "worth": self.worth,
            "share_kept_back": self.share.to_dict(),
            "kept_back_counts": self.counts.to_dict(),
            "kept_back": self.kept.to_dict(),
            "passed": self.passed.to_dict(),
            "sales_kept_back": self.sales.to_dict(),
            "stops_kept_back": self.stops.to_dict(),
            "by_rule": [each.to_dict() for each in self.by_rule],
        }


@dataclass(frozen=True, slots=True)
class Called:
    """n hand-overs that took place, what became of them, and whether the agreement would have kept back."""

    among: Among
    snapshots: Snapshots
    cohort: Cohort
    weight: Floats
    kept: Flags
    rule: Signs


def called(replay: Replay, adviser: Adviser, agreement: Agreement) -> tuple[Called, ...]:
    """Find the hand-overs that tell something of leads which the agreement would have kept back.

    Such are the first hand-over of each lead, whyever marketing made it, and all that were left to
    chance (``propensity``), each standing for 1 / propensity of those that could have been drawn. Kept
    back is a lead that the replay had not handed over by then and that the agreement, asked at that
    very instant, would not hand over. Only leads that the replay looked at count.

    Parameters
    ----------
    replay : Replay
        Of this adviser.
    adviser : Adviser
    agreement : Agreement
        By whose labels ends are counted.

    Returns
    -------
    tuple of Called
        At most one of each kind; none where there are no such hand-overs.
    """
    tables = replay.tables
    snapshots, row = at_handovers(tables)
    seen = replay.looked_at[snapshots.lead]
    snapshots, row = snapshots.where(seen), row[seen]
    if not len(snapshots):
        return ()
    rule = advise_at(tables, snapshots, adviser)
    kept = (replay.at_of_leads()[snapshots.lead] > snapshots.cutoff) & ~_PASSES[rule]
    labels = label(
        snapshots,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
    cohort = Cohort(labels.event, labels.duration, snapshots.lead.astype(np.int64))
    first = np.unique(snapshots.lead, return_index=True)[1]
    propensity = tables.handovers.propensity[row]
    by_lot = np.flatnonzero(propensity > 0)
    found = []
    kinds: tuple[tuple[Among, Ints, Floats], ...] = (
        ("handed_over_anyway", first, np.ones(len(first))),
        ("random_slice", by_lot, 1.0 / propensity[by_lot]),
    )
    for among, rows, weight in kinds:
        if len(rows):
            found.append(
                Called(among, snapshots.where(rows), cohort.where(rows), weight, kept[rows], rule[rows])
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Missed:
    """The shares of sales and stops kept back, with replicates, so that two agreements can be compared."""

    share: Estimate
    sales: Estimate
    stops: Estimate
    kept: CryWolfEstimates
    passed: CryWolfEstimates


def missed(of: Called, looked_at: Flags, resamples: Resamples, horizon_days: float) -> Missed:
    """Estimate which share of the sales and of the stops would have been kept back.

    With s the share of hand-overs kept back and F the incidence within the horizon among those kept back
    and those passed, it is s·F_kept ÷ (s·F_kept + (1 − s)·F_passed): what is not known yet is no "no".

    Parameters
    ----------
    of : Called, n hand-overs
    looked_at : Flags, one a lead
        The leads among which ``resamples`` draws.
    """
    rows = drawn(resamples, looked_at, of.cohort.lead)
    parts = [
        cry_wolf_estimates(
            of.cohort.where(part),
            horizon_days=horizon_days,
            resamples=rows.where(part),
            weight=of.weight[part],
        )
        for part in (np.flatnonzero(of.kept), np.flatnonzero(~of.kept))
    ]
    share = rows.ratio(Ratio(of.weight * of.kept, of.weight))
    kept, passed = parts
    return Missed(
        share, _part(share, kept.won, passed.won), _part(share, kept.stop, passed.stop), kept, passed
    )


def kept_back(of: Called, looked_at: Flags, resamples: Resamples, horizon_days: float) -> KeptBack:
    """Say what the agreement would have kept back of these hand-overs."""
    found = missed(of, looked_at, resamples, horizon_days)
    kept, passed = found.kept, found.passed
    rows = np.flatnonzero(of.kept)
    return KeptBack(
        among=of.among,
        hand_overs=len(of.cohort),
        leads=len(np.unique(of.cohort.lead)),
        worth=worth(of.weight),
        share=found.share.share_figure(worth(of.weight)),
        counts=counts(of.cohort.where(rows), horizon_days),
        kept=kept.figures(),
        passed=passed.figures(),
        sales=found.sales.share_figure(_worth_of(of, WON, horizon_days)),
        stops=found.stops.share_figure(_worth_of(of, STOP, horizon_days)),
        by_rule=_by_rule(of, horizon_days),
    )


def _worth_of(of: Called, end: int, horizon_days: float) -> float:
    return worth(of.weight * (known_at(of.cohort, horizon_days).outcome == end))


def _part(share: Estimate, kept: Estimate, passed: Estimate) -> Estimate:
    values = [np.array([each.value]) for each in (share, kept, passed)]
    return Estimate(
        float(_part_of(*values)[0]), _part_of(share.replicates, kept.replicates, passed.replicates)
    )


def _part_of(share: Floats, kept: Floats, passed: Floats) -> Floats:
    # Where nobody was kept back (or all were), the incidence among nobody is not known, and not needed.
    inside = np.where(share > 0, share * kept, 0.0)
    total = inside + np.where(share < 1, (1.0 - share) * passed, 0.0)
    part: Floats = np.full(len(total), np.nan)
    np.divide(inside, total, out=part, where=total > 0)
    return part


def _by_rule(of: Called, horizon_days: float) -> tuple[KeptByRule, ...]:
    found = []
    for code in np.unique(of.rule[of.kept]).tolist():
        rows = np.flatnonzero(of.kept & (of.rule == code))
        seen = counts(of.cohort.where(rows), horizon_days)
        found.append(KeptByRule(ADVICE_RULES[code].code, len(rows), seen.won, seen.stop))
    return tuple(sorted(found, key=lambda each: (-each.won, -each.hand_overs, each.rule)))
