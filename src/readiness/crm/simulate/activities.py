"""What simulated leads and we did: activities that follow from the leads' states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import DIRECTIONS, MICROSECONDS_PER_SECOND
from readiness.crm.simulate import chain as rules
from readiness.crm.simulate.chain import Chain
from readiness.crm.simulate.words import ACTIVITY_WORDS, HANDS
from readiness.crm.tables import Flags, Floats, Ints

# Rates a day by engagement × hands, of what hands nobody over.
_MEETINGS: Final = np.array(
    [[0.0, 0.0, 0.001, 0.0], [0.0, 0.0, 0.010, 0.0], [0.003, 0.003, 0.05, 0.003], [0.004, 0.004, 0.09, 0.004]]
).ravel()
_SOCIAL: Final = np.tile([0.002, 0.002, 0.02, 0.002], 4)
_UNSUBSCRIBED: Final = np.repeat([0.0006, 0.0003, 0.0001, 0.0001], len(HANDS))
_OPENED: Final = np.array([0.15, 0.35, 0.45, 0.50])
_CLICKED: Final = np.array([0.10, 0.30, 0.40, 0.40])
"""Of those who opened."""
_CONNECTED: Final = np.array([0.20, 0.30, 0.45, 0.50])
_VISITS_AGAIN: Final = 0.2

TYPES: Final = tuple(word.name for word in ACTIVITY_WORDS)
DIRECTION: Final = np.array([DIRECTIONS.index(word.direction) for word in ACTIVITY_WORDS], dtype=np.int8)
CHANNELS: Final = tuple(sorted({word.channel for word in ACTIVITY_WORDS}))
CHANNEL: Final = np.array([CHANNELS.index(word.channel) for word in ACTIVITY_WORDS])

_KINDS: Final = (*rules.INBOUND, "meeting", "unsubscribe", "linkedin_message", "email_sent", "call_attempt")
_MAIL: Final = _KINDS.index("email_sent")
_CALL: Final = _KINDS.index("call_attempt")
_TYPE_OF: Final = np.array([TYPES.index(kind) for kind in _KINDS])
_BY_LOT: Final = len(rules.INBOUND) + 1
"""Among what hands a lead over: the inbound types, then replies, then the lot."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Activities in no particular order; ``engagement`` is that of the day, for what is said then."""

    lead: Ints
    at: Ints
    type: Ints
    """Position in TYPES."""
    value: Floats
    engagement: Ints

    def where(self, kept: Flags) -> Rows:
        """Return these rows only."""
        return Rows(self.lead[kept], self.at[kept], self.type[kept], self.value[kept], self.engagement[kept])


def joined(parts: list[Rows]) -> Rows:
    """Return all the rows in one."""
    return Rows(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("lead", "at", "type", "value", "engagement")
        )
    )


def rate(chain: Chain, lead: Ints, state: Ints, first: Flags) -> Floats:
    """Return the rate, per working day, of everything that is done by and to leads in such states."""
    total = np.zeros(len(lead))
    for kind in range(len(_KINDS)):
        total += _rate_of(kind, chain, lead, state, first)
    return total


def _rate_of(kind: int, chain: Chain, lead: Ints, state: Ints, first: Flags) -> Floats:
    name = _KINDS[kind]
    if kind < len(rules.INBOUND):
        factor = chain.content if rules.OF_CONTENT[kind] else chain.visits
        return np.repeat(rules.INBOUND_RATES[kind], len(HANDS))[state] * factor[lead]
    if name == "email_sent":
        return np.where(first, 0.0, rules.MAILS.ravel()[state])
    if name == "call_attempt":
        return rules.CALLS.ravel()[state] * chain.called[lead]
    table = {"meeting": _MEETINGS, "unsubscribe": _UNSUBSCRIBED, "linkedin_message": _SOCIAL}[name]
    return table[state]


def of_seeds(
    chain: Chain,
    lead: Ints,
    state: Ints,
    first: Flags,
    at: Ints,
    kinds: np.random.Generator,
    talk: np.random.Generator,
) -> Rows:
    """Tell the seeds apart and write down what each became.

    What would have handed the lead over, or made it tell us to stop, is left out: those activities
    are drawn with the hand-over and the end themselves.
    """
    kind = _kinds(chain, lead, state, first, kinds)
    engagement, hands = np.divmod(state, len(HANDS))
    chance = np.append(rules.HANDS_OVER, np.zeros(len(_KINDS) - len(rules.INBOUND)))[kind]
    replied = (kind == _MAIL) & (kinds.random(len(lead)) < rules.REPLIES[engagement] * chain.visits[lead])
    chance = np.where(replied, rules.REPLY_HANDS_OVER, chance)
    taken = rules.hands_over(chain, lead, chance, hands)
    taken = np.where(kind == _CALL, rules.stop_chance(chain, lead, state), taken)
    kept = kinds.random(len(lead)) >= taken
    lead, at, kind, engagement, replied = lead[kept], at[kept], kind[kept], engagement[kept], replied[kept]
    mail, call = kind == _MAIL, kind == _CALL
    plain = ~call
    done = _written(lead[plain], at[plain], _TYPE_OF[kind[plain]], engagement[plain], talk)
    again = (done.type == TYPES.index("web_visit")) & (talk.random(len(done.lead)) < _VISITS_AGAIN)
    minutes = talk.integers(3, 45, int(again.sum()))
    visits = _written(
        done.lead[again],
        done.at[again] + minutes * 60 * MICROSECONDS_PER_SECOND,
        done.type[again],
        done.engagement[again],
        talk,
    )
    mails = _after_mail(chain, lead[mail], at[mail], engagement[mail], replied[mail], talk)
    return joined([done, visits, *mails, *_calls(lead[call], at[call], engagement[call], talk)])


