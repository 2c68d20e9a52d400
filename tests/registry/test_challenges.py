"""A challenged version is promoted when every gate let it, or when somebody answers for it by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from readiness.errors import ChallengeError, StoreError
from readiness.judging.gates import Challenge, Gate, Outcome
from readiness.registry import CHALLENGER, MODEL, Registry
from tests.registry.moments import LATER, NOON


def challenged(challenger: str, champion: str | None, outcome: Outcome) -> dict[str, Any]:
    gates = (Gate("skill", "passed", "", 0.02, 0.0), Gate("log_loss", outcome, "", 0.013, 0.02, "share"))
    return Challenge(challenger, champion, "refitted", NOON, 40, 20, gates).to_dict()


@pytest.fixture
def versions(registry: Registry, first: Path, second: Path) -> tuple[str, str]:
    """Return the champion's version and one more."""
    champion = registry.record(first).version
    registry.promote(champion, at=NOON)
    return champion, registry.record(second).version


def test_what_every_gate_measured_is_kept_with_the_run(
    registry: Registry, versions: tuple[str, str], first: Path, second: Path
) -> None:
    registry.keep_challenge(versions[1], challenged(second.name, first.name, "refused"), at=NOON)
    run = registry.store.client.get_run(registry.version(versions[1]).run_id)
    assert run.data.metrics["gate/log_loss"] == 0.013
    assert run.data.tags["readiness.verdict"] == "no"
    kept = registry.store.client.list_artifacts(run.info.run_id, "challenge")
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("refused", "Refused by log_loss"), ("too_few", "Too few leads to tell at log_loss")],
)
def test_a_challenger_that_did_not_pass_is_not_promoted(
    registry: Registry, versions: tuple[str, str], first: Path, second: Path, outcome: Outcome, said: str
) -> None:
    registry.keep_challenge(versions[1], challenged(second.name, first.name, outcome), at=NOON)
    with pytest.raises(ChallengeError, match=f"Version 2 is not promoted: it did not pass .*{said}"):
        registry.promote(versions[1], at=LATER)
    assert registry.champion().version == versions[0]
    assert registry.promote(versions[1], at=LATER, alias=CHALLENGER).aliases == ("challenger",)


def test_one_that_passed_is_promoted_and_history_keeps_on_what_figures(
    registry: Registry, versions: tuple[str, str], first: Path, second: Path
) -> None:
    registry.keep_challenge(versions[1], challenged(second.name, first.name, "passed"), at=NOON)
    registry.promote(versions[1], at=LATER, by="Ada", reason="Better")
    move = registry.history()[-1]
    assert (move.verdict, move.overruled) == ("yes", ())
    assert move.figures == {"skill": 0.02, "log_loss": 0.013}


def test_a_person_may_overrule_a_gate_and_the_history_names_both(
    registry: Registry, versions: tuple[str, str], first: Path, second: Path
) -> None:
    registry.keep_challenge(versions[1], challenged(second.name, first.name, "too_few"), at=NOON)
    registry.promote(versions[1], at=LATER, by="Ada", reason="New product", overrule=True)
    move = registry.history()[-1]
    assert (move.by, move.reason, move.overruled) == ("Ada", "New product", ("log_loss",))


@pytest.mark.parametrize(("by", "reason"), [("", "Why"), ("Ada", ""), (" ", " ")])
def test_nobody_overrules_without_a_name_and_a_reason(
    registry: Registry, versions: tuple[str, str], by: str, reason: str
) -> None:
    with pytest.raises(ChallengeError, match="by somebody, for a reason: give --by and --reason"):
        registry.promote(versions[1], at=LATER, by=by, reason=reason, overrule=True)


@pytest.mark.parametrize("against", [None, "c" * 64], ids=["when there was none", "another one"])
def test_a_challenge_against_another_champion_counts_for_nothing(
    registry: Registry, versions: tuple[str, str], second: Path, against: str | None
) -> None:
    registry.keep_challenge(versions[1], challenged(second.name, against, "passed"), at=NOON)
    with pytest.raises(ChallengeError, match="was not against the champion of today"):
        registry.promote(versions[1], at=LATER)


def test_the_champion_may_be_promoted_again_whatever_its_challenge_came_to(
    registry: Registry, versions: tuple[str, str], first: Path
) -> None:
    registry.keep_challenge(versions[0], challenged(first.name, None, "refused"), at=NOON)
    assert registry.promote(versions[0], at=LATER).version == versions[0]


def test_a_version_that_was_never_challenged_is_promoted_on_its_skill(
    registry: Registry, versions: tuple[str, str]
) -> None:
    assert registry.version(versions[0]).challenge is None
    assert registry.history()[0].figures == {"gain": 0.1}
    assert registry.history()[0].verdict is None


def test_what_others_wrote_in_its_place_is_refused(registry: Registry, versions: tuple[str, str]) -> None:
    registry.store.client.set_model_version_tag(MODEL, versions[1], "readiness.challenge", "{}")
    with pytest.raises(StoreError, match="was not written by readiness"):
        registry.version(versions[1])
