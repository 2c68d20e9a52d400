"""How changes between two agreements are said: a sentence for every key that can change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from readiness.agreement.phrases import choice, day, named, share
from readiness.agreement.wording import listed, plain
from readiness.counting import counted, figure

Say = Callable[[object], str]


def text(value: object) -> str:
    """Write a text in quotation marks; nothing, where there is none."""
    return "nothing" if value is None else f"“{value}”"


def word(value: object) -> str:
    """Write one of the fixed words of an agreement.

    >>> word("must_not"), word("inside_sales")
    ('must not', 'inside sales')
    """
    return plain(str(value))


def amount(value: object) -> str:
    """Write a number, a day or a list of numbers as it is."""
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, tuple):
        return listed([*map(amount, value)]) if value else "none"
    return figure(value) if isinstance(value, int | float) else text(value)


def days(value: object) -> str:
    """Write a number of days; for good, where none is given."""
    return counted(value, "day") if isinstance(value, int | float) else "no end"


def own_days(value: object) -> str:
    """Write a half-life of its own; the general one, where none is given."""
    return counted(value, "day") if isinstance(value, int | float) else "the general half-life"


def points(value: object) -> str:
    """Write a number of points."""
    return counted(value, "point") if isinstance(value, int | float) else "nothing"


def part(value: object) -> str:
    """Write a share in per cent."""
    return share(value) if isinstance(value, int | float) else "nothing"


def bound(value: object) -> str:
    """Write a bound; none, where there is none."""
    return figure(value) if isinstance(value, int | float) else "no limit"


def attempts(value: object) -> str:
    """Write on which days sales tries."""
    return f"on days {amount(value)}" if value else "on no days agreed on"


def sales_work(value: object) -> str:
    """Write which activities are a salesperson's work; what counts where none is named."""
    return named(value) if isinstance(value, tuple) and value else "anything outbound but mailings"


def any_or_all(value: object) -> str:
    """Write whom a track is for; all, where none is named."""
    return choice(list(value)) if isinstance(value, tuple) and value else "all"


