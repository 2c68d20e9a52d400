"""How a simulated lead lives from day to day: a Markov chain with competing ends, one day at a time.

A lead's day starts at the hour of its creation. Its state is how engaged it is (cold, warm, hot,
deciding) and in whose hands (marketing, waiting for sales' decision, sales, back with marketing). Within
a day everything comes at constant rates over working time, so that nothing that happened earlier that
day tells what comes later, but for being handed over or ended. Activities follow from the state and
change nothing; the one that makes marketing hand a lead over is drawn together with the hand-over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import STOP_CALLING
from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.calendar import EVEN, OFFICE, Rhythm
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.simulate.words import ENGAGEMENTS, HANDS
from readiness.crm.tables import Flags, Floats, Ints

MARKETING, WAITING, SALES, BACK = range(4)
STATES: Final = len(ENGAGEMENTS) * len(HANDS)
"""A state is ``4 * engagement + hands``."""

CAUSES: Final = 4
"""In the order of OUTCOMES: closed_won, stop_calling, closed_lost, disqualified."""

# Rates a day, engagement × hands.
_WON: Final = np.array(
    [
        [0.000002, 0.000002, 0.000005, 0.000002],
        [0.000008, 0.000008, 0.00005, 0.000008],
        [0.00004, 0.00006, 0.0005, 0.00004],
        [0.0003, 0.0004, 0.0045, 0.0003],
    ]
)
CALLS: Final = np.array(
    [
        [0.006, 0.02, 0.12, 0.006],
        [0.008, 0.03, 0.14, 0.008],
        [0.010, 0.04, 0.15, 0.010],
        [0.010, 0.04, 0.15, 0.010],
    ]
)
_STOPS_A_CALL: Final = np.repeat(np.array([[0.021], [0.009], [0.003], [0.001]]), 4, axis=1)
_LOST: Final = np.array(
    [
        [0.0005, 0.0005, 0.0035, 0.0007],
        [0.0005, 0.0005, 0.0035, 0.0007],
        [0.0006, 0.0006, 0.0045, 0.0009],
        [0.0012, 0.0012, 0.0090, 0.0012],
    ]
)
_DISQUALIFIED: Final = np.repeat(np.array([[0.0001, 0.0008, 0.0008, 0.0001]]), 4, axis=0)
_EVEN_RATES: Final = np.array([0.00044, 0.00041, 0.00087, 0.00016])
"""Rates by cause in a world with random outcomes: those of the ordinary world, averaged over its days."""

_UP: Final = np.array([0.005, 0.035, 0.035, 0.0])
_DOWN: Final = np.array([0.0, 0.050, 0.060, 0.040])
_UP_IN_HANDS: Final = np.array([1.0, 1.2, 1.5, 0.8])

DECIDED: Final = 0.7
"""Rate a working day at which sales decides on a lead that waits."""
_HANDED_BACK: Final = np.array([0.030, 0.015, 0.005, 0.003])
_BACK_AGAIN: Final = 0.15
"""How much more slowly marketing hands over a lead that sales has had before."""

# What marketing sees, a day by engagement: (rate, chance that it hands the lead over because of it).
_SEEN_OTHER: Final = {
    "web_visit": ((0.004, 0.020, 0.060, 0.085), 0.01),
    "pricing_page_view": ((0.0005, 0.004, 0.025, 0.07), 0.12),
    "form_submitted": ((0.0003, 0.003, 0.014, 0.02), 0.40),
    "demo_requested": ((0.0001, 0.001, 0.010, 0.03), 0.60),
    "chat": ((0.0005, 0.004, 0.014, 0.02), 0.25),
}
_SEEN_CONTENT: Final = {
    "content_download": ((0.002, 0.013, 0.020, 0.012), 0.04),
    "webinar_attended": ((0.001, 0.006, 0.006, 0.003), 0.06),
}
"""Rates of the second kind grow with curiosity alone, which drives nothing else."""
MAILS: Final = np.array(
    [
        [0.007, 0.02, 0.05, 0.007],
        [0.010, 0.02, 0.06, 0.010],
        [0.014, 0.03, 0.07, 0.014],
        [0.014, 0.03, 0.07, 0.014],
    ]
)
REPLIES: Final = np.array([0.01, 0.07, 0.22, 0.35])
REPLY_HANDS_OVER: Final = 0.15

INBOUND: Final = (*_SEEN_OTHER, *_SEEN_CONTENT)
INBOUND_RATES: Final = np.array([rates for rates, _ in (_SEEN_OTHER | _SEEN_CONTENT).values()])
"""Type × engagement."""
HANDS_OVER: Final = np.array([chance for _, chance in (_SEEN_OTHER | _SEEN_CONTENT).values()])
OF_CONTENT: Final = np.array([name in _SEEN_CONTENT for name in INBOUND])


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything that drives n leads' days: tables by state, and one factor a lead."""

    end_rates: Floats
    """Causes × states."""
    end_factors: Floats
    """Eras × causes × n: one era, or before and after the drift."""
    move_up: Floats
    move_down: Floats
    """Rates by state."""
    up_factor: Floats
    down_factor: Floats
    handover: Floats
    """First day and later × engagement × n: rate at which marketing hands the lead over."""
    by_lot: float
    """The part of that rate which is a lot's, whatever marketing sees."""
    accept: Floats
    """Engagement × n: chance that sales accepts."""
    visits: Floats
    """How active the lead is, factor of the rates of what marketing sees."""
    content: Floats
    """The same for content and webinars."""
    trusted: Floats
    called: Floats
    calls_stop: bool
    """Whether it takes a call to make a lead tell us to stop."""
    office: Rhythm
    ends: Rhythm
    """The working time over which ends are spread."""


