"""The demo does not promote what knows nothing."""

from __future__ import annotations

import json

import pytest

from readiness.crm import simulate


@pytest.mark.slow
def test_where_no_skill_is_found_nobody_is_promoted_and_nobody_ranked(typed, tmp_path):
    world = simulate.world(800, 1, options=simulate.WorldOptions(random_outcome=True))
    simulate.write(world, tmp_path / "crm")
    done = typed("demo", "--data", "crm")
    told = " ".join(done.output.split())
    assert done.exit_code == 0
    assert "recorded under models/, and not promoted: it was not shown to know more" in told
    assert "best of" not in told
    assert not (tmp_path / "out" / "demo" / "scores.jsonl").exists()
    kept = json.loads(typed("history", "--json").stdout)
    assert ([one["aliases"] for one in kept["versions"]], kept["promotions"]) == ([[]], [])
