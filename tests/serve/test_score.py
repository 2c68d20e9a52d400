"""POST /v1/score: what is answered, and as of when."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from readiness.crm.records import instant, iso
from serve.answers import AssessmentAnswer
from serve.examples import SCORE_REQUESTS
from tests.serve.conftest import Client, MakeClient

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]


def _lead(**rest: object) -> dict[str, Any]:
    return {"lead": {"lead_id": "L-1", "created_at": "2026-03-01T08:00:00Z", "source": "web_form"}, **rest}


def _visit(at: str) -> dict[str, Any]:
    return {"occurred_at": at, "type": "web_visit", "direction": "inbound"}


@pytest.mark.parametrize("name", SCORE_REQUESTS)
def test_every_example_works_when_pasted(rules: Client, name: str) -> None:
    answered = rules.score(SCORE_REQUESTS[name]["value"])
    assert answered.status_code == 200
    AssessmentAnswer.model_validate_json(answered.content)


def test_without_at_the_cutoff_is_the_instant_of_receipt(rules: Client) -> None:
    assert rules.score(_lead()).json()["cutoff"] == "2026-03-14T09:00:00Z"


def test_with_at_the_lead_is_assessed_as_it_stood_then(rules: Client) -> None:
    assert rules.score(_lead(at="2026-03-05T12:00:00+01:00")).json()["cutoff"] == "2026-03-05T11:00:00Z"


@pytest.mark.parametrize(
    ("ahead", "cutoff"),
    [
        ("2026-03-14T08:59:59.999999Z", "2026-03-14T09:00:00Z"),
        ("2026-03-14T09:00:00Z", "2026-03-14T09:00:00.000001Z"),
        ("2026-03-14T09:05:00Z", "2026-03-14T09:05:00.000001Z"),
        ("2026-03-14", "2026-03-15T00:00:00Z"),
    ],
    ids=["just before", "at receipt", "five minutes ahead", "today's date"],
)
def test_a_row_slightly_ahead_moves_the_cutoff_just_past_it(rules: Client, ahead: str, cutoff: str) -> None:
    answer = rules.score(_lead(activities=[_visit(ahead), _visit("2026-03-02")])).json()
    assert answer["cutoff"] == cutoff
    assert any("moved" in warning for warning in answer["warnings"]) == (
        cutoff != iso(instant("2026-03-14T09:00:00Z"))
    )


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (_lead(activities=[_visit("2026-03-14T09:05:00.000001Z")]), "activities[0].occurred_at"),
        (
            _lead(activities=[_visit("2026-03-01T09:00:00Z"), _visit("2026-03-15")]),
            "activities[1].occurred_at",
        ),
        (
            _lead(answers=[{"answered_at": "2026-04-01T00:00:00Z", "field": "need", "value": "clear"}]),
            "answers[0].answered_at",
        ),
        (_lead(outcomes=[{"occurred_at": "2027-01-01", "outcome": "closed_won"}]), "outcomes[0].occurred_at"),
        (_lead(handovers=[{"handed_over_at": "2026-03-20T00:00:00Z"}]), "handovers[0].handed_over_at"),
        (
            _lead(
                handovers=[{"handed_over_at": "2026-03-10T00:00:00Z", "decided_at": "2026-03-20T00:00:00Z"}]
            ),
            "handovers[0].decided_at",
        ),
        ({"lead": {"lead_id": "L-1", "created_at": "2026-03-14T10:00:00Z"}}, "lead.created_at"),
        (_lead(at="2026-03-14T09:05:01Z"), "at"),
        (_lead(at="2026-02-28T09:00:00Z"), "at"),
        ({"lead": {"lead_id": "L-1"}, "at": "2026-02-28T09:00:00Z"}, "at"),
    ],
)
def test_what_lies_in_the_future_is_refused_by_field(rules: Client, request_: object, field: str) -> None:
    answered = rules.score(request_)
    assert answered.status_code == 422
    assert [error["field"] for error in answered.json()["errors"]] == [field]


def test_with_at_rows_at_or_after_it_are_ignored_and_counted(rules: Client) -> None:
    before = [_visit("2026-03-04T10:00:00Z")]
    after = [_visit("2026-03-05T12:00:00Z"), _visit("2026-03-06T00:00:00Z"), _visit("2199-01-01T00:00:00Z")]
    end = [{"occurred_at": "2026-03-07T00:00:00Z", "outcome": "closed_won"}]
    at = "2026-03-05T12:00:00Z"
    answer = rules.score(_lead(at=at, activities=before + after, outcomes=end)).json()
    alone = rules.score(_lead(at=at, activities=before)).json()
    assert answer["warnings"] == [
        *alone["warnings"],
        "3 rows of activities at or after the cutoff were ignored.",
        "1 row of outcomes at or after the cutoff was ignored.",
    ]
    assert _but(answer, "warnings") == _but(alone, "warnings")


def test_a_stop_after_at_changes_no_score_and_the_answer_says_what_it_did(rules: Client) -> None:
    stop = [{"occurred_at": "2026-03-07T00:00:00Z", "outcome": "stop_calling"}]
    answer = rules.score(_lead(at="2026-03-05T12:00:00Z", outcomes=stop)).json()
    assert answer["advice"]["rule"] == "NC2"
    assert answer["warnings"][-1] == (
        "A stop_calling at or after the cutoff did not change the score; the lead is on the list from now on."
    )
    assert not any("ignored" in warning for warning in answer["warnings"])


@pytest.mark.parametrize(("on", "status"), [("2026-03-14", 200), ("2026-03-15", 422), ("2199-01-01", 422)])
def test_a_stop_in_the_future_is_refused_with_at_too_and_bars_nobody(
    rules: Client, on: str, status: int
) -> None:
    stop = _lead(at="2026-03-05", outcomes=[{"occurred_at": on, "outcome": "stop_calling"}])
    answered = rules.score(stop)
    assert answered.status_code == status
    if status == 422:
        assert [error["field"] for error in answered.json()["errors"]] == ["outcomes[0].occurred_at"]
    barred = rules.score(_lead()).json()["advice"]["action"] == "never_call"
    assert barred == (status == 200)


def test_a_stop_stands_though_its_request_is_refused_for_another_row(rules: Client) -> None:
    stop = {"occurred_at": "2026-03-10", "outcome": "stop_calling"}
    won = {"occurred_at": "2026-02-01", "outcome": "closed_won"}
    assert rules.score(_lead(outcomes=[stop, won])).status_code == 422
    assert rules.score(_lead()).json()["advice"]["rule"] == "NC2"


def test_a_lead_is_known_from_the_instant_of_its_creation(rules: Client) -> None:
    assert rules.score(_lead(at="2026-03-01T08:00:00Z")).status_code == 200
    assert rules.score(_lead(at="2026-03-01T07:59:59.999999Z")).status_code == 422


def test_the_order_of_rows_changes_nothing(rules: Client) -> None:
    turned = copy.deepcopy(_DEMO)
    turned["activities"].reverse()
    turned["answers"].reverse()
    assert _but(rules.score(turned).json()) == _but(rules.score(_DEMO).json())


def test_a_lead_without_activities_is_assessed_like_any_other(rules: Client) -> None:
    assert rules.score(_lead()).json()["category"]["name"]


@pytest.mark.parametrize(
    "said",
    [
        {"outcomes": [{"occurred_at": "2026-03-10T00:00:00Z", "outcome": "stop_calling"}]},
        {"outcomes": [{"occurred_at": None, "outcome": "stop_calling"}]},
        {"lead": {**_lead()["lead"], "attributes": {"do_not_call": True}}},
        {"lead": {**_lead()["lead"], "attributes": {"opted_out": "Yes"}}},
        {"lead": {**_lead()["lead"], "attributes": {"do_not_call": 1}}},
        {"answers": [{"answered_at": "2026-03-10T00:00:00Z", "field": "do_not_call", "value": "yes"}]},
    ],
)
def test_whoever_said_stop_is_never_called(rules: Client, said: dict[str, Any]) -> None:
    answer = rules.score({**_DEMO, "lead": _lead()["lead"], **said}).json()
    assert answer["advice"]["action"] == "never_call"


def test_a_lead_that_ended_is_held_and_says_so(rules: Client) -> None:
    answer = rules.score(SCORE_REQUESTS["a lead that was sold to"]["value"]).json()
    assert (answer["advice"]["action"], answer["score"]) == ("hold", None)
    assert "bought on" in answer["warnings"][0]


def test_an_undated_lead_has_no_cutoff(rules: Client) -> None:
    answer = rules.score({"lead": {"lead_id": "L-1", "source": "web_form"}}).json()
    assert answer["cutoff"] is None
    assert answer["warnings"] == ["No model answered: there is no score, and the agreed rules alone advise."]


def test_rows_that_contradict_each_other_are_refused_by_field(rules: Client) -> None:
    ends = [{"occurred_at": "2026-02-01", "outcome": "closed_won"}]
    answered = rules.score(_lead(outcomes=ends))
    assert answered.status_code == 422
    assert [error["field"] for error in answered.json()["errors"]] == ["outcomes[0].occurred_at"]


def test_undated_leads_take_no_dated_rows(rules: Client) -> None:
    answered = rules.score({"lead": {"lead_id": "L-1"}, "activities": [_visit("2026-03-01")]})
    assert answered.status_code == 422
    assert [error["field"] for error in answered.json()["errors"]] == ["activities"]


def test_without_a_model_the_rules_answer_and_say_so(rules: Client) -> None:
    answer = rules.score(_DEMO).json()
    assert [answer[name] for name in ("score", "stop_risk", "percentile", "curve")] == [None] * 4
    assert (answer["answered_by"]["model"], answer["answered_by"]["bundle"]) == (None, None)
    assert answer["category"]["name"] in {"sales_worthy", "sales_ready_buyer", "unqualified_suitability"}


def test_every_answer_has_an_id_of_its_own(rules: Client, serve: MakeClient) -> None:
    assert rules.score(_DEMO).json()["assessment_id"] != rules.score(_DEMO).json()["assessment_id"]
    assert serve(new_id=lambda: "A-1").score(_DEMO).json()["assessment_id"] == "A-1"


def _but(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in {"assessment_id", *names}}
