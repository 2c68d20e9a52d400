"""POST /v1/score/batch: a verdict on every row, each as if it had been asked alone."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serve import assessing
from serve.answers import BatchAnswer
from serve.examples import BATCH_CSV, BATCH_JSON_LINES, SCORE_REQUESTS
from serve.schemas import ScoreRequest
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.published import Published, request_of

_EXAMPLES: list[dict[str, Any]] = [example["value"] for example in SCORE_REQUESTS.values()]  # type: ignore[misc]
_LINES = "application/x-ndjson"


def ask(client: Client, rows: object, query: str = "", **headers: str) -> httpx.Response:
    return client.ask("POST", f"/v1/score/batch{query}", json=rows, headers=headers)


def send(client: Client, body: bytes | str, media: str, query: str = "", **headers: str) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return client.ask(
        "POST", f"/v1/score/batch{query}", content=content, headers={"content-type": media, **headers}
    )


def lead(lead_id: str = "L-1", **rest: object) -> dict[str, Any]:
    return {"lead": {"lead_id": lead_id, "created_at": "2026-03-01T08:00:00Z"}, **rest}


def chat(at: str) -> dict[str, str]:
    return {"occurred_at": at, "type": "chat", "direction": "inbound"}


def fields(answered: httpx.Response, row: int) -> list[str]:
    return [error["field"] for error in answered.json()["rows"][row - 1]["problem"]["errors"]]


def test_every_row_is_answered_as_if_it_had_been_asked_alone(client: Client, published: Published) -> None:
    explain = ["none", "brief", "full"]
    rows = [request_of(published.tables, row, explain=explain[row % 3]) for row in range(60)] + _EXAMPLES
    answered = ask(client, rows)
    BatchAnswer.model_validate_json(answered.content)
    for row, verdict in zip(rows, answered.json()["rows"], strict=True):
        alone = client.score(row).json()
        assert {**verdict["assessment"], "assessment_id": 0} == {**alone, "assessment_id": 0}


_TEXTS = [None, True, False, "", "40", "40 people", "yes", "2026-01-01"]
_VALUES = st.sampled_from([*_TEXTS, 40, 40.5, -0.0, 1e300])
_NAMES = st.sampled_from(["company_size", "industry", "do_not_call", "new"])


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attributes=st.lists(st.dictionaries(_NAMES, _VALUES), max_size=5))
def test_what_other_rows_hold_in_a_column_changes_no_bit(
    client: Client, attributes: list[dict[str, Any]]
) -> None:
    rows = [lead(f"L-{number}") for number in range(len(attributes))]
    for row, given_ in zip(rows, attributes, strict=True):
        row["lead"]["attributes"] = given_
    for row, verdict in zip(rows, ask(client, rows).json()["rows"], strict=True):
        alone = client.score(row).json()
        assert {**verdict["assessment"], "assessment_id": 0} == {**alone, "assessment_id": 0}


def test_a_phone_number_that_cannot_be_read_warns_of_its_own_lead_only(rules: Client) -> None:
    rows = [lead("L-1"), lead("L-2")]
    rows[1]["lead"]["phone"] = "call me"
    first, second = (row["assessment"]["warnings"] for row in ask(rules, rows).json()["rows"])
    assert first == rules.score(rows[0]).json()["warnings"]
    assert second == rules.score(rows[1]).json()["warnings"]
    assert ["phone number" in "".join(warnings) for warnings in (first, second)] == [False, True]


def test_whoever_told_us_to_stop_in_a_batch_is_never_called_again(rules: Client) -> None:
    stop = {"occurred_at": "2026-03-10T00:00:00Z", "outcome": "stop_calling"}
    assert ask(rules, [lead("L-1"), lead("L-2", outcomes=[stop])]).json()["scored"] == 2
    actions = [
        row["assessment"]["advice"]["action"] for row in ask(rules, [lead("L-1"), lead("L-2")]).json()["rows"]
    ]
    assert actions[0] != "never_call"
    assert actions[1] == "never_call"


def test_leads_that_are_explained_alike_are_scored_in_one_go(rules: Client) -> None:
    rows = [ScoreRequest.model_validate(lead(f"L-{number}")) for number in range(300)]
    read = assessing.read(rows, received=NOW)
    assert [len(asked.snapshots) for asked in read.asked] == [300]


def test_a_bad_row_501_fails_itself_only(rules: Client) -> None:
    rows: list[Any] = [lead(f"L-{number}") for number in range(1, 1_001)]
    rows[500] = lead("L-501", score=1)
    answer = ask(rules, rows, "?explain=none").json()
    assert [answer[name] for name in ("received", "scored", "refused")] == [1_000, 999, 1]
    assert [row["row"] for row in answer["rows"] if row["status"] == "refused"] == [501]
    assert answer["rows"][500]["problem"]["errors"][0]["field"] == "score"


def test_10000_rows_are_read_and_one_more_is_refused_naming_the_limit(rules: Client) -> None:
    refused = send(rules, "{}\n" * 10_001, _LINES)
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:readiness:problem:too-many-leads")
    assert "10000" in refused.json()["detail"]
    assert send(rules, "{}\n" * 10_000, _LINES).json()["refused"] == 10_000


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (None, "(the body)"),
        ([], "(the body)"),
        ({}, "lead"),
        ({"lead": {"lead_id": 12}}, "lead.lead_id"),
        (lead(at="2027-01-01"), "at"),
        (lead(outcomes=[{"occurred_at": "2026-02-01", "outcome": "closed_won"}]), "outcomes[0].occurred_at"),
        (
            lead(activities=[{"occurred_at": "2026-03-20", "type": "chat", "direction": "inbound"}]),
            "activities[0].occurred_at",
        ),
        (
            {
                "lead": {"lead_id": "L-9"},
                "activities": [{"occurred_at": "2026-03-02", "type": "chat", "direction": "inbound"}],
            },
            "activities",
        ),
    ],
)
def test_each_refused_row_names_its_fields_and_the_others_are_scored(
    rules: Client, row: object, field: str
) -> None:
    answered = ask(rules, [lead("L-0"), row, {"lead": {"lead_id": "L-2"}}])
    assert [verdict["status"] for verdict in answered.json()["rows"]] == ["scored", "refused", "scored"]
    assert fields(answered, 2) == [field]


def test_rows_that_contradict_themselves_are_told_as_if_asked_alone(rules: Client) -> None:
    bad = lead("L-1", outcomes=[{"occurred_at": "2026-02-01", "outcome": "closed_won"}])
    told = ask(rules, [lead("L-0"), bad]).json()["rows"][1]["problem"]
    alone = rules.score(bad).json()
    assert told == {"detail": alone["detail"], "errors": alone["errors"]}


def test_of_a_lead_that_stands_twice_alike_the_first_is_scored(rules: Client) -> None:
    answered = ask(rules, [lead("L-1"), lead("L-2"), lead("L-1")])
    assert [row["status"] for row in answered.json()["rows"]] == ["scored", "scored", "refused"]
    assert "repeats row 1" in answered.json()["rows"][2]["problem"]["errors"][0]["problem"]


def test_of_a_lead_that_stands_twice_with_differing_content_no_row_is_scored(rules: Client) -> None:
    stop = lead("L-1", outcomes=[{"occurred_at": "2026-03-10", "outcome": "stop_calling"}])
    answered = ask(rules, [lead("L-1"), lead("L-2"), stop])
    assert [row["status"] for row in answered.json()["rows"]] == ["refused", "scored", "refused"]
    assert "rows 1, 3" in answered.json()["rows"][0]["problem"]["errors"][0]["problem"]
    assert rules.score(lead("L-1")).json()["advice"]["action"] == "never_call"


def test_rows_that_only_python_takes_for_equal_differ(rules: Client) -> None:
    one, other = lead("L-1"), lead("L-1")
    one["lead"]["attributes"], other["lead"]["attributes"] = {"vip": True}, {"vip": 1}
    assert ask(rules, [one, other]).json()["refused"] == 2
    assert ask(rules, [one, one]).json()["refused"] == 1


def test_no_rows_are_no_verdicts(rules: Client) -> None:
    for answered in (
        ask(rules, []),
        send(rules, "lead_id,source\n", "text/csv"),
        send(rules, "\n\n", _LINES),
    ):
        assert answered.json() == {"received": 0, "scored": 0, "refused": 0, "rows": []}


def test_json_lines_come_back_with_the_counts_as_the_last_line(rules: Client) -> None:
    answered = send(rules, BATCH_JSON_LINES, _LINES, accept="application/x-ndjson, */*")
    *rows, counts = [json.loads(line) for line in answered.text.splitlines()]
    assert answered.headers["content-type"] == _LINES
    assert [row["row"] for row in rows] == [1, 2, 3]
    assert counts == {"received": 3, "scored": 3, "refused": 0}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b'{"lead": {"lead_id": NaN}}',
        b'{"a": 1, "a": 2}',
        b'"\\ud800"',
        b"\xff",
        b"[" * 100_000,
        b"\x00",
    ],
)
def test_a_line_that_is_no_json_fails_itself_only(rules: Client, line: bytes) -> None:
    answered = send(
        rules, b"\n".join([json.dumps(lead("L-0")).encode(), line, json.dumps(lead("L-2")).encode()]), _LINES
    )
    assert [row["status"] for row in answered.json()["rows"]] == ["scored", "refused", "scored"]


def test_csv_is_read_as_the_table_of_leads_with_further_columns_as_attributes(rules: Client) -> None:
    at = "2026-03-14T00:00:00Z"
    answered = send(rules, BATCH_CSV, "text/csv; charset=utf-8", f"?at={at}").json()
    assert answered["scored"] == 3
    alone = rules.score(
        {
            "lead": {
                "lead_id": "L-10482",
                "created_at": "2026-02-20T08:15:00Z",
                "source": "customer_referral",
                "attributes": {"company_size": "40", "industry": "logistics", "country": "DE"},
            },
            "at": at,
        }
    ).json()
    assert {**answered["rows"][0]["assessment"], "assessment_id": 0} == {**alone, "assessment_id": 0}


def test_numbers_in_csv_score_as_numbers_in_json(client: Client, published: Published) -> None:
    row = {
        **request_of(published.tables, 0),
        "activities": [],
        "answers": [],
        "outcomes": [],
        "handovers": [],
    }
    names = list(row["lead"]["attributes"])
    texts = ["" if value is None else str(value) for value in row["lead"]["attributes"].values()]
    head = ",".join(["lead_id", "created_at", "source", *names])
    line = ",".join([row["lead"]["lead_id"], row["lead"]["created_at"], row["lead"]["source"], *texts])
    answered = send(client, f"{head}\n{line}\n", "text/csv", f"?explain=none&at={row['at']}").json()
    row["lead"] = {name: row["lead"][name] for name in ("lead_id", "created_at", "source", "attributes")}
    assert answered["rows"][0]["assessment"]["score"] == client.score(row).json()["score"]


def test_the_order_of_columns_changes_nothing(rules: Client) -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in BATCH_CSV.splitlines())
    answers = [send(rules, body, "text/csv").json()["rows"] for body in (BATCH_CSV, turned)]
    for one, other in zip(*answers, strict=True):
        assert {**one["assessment"], "assessment_id": 0} == {**other["assessment"], "assessment_id": 0}


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("L-1,2026-03-01", "(the row)"),
        ("L-1,2026-03-01,web,40,50", "(the row)"),
        (",2026-03-01,web,40", "lead_id"),
        ("L-1,01.03.2026,web,40", "created_at"),
        ("L-1,2026-03-01T08:00,web,40", "created_at"),
        (f"L-1,2026-03-01,web,{'9' * 3_000}", "company_size"),
        (f"L-1,2026-03-01,web,{'x' * 200_000}", "(the row)"),
        ('L-1,2026-03-01,"web"x,40', "(the row)"),
        ('"L\r\nSet-Cookie: a",2026-03-01,web,40', "lead_id"),
        ("\x1b[31mL,2026-03-01,web,40", "lead_id"),
    ],
)
def test_a_bad_line_of_csv_fails_itself_only_and_names_its_column(
    rules: Client, line: str, field: str
) -> None:
    body = f"lead_id,created_at,source,company_size\nL-0,2026-03-01,web,40\n{line}\nL-2,2026-03-01,web,40\n"
    answered = send(rules, body, "text/csv")
    assert [row["status"] for row in answered.json()["rows"]] == ["scored", "refused", "scored"]
    assert fields(answered, 2) == [field]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"created_at,source\n", 422, "lead_id"),
        (b"lead_id,source,source\nL-1,a,b\n", 422, "source"),
        (b"lead_id,source,E-Mail\n", 422, "Rename it to"),
        (b"lead_id,source,\nL-1,a,b\n", 422, "without a name"),
        (b'lead_id,source\nL-1,"web\nL-2,web\n', 400, "line 2"),
        (b"lead_id,source\n\xff,web\n", 400, "UTF-8"),
        (b"\n\n", 400, "first line"),
        (b"lead_id;source\nL-1;web\n", 400, "separated by semicolons; separate them by commas"),
        (b"lead_id\tsource\nL-1\tweb\n", 400, "separated by tabs"),
    ],
)
def test_csv_that_cannot_be_taken_apart_is_refused_whole(
    rules: Client, body: bytes, status: int, says: str
) -> None:
    answered = send(rules, body, "text/csv")
    assert (answered.status_code, says in answered.text) == (status, True)


@pytest.mark.parametrize(
    ("body", "media", "accept", "query", "status"),
    [
        (b"{}", "application/json", "*/*", "", 400),
        (b"[NaN]", "application/json", "*/*", "", 400),
        (b"", "application/json", "*/*", "", 400),
        (b"[]", "text/plain", "*/*", "", 415),
        (b"[]", "application/json; charset=latin-1", "*/*", "", 415),
        (b"[]", "application/json", "text/csv", "", 406),
        (b"[]", "application/json", "application/json;q=0.9", "", 200),
        (b"[]", "application/json", "*/*", "?explian=none", 422),
        (b"[]", "application/json", "*/*", "?explain=all", 422),
        (b"[]", "application/json", "*/*", "?explain=none&explain=full", 422),
        (b"[]", "application/json", "*/*", "?at=yesterday", 422),
        (b"[]", "application/json", "*/*", "?at=2026-03-01", 200),
    ],
)
def test_what_the_whole_breaks_refuses_the_whole(
    rules: Client, body: bytes, media: str, accept: str, query: str, status: int
) -> None:
    assert send(rules, body, media, query, accept=accept).status_code == status


def test_a_null_says_nothing_so_that_the_parameters_hold(rules: Client) -> None:
    nothing = lead("L-1", at=None, explain=None)
    at = "2026-03-05T00:00:00Z"
    (said,) = ask(rules, [nothing], f"?at={at}&explain=none").json()["rows"]
    assert said["assessment"]["cutoff"] == at
    alone = rules.score(nothing).json()
    assert {**alone, "assessment_id": 0} == {**rules.score(lead("L-1")).json(), "assessment_id": 0}


def test_a_line_of_json_holds_no_more_than_a_request_of_its_own(serve: MakeClient) -> None:
    client = serve(max_body_bytes=1_000)
    long = json.dumps(lead("L-2", activities=[chat("2026-03-02")] * 20))
    answered = send(client, f"{json.dumps(lead('L-1'))}\n{long}\n", _LINES)
    assert [row["status"] for row in answered.json()["rows"]] == ["scored", "refused"]
    assert "more than 1000 bytes" in answered.text


def test_a_row_with_very_many_faults_counts_them_and_tells_the_first(rules: Client) -> None:
    (row,) = ask(rules, [lead("L-1", **{f"f{n}": n for n in range(900)})]).json()["rows"]
    assert row["problem"]["detail"] == "900 fields are wrong. The first 50 are listed."
    assert len(row["problem"]["errors"]) == 50


def test_a_batch_has_a_limit_of_its_own(serve: MakeClient) -> None:
    client = serve(max_body_bytes=1_000, max_batch_bytes=2_000)
    assert send(client, b"[" + b" " * 1_500 + b"]", "application/json").status_code == 200
    assert send(client, b"[" + b" " * 2_000 + b"]", "application/json").status_code == 413


def test_a_refused_row_repeats_nothing_of_a_person(rules: Client) -> None:
    secrets = ["jane@example.com", "Jane Doe", "+1 415 555 0100"]
    rows = [
        lead("L-1", at=secrets[0]),
        {"lead": {"lead_id": "L-2", secrets[0]: 1, "phone": [secrets[2]]}},
        lead(secrets[0], explain=secrets[1]),
        lead(secrets[0]),
        lead(secrets[0], at="2026-03-10"),
    ]
    answered = ask(rules, rows)
    assert answered.json()["refused"] == 5
    csv = send(rules, f"lead_id,source,email\nL-1,web,{secrets[0] * 30}\n", "text/csv")
    assert csv.json()["refused"] == 1
    assert not [secret for secret in secrets if secret in answered.text + csv.text]
