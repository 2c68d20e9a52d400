"""What an agreement would have done in the past, and what became of the leads it would have handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Flags, Tables
from readiness.hindsight import told
from readiness.hindsight.groups import (
    Group,
    breakdowns,
    drawn,
    draws,
    followed,
    group,
)
from readiness.hindsight.kept_back import KeptBack, called, kept_back
from readiness.hindsight.replay import Adviser, replay
from readiness.hindsight.standing import Standing, standing
from readiness.hindsight.trend import Trend, trend
from readiness.hindsight.weeks import Weeks, weeks
from readiness.progress import Progress, silent

REPLICATES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Backtest:
    """All that the replay of one agreement says. In undated data weeks and trend are None."""

    standing: Standing
    horizon_days: float | None
    weeks: Weeks | None
    total: Group
    breakdowns: Mapping[str, tuple[Group, ...]]
    trend: Trend | None
    kept_back: tuple[KeptBack, ...]
    sentences: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            **self.standing.to_dict(),
            "horizon_days": self.horizon_days,
            "handed_over": self.total.to_dict(),
            "weekly": self.weeks.to_dict() if self.weeks else None,
            "trend": self.trend.to_dict() if self.trend else None,
            "by": {name: [each.to_dict() for each in groups] for name, groups in self.breakdowns.items()},
            "kept_back": [each.to_dict() for each in self.kept_back],
            "sentences": dict(self.sentences),
        }


def backtest(
    tables: Tables,
    adviser: Adviser,
    *,
    leads: Flags | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress = silent,
) -> Backtest:
    """Replay an agreement and say what became of the leads that it would have handed over.

    Every lead is looked at an hour after its creation and each Monday while it is open; the first look
    that advises a hand-over counts. What follows is what followed in fact, whether or not sales called:
    shares hold under the calling practice of these data. Won and stop shares are Aalen–Johansen
    incidences, so that a lead not followed for a whole horizon is not known yet, never a "no".
    Intervals are of 95 %, by lead.

    Parameters
    ----------
    tables : Tables
    adviser : Adviser
        The agreement; without a forecaster the rules alone, and the result says so.
    leads : Flags, one a lead, optional
        Which leads count; with a model, those created after what it has seen.
    replicates : int
        Draws for the intervals.
    seed : int

    Returns
    -------
    Backtest
        Where nothing would have been handed over, or nothing is known of it, figures are None and
        sentences say so.
    """
    found = replay(tables, adviser, leads=leads, progress=progress)
    progress("Following what was handed over", 0.0)
    horizon = adviser.agreement.horizon_days
    handed = followed(found, adviser.agreement)
    resamples = draws(tables, found.looked_at, replicates=replicates, seed=seed)
    rows = drawn(resamples, found.looked_at, found.lead.astype(np.int64))
    total = group("all", handed, rows, np.arange(len(handed)))
    progress("Following what was handed over", 0.2)
    by = breakdowns(handed, rows)
    progress("Following what was handed over", 0.6)
    moves = trend(handed, rows)
    progress("Following what was handed over", 0.8)
    kept = tuple(
        kept_back(each, found.looked_at, resamples, horizon)
        for each in called(found, adviser, adviser.agreement)
    )
    progress("Following what was handed over", 1.0)
    stands = standing(found, adviser)
    weekly = weeks(found, resamples, adviser.agreement.handover.weekly_capacity)
    return Backtest(
        standing=stands,
        horizon_days=handed.horizon_days,
        weeks=weekly,
        total=total,
        breakdowns=by,
        trend=moves,
        kept_back=kept,
        sentences=told.sentences(stands, weekly, total, handed, moves, kept, dated=tables.dated),
    )
