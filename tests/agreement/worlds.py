"""Random leads with random histories, written in the words of the small agreement and in strange ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from readiness.crm.records import Activity, Answer, AttributeValue, Lead
from readiness.crm.tables import Tables
from tests import builders

CUTOFF = 100.0
IDS = ("L-1", "L-2", "L-3")

TYPES = ("visit", "reply", "demo", "open", "unsubscribe", "chat", "postponed", "mail", "hologram", "thanks")
WORDS = {
    "size": ("50", "9", "Big", "Small", "unknown", None),
    "industry": ("software", "mining", "unknown"),
    "role": ("student", "Head of Sales", "Engineer"),
    "budget": ("approved", "none", "planned", "unknown", None),
    "authority": ("decides", "user", "unknown"),
    "need": ("clear", "none", "vague", None),
    "when": ("this month", "this quarter", "never", "unknown"),
    "rfp": ("yes", "no"),
    "strange": ("a", "b"),
    "referrer": ("customer", "partner", "unknown"),
    "relation": ("partner", "colleague", "angry"),
    "became": ("won", "stop", None),
}
DAYS = st.one_of(
    st.integers(0, 130).map(float),
    st.floats(0, 130, allow_nan=False).map(lambda day: round(day, 3)),
    st.sampled_from([CUTOFF, 86.0, 70.0, 40.0, 10.0, 0.0]),
)


@dataclass(frozen=True)
class World:
    """Records before they become tables, so that a slow oracle can read them too."""

    leads: tuple[Lead, ...]
    activities: tuple[Activity, ...]
    answers: tuple[Answer, ...]

    def tables(self) -> Tables:
        return builders.tables(self.leads, self.activities, self.answers, through=1000)

    def only(self, lead_id: str) -> World:
        return World(
            tuple(lead for lead in self.leads if lead.lead_id == lead_id),
            tuple(row for row in self.activities if row.lead_id == lead_id),
            tuple(row for row in self.answers if row.lead_id == lead_id),
        )

    def until(self, day: float) -> World:
        """Return the world without what happened at or after a day."""
        return replace(
            self,
            activities=tuple(row for row in self.activities if row.occurred_at < builders.at(day)),
            answers=tuple(row for row in self.answers if row.answered_at < builders.at(day)),
        )


def answer_rows(lead_id: str) -> st.SearchStrategy[Answer]:
    return st.sampled_from(list(WORDS)).flatmap(
        lambda field: st.builds(
            lambda day, value: builders.answer(day, field, value, lead_id=lead_id),
            DAYS,
            st.sampled_from(WORDS[field]),
        )
    )


def activity_rows(lead_id: str) -> st.SearchStrategy[Activity]:
    return st.builds(
        lambda day, kind, direction, channel: builders.activity(
            day, kind, direction, lead_id=lead_id, channel=channel
        ),
        DAYS,
        st.sampled_from(TYPES),
        st.sampled_from(["inbound", "outbound"]),
        st.sampled_from([None, "phone", "E-Mail", "social-ads"]),
    )


def lead_rows(lead_id: str, created: float | None = 0) -> st.SearchStrategy[Lead]:
    known = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(words) for name, words in WORDS.items()}
    )
    sources = st.sampled_from(["list", "friend", "web_form", "unknown", None])

    def build(source: str | None, attributes: dict[str, AttributeValue]) -> Lead:
        return builders.lead(lead_id, created, source, **attributes)

    return st.builds(build, sources, known)


def random_world(rng: np.random.Generator, leads: int) -> World:
    """Return a world of many leads, drawn like those of `worlds` and told apart by number only."""
    ids = [f"L-{number}" for number in range(leads)]
    fields = list(WORDS)
    sources = ("list", "friend", "web_form", "unknown", None)

    def word(field: str) -> str | None:
        words: tuple[str | None, ...] = WORDS[field]
        return words[rng.integers(len(words))]

    def day() -> float:
        whole = rng.integers(0, 131)
        return float(whole if rng.random() < 0.5 else round(130 * rng.random(), 3))

    return World(
        tuple(
            builders.lead(
                lead_id,
                0,
                sources[rng.integers(len(sources))],
                **{field: word(field) for field in fields if rng.random() < 0.4},
            )
            for lead_id in ids
        ),
        tuple(
            builders.activity(
                day(),
                TYPES[rng.integers(len(TYPES))],
                "inbound" if rng.random() < 0.6 else "outbound",
                lead_id=lead_id,
            )
            for lead_id in ids
            for _ in range(rng.integers(0, 13))
        ),
        tuple(
            builders.answer(day(), field, word(field), lead_id=lead_id)
            for lead_id in ids
            for field in rng.choice(fields, size=rng.integers(0, 7)).tolist()
        ),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw up to three leads, each with up to a dozen activities and half a dozen answers."""
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    return World(
        tuple(draw(lead_rows(lead_id)) for lead_id in ids),
        tuple(row for lead_id in ids for row in draw(st.lists(activity_rows(lead_id), max_size=12))),
        tuple(row for lead_id in ids for row in draw(st.lists(answer_rows(lead_id), max_size=6))),
    )
