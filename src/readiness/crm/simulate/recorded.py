"""What a simulated CRM writes down beyond the usual, and what it loses."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, OUTCOMES
from readiness.crm.simulate.answers import FIELDS, Said
from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.calendar import DAYS, END
from readiness.crm.simulate.days import Course, first_day
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.simulate.words import ENGAGEMENTS, HANDS, SOURCES, column
from readiness.crm.tables import Attribute, Flags, Ints, coded

STATE_FIELDS: Final = ("engagement", "worked_by")
LATENTS: Final = ("fit", "need", "budget", "authority", "timing", "curiosity", "resents")

_STATUS: Final = ("won", "do not contact", "lost", "disqualified", "open")
_MISTAKEN: Final = 0.04
_CLOSING: Final = (8.0, 2.0, 4.0, 3.0)


def latents(buyers: Buyers) -> dict[str, Attribute]:
    """Return what drives the outcomes and does not change, as attributes ``true_…``."""
    columns: dict[str, Attribute] = {f"true_{name}": np.round(getattr(buyers, name), 3) for name in LATENTS}
    return columns | {"ends_early": column(np.where(buyers.ends_early, 0, 1), ("yes", "no"))}


def with_states(said: Said, buyers: Buyers, course: Course) -> Said:
    """Add the leads' states as answers, dated when they changed.

    The first stands at creation. Engagement moves when the lead's day ends, and is dated a second
    before; hands change during the day.
    """
    n, words = len(buyers), said.words
    place = {word: len(words) + number for number, word in enumerate((*ENGAGEMENTS, *HANDS))}
    days = [np.flatnonzero(_moved(course, day)) for day in range(1, DAYS)]
    lead = np.concatenate([np.arange(n), *days])
    day = np.concatenate([first_day(buyers), *(np.full(len(rows), k + 1) for k, rows in enumerate(days))])
    age = day - first_day(buyers)[lead]
    at = buyers.created_at[lead] + age * MICROSECONDS_PER_DAY - np.where(age > 0, MICROSECONDS_PER_SECOND, 0)
    engagement = course.states[day, lead].astype(np.int64) // len(HANDS)
    moves = course.moves
    lead = np.concatenate([lead, np.arange(n), moves.lead])
    hands = np.concatenate([np.zeros(n, dtype=np.int64), moves.hands])
    value = np.concatenate([engagement + place[ENGAGEMENTS[0]], hands + place[HANDS[0]]])
    field = np.concatenate([np.full(len(at), len(FIELDS)), np.full(len(hands), len(FIELDS) + 1)])
    at = np.concatenate([at, buyers.created_at, moves.at])
    return Said(
        np.concatenate([said.lead, lead]),
        np.concatenate([said.at, at]),
        np.concatenate([said.field, field]),
        np.concatenate([said.value, value]),
        (*words, *ENGAGEMENTS, *HANDS),
    )


def _moved(course: Course, day: int) -> Flags:
    before, now = course.states[day - 1], course.states[day]
    moved: Flags = (before >= 0) & (now >= 0) & (before // len(HANDS) != now // len(HANDS))
    return moved


def leaks(cause: Ints, names: tuple[str, ...], random: np.random.Generator) -> dict[str, Attribute]:
    """Make the leak columns asked for from the known outcomes; cause -1 is still open."""
    n = len(cause)
    number = random.permutation(n)
    mistaken = random.random(n) < _MISTAKEN
    status = np.where(
        mistaken, random.integers(0, len(_STATUS), n), np.where(cause < 0, len(OUTCOMES), cause)
    )
    score = np.round(np.array([*_CLOSING, np.nan])[cause] + random.standard_normal(n), 1)
    contract = [
        f"K-{k:06d}" if won else None for k, won in zip(number.tolist(), cause == CLOSED_WON, strict=True)
    ]
    columns: dict[str, tuple[str, Attribute]] = {
        "winners_only": ("contract_no", coded(contract)),
        "near_copy": ("pipeline_status", column(status, _STATUS)),
        "written_after": ("closing_score", score),
    }
    return dict(columns[name] for name in names)


def known_until(buyers: Buyers, options: WorldOptions, random: np.random.Generator) -> Ints:
    """Return until when each lead's record is kept: the end of the watch, or sooner.

    Records of bought lists and trade shows are lost soonest. Loss depends on nothing but the source,
    hence tells nothing more about the future.
    """
    until = np.full(len(buyers), END, dtype=np.int64)
    wait = random.standard_exponential(len(buyers))
    if options.lost_records == 0.0:
        return until
    haste = np.full(len(SOURCES), 0.7)
    haste[[SOURCES.index("bought_list"), SOURCES.index("trade_show_bowl")]] = 2.0
    days = 365.0 * wait / (-np.log1p(-options.lost_records) * haste[buyers.source])
    seconds = np.minimum(days * 86_400.0, 1e9).astype(np.int64)
    lost_at: Ints = buyers.created_at + (seconds + 1) * MICROSECONDS_PER_SECOND
    return np.minimum(until, lost_at)
