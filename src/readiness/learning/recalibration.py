"""Whether log-hazards are too bold or too timid: always checked on unseen leads, mended where it helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.learning.canonical import held_out
from readiness.learning.curves import Ends, probabilities
from readiness.learning.logistic_fit import negative_log_likelihood
from readiness.learning.person_periods import PersonPeriods

ENDED_NEEDED: Final = 100
"""Below so many resolved leads a slope is too rough to be used."""
_GAIN_NEEDED: Final = 0.5
"""By so much the log-likelihood of unseen leads must rise for a cause, a lead counting once."""
_LEAST: Final = 1e-300
"""So small a chance counts as this: its logarithm is finite."""
_SLOPE_SPREAD: Final = 0.5
_SHIFT_SPREAD: Final = 0.5
"""How far from "nothing to mend" a slope and a shift are expected to lie (standard deviations)."""


@dataclass(frozen=True, slots=True)
class Recalibration:
    """Platt's slope and shift of each cause, in log-hazard space around the level of all leads.

    There, unlike on the scale of probabilities, causes still compete: incidences sum to one and never fall,
    and reasons stay sums. ``level`` is causes × intervals.
    """

    level: Floats
    slope: Floats
    shift: Floats

    def of(self, log_hazards: Floats) -> Floats:
        """Mend log-hazards, causes × intervals × n."""
        level = self.level[:, : log_hazards.shape[1], None]
        return mended(log_hazards, level, self.slope, self.shift)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "level": self.level.tolist(),
            "slope": self.slope.tolist(),
            "shift": self.shift.tolist(),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        level, slope, shift = (
            np.array(content[name], dtype=np.float64) for name in ("level", "slope", "shift")
        )
        return cls(level, slope, shift)


def mended(log_hazards: Floats, level: Floats, slope: Floats, shift: Floats) -> Floats:
    """Return level + shift + slope × (log-hazards - level), cause by cause; causes × any shape."""
    of_cause = (len(slope), *(1,) * (log_hazards.ndim - 1))
    moved: Floats = level + shift.reshape(of_cause) + slope.reshape(of_cause) * (log_hazards - level)
    return moved


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found: by how much mending raises the log-likelihood of unseen leads.

    ``slope`` and ``shift`` (by cause) are 1 and 0 for a cause where that is not worth it, and None
    where it is for none.
    """

    gain: float
    slope: tuple[float, ...] | None = None
    shift: tuple[float, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        slope, shift = (None if each is None else list(each) for each in (self.slope, self.shift))
        return {"gain": self.gain, "slope": slope, "shift": shift}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        slope, shift = (
            None if content[name] is None else tuple(float(each) for each in content[name])
            for name in ("slope", "shift")
        )
        return cls(float(content["gain"]), slope, shift)


def check(
    unseen: Floats,
    level: Floats,
    added: Floats,
    rows: PersonPeriods,
    ends: Ends,
    fold: Ints,
    *,
    ended: int,
    snapshots_per_lead: float,
) -> Checked:
    """Fit slopes and shifts to folds, ask the fold left out which causes they help together, and keep those.

    Members share their settings among causes, and means of forecasts are timid: so one cause's log-hazards
    may be too timid while another's are too bold.

    Parameters
    ----------
    unseen, level : Floats, causes × m
        Log-hazards of fits that did not see the row's lead, and those of all leads in its interval.
    added : Floats, causes × m
        What is added to both, and left as it is.
    fold : m
        Of each row, by lead.
    ended : int
        How many leads are resolved.

    Notes
    -----
    Platt (1999), Probabilistic outputs for support vector machines. Isotonic regression, which many resolved
    leads would allow, is not used: incidences would no longer sum to one by themselves, nor reasons add up.
    """
    if ended < ENDED_NEEDED:
        return Checked(0.0)
    sets = _sets(len(unseen))
    gains = np.zeros(len(sets))
    for number in np.unique(fold):
        inside, out = held_out(fold, number)
        learned = (unseen[:, inside], level[:, inside], added[:, inside], rows.where(inside))
        slope, shift = _fit(*learned, ends, snapshots_per_lead)
        said, of_fold = unseen[:, out] + added[:, out], rows.where(out)
        after = mended(unseen[:, out], level[:, out], slope, shift) + added[:, out]
        before = negative_log_likelihood(said, of_fold, ends)
        for place, some in enumerate(sets):
            told = negative_log_likelihood(np.where(some[:, None], after, said), of_fold, ends)
            gains[place] += (before - told) / snapshots_per_lead
    worth = gains - _GAIN_NEEDED * sets.sum(axis=1)
    best = int(worth.argmax())
    if worth[best] <= 0.0:
        return Checked(float(gains.max()))
    slope, shift = _fit(unseen, level, added, rows, ends, snapshots_per_lead)
    slope, shift = np.where(sets[best], slope, 1.0), np.where(sets[best], shift, 0.0)
    return Checked(float(gains[best]), tuple(slope.tolist()), tuple(shift.tolist()))


def _sets(causes: int) -> Flags:
    """Return every set of causes that could be mended together, sets × causes."""
    chosen: Flags = (np.arange(1, 2**causes)[:, None] >> np.arange(causes) & 1).astype(np.bool_)
    return chosen


def _fit(
    unseen: Floats, level: Floats, added: Floats, rows: PersonPeriods, ends: Ends, snapshots_per_lead: float
) -> tuple[Floats, Floats]:
    causes = len(unseen)

    away, at = unseen - level, np.arange(len(rows))
    happened = np.stack([np.where(rows.event == cause, rows.weight, 0.0) for cause in ends.causes])

    def loss(theta: Floats) -> tuple[float, Floats]:
        slope, shift = theta[:causes], theta[causes:]
        eta = mended(unseen, level, slope, shift) + added
        chances = probabilities(eta, ends)
        happened_so = np.maximum(chances[rows.event, at], _LEAST)
        value = -float((rows.weight * np.log(happened_so)).sum()) / snapshots_per_lead
        value += (
            float((((slope - 1.0) / _SLOPE_SPREAD) ** 2).sum() + ((shift / _SHIFT_SPREAD) ** 2).sum()) / 2.0
        )
        residual = (rows.weight * chances[list(ends.causes)] - happened) / snapshots_per_lead
        by_slope = (residual * away).sum(axis=1) + (slope - 1.0) / _SLOPE_SPREAD**2
        return value, np.r_[by_slope, residual.sum(axis=1) + shift / _SHIFT_SPREAD**2]

    start = np.r_[np.ones(causes), np.zeros(causes)]
    # No negative slope: mending never turns an order round.
    bounds = [(0.0, None)] * causes + [(None, None)] * causes
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load; whoever only predicts needs none of it

    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:causes], found.x[causes:]
