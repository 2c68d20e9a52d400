"""Where a forecast holds and where it does not: the same figures by age, source, category and segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Floats, Ints
from readiness.history.outcomes import STOP, WON
from readiness.judging import calibration, metrics
from readiness.judging.bootstrap import Estimate, Figure, Resamples
from readiness.judging.cohort import Cohort, Known
from readiness.judging.incidence import observed_estimates

FEWEST: Final = 30
"""A part of fewer snapshots has its size told, and no figure."""

MOST: Final = 12
"""So many parts of one kind are told of, the largest ones."""

REPLICATES: Final = 200
"""Resamples of whole leads behind each interval, at most: there are many parts."""

_NOTHING: Final = Figure(None, None, None)


@dataclass(frozen=True, slots=True)
class Part:
    """How n snapshots fall into parts: ``code`` is a position in ``names``, or -1 for none of them."""

    by: str
    code: NDArray[np.integer]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartJudgement:
    """How good the score is within one part.

    ``forecast`` is the mean score, ``won`` and ``stop`` what was observed, ``bias`` the mean score minus what
    was observed. ``gain`` is the base rate's log-loss minus the model's: above 0 the score says something
    that age does not.
    """

    by: str
    name: str
    n: int
    leads: int
    forecast: float | None
    won: Figure
    stop: Figure
    bias: Figure
    auc: Figure
    gain: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "by": self.by,
            "part": self.name,
            "n": self.n,
            "leads": self.leads,
            "forecast": self.forecast,
            "won": self.won.to_dict(),
            "stop": self.stop.to_dict(),
            "bias": self.bias.to_dict(),
            "auc": self.auc.to_dict(),
            "gain": self.gain.to_dict(),
        }


def judge_parts(
    cohort: Cohort,
    known: Known,
    score: Floats,
    base: Floats,
    parts: Sequence[Part],
    *,
    horizon_days: float | None,
    resamples: Resamples,
) -> tuple[PartJudgement, ...]:
    """Judge a forecast within each part, never across them.

    Parameters
    ----------
    cohort, known : n snapshots, and what is known of them at the horizon
    score, base : Floats, n
        P(won within the horizon) by the model, and by the base rate.
    parts : sequence of Part
        Kinds of part, each with n codes.

    Returns
    -------
    tuple of PartJudgement
        Kind by kind, in the order of the names; parts without a snapshot are left out, and of more than 12
        the smallest. Under 30 snapshots, or where a score is missing, there is no figure.
    """
    found, rough = [], resamples.first(REPLICATES)
    for kind in parts:
        sizes = np.bincount(kind.code[kind.code >= 0], minlength=len(kind.names))
        largest = np.argsort(-sizes, kind="stable")[:MOST]
        for place in np.sort(largest[sizes[largest] > 0]).tolist():
            rows = np.flatnonzero(kind.code == place)
            found.append(
                _judged(kind.by, kind.names[place], rows, cohort, known, score, base, horizon_days, rough)
            )
    return tuple(found)


def _judged(
    by: str,
    name: str,
    rows: Ints,
    cohort: Cohort,
    known: Known,
    score: Floats,
    base: Floats,
    horizon_days: float | None,
    resamples: Resamples,
) -> PartJudgement:
    part, mine, theirs = cohort.where(rows), score[rows], base[rows]
    leads = part.leads
    if len(rows) < FEWEST or not np.isfinite(mine).all():
        return PartJudgement(by, name, len(rows), leads, None, *[_NOTHING] * 5)
    of_part, here = resamples.where(rows), Known(known.outcome[rows], known.weight[rows])
    observed = observed_estimates(part, horizon_days, of_part)
    auc = Estimate(
        float(metrics.auc(here, mine, WON)[0]),
        of_part.of(lambda weights: metrics.auc(here, mine, WON, weights)),
    )
    losses = [of_part.ratio(metrics.log_loss(here, each, WON)) for each in (theirs, mine)]
    return PartJudgement(
        by=by,
        name=name,
        n=len(rows),
        leads=leads,
        forecast=float(mine.mean()),
        won=observed[WON - 1].figure(),
        stop=observed[STOP - 1].figure(),
        bias=of_part.ratio(calibration.in_the_large(here, mine, WON)).figure(),
        auc=auc.figure(),
        gain=(losses[0] - losses[1]).figure(),
    )