CHANGED: Final[Mapping[str, tuple[str, Say]]] = {
    "Agreement.name": ("It is called {new} instead of {old}.", text),
    "Agreement.version": ("It is version {new} instead of {old}.", text),
    "Agreement.changes": ("It says that this changed: {new}, instead of {old}.", text),
    "Agreement.valid_from": ("It is valid from {new} instead of {old}.", amount),
    "Signature.by": ("{subject} signs {new} instead of {old}.", text),
    "Signature.on": ("{subject} it is signed on {new} instead of {old}.", amount),
    "Profile.known_at_least": ("{new} of the profile's weight has to be known instead of {old}.", part),
    "Criterion.rank": ("{subject} is a {new} instead of a {old}.", word),
    "Criterion.weight": ("{subject} weighs {new} instead of {old}.", amount),
    "Criterion.name": ("{subject} is called {new} instead of {old}.", text),
    "Condition.at_least": ("{subject} asks for at least {new} instead of {old}.", bound),
    "Condition.at_most": ("{subject} asks for at most {new} instead of {old}.", bound),
    "Condition.pattern": ("{subject} asks for a text that contains {new} instead of {old}.", text),
    "Evidence.lasts_days": ("{subject} holds for {new} instead of {old}.", days),
    "Evidence.says": ("{subject} is said as {new} instead of {old}.", text),
    "Shown.points": ("{subject} is worth {new} instead of {old}.", points),
    "Worth.points": ("{subject} is worth {new} instead of {old}.", points),
    "Worth.half_life_days": ("{subject} is worth half after {new} instead of {old}.", own_days),
    "Worth.cap_per_day": ("{subject} counts at most {new} times a day instead of {old}.", amount),
    "Worth.says": ("{subject} is said as {new} instead of {old}.", text),
    "Interest.half_life_days": ("An activity is worth half after {new} instead of {old}.", days),
    "Interest.any_from": ("Interest begins at {new} instead of {old}.", points),
    "Interest.high_from": ("Interest is high from {new} on instead of {old}.", points),
    "Interest.cold_after_days": ("A lead is cold after {new} instead of {old}.", days),
    "Interest.trend_days": ("Interest is compared with that of {new} before instead of {old}.", days),
    "Interest.recent_days": ("“Lately” means the last {new} instead of {old}.", days),
    "Interest.dialogue_days": ("A lead that acts within {new} is in dialogue instead of {old}.", days),
    "Cooling.after_days": ("{subject} after {new} instead of {old}.", days),
    "Awareness.sales_does": ("{subject} sales does this: {new}, instead of {old}.", text),
    "Stage.sales_does": ("{subject} sales does this: {new}, instead of {old}.", text),
    "Handover.bant_at_least": ("A hand-over needs {new} of the four BANT pieces instead of {old}.", amount),
    "Handover.score_at_least": ("A sale has to be at least {new} likely instead of {old}.", part),
    "Handover.stop_risk_at_most": ("Being told to stop may be at most {new} likely instead of {old}.", part),
    "Handover.weekly_capacity": ("Sales takes {new} leads a week instead of {old}.", amount),
    "Handover.response_hours": ("Sales responds within {new} hours instead of {old}.", amount),
    "Handover.follow_up_after_days": ("Sales tries to reach a lead {new} instead of {old}.", attempts),
    "Handover.sales_activities": ("A salesperson was in touch if there was {new}, not {old}.", sales_work),
    "Handover.random_share": ("{new} of the leads kept back are drawn by lot instead of {old}.", part),
    "Returns.undecided_after_days": ("An undecided lead goes back after {new} instead of {old}.", days),
    "Returns.unreached_after_days": ("An unreached lead goes back after {new} instead of {old}.", days),
    "Returns.again_after_days": ("A lead that came back waits {new} instead of {old}.", days),
    "ReturnReason.look_again_days": ("{subject} means that marketing waits {new} instead of {old}.", days),
    "ReturnReason.says": ("{subject} is said as {new} instead of {old}.", text),
    "Track.categories": ("{subject} is for the categories {new} instead of {old}.", any_or_all),
    "Track.stages": ("{subject} is for the stages {new} instead of {old}.", any_or_all),
    "Track.missing": ("{subject} asks that this is unknown: {new}, instead of {old}.", amount),
    "Track.says": ("{subject} says {new} instead of {old}.", text),
    "Question.ask": ("{subject} is {new} instead of {old}.", text),
    "Question.channel": ("{subject} is asked by {new} instead of {old}.", word),
    "PointsCard.fit": ("The scorecard gives {new} for fit instead of {old}.", points),
    "PointsCard.interest": ("The scorecard gives {new} for interest instead of {old}.", points),
    "PointsCard.bant": ("The scorecard gives {new} for each BANT piece instead of {old}.", points),
    "PointsCard.referral": ("The scorecard gives {new} for a referral instead of {old}.", points),
    "PointsCard.dubious": ("The scorecard gives {new} for a dubious source instead of {old}.", points),
    "Labels.horizon_days": ("The score looks {new} ahead instead of {old}.", days),
    "LookAgain.unworthy": ("An unworthy lead is looked at again after {new} instead of {old}.", days),
    "LookAgain.dubious": ("A dubious lead is looked at again after {new} instead of {old}.", days),
    "LookAgain.unqualified_suitability": (
        "A lead whose fit is open is looked at again after {new} instead of {old}.",
        days,
    ),
    "LookAgain.unqualified_interest": (
        "A lead that fits but lacks interest is looked at again after {new} instead of {old}.",
        days,
    ),
    "LookAgain.sales_worthy": (
        "A sales-worthy lead that is kept is looked at again after {new} instead of {old}.",
        days,
    ),
    "LookAgain.sales_ready_buyer": (
        "A sales-ready buyer that is kept is looked at again after {new} instead of {old}.",
        days,
    ),
}
"""By class and key, the class being the one that declares it: what is said, and how values are written."""

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "Agreement.unknown_words": ("{word} now says nothing.", "{word} no longer says nothing."),
    "Criterion.reads": (
        "{subject} is now also read from {words}.",
        "{subject} is not read from {words} now.",
    ),
    "Condition.any_of": ("{subject} now also takes {words}.", "{subject} no longer takes {words}."),
    "Evidence.reads": (
        "{subject} is now also read from {words}.",
        "{subject} is not read from {words} now.",
    ),
    "Evidence.activities": ("{subject} now also takes {words}.", "{subject} no longer takes {words}."),
    "Interest.noise": ("{word} now means nothing.", "{word} is no longer said to mean nothing."),
    "Handover.requests": ("{word} is now answered first.", "{word} is no longer answered first."),
    "Sources.dubious": ("{word} is now a dubious source.", "{word} is no longer a dubious source."),
    "Referrals.sources": ("{word} now makes a referral.", "{word} no longer makes a referral."),
    "Referrals.named_in": (
        "Who referred a lead now also stands in {words}.",
        "Who referred a lead no longer stands in {words}.",
    ),
    "Handover.categories": ("{word} may now pass to sales.", "{word} may no longer pass to sales."),
    "Handover.first_in_line": ("{word} no longer waits for room.", "{word} waits for room like others."),
    "Handover.bant_required": (
        "A hand-over now needs {words} confirmed.",
        "A hand-over no longer needs {words} confirmed.",
    ),
    "ReturnReason.any_of": ("{subject} now also covers {words}.", "{subject} no longer covers {words}."),
}
"""What is said of words that came, and of words that went; of each word alone, where it is the subject."""


def shortly(new: str, old: str) -> str:
    """Leave away the unit of the old value where the new one has it, too.

    >>> shortly("8 points", "6 points"), shortly("1 day", "5 days"), shortly("“a b”", "“c b”")
    ('6', '5 days', '“c b”')
    """
    (_, *unit), (value, *same) = new.split(" "), old.split(" ")
    return value if unit == same and len(unit) == 1 and unit != ["%"] and new[0] != "“" else old


def marked(words: Sequence[str]) -> str:
    """Write words as the document has them.

    >>> marked(["c_level", "director"])
    '`c_level` and `director`'
    """
    return listed([f"`{word}`" for word in words])
