"""Short versions of what `make prove` shows of signifiers and referrals, and how its verdicts are reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import prove_referrals, prove_signifiers
from benchmarks.resumable import code_fingerprint, run


def world(seed: int, *, right: bool = True, held: int = 19) -> dict[str, Any]:
    counts = {name: [20, held] for name in ("after", "lately", "earlier", "again")}
    return {
        "kind": "for good",
        "seed": seed,
        "ranked": {"won": right, "stop": True},
        "covered": counts,
        "called meaningless": [],
        "wrongly named": 0,
        "seconds": 1.0,
    }


@pytest.mark.parametrize(
    ("wrong", "held", "holds"),
    [(1, 19, True), (2, 19, False), (0, 18, False), (0, 20, False)],
    ids=["just", "ranked wrongly", "too narrow", "too wide"],
)
def test_signifiers_hold_with_19_of_20_worlds_and_91_to_98_percent_covered(wrong, held, holds) -> None:
    worlds = [world(seed, right=seed >= wrong, held=held) for seed in range(20)]
    rows, sentence = prove_signifiers.summary(worlds)
    assert sentence.startswith("Holds") == holds
    assert rows[0]["covered, after"] == f"{100 * held / 20:.1f} % of 400"


@pytest.mark.parametrize(("missed", "holds"), [(3, True), (4, False)])
def test_referrals_hold_with_17_of_20_covered(missed, holds) -> None:
    figures = [{"value": 1.6, "low": 1.7 if seed < missed else 1.4, "high": 1.9} for seed in range(20)]
    worlds = [
        {"kind": "recorded", "seed": seed, "truth": 1.6, "raw": each, "adjusted": each, "seconds": 1.0}
        for seed, each in enumerate(figures)
    ]
    assert prove_referrals.summary(worlds)[1].startswith("Holds") == holds


def test_without_worlds_nothing_holds() -> None:
    assert prove_signifiers.summary([])[1].startswith("Does not hold")
    assert prove_referrals.summary([])[1].startswith("Does not hold")


def never(kind: str, seed: int) -> dict[str, Any]:
    raise AssertionError((kind, seed))


def test_a_resumed_proof_does_again_what_other_code_did_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    same = f'{{"kind": "a", "seed": 1, "code": "{code_fingerprint()}"}}\n'
    out.write_text(f'{same}{{"kind": "a", "seed": 2, "code": "older"}}\n{same[:9]}', encoding="utf-8")
    assert run(never, [("a", 1)], out) == [{"kind": "a", "seed": 1}]
    assert out.read_text(encoding="utf-8") == same


@pytest.mark.slow
def test_in_a_world_of_full_size_every_planted_signifier_stands_above_all_that_is_noise() -> None:
    found = prove_signifiers.judge_world("for good", 20)
    assert found["ranked"] == {"won": True, "stop": True}
    total, held = found["covered"]["after"]
    assert (total, found["wrongly named"]) == (20, 0)
    assert held >= 16


@pytest.mark.slow
def test_in_a_world_where_factors_wear_off_they_are_found_while_they_are_fresh() -> None:
    found = prove_signifiers.judge_world("while fresh", 20)
    assert found["ranked"] == {"won": True, "stop": True}
    assert all(held >= 15 for _, held in found["covered"].values())


@pytest.mark.slow
def test_in_a_world_of_full_size_the_worth_of_a_referral_is_covered_and_the_raw_ratio_is_too_high() -> None:
    found = prove_referrals.judge_world("recorded", 20)
    assert prove_referrals.holds_truth(found, "adjusted")
    assert found["raw"]["low"] > found["truth"]
