"""How marketing keeps in touch, and whom chance hands over."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.agreement import sentences
from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.chance import drawn
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import OUTCOMES, Answer
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.builders import activity, answer

REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
ENOUGH = [answer(95, "budget", "approved"), answer(95, "need", "clear")]
TRACKS = [
    {"name": "find out the fit", "categories": ["unqualified_suitability"]},
    {"name": "budget case", "stages": ["decision"], "missing": ["budget"], "says": "Figures for a budget."},
    {"name": "where are you", "missing": ["country", "authority"]},
    {"name": "newsletter"},
]
BY = agreement(nurture__tracks=TRACKS)


def track(verdicts: Verdicts, **limits: float | int | bool) -> str | None:
    told = sentences.advice(verdicts, advised(verdicts, **limits), 0)["track"]  # type: ignore[arg-type]
    return None if told is None else str(told["name"])


@pytest.mark.parametrize(
    ("verdicts", "name"),
    [
        (judge(REPLIES, by=BY), "find out the fit"),
        (judge([*REPLIES, activity(99, "demo")], by=BY, **FITTING), "budget case"),
        (judge([activity(99, "reply")], by=BY, size=50, industry="software"), "where are you"),
        (judge(answers=[answer(9, "authority", "user")], by=BY, **FITTING), "newsletter"),
        (judge(by=agreement(), **FITTING), None),
    ],
    ids=[
        "its category",
        "its stage and a missing piece",
        "any missing piece",
        "what is left",
        "none agreed on",
    ],
)
def test_a_lead_that_stays_with_marketing_is_on_the_first_track_that_suits_it(
    verdicts: Verdicts, name: str | None
) -> None:
    assert track(verdicts, score=0.0) == name


@pytest.mark.parametrize(
    "limits", [{"suppressed": True}, {"ended": OUTCOMES.index("closed_won")}], ids=["suppressed", "ended"]
)
def test_who_must_not_be_called_or_has_ended_is_on_no_track(limits: dict[str, bool]) -> None:
    assert track(judge(REPLIES, by=BY), **limits) is None


def test_who_is_handed_over_or_unworthy_is_on_no_track() -> None:
    assert track(judge(REPLIES, ENOUGH, by=BY, **FITTING)) is None
    assert track(judge(REPLIES, by=BY, size=1)) is None


LOT = 0.2
"""The most that may be left to chance; found by trying: with it, the one lead of these tests is drawn."""


def rule(answers: list[Answer], share: float, *, name: str = "small", **limits: float | bool) -> str:
    by = agreement(handover__random_share=share, name=name)
    verdicts = judge(REPLIES, answers, by=by, **FITTING)
    return ADVICE_RULES[advised(verdicts, **limits).rule[0]].code  # type: ignore[arg-type]


def lucky() -> str:
    """Return the name of an agreement under which L-1 is drawn."""
    names = (f"small {number}" for number in range(100))
    return next(
        name
        for name in names
        if drawn(["L-1"], agreement(handover__random_share=LOT, name=name).fingerprint, LOT)[0]
    )


@pytest.mark.parametrize("limits", [{"score": 0.05}, {"score": 0.5, "capacity_score": 0.9}])
def test_of_leads_that_only_score_or_capacity_keeps_back_chance_hands_a_share_over(
    limits: dict[str, float],
) -> None:
    assert rule(ENOUGH, LOT, name=lucky(), **limits) == "HO4"
    assert rule(ENOUGH, 0.0, name=lucky(), **limits) in ("SC1", "SC2")


@pytest.mark.parametrize(
    ("answers", "limits", "expected"),
    [
        ([], {"score": 0.05}, "SC1"),
        (ENOUGH, {"score": 0.05, "stop_risk": 0.9}, "ST1"),
        (ENOUGH, {"score": 0.05, "suppressed": True}, "NC2"),
        (ENOUGH, {"score": 0.05, "ended": 0}, "EN1"),
        (ENOUGH, {"score": 0.9}, "HO2"),
    ],
    ids=["lacks BANT", "may tell us to stop", "must not be called", "has bought", "above the limit"],
)
def test_chance_hands_nobody_over_whom_anything_else_keeps_back(
    answers: list[Answer], limits: dict[str, float], expected: str
) -> None:
    assert rule(answers, LOT, name=lucky(), **limits) == expected


def test_a_lead_drawn_by_chance_is_told_so_with_its_propensity() -> None:
    by = agreement(handover__random_share=LOT, name=lucky())
    verdicts = judge(REPLIES, ENOUGH, by=by, **FITTING)
    told = sentences.advice(verdicts, advised(verdicts, score=0.05), 0)

    assert (told["action"], told["sampled"], told["propensity"]) == ("hand_over", True, LOT)
    assert told["because"] == (
        "It fits and is interested, though hardly likely to buy. "
        "It was drawn by lot: from a few such calls we learn."
    )
    plain = sentences.advice(verdicts, advised(verdicts, score=0.9), 0)
    assert (plain["sampled"], plain["propensity"]) == (False, None)


def test_the_draw_is_a_share_of_leads_the_same_alone_and_among_others_and_anew_for_a_new_agreement() -> None:
    ids = [f"L-{number}" for number in range(20_000)]
    one, other = drawn(ids, "a", 0.1), drawn(ids, "b", 0.1)

    assert abs(one.mean() - 0.1) < 0.01
    assert abs((one & other).mean() - 0.01) < 0.004
    assert [bool(drawn([each], "a", 0.1)[0]) for each in ids[:200]] == one[:200].tolist()
    assert drawn([], "a", 0.1).tolist() == []
    assert not drawn(ids, "a", 0.0).any()
    assert drawn(ids, "a", 1.0).all()


def test_who_is_drawn_for_a_small_share_is_drawn_for_a_larger_one() -> None:
    ids = [f"L-{number}" for number in range(1_000)]

    assert not np.any(drawn(ids, "a", 0.05) & ~drawn(ids, "a", 0.1))
