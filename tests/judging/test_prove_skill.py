import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.prove_skill import summary, worlds
from benchmarks.resumable import code_fingerprint


def found(kind: str, seed: int, *, claimed: bool) -> dict[str, Any]:
    return {"kind": kind, "seed": seed, "claimed": claimed, "gain": 0.01, "lower_999": 0.0, "seconds": 1.0}


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


def test_a_resumed_proof_keeps_what_the_same_code_found(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    kept = found("real", 0, claimed=True)
    out.write_text(json.dumps({**kept, "code": code_fingerprint()}) + "\n", encoding="utf-8")
    assert worlds(1, 0, resume=True, processes=1, out=out) == [kept]


def test_what_other_code_found_is_not_kept(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    out.write_text(json.dumps({**found("real", 0, claimed=True), "code": "older"}) + "\n", encoding="utf-8")
    assert worlds(0, 0, resume=True, processes=1, out=out) == []


def test_half_a_line_left_by_a_kill_is_done_without(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    whole = json.dumps({**found("real", 0, claimed=True), "code": code_fingerprint()})
    out.write_text(f"{whole}\n{whole[:20]}", encoding="utf-8")
    assert worlds(1, 0, resume=True, processes=1, out=out) == [found("real", 0, claimed=True)]
    assert out.read_text(encoding="utf-8") == f"{whole}\n"
