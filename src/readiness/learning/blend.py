"""How much each member counts: found on leads that the members did not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from readiness.crm.tables import Floats, Ints
from readiness.learning.curves import Ends
from readiness.learning.logistic_fit import negative_log_likelihood, negative_log_likelihoods
from readiness.learning.person_periods import PersonPeriods

SPREAD: Final = 0.5
UNDATED_SPREAD: Final = 0.3
"""How far from equal shares weights are expected to lie (a standard deviation): few leads cannot say.

Where time is not known, a lead is one row and tells less.
"""


def blend(
    unseen: Sequence[Floats],
    rows: PersonPeriods,
    ends: Ends,
    *,
    snapshots_per_lead: float,
    spread: float = SPREAD,
) -> Floats:
    """Return the weights under which the mean of the members' log-hazards fits unseen leads best.

    Weights are at least 0 and sum to one. They are drawn to equal shares, as if from a normal
    distribution around them; a lead counts once there, however many snapshots it has.

    Parameters
    ----------
    unseen : Floats causes × m, one a member
        Log-hazards of fits that did not see the row's lead.
    spread : float
        Standard deviation of that distribution.
    """
    members = len(unseen)
    if members == 1:
        return np.ones(1)
    stacked, equal = np.stack(unseen), np.full(members, 1.0 / members)

    def objective(weights: Floats) -> float:
        eta = (weights[:, None, None] * stacked).sum(axis=0)
        fit = negative_log_likelihood(eta, rows, ends) / snapshots_per_lead
        return fit + float(((weights - equal) ** 2).sum()) / (2.0 * spread**2)

    # scipy's annotations know no dict of constraints.
    options: dict[str, Any] = {
        "method": "SLSQP",
        "bounds": [(0.0, 1.0)] * members,
        "constraints": {"type": "eq", "fun": lambda weights: weights.sum() - 1.0},
        "options": {"ftol": 1e-6},
    }
    weights = np.clip(np.asarray(minimize(objective, equal, **options).x, dtype=np.float64), 0.0, 1.0)
    shares: Floats = weights / weights.sum()
    return shares


def earned(together: Floats, straight: Floats, rows: PersonPeriods, ends: Ends, leads: Ints) -> float:
    """Return how much of their share curved members have earned beside a straight one, 0 to 1.

    Where effects are straight lines a curved member only adds noise, and weights found on few leads
    cannot tell: they give it a share nearly always. So its share is drawn to nothing as far as the gain on
    unseen leads may be chance: gain² / (gain² + error²), paired by lead; nothing where nothing is gained.

    Parameters
    ----------
    together, straight : Floats, causes × m
        Log-hazards of fits that did not see the row's lead.
    leads : Ints, m
        The lead of each row, numbered from 0.
    """
    gained = negative_log_likelihoods(straight, rows, ends) - negative_log_likelihoods(together, rows, ends)
    by_lead = np.bincount(leads, gained)
    gain = float(by_lead.sum())
    if len(by_lead) < 2 or gain <= 0.0:
        return 0.0
    return gain**2 / (gain**2 + len(by_lead) * float(by_lead.var(ddof=1)))
