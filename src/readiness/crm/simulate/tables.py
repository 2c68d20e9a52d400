"""From what happened in a simulated world to the tables a CRM would show of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm import tables
from readiness.crm.records import (
    DECISIONS,
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_SECOND,
    NO_INSTANT,
    STOP_CALLING,
)
from readiness.crm.simulate import activities as acts
from readiness.crm.simulate import answers, profiles, recorded
from readiness.crm.simulate.answers import FIELDS, Said
from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.calendar import END
from readiness.crm.simulate.chain import SALES, WAITING, Chain
from readiness.crm.simulate.days import Course, before_end, within_day
from readiness.crm.simulate.options import Streams, WorldOptions
from readiness.crm.simulate.words import (
    DECLINE_REASONS,
    HAND_BACK_REASONS,
    SOURCES,
    column,
)
from readiness.crm.tables import Coded, Flags, Floats, Ints, Tables

_BROUGHT_BY: Final = {
    "web_form": "form_submitted",
    "content_download": "content_download",
    "webinar": "webinar_attended",
    "chat": "chat",
}
"""Sources that are an activity of the lead's own."""
_HANDED_BACK: Final = 0.3
"""Of what sales does not accept: the share given back after a first try, rather than declined."""


@dataclass(frozen=True, slots=True)
class _Handovers:
    lead: Ints
    at: Ints
    decided_at: Ints
    decision: Ints
    reason: Ints
    propensity: Floats


def tables_of(
    buyers: Buyers, chain: Chain, course: Course, options: WorldOptions, streams: Streams
) -> Tables:
    """Write the tables of a world: what a CRM knows at the end of the watch, and no more."""
    n = len(buyers)
    known_until = recorded.known_until(buyers, options, streams("loss"))
    known = (course.ended_at != NO_INSTANT) & (course.ended_at < known_until)
    cause = np.where(known, course.cause, -1)
    size = profiles.company_size(buyers, streams("profile"))
    rows, by_lot = _activities(buyers, chain, course, streams)
    said = answers.said(buyers, size, rows, streams("answers"))
    if options.recorded:
        said = recorded.with_states(said, buyers, course)
    handed = _handovers(buyers, chain, course, by_lot, streams("decisions"))
    ended = np.flatnonzero(known)
    return Tables(
        leads=_lead_table(buyers, size, cause, known_until, options, streams),
        activities=_activity_table(n, rows.where(rows.at < known_until[rows.lead])),
        answers=_answer_table(n, said, known_until),
        outcomes=tables.outcomes(
            leads=n,
            lead=ended.astype(np.int32),
            occurred_at=course.ended_at[ended],
            outcome=cause[ended].astype(np.int8),
        ),
        handovers=_handover_table(n, handed, known_until),
        observed_through=END,
    )


def _lead_table(
    buyers: Buyers, size: Ints, cause: Ints, known_until: Ints, options: WorldOptions, streams: Streams
) -> tables.Leads:
    n = len(buyers)
    attributes = profiles.attributes(buyers, size, streams("attributes"))
    if options.recorded:
        attributes |= recorded.latents(buyers)
    return tables.Leads(
        lead_id=np.array([f"L-{number:06d}" for number in range(1, n + 1)], dtype=np.object_),
        created_at=buyers.created_at,
        last_known_at=np.where(known_until < END, known_until, NO_INSTANT),
        source=column(buyers.source, SOURCES),
        attributes=attributes | recorded.leaks(cause, options.leaks, streams("leaks")),
        identities=profiles.identities(n, streams("identity")),
    )


def _activities(buyers: Buyers, chain: Chain, course: Course, streams: Streams) -> tuple[acts.Rows, Flags]:
    seeds, talk = course.seeds, streams("talk")
    work = streams("hours").random(len(seeds.lead)) * _work_of_day(buyers, chain, seeds.lead, seeds.age)
    at = within_day(chain.office, buyers.created_at[seeds.lead], seeds.age, work)
    usual = acts.of_seeds(chain, seeds.lead, seeds.state, seeds.age == 0, at, streams("kinds"), talk)
    moves = course.moves
    given = np.flatnonzero(moves.hands == WAITING)
    lead, age = moves.lead[given], moves.age[given]
    began = buyers.created_at[lead] + age * MICROSECONDS_PER_DAY
    causes, by_lot = acts.of_handovers(
        chain, lead, age, moves.state[given], moves.at[given], began, streams("causes")
    )
    stopped = np.flatnonzero(course.cause == STOP_CALLING)
    stops = acts.of_stops(chain, stopped, course.ended_at[stopped])
    types = [acts.TYPES.index(_BROUGHT_BY[name]) if name in _BROUGHT_BY else -1 for name in SOURCES]
    arrivals = acts.of_arrivals(
        np.array(types)[buyers.source], np.arange(len(buyers)), buyers.created_at, buyers.engaged, talk
    )
    rows = acts.joined([usual, causes, arrivals])
    return acts.joined([rows.where(before_end(rows.at, course.ended_at[rows.lead])), stops]), by_lot


