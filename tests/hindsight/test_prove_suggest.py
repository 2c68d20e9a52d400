"""The short version of the proof that proposed changes help on later leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.prove_suggest import LOST_COUNTS, judge_world, summary
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import mapping
from readiness.hindsight.proposals import amended
from readiness.hindsight.suggest import suggest
from readiness.hindsight.suggest_choosing import NOBODY_INTERESTED

HELPS = {
    "changes": ["new must-not `source`"],
    "true": -0.01,
    "said": -0.02,
    "low": -0.03,
    "high": 0.01,
    "a_week": 1.0,
    "sales": 1.0,
}


def found(kind: str, **more: object) -> dict[str, Any]:
    return {"kind": kind, "changes": [], "seconds": 1.0, **more}


@pytest.mark.parametrize(
    ("silent", "bad", "invented", "criteria", "holds"),
    [
        (2, 2, 2, 0, True),
        (3, 0, 0, 0, False),
        (0, 3, 0, 0, False),
        (0, 0, 3, 0, False),
        (0, 0, 0, 1, False),
    ],
    ids=["just", "helps too seldom", "worse than said", "invented", "a criterion where none tells"],
)
def test_the_proof_holds_where_18_of_20_help_and_no_more_than_2_are_worse_than_said(
    silent: int, bad: int, invented: int, criteria: int, holds: bool
) -> None:
    worlds = [found("ordinary", **HELPS) for _ in range(20 - silent)] + [found("ordinary")] * silent
    for world in worlds[:bad]:
        world["high"] = -0.02
    chance = [found("random", changes=["x"] if seed < invented else []) for seed in range(20)]
    real = [found("maven_crm", changes=["new must-not `sector`"] * criteria)]
    assert summary([*worlds, *chance], real)[1].startswith("Holds") == holds


def test_in_a_world_of_chance_nothing_is_proposed() -> None:
    assert judge_world("random", 1, leads=3_000)["changes"] == []


@pytest.mark.slow
def test_in_an_ordinary_world_what_is_proposed_truly_helps_and_is_no_worse_than_said() -> None:
    # One world for many: the proof says in how many of 20 it is so.
    judged = judge_world("ordinary", 109, judged_on=12_000)
    assert judged["true"] < 0.0
    assert judged["true"] <= judged["high"]


@pytest.mark.realdata
def test_on_maven_where_the_profile_knows_nothing_nothing_is_proposed(real_data: Path) -> None:
    tables = mapping.apply(mapping.load(shipped.mapping("maven_crm")), [real_data / "maven-crm"]).tables
    agreed = load(shipped.agreement())
    assert "20 more leads that told us to stop (there are 0)" in suggest(tables, agreed).sentence
    lost = amended(agreed, LOST_COUNTS)
    assert lost is not None
    assert suggest(tables, lost).sentence == NOBODY_INTERESTED


@pytest.mark.realdata
def test_on_bohanec_without_dates_it_says_what_cannot_be_told(bohanec: Path) -> None:
    tables = mapping.apply(mapping.load(shipped.mapping("bohanec")), [bohanec]).tables
    said = suggest(tables, load(shipped.agreement()))
    assert said.changes == ()
    assert said.sentence.startswith("These leads carry no dates")
