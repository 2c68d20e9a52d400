"""What is judged is what the libraries of the field make of the same leads.

`python -m benchmarks prove metrics` asks lifelines and hazardous anew, on larger worlds; here stands what
they answered once, for they need an environment of their own.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from benchmarks import prove_metrics
from readiness.crm.tables import Floats
from readiness.history.outcomes import WON
from readiness.judging import metrics
from readiness.judging.cohort import Cohort, known_at
from tests.judging.cohorts import cohorts

ANSWERED = Path(__file__).parent / "peers_figures.json"


@pytest.fixture(scope="module")
def ours() -> dict[str, Floats]:
    return prove_metrics.ours(prove_metrics.world(0, leads=200))


@pytest.mark.parametrize("kind", prove_metrics.PEERS)
def test_under_censoring_and_competing_ends_the_figure_is_that_of_the_peer(
    kind: str, ours: dict[str, Floats]
) -> None:
    theirs = json.loads(ANSWERED.read_text(encoding="utf-8"))["figures"]
    names = [name for name in ours if name.rstrip("_123") == kind]
    assert len(names) in {1, 3}
    for name in names:
        assert ours[name] == pytest.approx(np.array(theirs[name]), abs=1e-12)


@given(cohorts(min_size=2), st.integers(0, 99))
def test_at_the_horizon_the_figures_are_scikit_learn_s_with_the_same_weights(
    fates: Cohort, seed: int
) -> None:
    known = known_at(fates, 4.0)
    happened, weight = known.happened(WON), known.weight
    if not 0 < (weight * happened).sum() < weight.sum():
        return
    forecast = np.random.default_rng(seed).integers(1, 9, size=len(fates)) / 10
    pairs = [
        (metrics.auc(known, forecast, WON)[0], roc_auc_score),
        (metrics.brier(known, forecast, WON).value(), brier_score_loss),
        (metrics.log_loss(known, forecast, WON).value(), log_loss),
    ]
    for found, theirs in pairs:
        assert found == pytest.approx(theirs(happened, forecast, sample_weight=weight))


@pytest.mark.parametrize(("gap", "holds"), [(1e-12, True), (1e-6, False)], ids=["equal", "not equal"])
def test_the_proof_holds_only_where_no_figure_differs(gap: float, holds: bool) -> None:
    found = dict.fromkeys(prove_metrics.PEERS, 0.0) | {"concordance": gap}
    rows, sentence = prove_metrics.summary([found])
    assert sentence.startswith("Holds" if holds else "Does not hold")
    assert [row["figure"] for row in rows] == [kind.replace("_", " ") for kind in prove_metrics.PEERS]
