"""The OpenAPI document says what the service does, in words that people understand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from serve.answers import AssessmentAnswer
from serve.app import create_app
from serve.audit_schemas import AuditAnswer
from serve.examples import SCORE_ANSWER
from serve.job_answers import JobAnswer
from serve.problems import TITLES
from tests.serve.conftest import Client


@pytest.fixture
def document(rules: Client) -> dict[str, Any]:
    found: dict[str, Any] = rules.get("/openapi.json").json()
    return found


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")


def test_it_lists_every_address(document: dict[str, Any]) -> None:
    assert {(path, verb) for path, verbs in document["paths"].items() for verb in verbs} == {
        ("/v1/score", "post"),
        ("/v1/score/batch", "post"),
        ("/v1/jobs", "post"),
        ("/v1/jobs", "get"),
        ("/v1/jobs/{id}", "get"),
        ("/v1/jobs/{id}", "delete"),
        ("/v1/jobs/{id}/result", "get"),
        ("/v1/suppressions", "post"),
        ("/v1/suppressions", "get"),
        ("/v1/suppressions/removals", "get"),
        ("/v1/suppressions/search", "post"),
        ("/v1/suppressions/{id}", "delete"),
        ("/v1/model", "get"),
        ("/v1/importance", "get"),
        ("/v1/agreement", "get"),
        ("/v1/audit/{assessment_id}", "get"),
        ("/v1/reports", "get"),
        ("/v1/reports/{name}/numbers", "get"),
        ("/v1/reports/{name}/numbers/{table}.csv", "get"),
        ("/health/live", "get"),
        ("/health/started", "get"),
        ("/health/ready", "get"),
        ("/metrics", "get"),
    }


def test_every_example_request_in_it_works_when_pasted(document: dict[str, Any], rules: Client) -> None:
    examples = document["paths"]["/v1/score"]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    answers: list[httpx.Response] = [rules.score(example["value"]) for example in examples.values()]
    assert [answer.status_code for answer in answers] == [200] * len(examples)
    assert len(examples) >= 4


def test_every_example_of_a_job_works_when_pasted(document: dict[str, Any], rules: Client) -> None:
    contents = document["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]
    assert set(contents) == {"text/csv", "application/x-ndjson", "application/vnd.apache.parquet"}
    for media, content in contents.items():
        if "example" in content:  # Parquet cannot be pasted
            answered = rules.ask(
                "POST", "/v1/jobs", content=content["example"], headers={"content-type": media}
            )
            JobAnswer.model_validate_json(answered.content)
            assert answered.status_code == 202


def test_every_example_of_a_batch_works_when_pasted(document: dict[str, Any], rules: Client) -> None:
    contents = document["paths"]["/v1/score/batch"]["post"]["requestBody"]["content"]
    assert set(contents) == {"application/json", "application/x-ndjson", "text/csv"}
    for media, content in contents.items():
        example = content["example"]
        body = example if isinstance(example, str) else json.dumps(example)
        headers = {"content-type": media}
        answered = rules.ask("POST", "/v1/score/batch", content=body.encode(), headers=headers)
        assert (answered.json()["scored"], answered.json()["refused"]) == (3, 0)


def test_every_parameter_in_it_is_described(document: dict[str, Any]) -> None:
    parameters = [
        parameter
        for verbs in document["paths"].values()
        for operation in verbs.values()
        for parameter in operation.get("parameters", ())
    ]
    assert [parameter["name"] for parameter in parameters if not parameter.get("description")] == []


def test_the_request_in_the_readme_works_when_pasted(rules: Client) -> None:
    readme = Path(create_app.__code__.co_filename).with_name("README.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"-d '(\{.*?\})'\n", readme, flags=re.DOTALL)
    assert rules.send(body.encode()).status_code == 200


def test_the_example_answer_in_it_is_an_answer(document: dict[str, Any]) -> None:
    answer = document["paths"]["/v1/score"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["example"] == SCORE_ANSWER
    AssessmentAnswer.model_validate(answer["example"])


def test_the_example_of_an_audited_answer_in_it_is_one(document: dict[str, Any]) -> None:
    for example in document["components"]["schemas"]["AuditAnswer"]["examples"]:
        assert AuditAnswer.model_validate(example).payloads == "withheld"


def test_every_refusal_in_it_is_a_problem_document(document: dict[str, Any]) -> None:
    statuses = {str(status) for status, _ in TITLES.values()}
    for verbs in document["paths"].values():
        for operation in verbs.values():
            for status, response in operation["responses"].items():
                if status not in {"200", "202"}:
                    assert status in statuses
                    (schema,) = [content["schema"] for content in response["content"].values()]
                    assert schema == {"$ref": "#/components/schemas/ProblemDocument"}


def test_every_field_that_is_sent_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    silent = [
        f"{part}.{name}"
        for part in (
            "ScoreRequest",
            "Lead",
            "Activity",
            "Answer",
            "Outcome",
            "Handover",
            "AssessmentAnswer",
            "BatchAnswer",
            "RowVerdict",
            "JobAnswer",
            "JobRows",
            "Driver",
            "AuditAnswer",
            "Chain",
            "ReportAnswer",
            "ReportTable",
        )
        for name, field in schemas[part]["properties"].items()
        if "description" not in field and "$ref" not in field
    ]
    assert silent == []


def test_every_reference_in_it_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= known


def test_nothing_in_it_depends_on_the_machine(rules: Client) -> None:
    assert rules.get("/openapi.json").content == rules.get("/openapi.json").content


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for part in node.values() for found in _references(part)]
    return [found for part in node for found in _references(part)] if isinstance(node, list) else []
