"""What gates come to, and how they are said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from readiness.crm.records import NO_INSTANT, instant
from readiness.history.outcomes import WON
from readiness.judging.cohort import known_at
from readiness.judging.contest import CHALLENGER, CHAMPION
from readiness.judging.gates import Challenge, Gate, Outcome, not_asked, verdict_of
from readiness.judging.metrics import log_loss
from readiness.judging.multiplicity import holm
from readiness.judging.paired import chance_of_no_worse
from readiness.judging.parts import Part
from readiness.judging.segments import judge_segments
from tests.judging.contests import HORIZON, contest


def _gates(*found: Outcome) -> list[Gate]:
    return [Gate("skill", outcome, "") for outcome in found]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (("passed", "not_asked"), "yes"),
        (("passed", "refused"), "no"),
        (("passed", "too_few"), "too_few"),
        (("too_few", "refused"), "no"),
        (("not_asked",), "too_few"),
        ((), "too_few"),
    ],
)
def test_only_gates_that_are_all_open_promote(found: tuple[Outcome, ...], verdict: str) -> None:
    assert verdict_of(_gates(*found)) == verdict


def _challenge(**changes: object) -> Challenge:
    fields: dict[str, Any] = {
        "challenger": "b" * 64,
        "champion": "a" * 64,
        "on": "refitted",
        "since": instant("2026-01-01T00:00:00Z"),
        "snapshots": 40,
        "leads": 20,
        "gates": (Gate("log_loss", "refused", "Worse.", float("inf"), 0.02, "share"),),
    }
    return Challenge(**{**fields, **changes})


def test_a_challenge_of_recipes_says_so() -> None:
    told = _challenge().sentence
    assert "recipes, not the two models" in told
    assert "known before 2026-01-01 and compared on 20 leads created later" in told


def test_one_recipe_for_both_is_told() -> None:
    assert "cannot tell them apart" in _challenge(recipe_shared=True).sentence
    assert "cannot tell" not in _challenge(recipe_shared=True, on="as_they_are").sentence


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"on": "as_they_are"}, "neither has seen them"),
        ({"on": "as_they_are", "champion": None}, "no champion yet. Judged on 20 leads"),
        ({"champion": None}, "no champion yet. Judged by its recipe"),
        ({"on": "nothing"}, "no leads to judge it on"),
        ({"since": NO_INSTANT}, "four fifths of the leads"),
    ],
)
def test_on_which_leads_it_was_judged_is_told(changes: dict[str, Any], told: str) -> None:
    assert told in _challenge(**changes).sentence


def test_a_challenge_is_plain_json_also_where_a_loss_is_beyond_all_bounds() -> None:
    told = json.loads(json.dumps(_challenge().to_dict(), allow_nan=False))
    assert told["verdict"] == "no"
    assert (told["gates"][0]["measured"], told["gates"][0]["required"]) == (None, 0.02)


@pytest.mark.parametrize(
    ("gate", "measured", "required"),
    [
        (Gate("log_loss", "passed", "", -0.013, 0.02, "share"), "−1.3 %", "≤ 2.0 %"),
        (Gate("skill", "passed", "", 0.0123, 0.0, "points", at_least=True), "0.0123", "≥ 0.0000"),
        (Gate("newer_data", "passed", "", 7.0, 0.0, "days", at_least=True), "7 d", "≥ 0 d"),
        (Gate("latency", "passed", "", 192.0, 24_000.0), "192", "≤ 24,000"),
        (Gate("log_loss", "refused", "", float("inf"), 0.02, "share"), "beyond all bounds", "≤ 2.0 %"),
        (not_asked("skill", ""), "–", "–"),
    ],
)
def test_what_was_measured_and_required_is_written_for_people(
    gate: Gate, measured: str, required: str
) -> None:
    assert (gate.measured_text(), gate.required_text()) == (measured, required)


def test_segments_are_adjusted_for_how_many_were_looked_at_and_small_ones_make_the_rest_no_harder() -> None:
    of = contest(2000)
    known = known_at(of.cohort, HORIZON)
    noise = np.random.default_rng(2).uniform(0.5, 1.4, 2000)
    mine, theirs = of.of(CHALLENGER, WON) * noise, of.of(CHAMPION, WON)
    code = np.where(np.arange(2000) < 5, 2, np.arange(2000) % 2)
    found = judge_segments(
        of.cohort, known, mine, theirs, (Part("region", code, ("a", "b", "tiny", "nobody")),), margin=0.0
    )
    assert [(each.name, each.p is None) for each in found] == [("a", False), ("b", False), ("tiny", True)]
    alone = judge_segments(of.cohort, known, mine, theirs, (Part("x", code, ("a",)),), margin=0.0)[0].p
    both = [each.p for each in found if each.p is not None]
    assert alone is not None
    losses = [log_loss(known, each, WON).top[code == 1] for each in (mine, theirs)]
    raw = [alone, chance_of_no_worse(*losses, of.cohort.lead[code == 1], 0.0)]
    assert both == pytest.approx(holm(np.array(raw)).tolist())


def test_without_a_champion_or_without_columns_there_are_no_segments_to_compare() -> None:
    of = contest(50)
    known = known_at(of.cohort, HORIZON)
    won = of.of(CHALLENGER, WON)
    assert judge_segments(of.cohort, known, won, None, of.segments, margin=0.02) == ()
    assert judge_segments(of.cohort, known, won, won, (), margin=0.02) == ()
