"""A short version of `python -m benchmarks prove agreement`, as far as advice goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from readiness.agreement.document import Agreement
from tests.scoring.claims import ADVICE_CLAIMS, Answers, Teller, assessed, broken
from tests.scoring.desks import Desked, random_desked

Advice = dict[str, Any]


@pytest.fixture(scope="module")
def drawn() -> Desked:
    """Return sixty random leads."""
    return random_desked(np.random.default_rng(0), 60)


@pytest.mark.parametrize("name", ADVICE_CLAIMS)
def test_what_the_advice_promises_holds_for_random_leads(name: str, drawn: Desked) -> None:
    ADVICE_CLAIMS[name](drawn, assessed)


def worse(change: Callable[[Advice], Advice]) -> Teller:
    """Return a teller that changes every answer for the worse."""

    def tell(drawn: Desked, by: Agreement) -> Answers:
        return [{**answer, **change(answer)} for answer in assessed(drawn, by)]

    return tell


def other_advice(**changes: object) -> Teller:
    """Return a teller that says something else of every lead's advice."""
    return worse(lambda answer: {"advice": {**answer["advice"], **changes}})


def fewer_answers(answer: Advice) -> Advice:
    return {"would_change": answer["would_change"][1:] if len(answer["would_change"]) > 1 else []}


def one_answer_more(answer: Advice) -> Advice:
    return {"would_change": answer["would_change"] and [*answer["would_change"], ALSO]}


ALSO = {"field": "industry", "value": "software"}

DOES, ASKS = (
    "what would change it really does, and nothing smaller",
    "the question asked could change the decision",
)
ONE = "one advice with its sentence, hand-overs and ends read"
NEVER = "who is suppressed is never advised otherwise, hand-overs and ends read"


@pytest.mark.parametrize(
    ("name", "tell"),
    [
        (ONE, lambda drawn, by: assessed(drawn, by)[1:]),
        (ONE, other_advice(because="None.")),
        (ONE, other_advice(action="hold", know_first="a secret")),
        (NEVER, other_advice(action="hand_over")),
        (NEVER, other_advice(action="never_call")),
        (NEVER, other_advice(ask_next="What?")),
        ("nobody is forgotten", other_advice(look_again=None)),
        ("nobody is forgotten", other_advice(look_again="2026-01-01T00:00:00Z")),
        (DOES, worse(fewer_answers)),
        (DOES, worse(one_answer_more)),
        (ASKS, other_advice(ask_next="Where are you?")),
        (ASKS, other_advice(ask_next="Is there a budget?")),
    ],
)
def test_each_promise_would_be_seen_broken(name: str, tell: Teller, drawn: Desked) -> None:
    assert broken(ADVICE_CLAIMS[name], drawn, tell)
