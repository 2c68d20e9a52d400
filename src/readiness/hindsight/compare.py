"""Two agreements replayed over the same past: what the second would change, and on which leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Tables
from readiness.hindsight.backtest import REPLICATES
from readiness.hindsight.compare_sentences import sentences
from readiness.hindsight.examples import Example, examples
from readiness.hindsight.groups import Group, Handed, drawn, draws, estimates, followed, group
from readiness.hindsight.kept_back import Among, KeptBack, called, kept_back, missed
from readiness.hindsight.replay import Adviser, Replay, replay
from readiness.hindsight.sides import Overlap, Side
from readiness.hindsight.standing import standing
from readiness.hindsight.weeks import a_week, weeks
from readiness.judging.bootstrap import Estimate, Figure, Resamples
from readiness.progress import Progress, silent

EXAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two agreements on the same leads, looks and draws; every difference is B minus A.

    ``differences`` by name: ``hand_overs_a_week``, ``sales_a_week`` and ``stops_a_week`` (those that
    follow within the horizon), ``cry_wolf``, ``won`` and ``stop`` (shares of those handed over), and
    ``sales_kept_back_…`` for each kind of hand-over that took place. What became of the leads is
    followed for A's horizon under both.
    """

    a: Side
    b: Side
    horizon_days: float | None
    differences: Mapping[str, Figure]
    overlap: Overlap
    only_a: Group
    only_b: Group
    examples_a: tuple[Example, ...]
    """Leads that only A would have handed over, as they stood then."""
    examples_b: tuple[Example, ...]
    sentences: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "horizon_days": self.horizon_days,
            "b_minus_a": {name: figure.to_dict() for name, figure in self.differences.items()},
            "overlap": self.overlap.to_dict(),
            "only_a": self.only_a.to_dict() | {"examples": [each.to_dict() for each in self.examples_a]},
            "only_b": self.only_b.to_dict() | {"examples": [each.to_dict() for each in self.examples_b]},
            "sentences": dict(self.sentences),
        }


@dataclass(frozen=True, slots=True)
class _Run:
    """One agreement's replay, and the draws for the leads it handed over."""

    adviser: Adviser
    found: Replay
    handed: Handed
    rows: Resamples


def compare(
    tables: Tables,
    a: Adviser,
    b: Adviser,
    *,
    leads: Flags | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress = silent,
) -> Comparison:
    """Replay two agreements over the same looks and say what the second would change.

    Both are resampled by the same draws of leads, so that what they share cancels out of the intervals
    of their differences.

    Parameters
    ----------
    tables : Tables
    a, b : Adviser
        The agreement in force, say, and a draft. Both followed for A's horizon, by A's labels.
    leads : Flags, one a lead, optional
        Which leads count; default all.

    Returns
    -------
    Comparison
    """
    (first, second), resamples = _runs(tables, (a, b), leads, replicates, seed, progress)
    progress("Comparing what became of the leads", 0.0)
    sides, differences = _sides(first, second, resamples, a.agreement.horizon_days)
    progress("Comparing what became of the leads", 0.7)
    mine = ~np.isin(first.found.lead, second.found.lead)
    theirs = ~np.isin(second.found.lead, first.found.lead)
    only_a = group("only A", first.handed, first.rows, np.flatnonzero(mine))
    only_b = group("only B", second.handed, second.rows, np.flatnonzero(theirs))
    overlap = _overlap(first.found, second.found)
    comparison = Comparison(
        a=sides[0],
        b=sides[1],
        horizon_days=first.handed.horizon_days,
        differences=differences,
        overlap=overlap,
        only_a=only_a,
        only_b=only_b,
        examples_a=examples(first.handed, np.flatnonzero(mine), (a, b), most=EXAMPLES),
        examples_b=examples(second.handed, np.flatnonzero(theirs), (a, b), most=EXAMPLES),
        sentences=sentences(
            sides, differences, overlap, (only_a, only_b), (a.agreement, b.agreement), dated=tables.dated
        ),
    )
    progress("Comparing what became of the leads", 1.0)
    return comparison


def _runs(
    tables: Tables,
    advisers: tuple[Adviser, Adviser],
    leads: Flags | None,
    replicates: int,
    seed: int,
    progress: Progress,
) -> tuple[tuple[_Run, _Run], Resamples]:
    """Replay both over the same leads; both look at the same ones, so one draw serves both."""
    found = [
        replay(tables, adviser, leads=leads, progress=_renamed(progress, which))
        for which, adviser in zip(("first", "second"), advisers, strict=True)
    ]
    looked_at = found[0].looked_at
    resamples = draws(tables, looked_at, replicates=replicates, seed=seed)
    first, second = (
        _Run(
            adviser,
            each,
            followed(each, advisers[0].agreement),
            drawn(resamples, looked_at, each.lead.astype(np.int64)),
        )
        for adviser, each in zip(advisers, found, strict=True)
    )
    return (first, second), resamples


def _sides(
    first: _Run, second: _Run, resamples: Resamples, horizon: float
) -> tuple[tuple[Side, Side], dict[str, Figure]]:
    sides, measures = [], []
    for run in (first, second):
        everyone = np.arange(len(run.handed))
        kept: dict[Among, KeptBack] = {}
        found = _measures(run, resamples)
        for each in called(run.found, run.adviser, first.adviser.agreement):
            kept[each.among] = kept_back(each, run.found.looked_at, resamples, horizon)
            found[f"sales_kept_back_{each.among}"] = missed(
                each, run.found.looked_at, resamples, horizon
            ).sales
        weekly = weeks(run.found, resamples, run.adviser.agreement.handover.weekly_capacity)
        total = group("all", run.handed, run.rows, everyone)
        sides.append(Side(standing(run.found, run.adviser), weekly, total, tuple(kept.values())))
        measures.append(found)
    one, other = measures
    differences = {name: (other[name] - one[name]).figure() for name in one if name in other}
    return (sides[0], sides[1]), differences


def _measures(run: _Run, resamples: Resamples) -> dict[str, Estimate]:
    found = estimates(run.handed, run.rows, np.arange(len(run.handed)))
    measures = {"cry_wolf": found.rate, "won": found.won, "stop": found.stop}
    weekly = a_week(run.found, resamples)
    if weekly is not None:
        measures["hand_overs_a_week"] = weekly
        measures["sales_a_week"] = _product(weekly, found.won)
        measures["stops_a_week"] = _product(weekly, found.stop)
    return measures


def _product(one: Estimate, other: Estimate) -> Estimate:
    replicates: Floats = one.replicates * other.replicates
    return Estimate(one.value * other.value, replicates)


def _overlap(first: Replay, second: Replay) -> Overlap:
    _, mine, theirs = np.intersect1d(first.lead, second.lead, return_indices=True)
    at, other = first.at[mine], second.at[theirs]
    return Overlap(len(mine), int(np.count_nonzero(at < other)), int(np.count_nonzero(other < at)))


def _renamed(progress: Progress, which: str) -> Progress:
    def tell(what: str, done: float) -> None:  # noqa: ARG001 - said in words of its own
        progress(f"Replaying the {which} agreement", done)

    return tell
