"""What was typed into the page, as the request that a program would send; faults beside their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from pydantic import ValidationError

from readiness.crm.records import Instant, iso
from serve.page.questions import Question, Questions
from serve.problems import Problem, of_errors
from serve.schemas import ScoreRequest

MOST_FIELDS: Final = 1_000
UNNAMED: Final = "Unnamed lead"
"""What a lead is called whose name was left empty."""

_ROW: Final = re.compile(r"(activities|answers)\[(\d+)\]\.?(.*)")
_DATED: Final = ("activities", "answers")
_UNPLACED: Final = (
    "Say since when you know it: without that, nothing that it did or told you has a place in time."
)
_OF_ACTIVITY: Final = {"type": "type", "direction": "direction", "occurred_at": "on"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in, and the request that it comes to."""

    values: Mapping[str, str]
    """By the name of the field."""
    raw: Mapping[str, Any]
    """The request as a program would send it."""
    request: ScoreRequest | None
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by the name of the field; under "" what belongs to none."""


def values_in(body: bytes) -> dict[str, str]:
    """Read a posted form.

    Raises
    ------
    Problem
        400 if it is not a form in UTF-8, has too many fields or one twice.
    """
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Problem("bad-request", "The body is not a form as this page sends it.") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("bad-request", "The form holds the same field twice.")
    return values


def typed(values: Mapping[str, str], asked: Questions, *, received: Instant) -> Typed:
    """Put what was typed in into a request; empty fields say nothing.

    Parameters
    ----------
    values : by field
    asked : Questions
        Fields that it does not ask for are ignored.
    received : Instant
        A date of today stands for this very moment; an answer without a date was given today.
    """
    filled = {name: value.strip() for name, value in values.items() if value.strip()}
    rows = [
        row
        for row in range(asked.activities)
        if any(f"activity.{row}.{part}" in filled for part in _OF_ACTIVITY.values())
    ]
    raw = _raw(filled, asked, rows if asked.dated else [], _Calendar(received))
    try:
        return Typed(values, raw, ScoreRequest.model_validate(raw))
    except ValidationError as error:
        refused = of_errors(error.errors(include_url=False, include_input=False))
        return Typed(values, raw, None, faults(refused.errors, values, asked))


def faults(errors: Sequence[tuple[str, str]], values: Mapping[str, str], asked: Questions) -> dict[str, str]:
    """Say beside which field of the page each fault of the request belongs."""
    told: dict[str, list[str]] = {}
    for place, problem in errors:
        said = told.setdefault(_field(place, values, asked), [])
        if (problem := _UNPLACED if place in _DATED else problem) not in said:
            said.append(problem)
    return {name: " ".join(said) for name, said in told.items()}


def _field(place: str, values: Mapping[str, str], asked: Questions) -> str:
    if place in _DATED:
        return "created_at"
    row = _ROW.fullmatch(place)
    if row is None:
        name = place.removeprefix("lead.").replace("attributes.", "attribute.", 1)
        return name if name in values or name in ("lead_id", "created_at") else ""
    number, part = int(row[2]), row[3]
    if row[1] == "answers":
        given = [each.name for each in asked.bant if values.get(f"answer.{each.name}", "").strip()]
        return f"{'answered' if part == 'answered_at' else 'answer'}.{given[number]}"
    filled = [
        each
        for each in range(asked.activities)
        if any(values.get(f"activity.{each}.{own}", "").strip() for own in _OF_ACTIVITY.values())
    ]
    return f"activity.{filled[number]}.{_OF_ACTIVITY.get(part, 'type')}"


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Turns a day that was typed in into a moment."""

    received: Instant

    def moment(self, day: str | None) -> str | None:
        just_now = iso(self.received - 1)
        # Of today, what happened up to now is known; the end of the day would lie ahead of every clock.
        return just_now if just_now is not None and (day is None or day == just_now[:10]) else day


def _raw(filled: Mapping[str, str], asked: Questions, rows: Sequence[int], days: _Calendar) -> dict[str, Any]:
    attributes = {
        each.name: _value(each, filled[f"attribute.{each.name}"])
        for each in asked.attributes
        if f"attribute.{each.name}" in filled
    }
    # A name decides nothing; the list of who must not be called is asked by it, and knows none like this.
    lead: dict[str, Any] = {"lead_id": filled.get("lead_id", UNNAMED)}
    lead |= {name: filled[name] for name in ("source", *asked.identities) if name in filled}
    said = [each for each in asked.bant if f"answer.{each.name}" in filled]
    if not asked.dated:
        attributes |= {each.name: _value(each, filled[f"answer.{each.name}"]) for each in said}
        return {"lead": {**lead, "attributes": attributes}, "explain": "full"}
    if "created_at" in filled:
        lead["created_at"] = days.moment(filled["created_at"])
    return {
        "lead": {**lead, "attributes": attributes},
        "activities": [
            {
                "occurred_at": days.moment(filled.get(f"activity.{row}.on")),
                "type": filled.get(f"activity.{row}.type", ""),
                "direction": filled.get(f"activity.{row}.direction", "inbound"),
            }
            for row in rows
        ],
        "answers": [
            {
                "answered_at": days.moment(filled.get(f"answered.{each.name}")),
                "field": each.name,
                "value": filled[f"answer.{each.name}"],
            }
            for each in said
        ],
        "explain": "full",
    }


def _value(question: Question, text: str) -> str | float:
    """Read a number where one is asked for; what is none stays the text that it is."""
    try:
        number = float(text) if question.number else None
    except ValueError:
        return text
    return text if number is None or number != number or number in (float("inf"), float("-inf")) else number
