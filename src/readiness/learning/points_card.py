"""The points card as hazards: what became of leads with so many points, interval by interval.

In each interval a cause's hazard is its base rate times a factor that rises with the points for won and falls
for the other ends (isotonic regression of observed over expected ends).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Flags, Floats
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON
from readiness.learning.curves import Ends, probabilities
from readiness.learning.person_periods import PersonPeriods

PRIOR_ENDS: Final = 5.0
_MOST: Final = 0.999
"""The most that hazards may add up to in one interval where time is known."""


@dataclass(frozen=True, slots=True)
class CardHazards:
    """``base`` is 4 × intervals; ``factors`` are 4 × k, at the ``points`` seen (k, ascending)."""

    ends: Ends
    base: Floats
    points: Floats
    factors: Floats

    @classmethod
    def of(
        cls, points: Floats, rows: PersonPeriods, ends: Ends, offset: Floats, prior_ends: float = PRIOR_ENDS
    ) -> Self:
        """Fit the factors.

        Parameters
        ----------
        points : Floats, n
            Of the snapshots that ``rows`` tell of; NaN counts as unknown: factors of one.
        offset : Floats, causes × intervals
            The log-hazards of all leads together.
        prior_ends : float
            How many expected ends speak for a factor of one, spread over the points seen.
        """
        from sklearn.isotonic import isotonic_regression  # noqa: PLC0415 - slow to load; whoever only predicts needs none of it

        base = probabilities(offset, ends)
        # Points are told apart by snapshot, of which there are fewer than rows.
        distinct, number = np.unique(points, return_inverse=True)
        at, told = number[rows.snapshot], ~np.isnan(distinct)
        met = np.bincount(at, minlength=len(distinct)) > 0
        seen, place_of = distinct[met & told], np.cumsum(met & told) - 1
        known: Flags | slice = slice(None) if told.all() else told[at]
        place = place_of[at[known]]
        factors = np.ones((4, max(len(seen), 1)))
        each = prior_ends / max(len(seen), 1)
        for cause in (WON, STOP, ENDED) if len(seen) else ():
            expected = base[cause, rows.interval[known]] * rows.weight[known]
            expected = np.bincount(place, expected, len(seen)) + each
            observed = np.bincount(place, rows.event[known] == cause, len(seen)) + each
            factors[cause] = isotonic_regression(
                observed / expected, sample_weight=expected, increasing=cause == WON
            )
        return cls(ends, base, seen, factors)

    def shares(self, points: Floats) -> Floats:
        """Return the chance of nothing, won, stop and otherwise ended in each interval, 4 × intervals × n.

        Factors are interpolated between points seen; NaN points have factors of one.
        """
        timed = self.ends.reference == CENSORED
        shares = np.repeat(self.base[:, :, None], len(points), axis=2)
        if len(self.points):
            for cause in (WON, STOP, ENDED):
                factor = np.interp(points, self.points, self.factors[cause])
                shares[cause] *= np.where(np.isnan(points), 1.0, factor)
        ended = shares[WON] + shares[STOP] + shares[ENDED]
        shares[1:] /= np.maximum(ended / _MOST, 1.0) if timed else ended
        if timed:
            shares[CENSORED] = 1.0 - (shares[WON] + shares[STOP] + shares[ENDED])
        return shares

    def log_hazards(self, points: Floats) -> Floats:
        """Return log-hazards against the reference, causes × intervals × n."""
        shares = self.shares(points)
        result: Floats = np.log(shares[list(self.ends.causes)]) - np.log(shares[self.ends.reference])
        return result

    def to_json(self) -> dict[str, Any]:
        """Return all but the ends, ready for JSON."""
        return {
            "base": self.base.tolist(),
            "points": self.points.tolist(),
            "factors": self.factors.tolist(),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], ends: Ends) -> Self:
        """Read what `to_json` wrote."""
        base, points, factors = (
            np.array(content[name], dtype=np.float64) for name in ("base", "points", "factors")
        )
        return cls(ends, base, points, factors)
