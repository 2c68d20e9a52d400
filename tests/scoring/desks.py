"""Random leads with random hand-overs and ends, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm.records import DECISIONS, OUTCOMES, Handover, Outcome
from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.scoring import Scored, score
from tests import builders
from tests.agreement.agreements import agreement
from tests.agreement.worlds import CUTOFF, DAYS, World, random_world, worlds
from tests.builders import at

SMALL: Final = agreement(
    handover__returns={
        "undecided_after_days": 5,
        "unreached_after_days": 30,
        "again_after_days": 30,
        "reasons": [{"any_of": ["no budget"], "look_again_days": 90}],
    },
    handover__follow_up_after_days=[0, 1, 3],
    handover__random_share=0.2,
    handover__requests=["demo", "rfp"],
    nurture__tracks=[{"name": "budget", "missing": ["budget"]}, {"name": "letter"}],
)
SHIPPED: Final = load(shipped.agreement())


@dataclass(frozen=True)
class Desked:
    """A world with hand-overs and ends."""

    world: World
    handovers: tuple[Handover, ...]
    outcomes: tuple[Outcome, ...]

    def tables(self, until: float | None = None) -> Tables:
        world, handovers, outcomes = self.world, self.handovers, self.outcomes
        if until is not None:
            world = world.until(until)
            handovers = tuple(row for row in handovers if row.handed_over_at < at(until))
            outcomes = tuple(
                row for row in outcomes if row.occurred_at is None or row.occurred_at < at(until)
            )
        return builders.tables(
            world.leads, world.activities, world.answers, outcomes, handovers, through=1000
        )


_WAITS: Final = (None, 0.0, 1.0, 6.0, 40.0)
_DECISIONS: Final = (None, *DECISIONS)
_REASONS: Final = (None, "no budget", "Mr Smith")
_ENDS: Final = (None, None, *OUTCOMES)


@st.composite
def desked(draw: st.DrawFn) -> Desked:
    """Draw up to three leads with anything a CRM may hold of them."""
    world = draw(worlds())
    handovers, outcomes = [], []
    for lead in world.leads:
        for _ in range(draw(st.integers(0, 2))):
            day, wait = draw(DAYS), draw(st.sampled_from(_WAITS))
            decision = draw(st.sampled_from(_DECISIONS))
            reason = draw(st.sampled_from(_REASONS))
            decided = None if wait is None else day + wait
            handovers.append(builders.handover(day, decided, decision, reason, lead_id=lead.lead_id))
        end = draw(st.sampled_from(_ENDS))
        if end is not None:
            day_of_end = draw(st.one_of(st.none(), DAYS))
            outcomes.append(builders.outcome(day_of_end, end, lead_id=lead.lead_id))
    return Desked(world, tuple(handovers), tuple(outcomes))


def random_desked(rng: np.random.Generator, leads: int) -> Desked:
    """Return a world of many leads, drawn like those of `desked`; some of them must not be called."""
    world = random_world(rng, leads)
    handovers, outcomes, answers = [], [], []

    def one_of(choices: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever the choices are
        return choices[rng.integers(len(choices))]

    for lead in world.leads:
        for _ in range(rng.integers(0, 3)):
            day, wait = float(rng.integers(0, 131)), one_of(_WAITS)
            decided = None if wait is None else day + wait
            row = (day, decided, one_of(_DECISIONS), one_of(_REASONS))
            handovers.append(builders.handover(*row, lead_id=lead.lead_id))
        end = one_of((*_ENDS, *(None,) * 6))
        if end is not None:
            day_of_end = None if rng.random() < 0.2 else float(rng.integers(0, 131))
            outcomes.append(builders.outcome(day_of_end, end, lead_id=lead.lead_id))
        if rng.random() < 0.2:
            said = one_of(("yes", "no"))
            answers.append(
                builders.answer(float(rng.integers(0, 131)), "do_not_call", said, lead_id=lead.lead_id)
            )
    keen = tuple(
        builders.activity(99.0, "demo", lead_id=lead.lead_id) for lead in world.leads if rng.random() < 0.5
    )
    more = World(world.leads, (*world.activities, *keen), (*world.answers, *answers))
    return Desked(more, tuple(handovers), tuple(outcomes))


def scored(tables: Tables, by: Agreement, **rest: Any) -> Scored:  # noqa: ANN401 - as score has them
    return score(tables, snapshots.at(tables, at(CUTOFF)), agreement=by, model=None, **rest)


def told(found: Scored) -> list[dict[str, Any]]:
    return [found.assessment(row).to_dict() for row in range(len(found))]
