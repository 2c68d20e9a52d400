"""Small worlds in which it is plain when a lead is handed over: on the Monday after it asked for a demo."""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.crm.records import Activity, Answer, AttributeValue, Handover, Lead, Outcome
from readiness.crm.tables import Tables
from readiness.hindsight.replay import Adviser
from tests import builders
from tests.agreement.agreements import FITTING, agreement

SMALL = agreement()
ADVISER = Adviser(SMALL)
MONDAYS = (4, 11, 18, 25, 32, 39)
"""Day 0 is Thursday 1 January 2026."""


@dataclass
class Crm:
    """Rows that are put together lead by lead."""

    leads: list[Lead] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)

    def lead(
        self,
        demo: float | None = None,
        end: tuple[float, str] | None = None,
        *,
        given: tuple[float, str | None] | None = None,
        propensity: float | None = None,
        created: float = 0.0,
        source: str | None = "web_form",
        pieces: int = 2,
        **attributes: AttributeValue,
    ) -> Crm:
        """Add a lead that asks for a demo on a day, ends on a day, and was really given to sales on a day.

        With a demo the need is confirmed; ``pieces`` says how many BANT points are.
        """
        name = f"L-{len(self.leads) + 1:04d}"
        self.leads.append(builders.lead(name, created, source, **(FITTING | attributes)))
        if demo is not None:
            self.activities.append(builders.activity(demo, "demo", lead_id=name))
            # The demo confirms the need: one point. The other is the authority.
            if pieces > 1:
                self.answers.append(builders.answer(demo, "authority", "decides", lead_id=name))
        if end is not None:
            self.outcomes.append(builders.outcome(*end, lead_id=name))
        if given is not None:
            day, decision = given
            decided = None if decision is None else day + 1
            self.handovers.append(
                builders.handover(day, decided, decision, lead_id=name, propensity=propensity)
            )
        return self

    def tables(self, through: float = 400) -> Tables:
        return builders.tables(
            self.leads, self.activities, self.answers, self.outcomes, self.handovers, through=through
        )
