"""Random but valid records of a small CRM, for tests that must hold for any."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from readiness.crm.records import DECISIONS, DIRECTIONS, OUTCOMES, Activity, Answer, Handover, Lead, Outcome
from tests.builders import at

THROUGH = at(100)

texts = st.text("aZ9é€,;\"'\n\r\t =\x00\u2028", min_size=1, max_size=3)
optional_texts = st.none() | texts
numbers = st.floats(allow_nan=False, allow_infinity=False)
instants = st.sampled_from([at(0), at(1), at(1.5)]) | st.integers(at(0), at(40))
attribute_values = st.none() | st.booleans() | texts | numbers | st.integers(-(10**6), 10**6)


@dataclass(frozen=True)
class Records:
    """What a CRM told us, as records."""

    leads: list[Lead]
    activities: list[Activity]
    answers: list[Answer]
    outcomes: list[Outcome]
    handovers: list[Handover]

    def all(self) -> tuple[list[Lead], list[Activity], list[Answer], list[Outcome], list[Handover]]:
        """Return them in the order in which they are handed over."""
        return self.leads, self.activities, self.answers, self.outcomes, self.handovers


def leads_of(ids: list[str]) -> st.SearchStrategy[list[Lead]]:
    """Draw one lead for each id."""
    return st.tuples(
        *(
            st.builds(
                Lead,
                st.just(lead_id),
                instants,
                optional_texts,
                st.sampled_from([None, at(99)]),
                st.sampled_from([None, "someone@example.com"]),
                attributes=st.dictionaries(
                    st.sampled_from(["size", "role", "x y"]), attribute_values, max_size=2
                ),
            )
            for lead_id in ids
        )
    ).map(list)


@st.composite
def records(draw: st.DrawFn, max_leads: int = 4, max_rows: int = 6) -> Records:
    """Draw records of up to some leads; events often fall on the same instant."""
    ids = [f"L-{number}" for number in range(draw(st.integers(0, max_leads)))]
    if not ids:
        return Records([], [], [], [], [])
    who = st.sampled_from(ids)
    directions, decisions = st.sampled_from(DIRECTIONS), st.sampled_from([None, *DECISIONS])
    value, later = st.none() | numbers, st.sampled_from([None, at(60)])
    activity = st.builds(Activity, who, instants, texts, directions, optional_texts, value, optional_texts)
    answer = st.builds(Answer, who, instants, texts, optional_texts)
    end = st.builds(Outcome, who, st.sampled_from([None, at(50)]), st.sampled_from(OUTCOMES))
    handover = st.builds(
        Handover, who, instants, later, decisions, optional_texts, st.none() | st.floats(0, 1)
    )
    return Records(
        draw(leads_of(ids)),
        draw(st.lists(activity, max_size=max_rows)),
        draw(st.lists(answer, max_size=max_rows)),
        draw(st.lists(end, max_size=max_rows, unique_by=lambda row: row.lead_id)),
        draw(st.lists(handover, max_size=max_rows)),
    )
