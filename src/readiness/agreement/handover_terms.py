"""When marketing hands a lead over to sales, what sales does with it, and what brings it back."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from readiness.agreement.conditions import Days, OneZero, Part, Positive, Share, Text, Word
from readiness.agreement.vocabulary import PassingName, PieceName

BANT_WORDS: Final = {"all": 4, "most": 3, "any": 1, "none": 0}
"""Words for how many of the four BANT pieces a hand-over needs."""

RANDOM_AT_MOST: Final = 0.2
"""More than a fifth left to chance would undo the agreement instead of testing it."""


def _counted(value: object) -> object:
    if not isinstance(value, str):
        return value
    word = value.strip().casefold()
    if word not in BANT_WORDS:
        raise ValueError(f"`{value}` is no number of BANT pieces; write 0 to 4, or all, most, any or none")
    return BANT_WORDS[word]


def _a_small_share(share: float) -> float:
    if share > RANDOM_AT_MOST:
        raise ValueError(
            f"a random share above {RANDOM_AT_MOST:g} hands over more by chance than by the agreement, and "
            "a tenth is enough to learn from; lower it"
        )
    return share


BantCount: TypeAlias = Annotated[
    int,
    BeforeValidator(_counted, json_schema_input_type=int | Literal["all", "most", "any", "none"]),
    Field(strict=True, ge=0, le=4),
]
DayAfter: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=36_500), OneZero]


class ReturnReason(Part):
    """What follows from a reason that sales gave for declining a lead or handing it back."""

    any_of: Annotated[tuple[Word, ...], Field(min_length=1)]
    """Sales' words for the reason."""
    look_again_days: Days
    """After so many days marketing looks at the lead again."""
    says: Text | None = None
    """How to say it to a person; without it, the reason's own words are shown."""


class Returns(Part):
    """What brings a lead back from sales to marketing."""

    undecided_after_days: Days
    """Sales neither accepted nor declined the lead within so many days."""
    unreached_after_days: Days
    """Sales accepted the lead, but within so many days it did nothing that counts as interest."""
    again_after_days: Days
    """A lead that came back is not handed over again sooner, unless a key signifier came since."""
    reasons: tuple[ReturnReason, ...] = ()
    """What follows from sales' reason, if it is one of the words."""


class Handover(Part):
    """When a lead may pass from marketing to sales, and what sales promises to do with it."""

    categories: Annotated[tuple[PassingName, ...], Field(min_length=1)]
    """Which kinds of lead may pass."""
    bant_at_least: BantCount
    """How many of budget, authority, need and timeframe have to be confirmed: 0 to 4, or all (4), most (3),
    any (1), none (0)."""
    bant_required: tuple[PieceName, ...] = ()
    """Which of the four must be among them."""
    score_at_least: Share
    """At least this likely to buy within the horizon, from 0 to 1."""
    stop_risk_at_most: Share
    """At most this likely to tell us to stop calling within the horizon, from 0 to 1."""
    weekly_capacity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    """So many leads a week can sales take."""
    first_in_line: tuple[PassingName, ...] = ()
    """Kinds of lead that never wait for room: handed over although others are likelier to buy."""
    response_hours: Positive
    """Within so many hours of the hand-over sales makes its first attempt."""
    follow_up_after_days: tuple[DayAfter, ...] = ()
    """When sales tries to reach the lead, in days after accepting it, rising: [0, 1, 3, 7, 14]."""
    sales_activities: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    """Activities that show that a salesperson of ours was in touch, whichever side began: calls, meetings.
    A sales-ready buyer without any was probably sold to by somebody else. Without it, all that we did counts
    but mails, newsletters, campaigns, invitations and advertisements."""
    requests: tuple[Word, ...] = ()
    """Activities, answers and columns by which a lead asks for something that a salesperson answers before
    all else, even if nobody calls yet: demo_requested, rfp."""
    returns: Returns | None = None
    """What brings a lead back to marketing; without it, hand-overs of the past are not read."""
    random_share: Annotated[Share, AfterValidator(_a_small_share)] = 0.0
    """Of the leads that only score or capacity keeps back, this share is handed over anyway, at random: the
    only way to learn whether the line is drawn too high. 0 to 0.2."""
