"""Whether there is enough to learn a score from."""

from __future__ import annotations

import math

import numpy as np

from readiness.counting import counted
from readiness.crm.tables import Floats, Ints
from readiness.learning.little_data import AT_RISK_NEEDED, LONGEST_REACH, TooLittle, learnable
from readiness.learning.person_periods import reach_of


def enough(
    y: Floats,
    groups: Ints,
    horizon_days: float | None,
    *,
    longest_reach: float = LONGEST_REACH,
    at_risk: int = AT_RISK_NEEDED,
) -> TooLittle | None:
    """Say what is missing before a score within the horizon can be learned; None if nothing is.

    Beside the ends that `learnable` counts, the horizon must lie within reach: as long as that must
    enough leads have been followed.

    Parameters
    ----------
    y : Floats, n × 2
        Event and days until then, as for `learnable`.
    groups : Ints, n
        Which lead each snapshot belongs to.
    horizon_days : float, > 0, or None where nothing is dated
    longest_reach, at_risk
        As for `IncidenceModel`.
    """
    little = learnable(y, groups)
    if isinstance(little, TooLittle) or horizon_days is None:
        return little if isinstance(little, TooLittle) else None
    reach = reach_of(y, groups, longest=max(longest_reach, horizon_days), at_risk=at_risk)
    if reach < horizon_days:
        more = math.ceil(horizon_days - reach)
        followed = f"{counted(at_risk, 'lead')} {'has' if at_risk == 1 else 'have'} been followed"
        return TooLittle(
            f"Too little to learn from: {followed} for {counted(round(reach), 'day')}; a score within "
            f"{horizon_days:g} days needs them followed for {counted(more, 'day')} more. Until then "
            "the rules alone answer.",
            {"days followed": more},
        )
    beyond = (y[:, 0] > 0) & (y[:, 1] >= reach)
    within = learnable(np.where(beyond[:, None], [0.0, reach], y), groups)
    return within if isinstance(within, TooLittle) else None
