"""What the score is a forecast of: how far ahead it looks, and which ends count as what."""

from __future__ import annotations

from readiness.agreement.conditions import Days, Part
from readiness.agreement.vocabulary import OutcomeName
from readiness.crm.records import OUTCOMES
from readiness.history.outcomes import ENDED, STOP, WON, EventOfOutcome


class Labels(Part):
    """How far ahead the score looks, and what each end of a lead teaches."""

    horizon_days: Days
    """The score says how likely a sale is within so many days."""
    won: tuple[OutcomeName, ...] = ("closed_won",)
    """Ends that show that a call was worth it: closed_won, and nothing else."""
    stop: tuple[OutcomeName, ...] = ("stop_calling",)
    """Ends that show that a call was a mistake: stop_calling, and whatever else you count as one."""
    neutral: tuple[OutcomeName, ...] = ("closed_lost", "disqualified")
    """Ends that show neither."""

    @property
    def event_of_outcome(self) -> EventOfOutcome:
        """Which event each outcome counts as, by position in OUTCOMES, as labels read it."""
        return tuple(WON if name in self.won else STOP if name in self.stop else ENDED for name in OUTCOMES)
