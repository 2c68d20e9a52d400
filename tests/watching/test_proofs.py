"""Short versions of the proof that a watch finds what changed and is quiet where nothing did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import drifting, prove_drift
from benchmarks.prove_drift import DATA_END, KINDS, WINDOWS, summary, work, world
from readiness.crm.tables import Coded
from readiness.history.cuts import cut
from readiness.judging.mixes import mix_of_codes, mix_of_numbers
from tests.builders import assert_same


def test_until_the_change_all_worlds_of_a_seed_are_one() -> None:
    steady = cut(world("quiet", 3), drifting.at(DATA_END))
    for change in drifting.CHANGES:
        assert_same(cut(world(change, 3, a_day=36.0), drifting.at(DATA_END)), steady)


def test_the_covariates_move_by_an_index_of_a_quarter_and_more() -> None:
    moved = drifting.tables("covariate", 1, days=600.0, changed_from=300.0, a_day=(60.0, 60.0))
    late = moved.leads.created_at >= drifting.at(300.0)
    country, size = moved.leads.attributes["country"], moved.leads.attributes["company_size"]
    assert isinstance(country, Coded)
    codes = country.codes.astype(np.float64)
    assert mix_of_codes(codes[~late], codes[late], 3).psi == pytest.approx(0.27, abs=0.04)
    assert isinstance(size, np.ndarray)
    known = ~np.isnan(size)
    assert mix_of_numbers(size[~late & known], size[late & known]).psi == pytest.approx(0.27, abs=0.04)


def test_a_thousand_quiet_fortnights_are_watched_and_each_change_in_twenty_worlds() -> None:
    assert prove_drift.QUIET_WORLDS * WINDOWS == 1_000
    assert (prove_drift.SEEDS, prove_drift.FORTNIGHT) == (20, 14.0)


def made(kind: str, *raised: str, few: bool | None = True) -> dict[str, Any]:
    return {"kind": kind, "seed": 0, "raised": [list(raised)], "new": 500, "few": few}


FOUND = [made(kind, *needed) for kind, needed in KINDS.items()]
QUIET = {**made("quiet"), "raised": [[]] * 1_000}


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        ([*FOUND, QUIET], True),
        ([made("covariate", "MIX_SHIFTED country"), *FOUND[1:], QUIET], False),
        ([*FOUND, {**QUIET, "raised": [["WON_OFF won"]] * 11 + [[]] * 989}], False),
        ([*FOUND, {**QUIET, "raised": [["WON_OFF won"]] * 10 + [[]] * 990}], True),
        ([*FOUND[:-1], made("respelt", *KINDS["respelt"], few=False), QUIET], False),
    ],
    ids=["all found", "one feature of two", "eleven alarms", "ten alarms", "too few not told"],
)
def test_the_proof_holds_only_where_all_of_it_does(found: list[dict[str, Any]], holds: bool) -> None:
    assert summary(found)[1].startswith("Holds") is holds


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_change_is_raised_by_its_name(kind: str) -> None:
    found = work(kind, 0)
    assert set(KINDS[kind]) <= set(found["raised"][0])
    assert found["few"] is (True if kind == "covariate" else None)


@pytest.mark.slow
def test_twenty_quiet_fortnights_raise_nothing() -> None:
    assert work("quiet", 0)["raised"] == [[]] * WINDOWS
