"""Whether there is enough to learn a score from."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.little_data import TooLittle, learnable
from readiness.learning.person_periods import reach_of
from readiness.training_run.forecasts import unfitted
from readiness.training_run.settings import TrainingSettings


class Ends(Protocol):
    """What became of snapshots: ``y``, n × 2, event and days, and the lead of each."""

    @property
    def y(self) -> Floats:
        """Event and days, n × 2."""

    @property
    def groups(self) -> Ints:
        """Which lead each snapshot belongs to."""


def enough(followed: Ends, horizon_days: float | None, settings: TrainingSettings) -> TooLittle | None:
    """Say what is missing before a score within the horizon can be learned; None if nothing is.

    Beside the ends that `learnable` counts, the horizon must lie within reach: as long as that must
    enough leads have been followed.
    """
    y, groups = followed.y, followed.groups
    little = learnable(y, groups)
    if isinstance(little, TooLittle) or horizon_days is None:
        return little if isinstance(little, TooLittle) else None
    recipe = unfitted(horizon_days, settings)
    reach = reach_of(y, groups, longest=recipe.longest_reach, at_risk=recipe.at_risk)
    if reach < horizon_days:
        more = math.ceil(horizon_days - reach)
        days = "day" if more == 1 else "days"
        return TooLittle(
            f"Too little to learn from: {recipe.at_risk} leads have been followed for {reach:.0f} days; a "
            f"score within {horizon_days:g} days needs them followed for {more} {days} more. "
            "Until then the rules alone answer.",
            {"days followed": more},
        )
    beyond = (y[:, 0] > 0) & (y[:, 1] >= reach)
    within = learnable(np.where(beyond[:, None], [0.0, reach], y), groups)
    return within if isinstance(within, TooLittle) else None
