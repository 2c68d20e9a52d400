"""A model that was not shown to know anything does not become the champion."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.errors import NoChampionError, NoSkillError
from readiness.registry import Registry
from readiness.registry.promotions import must_have_skill
from tests import bundles
from tests.registry.moments import LATER, NOON

UNSKILLED = {"skill": {"claimed": False, "gain": 0.0, "sentence": "No skill was found."}, "missing": None}


@pytest.fixture
def unskilled(tmp_path: Path) -> Path:
    return bundles.write(tmp_path / "bundles", seed=2, judgement=UNSKILLED)


def test_a_model_in_which_no_skill_was_found_is_recorded_and_not_promoted(
    registry: Registry, unskilled: Path
) -> None:
    version = registry.record(unskilled).version
    with pytest.raises(NoSkillError, match=r"Version 1 is not promoted\. No skill was found\. Rank nobody"):
        registry.promote(version, at=NOON)
    with pytest.raises(NoChampionError, match="No model is the champion yet"):
        registry.champion()
    assert registry.history() == ()


def test_it_may_be_the_challenger_which_nobody_is_ranked_by(registry: Registry, unskilled: Path) -> None:
    version = registry.record(unskilled).version
    assert registry.promote(version, at=NOON, alias="challenger").aliases == ("challenger",)


def test_the_champion_before_it_stays(registry: Registry, first: Path, unskilled: Path) -> None:
    champion = registry.promote(registry.record(first).version, at=NOON)
    with pytest.raises(NoSkillError, match="Version 2 is not promoted"):
        registry.promote(registry.record(unskilled).version, at=LATER)
    assert registry.champion().version == champion.version


def test_a_model_that_could_not_be_judged_is_refused_with_what_is_missing() -> None:
    unjudged = {
        "skill": {"claimed": False, "sentence": "No skill is claimed: there were no later leads."},
        "missing": "It takes 40 more closed sales.",
    }
    with pytest.raises(NoSkillError, match=r"were no later leads\. It takes 40 more closed sales\. Rank"):
        must_have_skill("7", unjudged)


@pytest.mark.parametrize(
    "judgement", [None, {}, {"skill": {"claimed": True}}], ids=["none", "empty", "skilled"]
)
def test_with_skill_or_without_a_judgement_nothing_is_refused(judgement: dict[str, object] | None) -> None:
    must_have_skill("7", judgement)