def _work_of_day(buyers: Buyers, chain: Chain, lead: Ints, age: Ints) -> Floats:
    begun = buyers.created_at[lead] + age * MICROSECONDS_PER_DAY
    return chain.office.work(begun + MICROSECONDS_PER_DAY) - chain.office.work(begun)


def _handovers(
    buyers: Buyers, chain: Chain, course: Course, by_lot: Flags, random: np.random.Generator
) -> _Handovers:
    moves = course.moves
    given = np.flatnonzero(moves.hands == WAITING)
    lead = moves.lead[given]
    # The lead's next move, if it made one, is what sales decided.
    following = np.minimum(given + 1, max(len(moves.lead) - 1, 0))
    decided = (moves.lead[following] == lead) & (following > given)
    accepted = decided & (moves.hands[following] == SALES)
    back = decided & ~accepted & (random.random(len(lead)) < _HANDED_BACK)
    words = [DECISIONS.index(name) for name in ("handed_back", "accepted", "declined")]
    decision = np.select([~decided, back, accepted], [-1, words[0], words[1]], words[2])
    # The lot is drawn once a day, with the chance that a day of this much work gives.
    work = _work_of_day(buyers, chain, lead, moves.age[given])
    return _Handovers(
        lead=lead,
        at=moves.at[given] + MICROSECONDS_PER_SECOND,
        decided_at=np.where(decided, moves.at[following], NO_INSTANT),
        decision=decision,
        reason=_reasons(buyers, lead, decision, random),
        propensity=np.where(by_lot, -np.expm1(-chain.by_lot * work), np.nan),
    )


def _reasons(buyers: Buyers, lead: Ints, decision: Ints, random: np.random.Generator) -> Ints:
    """Give the reason nearest to what the buyer lacks; a position in both lists of reasons joined."""
    noise = random.standard_normal((5, len(lead)))
    lacks = np.stack([-buyers.fit[lead], -buyers.budget[lead], -buyers.timing[lead]]) + 0.6 * noise[:3]
    declined = np.argmax(np.concatenate([lacks, 0.8 * noise[3:] - 0.2]), axis=0)
    returned = np.argmax(np.stack([noise[3], lacks[2], -buyers.authority[lead] + 0.6 * noise[4]]), axis=0)
    back = DECISIONS.index("handed_back")
    reason = np.where(decision == back, len(DECLINE_REASONS) + returned, declined)
    return np.where((decision < 0) | (decision == DECISIONS.index("accepted")), -1, reason)


def _activity_table(leads: int, rows: acts.Rows) -> tables.Activities:
    return tables.activities(
        leads=leads,
        lead=rows.lead.astype(np.int32),
        occurred_at=rows.at,
        type=column(rows.type, acts.TYPES),
        direction=acts.DIRECTION[rows.type],
        channel=column(acts.CHANNEL[rows.type], acts.CHANNELS),
        value=rows.value,
    )


def _answer_table(leads: int, said: Said, known_until: Ints) -> tables.Answers:
    kept = said.at < known_until[said.lead]
    value = column(said.value[kept], said.words)
    return tables.answers(
        leads=leads,
        lead=said.lead[kept].astype(np.int32),
        answered_at=said.at[kept],
        field=column(said.field[kept], (*FIELDS, *recorded.STATE_FIELDS)),
        value=value,
    )


def _handover_table(leads: int, handed: _Handovers, known_until: Ints) -> tables.Handovers:
    kept = handed.at < known_until[handed.lead]
    lead, at = handed.lead[kept], handed.at[kept]
    undecided = handed.decided_at[kept] >= known_until[lead]
    return tables.handovers(
        leads=leads,
        lead=lead.astype(np.int32),
        handed_over_at=at,
        decided_at=np.where(undecided, NO_INSTANT, handed.decided_at[kept]),
        decision=np.where(undecided, -1, handed.decision[kept]).astype(np.int8),
        reason=_reason_column(np.where(undecided, -1, handed.reason[kept])),
        propensity=handed.propensity[kept],
    )


def _reason_column(reason: Ints) -> Coded:
    return column(reason, (*DECLINE_REASONS, *HAND_BACK_REASONS))
