"""The proof about challengers, at a small size: what it makes, and what it says of what it found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import challengers, prove_challenge
from benchmarks.challengers import World
from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.records import CLOSED_WON
from readiness.training_run import TrainingSettings

SETTINGS = TrainingSettings(
    estimator={"max_rounds": 5, "logistic": False, "folds": 2, "intervals": 2, "quiet_rows": 1000}
)


@pytest.fixture(scope="module")
def small() -> World:
    return challengers.world(800, 2, load(shipped.agreement()), SETTINGS)


def test_champion_and_challengers_learn_what_was_known_then_and_are_compared_on_what_came_later(
    small: World,
) -> None:
    assert small.known.observed_through == small.at
    assert (small.tables.leads.created_at >= small.at).sum() > 100
    assert challengers.sound(small).data_end == small.at
    assert challengers.stale(small).data_end < small.at


def test_only_the_leaky_one_reads_what_betrays_the_end(small: World) -> None:
    reads = {each.of for each in challengers.leaky(small).plan.features}
    assert challengers.LEAK in reads
    assert challengers.LEAK not in {each.of for each in challengers.sound(small).plan.features}


def test_one_label_in_twenty_is_turned_round(small: World) -> None:
    turned = challengers.with_labels_flipped(small.known, small.at, 1)
    won = [np.zeros(len(small.known.leads), dtype=np.bool_) for _ in range(2)]
    for flags, known in zip(won, (small.known, turned), strict=True):
        flags[known.outcomes.lead[known.outcomes.outcome == CLOSED_WON]] = True
    assert np.mean(won[0] != won[1]) == pytest.approx(0.05, abs=0.02)
    assert (np.diff(turned.outcomes.lead) >= 0).all()


def _found(kind: str, seed: int, verdict: str, **closed: str) -> dict[str, object]:
    return {"kind": kind, "seed": seed, "verdict": verdict, "closed": closed, "leads": 100}


def test_the_summary_counts_who_was_refused_by_the_gate_that_names_it() -> None:
    rows, sentence = prove_challenge.summary(
        [
            _found("sound", 0, "yes"),
            _found("sound", 1, "too_few", weekly_precision="too_few"),
            _found("stale", 0, "no", newer_data="refused", log_loss="refused"),
            _found("stale", 1, "no", log_loss="refused", newer_data="too_few"),
        ]
    )
    assert [row["challenger"] for row in rows] == ["sound", "stale"]
    assert (rows[0]["promote: yes"], rows[0]["too few to tell"], rows[1]["refused by it"]) == (1, 1, 1)
    assert sentence.startswith("1 of 2 spoilt challengers were refused by the gate that names them")
    assert "of 2 sound ones 0 were refused and 1 had too few leads to tell" in sentence


def test_every_kind_is_asked_once_a_seed_and_spoilt_ones_have_a_gate() -> None:
    assert set(prove_challenge.EXPECTED) == {*challengers.SPOILT, prove_challenge.GONE_BACK}
    assert set(prove_challenge.KINDS) > set(prove_challenge.EXPECTED)


@pytest.mark.slow
def test_a_challenge_of_the_proof_is_repeatable(small: World) -> None:
    world = replace(small, settings=replace(small.settings, won_needed=5))
    champion = challengers.sound(world, "champion")
    assert prove_challenge.spoilt("stale", world, champion) == prove_challenge.spoilt(
        "stale", world, champion
    )


@pytest.mark.slow
def test_once_others_buy_a_retrained_model_passes_and_the_old_one_does_not() -> None:
    assert prove_challenge.drifted(0, retrained=True).verdict == "yes"
    back = prove_challenge.drifted(0, retrained=False)
    assert back.verdict == "no"
    assert {"log_loss", "newer_data"} <= {gate.code for gate in back.gates if gate.outcome == "refused"}
