"""How well a model in use did on leads it had not seen, and how often hand-overs cry wolf, then and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import ndtr

from readiness.crm.quality.shares import p_of_difference
from readiness.crm.records import Instant, days, iso
from readiness.crm.tables import Floats, Tables
from readiness.hindsight.groups import counts, drawn, draws, estimates, followed
from readiness.hindsight.replay import Adviser, replay
from readiness.history import outcomes, splits, watched
from readiness.history.outcomes import STOP, WON
from readiness.history.watched import FIRST_LOOK, looks_between
from readiness.judging.bootstrap import Estimate, Figure, draw
from readiness.judging.calibration import in_the_large
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.gains import CryWolf
from readiness.judging.judgement import LATER_LEADS
from readiness.judging.metrics import auc, brier, log_loss
from readiness.training_run.watching.in_use import InUse, some

FEWEST: Final = 200
"""Below so many leads that could be followed for a whole horizon nothing is said of skill."""

FEWEST_EACH_WAY: Final = 20
"""So many ended that way and did not, at least, before an AUC or a cry-wolf rate is compared."""

REPLICATES: Final = 400
_AGE: Final = "age"
_QUANTILE: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Skill:
    """Figures of one end on leads created since the model's data end and followed for a whole horizon.

    ``judged`` are the same figures as they were found before it was used, as far as they were. ``p`` is the
    chance that the AUC is so much lower where it is the same, one-sided; NaN where nobody can tell.
    """

    cases: int
    figures: Mapping[str, Figure]
    judged: Mapping[str, Figure]
    p: float

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "cases": self.cases,
            "figures": {name: each.to_dict() for name, each in self.figures.items()},
            "judged": {name: each.to_dict() for name, each in self.judged.items()},
            "p": None if np.isnan(self.p) else self.p,
        }


@dataclass(frozen=True, slots=True)
class Realised:
    """What came true of so many leads, by ``won`` and ``stop``; ``known_from`` is when it can be at first."""

    leads: int
    known_from: Instant
    by_end: Mapping[str, Skill]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "leads": self.leads,
            "known_from": iso(self.known_from),
            "by_end": {name: each.to_dict() for name, each in self.by_end.items()},
        }


def realised(tables: Tables, used: InUse, *, seed: int = 0) -> Realised:
    """Judge a model on leads that came since it learned, and could be followed for a whole horizon.

    Each is looked at once, when it had just come.

    Parameters
    ----------
    tables : Tables
        Dated, cut where one stands.
    """
    horizon = used.horizon_days
    looks = looks_between(tables, used.data_end, tables.observed_through, FIRST_LOOK)
    looks = looks.where(splits.later_leads(tables, used.data_end)[looks.lead])
    looks = some(tables, looks.where(watched.watched_for(tables, looks.cutoff, horizon)), seed=seed)
    known_from = used.data_end + days(horizon)
    if len(looks) < FEWEST:
        return Realised(len(looks), known_from, {})
    labels = outcomes.label(
        looks,
        tables,
        known_until=tables.observed_through,
        event_of_outcome=used.agreement.labels.event_of_outcome,
    )
    cohort = Cohort(labels.event, labels.duration, looks.lead.astype(np.int64))
    said = used.model.predict(used.matrix(tables, looks))
    forecasts = {"won": (WON, said.score), "stop": (STOP, said.stop_risk)}
    return Realised(
        len(looks),
        known_from,
        {
            name: _skill(cohort, forecast, cause, name, used, seed)
            for name, (cause, forecast) in forecasts.items()
            if not np.isnan(forecast).any()
        },
    )


def _skill(cohort: Cohort, forecast: Floats, cause: int, name: str, used: InUse, seed: int) -> Skill:
    known = known_at(cohort, used.horizon_days)
    resamples = draw(cohort.lead, replicates=REPLICATES, seed=seed)
    ranked = Estimate(
        float(auc(known, forecast, cause)[0]),
        resamples.of(lambda weights: auc(known, forecast, cause, weights)),
    )
    figures = {
        "auc": ranked.figure(),
        "brier": resamples.ratio(brier(known, forecast, cause)).figure(),
        "log_loss": resamples.ratio(log_loss(known, forecast, cause)).figure(),
        "bias": resamples.ratio(in_the_large(known, forecast, cause)).figure(),
    }
    judged = _judged(used.judgement, name)
    cases = int(np.count_nonzero((known.weight > 0) & (known.outcome == cause)))
    others = int(np.count_nonzero((known.weight > 0) & (known.outcome != cause)))
    p = _p_of_fall(ranked, judged.get("auc")) if min(cases, others) >= FEWEST_EACH_WAY else float("nan")
    return Skill(cases, figures, judged, p)


def _judged(judgement: Mapping[str, Any], name: str) -> dict[str, Figure]:
    """Return the figures of leads just come, as they were found when the model was judged.

    At other ages other things are known of a lead: figures of all ages together are no measure for one age.
    """
    for each in judgement.get("sets", ()):
        parts = [part for part in each["parts"] if part["by"] == _AGE] if each["name"] == LATER_LEADS else []
        if parts and name == "won":
            return {figure: Figure(**parts[0][figure]) for figure in ("auc", "bias")}
    return {}


def _p_of_fall(now: Estimate, then: Figure | None) -> float:
    """Return the chance that a figure is so much lower where it is the same, by the normal distribution."""
    if (
        then is None
        or then.value is None
        or then.low is None
        or then.high is None
        or not np.isfinite(now.value)
    ):
        return float("nan")
    error = np.hypot((then.high - then.low) / (2.0 * _QUANTILE), float(np.nanstd(now.replicates)))
    return float(ndtr((now.value - then.value) / error)) if error > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Cried:
    """How often hand-overs by the agreement cried wolf, before the model's data end and since.

    Both among leads that it would have handed over, by its rules alone, and that could be followed for a
    whole horizon. ``p`` is that of Fisher's exact test on sales and stops; NaN where nobody can tell.
    """

    then: CryWolf | None
    now: CryWolf | None
    p: float

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "then": None if self.then is None else self.then.to_dict(),
            "now": None if self.now is None else self.now.to_dict(),
            "p": None if np.isnan(self.p) else self.p,
        }


def cried_wolf(tables: Tables, adviser: Adviser, used: InUse, *, seed: int = 0) -> Cried:
    """Replay the agreement and compare its cry-wolf rate before and since the model's data end.

    Parameters
    ----------
    adviser : Adviser
        The agreement; its rules alone are asked, for the model knows how the leads of then ended.
    """
    found = replay(tables, adviser)
    handed = followed(found, adviser.agreement)
    whole = watched.watched_for(tables, found.at, used.horizon_days)
    resamples = draws(tables, found.looked_at, replicates=REPLICATES, seed=seed)
    later = watched.at_or_after(found.at, used.data_end)
    rows = drawn(resamples, found.looked_at, found.lead.astype(np.int64))
    sides = [np.flatnonzero(whole & side) for side in (~later, later)]
    decided = [counts(handed.cohort.where(side), handed.horizon_days) for side in sides]
    told = [
        estimates(handed, rows, side).figures() if each.won + each.stop else None
        for side, each in zip(sides, decided, strict=True)
    ]
    enough = handed.stop_known and all(each.won + each.stop >= FEWEST_EACH_WAY for each in decided)
    then, now = ((each.stop, each.won + each.stop) for each in decided)
    return Cried(told[0], told[1], p_of_difference(then, now) if enough else float("nan"))
