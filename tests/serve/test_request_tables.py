"""Many requests as tables: who contradicts himself is refused, and slows down nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from serve import request_tables
from serve.schemas import ScoreRequest

_EARLY = "2026-02-01T00:00:00Z"
_BAD: list[dict[str, Any]] = [
    {"outcomes": [{"occurred_at": "2026-03-02", "outcome": "closed_lost"}] * 2},
    {"outcomes": [{"occurred_at": _EARLY, "outcome": "closed_won"}]},
    {"handovers": [{"handed_over_at": "2026-03-09", "decided_at": "2026-03-02", "decision": "accepted"}]},
    {"activities": [{"occurred_at": _EARLY, "type": "chat", "direction": "inbound"}]},
]


def request(number: int, **rest: object) -> ScoreRequest:
    lead = {"lead_id": f"L-{number}", "created_at": "2026-03-01T08:00:00Z"}
    return ScoreRequest.model_validate({"lead": lead, **rest})


@pytest.mark.parametrize("bad", [(), (0,), (3,), (9,), (2, 3), (0, 5, 9), tuple(range(10))], ids=str)
@pytest.mark.parametrize("kind", range(len(_BAD)))
def test_each_request_is_refused_or_kept_as_if_it_were_alone(kind: int, bad: tuple[int, ...]) -> None:
    end = {"outcomes": [{"occurred_at": "2026-03-05", "outcome": "closed_lost"}]}
    requests = [request(n, **(_BAD[kind] if n in bad else end if n % 2 else {})) for n in range(10)]
    alone = {
        n: laid.refused[0] for n, one in enumerate(requests) if (laid := request_tables.lay([one])).refused
    }
    laid = request_tables.lay(requests)
    assert {n: said.errors for n, said in laid.refused.items()} == {
        n: said.errors for n, said in alone.items()
    }
    assert laid.kept == tuple(n for n in range(10) if n not in alone)
    assert laid.tables.leads.lead_id.tolist() == [f"L-{n}" for n in laid.kept]


def test_of_requests_that_keep_the_rules_only_those_with_a_fault_are_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    alone = request_tables._refusal
    monkeypatch.setattr(
        request_tables, "_refusal", lambda one: (looked.append(one.lead.lead_id), alone(one))[1]
    )
    laid = request_tables.lay([request(n, **(_BAD[1] if n in (3, 7) else {})) for n in range(10)])
    assert (looked, len(laid.kept)) == (["L-3", "L-7"], 8)
