"""What was answered is answered again from the audit, to the bit, or it is said why it cannot be."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import Any

import pytest

from readiness.crm.records import iso
from serve.audit.entry import salted
from serve.auditing import erasing, verifying
from serve.auditing.again import Again, NotAgainError, Replayed, replay
from serve.auditing.audit import Audit
from serve.database.audit_rows import Kept
from serve.examples import SCORE_REQUESTS
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.published import Published, request_of

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]


def _audit(client: Client) -> Audit:
    audit: Audit = client.app.state.service.audit
    audit.move()
    return audit


def _replayed(client: Client, published: Published) -> Replayed:
    store = _audit(client).store
    return replay(Again(store, published.folder), verifying.every(store))


def _suppress(client: Client, lead_id: str) -> None:
    said = {"suppressions": [{"kind": "lead_id", "value": lead_id, "source": "test"}]}
    assert client.ask("POST", "/v1/suppressions", json=said).status_code == 200


def _kept(client: Client) -> Kept:
    (kept,) = verifying.every(_audit(client).store)
    return kept


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_answers_with_a_model_are_the_same_to_the_bit(
    client: Client, published: Published, explain: str
) -> None:
    for lead in range(3):
        client.score(request_of(published.tables, lead, explain=explain))
    rows = [request_of(published.tables, lead, explain=explain) for lead in range(3, 8)]
    client.ask("POST", "/v1/score/batch", json=rows)
    assert _replayed(client, published) == Replayed(8, ())


def test_without_at_it_is_answered_as_of_when_it_was_received(client: Client, published: Published) -> None:
    today = (iso(NOW) or "")[:10]
    visit = {"occurred_at": today, "type": "web_visit", "direction": "inbound"}
    client.score({"lead": {"lead_id": "L-1", "created_at": "2026-03-01"}, "activities": [visit]})
    client.score({**_DEMO, "at": None})
    assert _replayed(client, published) == Replayed(2, ())


def test_whoever_was_on_the_list_then_is_so_again_and_whoever_is_now_was_not(
    client: Client, published: Published
) -> None:
    barred = {**_DEMO, "lead": {**_DEMO["lead"], "lead_id": "L-1", "phone": "not a number"}}
    _suppress(client, "L-1")
    assert client.score(barred).json()["advice"]["action"] == "never_call"
    client.score(_DEMO)
    _suppress(client, _DEMO["lead"]["lead_id"])
    assert _replayed(client, published) == Replayed(2, ())


def test_after_an_exchange_each_is_answered_by_its_own_model(client: Client, published: Published) -> None:
    client.score(request_of(published.tables, 0))
    published.point(1)
    client.look()
    client.score(request_of(published.tables, 0))
    assert len({kept.entry.bundle for kept in verifying.every(_audit(client).store)}) == 2
    assert _replayed(client, published) == Replayed(2, ())


def test_the_rules_alone_are_answered_again_with_the_agreement_that_is_kept(
    rules: Client, published: Published
) -> None:
    rules.score(_DEMO)
    assert _replayed(rules, published) == Replayed(1, ())


def test_an_answer_that_was_another_one_is_told(client: Client, published: Published) -> None:
    client.score(_DEMO)
    kept = _kept(client)
    assert kept.answered is not None
    told = json.loads(kept.answered.content)
    told["score"] *= 1 + 2**-52
    other = replace(kept, answered=salted(json.dumps(told, separators=(",", ":")).encode()))
    again = Again(_audit(client).store, published.folder)
    assert replay(again, iter([kept, other])) == Replayed(1, (kept.entry.assessment_id,))


def test_nothing_is_nothing_again(rules: Client, published: Published) -> None:
    assert _replayed(rules, published) == Replayed(0, ())


def test_what_was_erased_cannot_be_answered_again(client: Client, published: Published) -> None:
    client.score(_DEMO)
    assert erasing.erase(_audit(client).store, _DEMO["lead"]["lead_id"], at=NOW) == 1
    assert _replayed(client, published).skipped == {"its payload was erased": 1}
    found = client.get(f"/v1/audit/{_kept(client).entry.assessment_id}").json()
    assert (found["payloads"], found["asked"], found["chain"]["verifies"]) == ("erased", None, True)


def test_what_it_needs_and_is_not_there_is_told(
    client: Client, published: Published, serve: MakeClient
) -> None:
    client.score(_DEMO)
    kept = _kept(client)
    store = _audit(client).store
    bundle = published.folder / published.names[0]
    (bundle / "manifest.json").write_text("{}")
    _cannot(kept, Again(store, published.folder), "its bundle is damaged")
    shutil.rmtree(bundle)
    _cannot(kept, Again(store, published.folder), "its bundle is gone")
    alone = replace(kept, entry=replace(kept.entry, bundle=None, agreement="0" * 64))
    _cannot(alone, Again(store, published.folder), "its agreement is gone")
    _cannot(
        replace(kept, asked=salted(b"{}")), Again(store, published.folder), "what was asked cannot be read"
    )
    _cannot(replace(kept, asked=None), Again(store, published.folder), "its payload is gone")


def test_an_agreement_that_was_changed_answers_nothing(rules: Client, published: Published) -> None:
    rules.score(_DEMO)
    kept, store = _kept(rules), _audit(rules).store
    text = store.agreement(kept.entry.agreement) or ""
    for other, why in ((text.replace('"1.', '"2.', 1), "was changed"), ("{", "read")):
        again = Again(store, published.folder)
        again._store = type("Other", (), {"agreement": lambda *_, other=other: other})()  # type: ignore[assignment]
        _cannot(kept, again, why)


def _cannot(kept: Kept, again: Again, why: str) -> None:
    with pytest.raises(NotAgainError, match=why):
        again.answer(kept)
