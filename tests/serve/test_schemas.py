"""A request holds what the contract knows, in its types, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from fastapi.openapi.models import Example
from pydantic import BaseModel, ValidationError

from readiness.crm.records import DECISIONS, DIRECTIONS, OUTCOMES
from serve.examples import SCORE_REQUESTS
from serve.schemas import Activity, Handover, Lead, Outcome, ScoreRequest

_DEMO = SCORE_REQUESTS["a lead that asked for a demo"]["value"]


def _with(path: str, value: object) -> dict[str, Any]:
    request = copy.deepcopy(_DEMO)
    *way, last = path.split(".")
    place: Any = request
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    place[last] = value
    return request


@pytest.mark.parametrize("example", SCORE_REQUESTS.values(), ids=SCORE_REQUESTS.keys())
def test_the_examples_are_requests(example: Example) -> None:
    assert ScoreRequest.model_validate(example["value"]).lead.lead_id.startswith("L-")


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ("score", 0.9, "extra_forbidden"),
        ("lead.role", "admin", "extra_forbidden"),
        ("lead.score", 1, "extra_forbidden"),
        ("activities.0.lead_id", "L-1", "extra_forbidden"),
        ("lead.lead_id", 10482, "string_type"),
        ("lead.lead_id", "", "string_too_short"),
        ("lead.lead_id", "x" * 201, "string_too_long"),
        ("lead.lead_id", "L\x00", "string_pattern_mismatch"),
        ("lead.lead_id", "L\r\nSet-Cookie: a", "string_pattern_mismatch"),
        ("lead.lead_id", "\x1b[31mL", "string_pattern_mismatch"),
        ("lead.email", "x" * 1_000_000, "string_too_long"),
        ("lead.created_at", 0, "readiness_moment"),
        ("lead.created_at", "2026-03-14T09:00:00", "readiness_moment_zone"),
        ("lead.attributes", [], "dict_type"),
        ("lead.attributes", {"company_size": [40]}, "readiness_scalar"),
        ("lead.attributes", {"company_size": {"min": 40}}, "readiness_scalar"),
        ("lead.attributes", {"note": "a\x00b"}, "readiness_control"),
        ("lead.attributes", {"job_title": "director\x9b31m"}, "readiness_control"),
        ("lead.attributes", {"job_title": "director\u202e evil"}, "readiness_control"),
        ("lead.attributes", {"job_title": "director\x7f"}, "readiness_control"),
        ("answers.0.value", "clear\u2066", "string_pattern_mismatch"),
        ("activities.0.detail", "a\x85b", "string_pattern_mismatch"),
        ("lead.attributes", {"note": "x" * 2001}, "readiness_long"),
        ("lead.attributes", {"email": "jane@example.com"}, "readiness_column"),
        ("lead.attributes", {"": 1}, "readiness_column"),
        ("lead.attributes", {"a\nb": 1}, "readiness_column"),
        ("lead.attributes", {f"column {n}": n for n in range(501)}, "too_long"),
        ("activities.0.value", "12", "float_type"),
        ("activities.0.value", True, "float_type"),
        ("activities.0.value", float("nan"), "finite_number"),
        ("activities.0.direction", "in", "literal_error"),
        ("activities.0.occurred_at", None, "readiness_moment"),
        ("activities", "none", "list_type"),
        ("activities", [_DEMO["activities"][0]] * 5_001, "too_long"),
        ("outcomes", [{"occurred_at": None, "outcome": "won"}], "literal_error"),
        ("outcomes", [{"outcome": "closed_won"}], "missing"),
        ("handovers", [{"handed_over_at": "2026-03-01", "propensity": 1.5}], "less_than_equal"),
        ("explain", "yes", "literal_error"),
        ("at", "yesterday", "readiness_moment"),
        ("lead", None, "model_type"),
    ],
)
def test_anything_else_is_refused(path: str, value: object, kind: str) -> None:
    with pytest.raises(ValidationError, match="validation error") as refused:
        ScoreRequest.model_validate(_with(path, value))
    assert kind in {error["type"] for error in refused.value.errors()}


@pytest.mark.parametrize("value", ["text", "", "Zürich 東京\tline\n", 3, 0.5, -0.0, True, False, None])
def test_an_attribute_is_text_a_number_a_truth_value_or_nothing(value: object) -> None:
    attributes = Lead(lead_id="L-1", attributes={"anything": value}).attributes
    assert attributes["anything"] == value
    assert isinstance(attributes["anything"], bool) == isinstance(value, bool)


def test_a_lead_needs_no_more_than_its_id() -> None:
    request = ScoreRequest.model_validate({"lead": {"lead_id": "L-1"}})
    assert (request.activities, request.at, request.explain) == ([], None, "brief")


def test_the_words_are_those_of_the_tables() -> None:
    assert _words(Activity, "direction") == DIRECTIONS
    assert _words(Outcome, "outcome") == OUTCOMES
    assert _words(Handover, "decision") == DECISIONS


def _words(part: type[BaseModel], field: str) -> tuple[str, ...]:
    schema = part.model_json_schema()["properties"][field]
    (words,) = [option["enum"] for option in schema.get("anyOf", [schema]) if "enum" in option]
    return tuple(words)
