"""What marketing does with leads that are not handed over, and when it looks at them again."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from readiness.agreement.conditions import Days, Part, Text
from readiness.agreement.vocabulary import CategoryName, StageName


class LookAgain(Part):
    """After how many days to look again at a lead that is kept back, by its category."""

    unworthy: Days
    """It fails the buyer profile."""
    dubious: Days
    """A name with hardly any history."""
    unqualified_suitability: Days
    """Interested, but not known to fit."""
    unqualified_interest: Days
    """Fits, but shows little interest or none."""
    sales_worthy: Days
    """Fits and is interested."""
    sales_ready_buyer: Days
    """About to decide."""

    def days(self, name: CategoryName) -> float:
        """Return the days for a category."""
        return float(getattr(self, name))


class Track(Part):
    """One way of keeping in touch: whom it is for, and what happens in it.

    A lead belongs on it if its category and stage are listed (all are, where none is named), and if one
    of the missing pieces named is unknown (where any is named).
    """

    name: Text
    """What both sides call it."""
    categories: tuple[CategoryName, ...] = ()
    """Kinds of lead that it is for; none named: all."""
    stages: tuple[StageName, ...] = ()
    """Stages that it is for; none named: all."""
    missing: tuple[Text, ...] = ()
    """BANT pieces or criteria of the profile, any of which is unknown; none named: it does not matter."""
    says: Text | None = None
    """What happens on this track, in a sentence."""

    @property
    def takes_everything(self) -> bool:
        """Whether no lead is left for a track after this one."""
        return not (self.categories or self.stages or self.missing)


class Nurture(Part):
    """What to do with leads that are not handed over, and when to look at them again."""

    look_again_days: LookAgain
    """After so many days, by category."""
    by_stage: Mapping[StageName, Days] = Field(default_factory=dict)
    """After so many days, by stage; where this is sooner, it wins."""
    tracks: tuple[Track, ...] = ()
    """Ways of keeping in touch; the first that suits a lead is its own."""
