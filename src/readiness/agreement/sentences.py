"""What the agreement says of one lead, in sentences that cite the lead's own facts; made on demand."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from readiness.agreement import advice_sentences, category_sentences, category_signals, next_steps
from readiness.agreement.advice import ACTIONS, ADVICE_RULES, Advices
from readiness.agreement.advice_rules import CLOSED
from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN, evidence_for
from readiness.agreement.category import RULES
from readiness.agreement.document import CATEGORIES, PIECES, STAGES
from readiness.agreement.for_and_against import speaks_against, speaks_for
from readiness.agreement.nurture_terms import Track
from readiness.agreement.stage import signifiers
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import (
    evidence_said,
    field_at,
    value_at,
)
from readiness.crm.records import iso
from readiness.history.desk import Desk

Json: TypeAlias = dict[str, Any]

_STATES: Final = {BANT_CONFIRMED: "confirmed", BANT_DENIED: "denied", BANT_UNKNOWN: "unknown"}


def category(verdicts: Verdicts, row: int, desk: Desk | None = None) -> Json:
    """Say which kind of lead it is: ``name``, ``rule``, ``because`` and ``evidence`` (signal, value).

    Signals that are unknown are left out of the evidence. ``desk`` (n rows) matters to one warning: who was
    accepted by sales has met a salesperson.
    """
    return {
        "name": CATEGORIES[verdicts.category[row]],
        "rule": RULES[verdicts.rule[row]].code,
        "because": category_sentences.because(verdicts, row, desk),
        "evidence": category_signals.evidence(verdicts, row),
    }


def bant(verdicts: Verdicts, row: int) -> Json:
    """Say what is known of each of the four: ``state``, ``because`` and ``at``.

    ``because`` is None where the state is unknown; ``at`` also where nobody dated the evidence.
    """
    states, tables = verdicts.bant, verdicts.tables
    lead = int(verdicts.snapshots.lead[row])
    told: Json = {}
    for column, name in enumerate(PIECES):
        item, pointer = int(states.item[row, column]), int(states.pointer[row, column])
        because = None
        if item >= 0:
            piece = evidence_for(verdicts.agreement.bant, name)[item]
            because = evidence_said(verdicts.agreement, tables, lead, piece, pointer)
        told[name] = {
            "state": _STATES[int(states.state[row, column])],
            "because": because,
            "at": iso(int(states.at[row, column])),
        }
    return told


def stage(verdicts: Verdicts, row: int) -> Json:
    """Say which stage the lead has reached: ``name``, its newest ``signifier`` and when ``at`` it came.

    The signifier is an activity type, or an answer or attribute with its value. In awareness it is what
    moved the lead back there, None if nothing did.
    """
    states, tables = verdicts.stage, verdicts.tables
    reached, pointer = int(states.stage[row]), int(states.pointer[row])
    signifier = None
    item = int(states.item[row])
    if item >= 0:
        piece = signifiers(verdicts.agreement.stages, reached)[item]
        if piece.activities:
            signifier = tables.activities.type.at(pointer)
        else:
            value = value_at(tables, int(verdicts.snapshots.lead[row]), piece.reads, pointer)
            signifier = f"{field_at(tables, piece.reads, pointer)}: {value}"
    return {"name": STAGES[reached], "signifier": signifier, "at": iso(int(states.at[row]))}


def advice(verdicts: Verdicts, advices: Advices, row: int) -> Json:
    """Say what to do now, in the shape that an assessment shows.

    ``next_step`` says who does what by when, ``first_of_all`` which request has to be answered before,
    ``how`` what was agreed of doing it. ``speaks_for`` and ``speaks_against`` are sentences with the lead's
    own facts, weightiest first. Of who must not be called or has ended there are none; nor does anything
    speak for who does not fit.
    """
    ask, track = int(advices.ask_next[row]), int(advices.track[row])
    action = ACTIONS[advices.action[row]]
    terms = verdicts.agreement
    sampled = bool(advices.sampled[row])
    code = ADVICE_RULES[advices.rule[row]].code
    closed, waits = code in CLOSED, next_steps.first_of_all(verdicts, advices, row)
    return {
        "action": action,
        "rule": code,
        "next_step": next_steps.next_step(verdicts, advices, row),
        "first_of_all": waits,
        "how": next_steps.how(verdicts, advices, row),
        "because": advice_sentences.because(verdicts, advices, row),
        "speaks_for": []
        if closed or code == "UW1"
        else list(speaks_for(verdicts, row, waits=waits is not None)),
        "speaks_against": [] if closed else list(speaks_against(verdicts, row, advices.desk)),
        "by": iso(int(advices.by[row])),
        "know_first": advice_sentences.know_first(verdicts, advices, row) if action == "hand_over" else None,
        "ask_next": None if ask < 0 else subjects(terms)[ask].ask,
        "ask_channel": None if ask < 0 else subjects(terms)[ask].channel,
        "follow_up": iso(int(advices.follow_up[row])),
        "look_again": iso(int(advices.look_again[row])),
        "track": None if track < 0 else _track(terms.nurture.tracks[track]),
        "sampled": sampled,
        "propensity": terms.handover.random_share if sampled else None,
    }


def _track(track: Track) -> Json:
    return {"name": track.name, "says": track.says}
