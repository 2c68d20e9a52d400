"""An assessment as a person reads it aloud: who does what by when, why, and what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from readiness.agreement.advice_rules import CLOSED
from readiness.agreement.vocabulary import KINDS
from readiness.agreement.wording import capital, category_said, date
from readiness.crm.records import instant
from readiness.scoring.assessment import Assessment

FACTS: Final = 2
"""So many facts for, and so many against: more is not kept in mind while dialling."""

_HARDLY: Final = 0.005
"""Below one in 200 nobody can tell one small chance from another."""
_OFTEN: Final = 1 / 3
"""From here on "4 in 10" says more than "1 in 3"."""
_NEARLY_ALL: Final = 0.95
_SURPRISING: Final = 66
"""From this percentile on one asks why a lead is so likely to buy that will not decide soon."""
_CALLS: Final = ("hand_over", "sell_interest")
_ROUND: Final = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200)
"""Numbers in which people say that something is rare."""
_BETTER: Final = (
    (90, "a much better chance than most"),
    (66, "a better chance than most"),
    (34, "an average chance"),
    (0, "a poorer chance than most"),
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a salesperson or marketer is told of one lead, in the order in which it is read aloud.

    Every text is one or more whole sentences. None and () mean that there is nothing to say.
    """

    lead_id: str
    as_of: str | None
    """The day of the cutoff, on which all other days depend; None in undated data."""
    next_step: str
    first_of_all: str | None
    because: str
    kind: str | None
    """The category, as the report names it, and what it means; None once it does not matter."""
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    know_first: str | None
    how: str | None
    ask: str | None
    chance: str | None
    """How many of such leads buy, and tell us to stop, or that nobody knows; None once it does not matter."""
    notes: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The lead, and as of which day it is spoken of."""
        return f"Lead {self.lead_id}" + (f", as of {self.as_of}" if self.as_of else "")

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The texts under their labels, in order, those that say nothing left out."""
        said = (
            ("First", self.first_of_all),
            ("Now", self.next_step),
            ("Why", self.because),
            ("Kind", self.kind),
            ("For it", " ".join(self.speaks_for)),
            ("Against", " ".join(self.speaks_against)),
            ("Know", self.know_first),
            ("Ask", self.ask),
            ("How", self.how),
            ("Chance", self.chance),
            ("Note", " ".join(self.notes)),
        )
        return tuple((label, text) for label, text in said if text)

    @property
    def text(self) -> str:
        """The whole briefing as plain text."""
        return "\n".join((self.heading, *(f"{label}: {text}" for label, text in self.lines)))

    def to_dict(self) -> dict[str, Any]:
        """Return the briefing as plain dicts and lists, ready for JSON."""
        return {
            "heading": self.heading,
            "lines": [{"label": label, "text": text} for label, text in self.lines],
        }


def brief(assessment: Assessment) -> Briefing:
    """Put an assessment into the words and the order in which a person reads it aloud.

    Nothing is decided here: all sentences but the chance are the agreement's own.
    """
    advice = assessment.advice
    ask, closed = advice["ask_next"], advice["rule"] in CLOSED
    return Briefing(
        lead_id=assessment.lead_id,
        as_of=None if assessment.cutoff is None else date(instant(assessment.cutoff)),
        next_step=advice["next_step"],
        first_of_all=advice["first_of_all"],
        because=advice["because"],
        kind=None if closed else f"{kind(assessment)}.",
        speaks_for=tuple(advice["speaks_for"][:FACTS]),
        speaks_against=tuple(advice["speaks_against"][:FACTS]),
        know_first=advice["know_first"],
        how=advice["how"],
        ask=None if ask is None else f"“{ask}”",
        chance=None if closed else _chance(assessment),
        # Of a lead that ended the warning says what the advice has said.
        notes=() if closed or assessment.score is None else assessment.warnings,
    )


def kind(assessment: Assessment) -> str:
    """Name the category of a lead and say what it means: "Sales-ready buyer: about to decide"."""
    name = assessment.category["name"]
    return f"{capital(category_said(name))}: {KINDS[name]}"


def odds(share: float) -> str:
    """Say a probability as so many in so many, as people do.

    >>> odds(0.1), odds(0.41), odds(0.013), odds(0.001), odds(0.99)
    ('about 1 in 10', 'about 4 in 10', 'about 1 in 70', 'fewer than 1 in 200', 'nearly all')
    """
    if share < _HARDLY:
        return "fewer than 1 in 200"
    if share >= _NEARLY_ALL:
        return "nearly all"
    if share > _OFTEN:
        return f"about {10 * share:.0f} in 10"
    return f"about 1 in {min(_ROUND, key=lambda one_in: abs(1 / one_in - share))}"


def _chance(assessment: Assessment) -> str | None:
    if assessment.answered_by.model is None:
        return "Not estimated: the rules alone answered."
    if assessment.score is None:
        return None
    within = "" if assessment.horizon_days is None else f"Within {assessment.horizon_days:g} days "
    buys = capital(f"{within}{odds(assessment.score)} leads like this buy")
    percentile = assessment.percentile
    if percentile is not None:
        among = next(said for least, said in _BETTER if percentile >= least)
        buys = f"{buys}, {among}"
    surprising = percentile is None or percentile >= _SURPRISING
    if surprising and assessment.bant["timeframe"]["state"] == "denied":
        buys = f"{buys}. Yet by its own word it will not decide soon"
    # What a call may cost is told where one is near, or is held back for it.
    near = assessment.advice["action"] in _CALLS or assessment.advice["rule"] == "ST1"
    if assessment.stop_risk is None or not near:
        return f"{buys}."
    meanwhile = " in that time" if within else ""
    return f"{buys}. {capital(odds(assessment.stop_risk))} tell us to stop calling{meanwhile}."
