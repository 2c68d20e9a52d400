"""With a real model published: one road with the batch, swaps between answers, and what it says of itself."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from readiness import artefact
from readiness.artefact import Pointer
from readiness.crm import simulate
from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.scoring import AgreementReference, AnsweredBy, Scored, score
from serve.app import create_app
from serve.examples import SCORE_REQUESTS
from serve.settings import Settings
from tests.serve.conftest import NAME_A, NOW, Client, MakeClient, bundle_named, listening
from tests.serve.published import Published, publish_undated, request_of

LEADS = 60


def test_a_model_without_dates_answers_leads_without_dates_as_in_the_batch(
    serve: MakeClient, tmp_path: Path
) -> None:
    tables = publish_undated(tmp_path)
    client = serve(tmp_path)
    in_use = client.app.state.service.store.in_use
    together = score(
        tables,
        snapshots.at(tables, 0),
        agreement=in_use.agreement,
        model=in_use.model,
        answered_by=in_use.answered_by,
    )
    for lead in range(20):
        answered = client.score(request_of(tables, lead, explain="brief"))
        assert _but_id(answered) == json.dumps(together.assessment(lead).to_dict())
    answer = answered.json()
    assert [answer[name] for name in ("cutoff", "horizon_days", "curve")] == [None] * 3
    assert 0 < answer["score"] < 1


def batch(
    published: Published, which: int = 0, explain: str = "none", tables: Tables | None = None
) -> Scored:
    """Score every lead of the tables at once, as a file is scored."""
    name = published.names[which]
    bundle = artefact.open_bundle(published.folder / name, name=name)
    agreement = bundle.agreement
    tables = tables or published.tables
    return score(
        tables,
        snapshots.at(tables, tables.observed_through),
        agreement=agreement,
        model=bundle.model,
        answered_by=AnsweredBy(
            f"readiness {which + 1}",
            name,
            AgreementReference(agreement.name, agreement.version, agreement.fingerprint),
        ),
        explain=explain,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_the_answer_equals_the_batch_bit_for_bit(client: Client, published: Published, explain: str) -> None:
    together = batch(published, explain=explain)
    for lead in range(LEADS):
        answered = client.score(request_of(published.tables, lead, explain=explain))
        assert answered.status_code == 200
        assert _but_id(answered) == json.dumps(together.assessment(lead).to_dict())


@pytest.mark.slow
def test_the_answer_equals_the_batch_bit_for_bit_for_5000_leads(client: Client, published: Published) -> None:
    tables = simulate.world(5_000, seed=2).tables
    together = {
        explain: batch(published, explain=explain, tables=tables) for explain in ("none", "brief", "full")
    }
    for lead, explain in zip(range(len(tables.leads)), itertools.cycle(together), strict=False):
        answered = client.score(request_of(tables, lead, explain=explain))
        assert _but_id(answered) == json.dumps(together[explain].assessment(lead).to_dict())


def test_a_model_gives_score_stop_risk_percentile_and_curve(client: Client) -> None:
    answer = client.score({**_demo(), "explain": "none"}).json()
    assert 0 < answer["score"] < 1
    assert 0 < answer["stop_risk"] < 1
    assert answer["percentile"] in range(101)
    assert [point["days"] for point in answer["curve"]] == [30, 60, 90, 180]
    assert [point["won"] for point in answer["curve"] if point["days"] == 90] == [answer["score"]]
    assert answer["answered_by"]["model"] == "readiness 1"


def test_an_unseen_category_and_a_missing_column_are_warned_of_not_refused(client: Client) -> None:
    lead = {
        "lead_id": "L-1",
        "created_at": "2025-12-01",
        "source": "skywriting",
        "attributes": {"shoe_size": 44},
    }
    answer = client.score({"lead": lead, "explain": "none"}).json()
    assert answer["score"] is not None
    assert "The model does not know the column shoe_size; check its spelling." in answer["warnings"]
    assert any("Usually known, but not here" in warning for warning in answer["warnings"])
    assert any("has not learned from" in warning for warning in answer["warnings"])


def _warned(client: Client, **changes: Any) -> list[str]:  # noqa: ANN401 - parts of a request
    demo: Any = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
    before = client.score(demo).json()["warnings"]
    return [said for said in client.score({**demo, **changes}).json()["warnings"] if said not in before]


@pytest.mark.parametrize(
    ("type_", "warns"),
    [("demo_reqested", True), ("Demo_Requested", True), ("demo_requested", False), ("text_message", False)],
    ids=["a typo", "another spelling", "known to the model", "named by the agreement alone"],
)
def test_a_kind_of_activity_that_nobody_reads_is_warned_of(client: Client, type_: str, warns: bool) -> None:
    did = [{"occurred_at": "2026-03-02T10:00:00Z", "type": type_, "direction": "inbound"}]
    told = f"The model does not know the activity type {type_}; check its spelling."
    assert (told in _warned(client, activities=did)) is warns


@pytest.mark.parametrize(
    ("field", "warns"),
    [("budjet", True), ("budget", False), ("industry", False), ("budgt_alloc", False), ("opted_out", False)],
)
def test_an_answer_that_nobody_reads_is_warned_of(client: Client, field: str, warns: bool) -> None:
    said = [{"answered_at": "2026-03-02T10:00:00Z", "field": field, "value": "no"}]
    told = f"The model does not know the answer field {field}; check its spelling."
    assert (told in _warned(client, answers=said)) is warns


@pytest.mark.parametrize(
    ("value", "warns"), [("big", True), ("40", False), (40, False), ("", False), (None, False)]
)
def test_text_where_the_model_reads_a_number_is_warned_of(client: Client, value: object, warns: bool) -> None:
    demo: Any = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
    lead = {**demo["lead"], "attributes": {**demo["lead"]["attributes"], "company_size": value}}
    told = "The model reads a number in company_size; what was sent is none, and counts as not known."
    assert (told in _warned(client, lead=lead)) is warns


def test_of_very_many_unknown_names_ten_are_told(client: Client) -> None:
    demo: Any = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
    did = [{**demo["activities"][0], "type": f"typo {number:02}"} for number in range(25)]
    told = [said for said in _warned(client, activities=did) if "does not know" in said]
    assert (len(told), told[-1]) == (
        11,
        "The model does not know 15 more: activity types that are not listed here.",
    )


def test_a_model_that_reads_dates_refuses_a_lead_without(client: Client) -> None:
    answered = client.score({"lead": {"lead_id": "L-1"}})
    assert answered.status_code == 422
    assert answered.json()["errors"][0]["field"] == "lead.created_at"


def test_it_says_which_model_it_is_and_what_it_was_made_of(client: Client, published: Published) -> None:
    said = client.get("/v1/model").json()
    assert (said["model"], said["bundle"], said["horizon_days"]) == ("readiness 1", published.names[0], 90.0)
    assert (said["learned_until"], said["judgement"]["leads"]) == ("2026-01-01T00:00:00Z", 400)
    assert said["features"]
    ready = client.get("/health/ready").json()
    assert (ready["status"], ready["bundle"], ready["refused"]) == ("ready", published.names[0], None)


def test_it_says_what_its_scores_rest_on(client: Client, published: Published) -> None:
    said = client.get("/v1/importance").json()
    assert (said["bundle"], said["because"]) == (published.names[0], None)
    assert said["drivers"][0] == {
        "name": "Source",
        "importance": 0.02,
        "low": 0.01,
        "high": 0.03,
        "contribution": 0.1,
        "direction": "by level",
        "raises": "partner",
        "lowers": "web_form",
    }
    assert [driver["importance"] for driver in said["drivers"]] == [0.02, None]


def test_a_model_that_was_never_judged_says_so(serve: MakeClient, tmp_path: Path) -> None:
    artefact.point(tmp_path, Pointer(name=NAME_A, version="1"))
    said = serve(tmp_path, open_bundle=lambda _, name: bundle_named(name)).get("/v1/importance").json()
    assert (said["drivers"], said["because"]) == (
        [],
        "This model was never judged on leads that it had not seen.",
    )


def test_a_service_that_starts_on_a_damaged_bundle_answers_by_rules_and_says_so(
    serve: MakeClient, published: Published
) -> None:
    _damage(published.folder / published.names[0], "truncated")
    client = serve(published.folder)
    ready = client.get("/health/ready").json()
    assert (ready["status"], ready["refused"]) == ("rules_only", {"bundle": published.names[0]})
    assert client.score(_demo()).json()["score"] is None


def test_without_a_model_it_says_that_the_rules_alone_answer(rules: Client) -> None:
    assert set(rules.get("/v1/model").json().values()) == {None}
    assert (
        rules.get("/v1/importance").json()["because"] == "No model is in use: the agreed rules alone answer."
    )
    ready = rules.get("/health/ready").json()
    assert (ready["status"], ready["model"], ready["agreement"]["name"]) == ("rules_only", None, "standard")
    assert rules.get("/health/live").json() == {"status": "live"}


def test_the_agreement_answers_with_its_document_and_fingerprint(rules: Client) -> None:
    said = rules.get("/v1/agreement").json()
    answered_by = rules.score(_demo()).json()["answered_by"]["agreement"]
    assert {name: said[name] for name in ("name", "version", "sha256")} == answered_by
    assert said["document"]["handover"]["weekly_capacity"] > 0
    assert said["text"].startswith("#")


def test_the_next_champion_answers_from_the_next_request_on(client: Client, published: Published) -> None:
    before = client.score(_demo()).json()["answered_by"]
    published.point(1)
    client.look()
    after = client.score(_demo()).json()["answered_by"]
    assert (before["bundle"], after["bundle"]) == published.names
    assert (before["model"], after["model"]) == ("readiness 1", "readiness 2")


@pytest.mark.parametrize("damage", ["truncated", "extra", "link", "gone"])
def test_a_damaged_bundle_is_refused_by_name_and_the_old_model_keeps_answering(
    client: Client, published: Published, damage: str
) -> None:
    _damage(published.folder / published.names[1], damage)
    published.point(1)
    client.look()
    ready = client.get("/health/ready").json()
    assert (ready["status"], ready["bundle"], ready["refused"]) == (
        "ready",
        published.names[0],
        {"bundle": published.names[1]},
    )
    assert client.score(_demo()).json()["answered_by"]["bundle"] == published.names[0]


def test_swaps_under_load_fail_no_request_and_mix_no_versions(published: Published) -> None:
    expected = [json.dumps(batch(published, which).assessment(0).to_dict()) for which in (0, 1)]
    request = request_of(published.tables, 0)
    database = f"sqlite:///{published.folder}/service.sqlite"
    settings = Settings(published=published.folder, watch_seconds=0.01, database_url=database)
    seen: set[str] = set()
    enough = threading.Event()

    def swap() -> None:
        for turn in range(1, 2_000):
            published.point(turn % 2)
            if enough.wait(0.05):
                return

    swapping = threading.Thread(target=swap)
    with listening(create_app(settings, clock=lambda: NOW)) as port, httpx.Client() as http:
        swapping.start()
        for _ in range(500):
            answered = http.post(f"http://127.0.0.1:{port}/v1/score", json=request)
            assert _but_id(answered) in expected
            seen.add(answered.json()["answered_by"]["bundle"])
            if len(seen) == 2:
                break
        enough.set()
        swapping.join()
    assert seen == set(published.names)


def _demo() -> dict[str, Any]:
    request: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]
    return request


def _but_id(answered: httpx.Response) -> str:
    answer = json.loads(answered.content)
    assert answer.pop("assessment_id")
    return json.dumps(answer)


def _damage(bundle: Path, damage: str) -> None:
    file = next(iter(sorted(bundle.glob("*.txt"))))
    if damage == "truncated":
        file.write_bytes(file.read_bytes()[:-1])
    elif damage == "extra":
        (bundle / "model.pkl").write_bytes(b"")
    elif damage == "link":
        file.rename(bundle.parent / "elsewhere.txt")
        file.symlink_to(bundle.parent / "elsewhere.txt")
    else:
        shutil.rmtree(bundle)
