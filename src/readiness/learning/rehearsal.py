"""Whether what is learned lasts: members stand at earlier instants and are asked of leads that came later.

Cross-validation by lead finds what holds of other leads of the same weeks. What strikes many leads of one
season at once, a price, a campaign, a colleague's good quarter, looks like a pattern there and may be none of
the next leads. So the members, with what cross-validation chose, learn again what was known when a part of
the ends had come, and say of the leads made since how they fared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.standpoints import ends_came, first_looked_at_since, known_at
from readiness.learning.base_hazards import fit_base
from readiness.learning.ensemble import Ensemble
from readiness.learning.lessons import Lessons
from readiness.learning.logistic_fit import negative_log_likelihoods
from readiness.learning.person_periods import PersonPeriods, expand, thin

STANDPOINTS: Final = (1 / 3, 1 / 2, 2 / 3)
"""When these shares of all ends had come, a rehearsal stands."""
ENDED_NEEDED: Final = 100
"""Of fewer resolved leads too little is learned for their successors to tell whether it lasts."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Snapshots in canonical order: their fates (n × 2), when each was taken (n, days), and the intervals."""

    y: Floats
    when: Floats
    edges: Floats
    quiet_rows: int
    seed: int

    def lasting(self, lessons: Lessons, fit: Callable[[Lessons], Ensemble]) -> float:
        """Return how much of what is learned counts, 0 to 1: the rest is drawn to the base rates.

        All of it, if later leads gained by it one standard error or more, over all standpoints together; in
        proportion if less; nothing if they lost. All, too, where too little is known to ask.

        Parameters
        ----------
        fit : function of the lessons as they were at a standpoint to what was learned from them

        Notes
        -----
        Forecasts from a rolling origin: Tashman (2000), Out-of-sample tests of forecasting accuracy,
        International Journal of Forecasting 16. A lead that several standpoints meet counts as one.
        """
        gained, met = np.zeros(int(lessons.leads.max()) + 1), np.zeros(0, dtype=np.int64)
        for instant in self.standpoints():
            then = self._then(lessons, instant)
            since = first_looked_at_since(self.when, lessons.leads, instant)
            later = lessons.thinned.where(since[lessons.thinned.snapshot])
            if then is None or not len(later):
                continue
            gained += np.bincount(
                lessons.leads[later.snapshot], _gains(lessons, then, fit(then), later), len(gained)
            )
            met = np.union1d(met, lessons.leads[later.snapshot])
        return earned_of(gained[met])

    def standpoints(self) -> Floats:
        """Return the instants at which the members rehearse, ascending, in days as ``when`` is."""
        ended = ends_came(self.when, self.y)
        places = [int(share * len(ended)) for share in STANDPOINTS if len(ended)]
        return np.unique(ended[places])

    def _then(self, lessons: Lessons, instant: float) -> Lessons | None:
        """Return the lessons as they were; None where an end was not seen yet, or too few leads had ended."""
        early, known = known_at(self.when, self.y, instant)
        rows = expand(known, self.edges)
        if not np.isin((lessons.ends.reference, *lessons.ends.causes), rows.event).all():
            return None
        then = replace(
            lessons,
            X=lessons.X[early],
            rows=rows,
            thinned=thin(rows, self.quiet_rows, self.seed),
            fold=lessons.fold[early],
            leads=np.unique(lessons.leads[early], return_inverse=True)[1],
        )
        return then if then.ended().sum() >= ENDED_NEEDED else None


def _gains(lessons: Lessons, then: Lessons, learned: Ensemble, later: PersonPeriods) -> Floats:
    """Return by how much each later row is likelier by what was learned then than by its base rates."""
    asked, number = np.unique(later.snapshot, return_inverse=True)
    X = lessons.X[asked]
    base = fit_base(then.X, then.rows, then.ends, then.intervals, then.stratified_by)
    level = np.repeat(base.offset[:, :, None], len(X), axis=2)
    if base.strata is not None:
        level += base.strata.log_hazards(X)
    losses = [
        negative_log_likelihoods(each[:, later.interval, number], later, then.ends)
        for each in (level, learned.log_hazards(X))
    ]
    gains: Floats = losses[0] - losses[1]
    return gains


def earned_of(gained: Floats) -> float:
    """Return the share that gains by lead have earned: their sum over its standard error, 0 to 1.

    One, too, where fewer than two leads tell, or all gained alike.
    """
    error = float(np.sqrt(len(gained) * gained.var(ddof=1))) if len(gained) > 1 else 0.0
    return 1.0 if error == 0.0 else float(np.clip(gained.sum() / error, 0.0, 1.0))