def _kinds(chain: Chain, lead: Ints, state: Ints, first: Flags, kinds: np.random.Generator) -> Ints:
    target = kinds.random(len(lead)) * rate(chain, lead, state, first)
    below = np.zeros(len(lead))
    kind = np.zeros(len(lead), dtype=np.int64)
    for number in range(len(_KINDS) - 1):
        below += _rate_of(number, chain, lead, state, first)
        kind += target >= below
    return kind


def _after_mail(
    chain: Chain, lead: Ints, at: Ints, engagement: Ints, replied: Flags, talk: np.random.Generator
) -> list[Rows]:
    opened = replied | (talk.random(len(lead)) < _OPENED[engagement])
    clicked = opened & (talk.random(len(lead)) < _CLICKED[engagement])
    work = chain.office.work(at) + talk.exponential(0.35, len(lead))
    seen = chain.office.reached(work)
    answered = chain.office.reached(work + talk.exponential(0.25, len(lead)))
    return [
        _written(
            lead[which], when[which], np.full(int(which.sum()), TYPES.index(name)), engagement[which], talk
        )
        for name, which, when in (
            ("email_opened", opened, seen),
            ("email_clicked", clicked, seen + 40 * MICROSECONDS_PER_SECOND),
            ("email_reply", replied, answered),
        )
    ]


def _calls(lead: Ints, at: Ints, engagement: Ints, talk: np.random.Generator) -> list[Rows]:
    connected = talk.random(len(lead)) < _CONNECTED[engagement]
    minutes = np.ceil(talk.exponential(1.5 + 1.5 * engagement))
    minutes[~connected] = np.nan
    type_ = np.where(connected, TYPES.index("call_connected"), TYPES.index("call_attempt"))
    ours = Rows(lead, at, type_, minutes, engagement)
    # Who talks for two minutes took part; a shorter call was ours alone.
    talked = np.nan_to_num(minutes) >= 2
    theirs = Rows(
        lead[talked],
        at[talked],
        np.full(int(talked.sum()), TYPES.index("call_answered")),
        minutes[talked],
        engagement[talked],
    )
    return [ours, theirs]


def of_handovers(
    chain: Chain, lead: Ints, age: Ints, state: Ints, at: Ints, day_at: Ints, kinds: np.random.Generator
) -> tuple[Rows, Flags]:
    """Write down what made marketing hand leads over, and say which of them it handed over by lot.

    A reply that hands a lead over answers a mail of the same day of the lead; ``day_at`` is when
    that day began.
    """
    n = len(lead)
    engagement, hands = np.divmod(state, len(HANDS))
    on_sight = np.where(rules.OF_CONTENT[:, None], chain.content[lead], chain.visits[lead])
    chances = np.empty((_BY_LOT + 1, n))
    seen = rules.hands_over(chain, lead, np.ones(n), hands)
    chances[:-2] = rules.INBOUND_RATES[:, engagement] * rules.HANDS_OVER[:, None] * on_sight * seen
    reply = (
        rules.MAILS.ravel()[state] * rules.REPLIES[engagement] * rules.REPLY_HANDS_OVER * chain.visits[lead]
    )
    chances[-2] = np.where(age == 0, 0.0, reply * seen)
    chances[-1] = chain.by_lot
    edges = chances.cumsum(axis=0)
    which = (kinds.random(n) * edges[-1] >= edges[:-1]).sum(axis=0)
    by_lot, replied = which == _BY_LOT, which == _BY_LOT - 1
    type_ = np.append(_TYPE_OF[: len(rules.INBOUND)], [TYPES.index("email_reply"), -1])[which]
    caused = _written(lead[~by_lot], at[~by_lot], type_[~by_lot], engagement[~by_lot], kinds)
    begun = chain.office.work(day_at[replied])
    mailed_at = chain.office.reached(
        begun + kinds.random(len(begun)) * (chain.office.work(at[replied]) - begun)
    )
    mailed_at = np.maximum(mailed_at, day_at[replied])
    mail = np.full(len(begun), TYPES.index("email_sent"))
    return joined([caused, _written(lead[replied], mailed_at, mail, engagement[replied], kinds)]), by_lot


def of_stops(chain: Chain, lead: Ints, at: Ints) -> Rows:
    """Write down the calls in which leads told us to stop; a call is dated when it ended."""
    kept = np.full(len(lead), chain.calls_stop)
    connected = np.full(len(lead), TYPES.index("call_connected"))
    return Rows(lead, at, connected, np.ones(len(lead)), np.zeros(len(lead), dtype=np.int64)).where(kept)


def of_arrivals(
    source_types: Ints, lead: Ints, at: Ints, engagement: Ints, talk: np.random.Generator
) -> Rows:
    """Write down what brought the leads, where it was an activity of theirs; type -1: it was not."""
    own = source_types >= 0
    return _written(lead[own], at[own], source_types[own], engagement[own], talk)


def _written(lead: Ints, at: Ints, type_: Ints, engagement: Ints, talk: np.random.Generator) -> Rows:
    value = np.full(len(lead), np.nan)
    for name, low, high in (
        ("web_visit", 1, 9),
        ("webinar_attended", 15, 61),
        ("chat", 2, 16),
        ("meeting", 20, 91),
    ):
        rows = np.flatnonzero(type_ == TYPES.index(name))
        value[rows] = talk.integers(low, high, len(rows))
    return Rows(lead, at, type_, value, engagement)
