"""Whatever is sent, the service answers or refuses by field; it never fails."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serve.answers import AssessmentAnswer
from serve.examples import SCORE_REQUESTS
from serve.problems import ProblemDocument
from tests.serve.conftest import Client

_EXAMPLES: list[dict[str, Any]] = [example["value"] for example in SCORE_REQUESTS.values()]  # type: ignore[misc]
_ONCE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-03-14", "2026-03-14T09:00:00Z", "inbound", "closed_won", "\ud800", "full", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [way, *(place for key in keys for place in _places(node[key], (*way, key)))]


@st.composite
def _spoilt(draw: st.DrawFn) -> Any:  # noqa: ANN401 - any JSON
    """Return an example in which something stands where something else belongs."""
    request = copy.deepcopy(draw(st.sampled_from(_EXAMPLES)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(_places(request)[1:]))
        place = request
        for step in way:
            place = place[step]
        if draw(st.booleans()):
            place[last] = draw(_ANYTHING)
        elif isinstance(place, dict):
            place[draw(st.text(max_size=8) | st.sampled_from(["at", "outcomes", "score"]))] = draw(_ANYTHING)
    return request


_LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
_NAMES = st.text(_LETTERS, min_size=1, max_size=30)
_TEXTS = st.none() | st.text(_LETTERS, max_size=30)
_WHEN = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)).map(str)
_RECENT = st.integers(1, 72).map(
    lambda day: f"2026-{1 + day % 3:02d}-{1 + day % 28:02d}T{day % 24:02d}:00:00+01:00"
)


_REQUESTS = st.fixed_dictionaries(
    {
        "lead": st.fixed_dictionaries(
            {"lead_id": _NAMES, "created_at": _RECENT},
            optional={
                "source": _NAMES,
                "email": _TEXTS,
                "attributes": st.dictionaries(
                    st.sampled_from(["company_size", "industry", "do_not_call", "seniority"]) | _NAMES,
                    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
                    max_size=6,
                ),
            },
        ),
        "activities": st.lists(
            st.fixed_dictionaries(
                {
                    "occurred_at": _RECENT,
                    "type": st.sampled_from(["web_visit", "email_reply", "demo_requested"]) | _NAMES,
                    "direction": st.sampled_from(["inbound", "outbound"]),
                },
                optional={
                    "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                    "channel": _TEXTS,
                },
            ),
            max_size=8,
        ),
        "answers": st.lists(
            st.fixed_dictionaries(
                {
                    "answered_at": _RECENT,
                    "field": st.sampled_from(["budget", "need", "do_not_call", "company_size"]) | _NAMES,
                    "value": _TEXTS | st.sampled_from(["approved", "1e400", "nan", "-0", "yes", "unknown"]),
                }
            ),
            max_size=6,
        ),
        "outcomes": st.lists(
            st.fixed_dictionaries(
                {
                    "occurred_at": st.none() | _RECENT,
                    "outcome": st.sampled_from(["closed_won", "stop_calling", "closed_lost", "disqualified"]),
                }
            ),
            max_size=2,
        ),
    },
    optional={"at": _RECENT | _WHEN, "explain": st.sampled_from(["none", "brief", "full"])},
)


@_ONCE
@given(request=_spoilt())
def test_a_spoilt_request_is_answered_or_refused_by_field(rules: Client, request: object) -> None:
    _answered_or_refused(rules, request)


@_ONCE
@given(request=_REQUESTS)
def test_whatever_a_crm_may_hold_is_answered_or_refused_by_field(client: Client, request: object) -> None:
    _answered_or_refused(client, request)


@_ONCE
@given(body=st.binary(max_size=60))
def test_bytes_are_refused(rules: Client, body: bytes) -> None:
    assert rules.send(body).status_code in {400, 422}


def _answered_or_refused(client: Client, request: object) -> None:
    answered = client.send(json.dumps(request).encode())
    assert answered.status_code in {200, 400, 422}, answered.text
    shape = AssessmentAnswer if answered.status_code == 200 else ProblemDocument
    shape.model_validate_json(answered.content)