def chain(buyers: Buyers, options: WorldOptions) -> Chain:
    """Derive from the buyers what drives their days."""
    n = len(buyers)
    drive = 0.7 * buyers.need + 0.4 * buyers.timing
    visits = np.clip(np.exp(0.25 * buyers.need), 0.3, 2.5)
    content = np.exp(0.7 * buyers.curiosity)
    trusted = np.clip(buyers.trusted * np.exp(0.3 * buyers.fit + 0.2 * buyers.authority), 0.1, 1.6)
    resents = np.clip(np.exp(buyers.resents - 0.7 * buyers.need - 0.5 * buyers.fit), 0.05, 20.0)
    accept = 0.8 * buyers.fit + 0.5 * buyers.authority + np.array([-0.6, 0.2, 0.9, 1.3])[:, None]
    reply = visits * (MAILS[:, MARKETING] * REPLIES * REPLY_HANDS_OVER)[:, None]
    on_sight = np.where(OF_CONTENT[:, None], content, visits)
    seen = np.einsum("te,t,ti->ei", INBOUND_RATES, HANDS_OVER, on_sight)
    by_lot = float(-np.log1p(-options.random_handovers))
    factors = _even_factors(n) if options.random_outcome else _end_factors(buyers, resents, options)
    return Chain(
        end_rates=_end_rates(random_outcome=options.random_outcome),
        end_factors=factors,
        move_up=np.outer(_UP, _UP_IN_HANDS).ravel(),
        move_down=np.repeat(_DOWN, len(HANDS)),
        up_factor=np.exp(0.5 * drive),
        down_factor=np.exp(-0.3 * drive),
        # No mail goes out on the first day, so that no reply can be on its way an hour after creation.
        handover=np.stack([trusted * seen, trusted * (seen + reply)]) + by_lot,
        by_lot=by_lot,
        accept=1.0 / (1.0 + np.exp(-accept)),
        visits=visits,
        content=content,
        trusted=trusted,
        called=buyers.called,
        calls_stop=not options.random_outcome,
        office=OFFICE,
        ends=EVEN if options.random_outcome else OFFICE,
    )


def _end_rates(*, random_outcome: bool) -> Floats:
    if random_outcome:
        return np.repeat(_EVEN_RATES[:, None], STATES, axis=1)
    return np.stack([table.ravel() for table in (_WON, CALLS * _STOPS_A_CALL, _LOST, _DISQUALIFIED)])


def _even_factors(n: int) -> Floats:
    return np.ones((1, CAUSES, n))


def _end_factors(buyers: Buyers, resents: Floats, options: WorldOptions) -> Floats:
    early = buyers.ends_early
    fit = np.array([0.6, 0.0] if options.drift else [0.6])
    won = (
        fit[:, None] * buyers.fit
        + 0.5 * buyers.need
        + 0.4 * buyers.budget
        + 0.4 * buyers.authority
        + 0.3 * buyers.timing
        + buyers.closes
    )
    still = np.ones((len(fit), 1))
    return np.stack(
        [
            np.exp(np.clip(won, -5.0, 3.5)) * np.where(early, 4.0, 1.0),
            still * buyers.called * resents * np.where(early, 2.0, 1.0),
            still * np.exp(-0.25 * won[0]) * np.where(early, 60.0, 1.0),
            still * np.exp(-0.6 * buyers.fit),
        ],
        axis=1,
    )


