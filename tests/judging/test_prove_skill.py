import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import prove_skill
from benchmarks.prove_skill import MAVEN, summary, worlds
from benchmarks.resumable import code_fingerprint


def found(kind: str, seed: int, *, claimed: bool, lost: float | None = 0.0) -> dict[str, Any]:
    told = {"gain": 0.01, "lower_999": 0.0, "lost_won": lost, "lost_stop": None, "seconds": 1.0}
    return {"kind": kind, "seed": seed, "claimed": claimed, **told}


@pytest.mark.parametrize(
    ("missed", "false", "holds"),
    [(1, 1, True), (2, 0, False), (0, 2, False)],
    ids=["just", "missed", "false"],
)
def test_the_proof_holds_with_at_most_one_of_20_missed_and_one_of_200_false(
    missed: int, false: int, holds: bool
) -> None:
    real = [found("real", seed, claimed=seed >= missed) for seed in range(20)]
    random = [found("random", seed, claimed=seed < false) for seed in range(200)]
    assert summary([*real, *random])[1].startswith("Holds") == holds


@pytest.mark.parametrize(
    ("lost", "holds"),
    [([0.0021] + [0.0] * 9, True), ([0.0021, 0.0020, 0.0022], False), ([0.0] * 3 + [0.01], False)],
    ids=["the mean counts", "above in all", "too rough to tell"],
)
def test_where_nothing_can_be_learned_the_log_loss_may_hardly_rise(lost: list[float], holds: bool) -> None:
    worlds = [found("random", seed, claimed=False, lost=each) for seed, each in enumerate(lost)]
    assert summary(worlds)[1].startswith("Holds") == holds


@pytest.mark.parametrize(
    ("claimed", "lost", "holds"),
    [(False, 0.002, True), (False, 0.0021, False), (True, -0.01, False)],
    ids=["at the bound", "above it", "claimed"],
)
def test_real_deals_of_which_nothing_tells_are_held_to_the_same(
    claimed: bool, lost: float, holds: bool
) -> None:
    rows, sentence = summary([found(MAVEN, 0, claimed=claimed, lost=lost)])
    assert sentence.startswith("Holds") == holds
    assert rows[0]["lost, won"] == lost


def test_worlds_without_a_forecast_lose_nothing() -> None:
    rows, sentence = summary([found("random", 0, claimed=False, lost=None)])
    assert sentence.startswith("Holds")
    assert rows[0]["lost, won"] == ""


@pytest.fixture
def no_real_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(prove_skill, "DATA", tmp_path / "none")


@pytest.mark.usefixtures("no_real_data")
def test_a_resumed_proof_keeps_what_the_same_code_found(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    kept = found("real", 0, claimed=True)
    out.write_text(json.dumps({**kept, "code": code_fingerprint()}) + "\n", encoding="utf-8")
    assert worlds(1, 0, resume=True, processes=1, out=out) == [kept]


@pytest.mark.usefixtures("no_real_data")
def test_what_other_code_found_is_not_kept(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    out.write_text(json.dumps({**found("real", 0, claimed=True), "code": "older"}) + "\n", encoding="utf-8")
    assert worlds(0, 0, resume=True, processes=1, out=out) == []


@pytest.mark.usefixtures("no_real_data")
def test_half_a_line_left_by_a_kill_is_done_without(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    whole = json.dumps({**found("real", 0, claimed=True), "code": code_fingerprint()})
    out.write_text(f"{whole}\n{whole[:20]}", encoding="utf-8")
    assert worlds(1, 0, resume=True, processes=1, out=out) == [found("real", 0, claimed=True)]
    assert out.read_text(encoding="utf-8") == f"{whole}\n"
