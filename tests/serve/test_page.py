"""The page at /: one lead typed in, its assessment read by a person; nothing typed in is ever run."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readiness import shipped
from readiness.agreement import reading
from readiness.crm.records import instant
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.learning.model import ReadinessModel
from readiness.scoring import AgreementReference, AnsweredBy
from serve.page.form import typed
from serve.page.questions import questions
from serve.store import InUse
from tests.serve.conftest import NAME_A, NOW, Client, MakeClient, bundle_named
from tests.serve.published import publish_undated

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_LEAD = {"lead_id": "L-1", "created_at": "2026-03-01"}


def post(client: Client, **values: str) -> httpx.Response:
    return client.ask("POST", "/", data={**_LEAD, **values})


def example(client: Client) -> dict[str, str]:
    """Return what the page fills in as an example."""
    page = client.get("/?example=1").text
    fields = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select[^>]* name="([^"]+)">.*?value="(\w+)" selected', page, flags=re.DOTALL)
    return {name: html.unescape(value) for name, value in (*fields, *chosen)}


def rules_alone() -> InUse:
    agreement = reading.load(shipped.agreement())
    reference = AgreementReference(agreement.name, agreement.version, agreement.fingerprint)
    return InUse(agreement, "", AnsweredBy(None, None, reference), None)


def test_the_example_filled_in_is_assessed_when_sent(client: Client) -> None:
    answered = client.ask("POST", "/", data=example(client))
    assert answered.status_code == 200
    for said in ("What to do", "Speaks for it", "Why this score", "By when", "readiness 1", "(SHA-256)"):
        assert said.lower() in answered.text.lower().replace("what-to-do", "what to do")


def test_the_page_says_what_the_interface_answers_to_the_same_lead(client: Client) -> None:
    page = html.unescape(client.ask("POST", "/", data=example(client)).text)
    sent = json.loads(page[page.index("<pre>") + 5 : page.index("</pre>")])
    answer = client.score(sent).json()
    for said in (
        answer["advice"]["next_step"],
        answer["category"]["because"],
        answer["answered_by"]["bundle"],
    ):
        assert said in page


def test_without_a_model_the_page_says_so_and_advises_by_the_rules(rules: Client) -> None:
    answered = client_text(rules.ask("POST", "/", data=example(rules)))
    assert "No model is in use" in answered
    assert "Hand over to sales" in answered
    assert "Why this score" not in answered


def client_text(answered: httpx.Response) -> str:
    assert answered.status_code == 200, answered.text
    return answered.text


def test_an_empty_page_asks_what_the_model_and_the_agreement_know(client: Client) -> None:
    page = client_text(client.get("/"))
    for name in ("lead_id", "source", "created_at", "attribute.company_size", "answer.budget", "email"):
        assert f'name="{name}"' in page
    assert '<option value="logistics">' in page


def test_every_field_has_a_label_of_its_own(client: Client) -> None:
    page = client_text(client.get("/"))
    ids = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page)
    assert sorted(re.findall(r'<label for="([^"]+)"', page)) == sorted(ids)
    assert len(ids) == len(set(ids)) > 20


_EVIL = ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}", '" onfocus="alert(1)', "</style><b>", "'>"]


@pytest.mark.parametrize("evil", _EVIL)
@pytest.mark.parametrize(
    "field", ["lead_id", "source", "attribute.industry", "answer.need", "activity.0.type"]
)
def test_what_is_typed_in_comes_back_as_text(rules: Client, field: str, evil: str) -> None:
    empty = rules.get("/").text
    answered = post(rules, **{field: evil})
    assert answered.text.count("<script") == 0
    assert answered.text.count("<b>") == 0
    assert answered.text.count("</style>") == empty.count("</style>")
    assert 'onfocus="alert' not in answered.text
    assert evil in html.unescape(answered.text)
    assert ">49<" not in answered.text


def test_the_browser_may_run_nothing_and_use_only_the_page_s_own_style(rules: Client) -> None:
    answered = rules.get("/")
    policy = answered.headers["content-security-policy"]
    style = answered.text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "style=" not in answered.text.replace("</style>", "")
    assert "http://" not in answered.text
    assert "https://" not in answered.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"lead_id": "x" * 201}, "lead_id"),
        ({"lead_id": "L\x00"}, "lead_id"),
        ({"lead_id": "L\x1b[31m"}, "lead_id"),
        ({"lead_id": ""}, None),
        ({"created_at": ""}, None),
        ({"created_at": "", "activity.0.type": "chat", "answer.need": "clear"}, "created_at"),
        ({"created_at": "2026-03-15"}, "created_at"),
        ({"created_at": "soon"}, "created_at"),
        ({"attribute.industry": "x" * 2_001}, "attribute.industry"),
        ({"answer.need": "x" * 2_001}, "answer.need"),
        ({"answer.need": "clear", "answered.need": "2026-04-01"}, "answered.need"),
        ({"answer.budget": "yes", "answer.need": "clear", "answered.need": "9999-12-31"}, "answered.need"),
        ({"activity.3.on": "2026-03-02"}, "activity.3.type"),
        ({"activity.1.type": "chat", "activity.3.type": "chat", "activity.3.on": "x"}, "activity.3.on"),
        ({"activity.0.type": "chat", "activity.0.direction": "sideways"}, "activity.0.direction"),
    ],
)
def test_a_fault_stands_beside_its_field(rules: Client, values: dict[str, str], field: str | None) -> None:
    answered = post(rules, **values)
    assert answered.status_code == (200 if field is None else 422)
    assert re.findall(r'class="fault" id="fault-([^"]+)"', answered.text) == ([field] if field else [])
    assert answered.text.count('aria-invalid="true"') + ("sideways" in str(values)) == (1 if field else 0)


def test_since_when_it_is_known_is_not_guessed(client: Client) -> None:
    answered = post(client, created_at="")
    assert answered.status_code == 422
    assert re.findall(r'class="fault" id="fault-([^"]+)"', answered.text) == ["created_at"]
    assert "The model in use reads dates, so this field is required." in answered.text


def test_what_has_no_place_in_time_is_said_once(rules: Client) -> None:
    text = post(rules, created_at="", **{"activity.0.type": "chat", "answer.need": "clear"}).text
    assert text.count("Say since when you know it") == 1


def test_a_lead_without_a_name_is_assessed(client: Client) -> None:
    assert "Unnamed lead" in client_text(post(client, lead_id=""))


def test_two_points_that_rest_on_the_same_answer_are_asked_by_names_of_their_own() -> None:
    plan = FeaturePlan((Feature("t", "category", "Timeframe", "answer:category", "timeframe"),), min_leads=1)
    model = cast("ReadinessModel", SimpleNamespace(plan=plan, horizon_days=90.0))
    alone = rules_alone()
    in_use = InUse(alone.agreement, "", alone.answered_by, replace(bundle_named(NAME_A), model=model))
    names = [each.name for each in questions(in_use).bant]
    assert names == ["budget", "authority", "need", "timeframe"]


def test_a_fault_that_belongs_to_no_field_is_said_on_top(rules: Client) -> None:
    answered = post(rules, email="x" * 400, **{"attribute.industry": "logistics"})
    assert (answered.status_code, "320 characters" in answered.text) == (422, True)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"lead_id=%ff", _FORM["content-type"], 400),
        (b"lead_id=a&lead_id=b", _FORM["content-type"], 400),
        ("lead_id=ü".encode(), _FORM["content-type"], 400),
        (b"a=&" * 1_001, _FORM["content-type"], 400),
        (b"x" * 200_001, _FORM["content-type"], 413),
        (b"", _FORM["content-type"], 400),
        (b"{}", "application/json", 415),
    ],
)
def test_what_is_no_form_of_the_page_is_refused(
    rules: Client, body: bytes, content_type: str, status: int
) -> None:
    assert rules.ask("POST", "/", content=body, headers={"content-type": content_type}).status_code == status


def test_whoever_must_not_be_called_is_found_by_e_mail(rules: Client) -> None:
    barring = {"suppressions": [{"kind": "email", "value": "ann@example.com", "source": "a letter"}]}
    assert rules.ask("POST", "/v1/suppressions", json=barring).status_code == 200
    assert "Never call" in client_text(post(rules, email="Ann@Example.com"))


def test_a_date_of_today_is_now_and_any_other_the_end_of_its_day() -> None:
    asked = questions(rules_alone())
    values = {"lead_id": "L-1", "created_at": "2026-03-13", "answer.need": "clear"}
    request = typed({**values, "answered.need": "2026-03-14"}, asked, received=NOW).request
    undated = typed(values, asked, received=NOW).request
    assert request is not None
    assert undated is not None
    assert request.lead.created_at is not None
    assert request.lead.created_at.instant == instant("2026-03-13")
    assert request.answers[0].answered_at.instant == undated.answers[0].answered_at.instant == NOW - 1


def test_a_model_without_dates_is_asked_without_dates(serve: MakeClient, tmp_path: Path) -> None:
    publish_undated(tmp_path)
    client = serve(tmp_path)
    page = client_text(client.get("/?example=1"))
    assert 'type="date"' not in page
    assert "What happened" not in page
    answered = client.ask(
        "POST", "/", data={"lead_id": "L-1", "answer.budget": "yes", "attribute.size": "40"}
    )
    assert "Buys in the end" in client_text(answered)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["lead_id", "created_at", "source", "attribute.company_size", "answer.need", "phone"])
        | st.text(max_size=5),
        st.text(max_size=12) | st.sampled_from(["1e999", "nan", "-0", "2026-03-01", "=1+1", "../../etc"]),
        max_size=6,
    )
)
def test_whatever_is_typed_in_is_answered_or_told(rules: Client, values: dict[str, str]) -> None:
    body = httpx.QueryParams(values)
    answered = rules.ask("POST", "/", content=str(body).encode(), headers=_FORM)
    assert answered.status_code in {200, 400, 422}
