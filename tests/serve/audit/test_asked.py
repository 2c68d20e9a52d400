"""What was asked is kept in a form from which the same request is read again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness import __version__
from readiness.crm.records import instant, iso
from readiness.crm.time_checks import EARLIEST, LATEST
from readiness.scoring import Suppressions
from serve.auditing import asked
from serve.examples import SCORE_REQUESTS
from serve.schemas import ScoreRequest

_RECEIVED = instant("2026-03-14T09:00:00Z")
_NOBODY = Suppressions(np.zeros(1, dtype=np.bool_))

_INSTANTS = st.integers(EARLIEST, LATEST - 1).map(iso)
_MOMENTS = st.one_of(_INSTANTS, st.dates(min_value=__import__("datetime").date(1990, 1, 1)).map(str)).filter(
    lambda written: "1990" < str(written) < "2199"
)
_TEXTS = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20)
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    _TEXTS,
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**60), 2**60),
)


@st.composite
def _requests(draw: st.DrawFn) -> dict[str, Any]:
    activity = st.fixed_dictionaries(
        {
            "occurred_at": _MOMENTS,
            "type": st.just("call"),
            "direction": st.sampled_from(["inbound", "outbound"]),
        },
        optional={"value": st.floats(allow_nan=False, allow_infinity=False), "detail": _TEXTS},
    )
    return {
        "lead": {
            "lead_id": "L-1",
            "created_at": draw(st.none() | _MOMENTS),
            "last_known_at": draw(st.none() | _MOMENTS),
            "email": draw(st.none() | _TEXTS),
            "attributes": {f"a{n}": draw(_VALUES) for n in range(draw(st.integers(0, 4)))},
        },
        "activities": draw(st.lists(activity, max_size=3)),
        "answers": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"answered_at": _MOMENTS, "field": st.just("need"), "value": st.none() | _TEXTS}
                ),
                max_size=2,
            )
        ),
        "outcomes": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"occurred_at": st.none() | _MOMENTS, "outcome": st.just("closed_won")}
                ),
                max_size=1,
            )
        ),
        "handovers": draw(
            st.lists(
                st.fixed_dictionaries({"handed_over_at": _MOMENTS, "decided_at": st.none() | _MOMENTS}),
                max_size=1,
            )
        ),
        "at": draw(st.none() | _MOMENTS),
        "explain": draw(st.sampled_from(["none", "brief", "full"])),
    }


@given(_requests())
def test_any_request_is_read_again_as_it_was(raw: dict[str, Any]) -> None:
    request = ScoreRequest.model_validate(raw)
    content = asked.written(request, _NOBODY, 0, received=_RECEIVED)
    again = asked.read(content).request
    assert again == request
    assert b"\n" not in content
    kinds = {name: type(value) for name, value in request.lead.attributes.items()}
    assert {name: type(value) for name, value in again.lead.attributes.items()} == kinds


@pytest.mark.parametrize("name", SCORE_REQUESTS)
def test_what_is_shown_can_be_sent_again(name: str) -> None:
    request = ScoreRequest.model_validate(SCORE_REQUESTS[name]["value"])
    shown = asked.shown(asked.written(request, _NOBODY, 0, received=_RECEIVED))
    assert ScoreRequest.model_validate(shown["request"]) == request
    assert (shown["received"], shown["version"]) == ("2026-03-14T09:00:00Z", __version__)


def test_of_several_leads_each_keeps_what_the_list_said_of_it() -> None:
    no_phone = ("a phone number", np.array([False, True]))
    listed = Suppressions(np.array([True, False]), "unread", (no_phone,))
    request = ScoreRequest.model_validate({"lead": {"lead_id": "L-1"}})
    kept = [asked.read(asked.written(request, listed, row, received=1)) for row in (0, 1)]
    assert [(each.never, each.unread, each.lacking) for each in kept] == [
        (True, "unread", ()),
        (False, "unread", ("a phone number",)),
    ]
    assert kept[1].suppressions.remarks(0) == listed.remarks(1)
    assert kept[0].suppressions.never.tolist() == [True]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"request": {}}', b'{"request": 7, "received": 1}'])
def test_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"what an audit keeps|Expecting value"):
        asked.shown(content)


def test_the_lead_is_found_in_it_or_said_not_to_be() -> None:
    request = ScoreRequest.model_validate({"lead": {"lead_id": "L-1"}})
    assert asked.lead_of(asked.written(request, _NOBODY, 0, received=1)) == "L-1"
    with pytest.raises(ValueError, match="what an audit keeps"):
        asked.lead_of(b"{}")
