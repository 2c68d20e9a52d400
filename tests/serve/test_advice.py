"""What the service advises: who is with sales, on which track a lead is, and what would change it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from readiness.crm import simulate
from readiness.crm.records import iso
from serve.examples import SCORE_REQUESTS
from tests.serve.conftest import Client
from tests.serve.published import Published, request_of
from tests.serve.test_with_model import batch

_LACKING = SCORE_REQUESTS["a lead that lacks an answer"]["value"]
_WITH_SALES = SCORE_REQUESTS["a lead that is with sales"]["value"]


def answered(request: dict[str, Any], changes: list[dict[str, Any]], at: str) -> dict[str, Any]:
    """Put answers into a request, just before its cutoff."""
    more = [{"answered_at": at, "field": each["field"], "value": each["value"]} for each in changes]
    return {**request, "answers": [*request.get("answers", []), *more]}


def test_with_the_answers_told_the_model_s_advice_really_is_to_hand_over_and_with_fewer_it_is_not(
    client: Client, published: Published
) -> None:
    tables = simulate.world(1_500, seed=3).tables
    together = batch(published, explain="brief", tables=tables)
    just_before = str(iso(tables.observed_through - 1))
    assert len(together.changes) > 3
    for row in together.changes:
        request = request_of(tables, row)
        told = list(together.assessment(row).would_change)
        assert client.score(request).json()["advice"]["action"] != "hand_over"
        anew = client.score(answered(request, told, just_before)).json()  # type: ignore[arg-type]
        assert anew["advice"]["action"] == "hand_over"
        for fewer in (part for size in range(1, len(told)) for part in combinations(told, size)):
            less = client.score(answered(request, list(fewer), just_before)).json()  # type: ignore[arg-type]
            assert less["advice"]["action"] != "hand_over"


def test_the_example_that_lacks_an_answer_is_handed_over_once_it_is_given(rules: Client) -> None:
    told = rules.score(_LACKING).json()

    assert told["advice"]["action"] == "qualify"
    assert len(told["would_change"]) == 1
    anew = rules.score(answered(_LACKING, told["would_change"], "2026-03-14T08:59:59.999999Z")).json()
    assert anew["advice"]["action"] == told["would_change"][0]["action"] == "hand_over"


def test_what_would_change_is_left_out_where_no_explanation_is_asked_for(rules: Client) -> None:
    assert rules.score({**_LACKING, "explain": "none"}).json()["would_change"] == []


def test_a_lead_that_is_with_sales_is_held_until_their_next_attempt(rules: Client) -> None:
    advice = rules.score(_WITH_SALES).json()["advice"]

    assert (advice["action"], advice["follow_up"]) == ("hold", "2026-03-15T10:00:00Z")
    assert advice["look_again"] == advice["follow_up"]


@pytest.mark.parametrize("decision", ["declined", "handed_back"])
def test_a_lead_that_sales_gave_back_is_nurtured_and_the_reason_says_until_when(
    rules: Client, decision: str
) -> None:
    handed = {**_WITH_SALES["handovers"][0], "decision": decision, "reason": "No budget"}
    advice = rules.score({**_WITH_SALES, "handovers": [handed]}).json()["advice"]

    assert advice["action"] == "nurture"
    assert "(there is no budget)" in advice["because"]
    assert advice["look_again"] == "2026-06-10T10:00:00Z"
    assert advice["track"]["name"] == "win back the interest"