def stop_chance(chain: Chain, lead: Ints, state: Ints) -> Floats:
    """Return the chance that one call to such a lead in such a state makes it tell us to stop."""
    if not chain.calls_stop:
        return np.zeros(len(lead))
    rate = chain.end_rates[STOP_CALLING, state] * chain.end_factors[0, STOP_CALLING, lead]
    calls = CALLS.ravel()[state] * chain.called[lead]
    chance: Floats = np.divide(rate, calls, out=np.zeros(len(lead)), where=calls > 0)
    return chance


@dataclass(frozen=True, slots=True)
class Day:
    """What a day, or the rest of one, brought each of n leads; work is counted from where it began."""

    ended: Flags
    ended_after: Floats
    """Work until the end, over the rhythm of ends."""
    cause: Ints
    moved: Flags
    """Changed hands, unless it ended before."""
    moved_after: Floats
    """Work until it changed hands, over the office's rhythm."""
    state: Ints
    """At the start of the next day, for those who have not ended."""


def live(
    chain: Chain,
    lead: Ints,
    state: Ints,
    *,
    first: Flags,
    late: Flags,
    office: Floats,
    ends: Floats,
    random: np.random.Generator,
) -> Day:
    """Let n leads live through a day, or through the part of it that holds this much work.

    Ends compete at constant rates; the hands change at most once a day; then engagement moves.

    Parameters
    ----------
    lead, state : n
        Positions in the chain, and states at the start of the day.
    first, late : n
        Whether it is the lead's first day; whether the world has drifted.
    office, ends : n
        Work in the time lived, over the two rhythms.
    """
    n = len(lead)
    engagement, hands = np.divmod(state, len(HANDS))
    rates = (
        chain.end_rates[:, state]
        * chain.end_factors[(late & (len(chain.end_factors) > 1)).astype(np.int64), :, lead].T
    )
    total = rates.sum(axis=0)
    ended_after = random.standard_exponential(n) / total
    edges = rates.cumsum(axis=0)[:-1]
    cause = (random.random(n) * total >= edges).sum(axis=0)
    rate = hand_rate(chain, lead, engagement, hands, first)
    moved_after = random.standard_exponential(n) / rate
    moved = moved_after < office
    accepted = random.random(n) < chain.accept[engagement, lead]
    to = np.where(hands == WAITING, np.where(accepted, SALES, BACK), np.where(hands == SALES, BACK, WAITING))
    hands = np.where(moved, to, hands)
    up, down = engagement_chances(chain, lead, 4 * engagement + hands)
    chance = random.random(n)
    engagement = engagement + (chance < up) - (chance >= 1.0 - down)
    return Day(ended_after < ends, ended_after, cause, moved, moved_after, 4 * engagement + hands)


def hand_rate(chain: Chain, lead: Ints, engagement: Ints, hands: Ints, first: Flags) -> Floats:
    """Return the rate, per working day, at which leads in such states change hands."""
    marketing = chain.handover[1 - first.astype(np.int64), engagement, lead]
    again = _BACK_AGAIN * (marketing - chain.by_lot) + chain.by_lot
    return np.choose(hands, [marketing, np.full(len(lead), DECIDED), _HANDED_BACK[engagement], again])


def engagement_chances(chain: Chain, lead: Ints, state: Ints) -> tuple[Floats, Floats]:
    """Return the chances that engagement rises, and falls, at the end of a day in such states."""
    up = chain.move_up[state] * chain.up_factor[lead]
    down = chain.move_down[state] * chain.down_factor[lead]
    scale = 1.0 / (1.0 + up + down)
    return up * scale, down * scale


def hands_over(chain: Chain, lead: Ints, kind_chance: Floats, hands: Ints) -> Floats:
    """Return the chance that marketing hands a lead over because of one activity of such a kind."""
    again = np.where(hands == BACK, _BACK_AGAIN, 1.0)
    return np.where((hands == MARKETING) | (hands == BACK), kind_chance * chain.trusted[lead] * again, 0.0)
