"""What a score rests on is of some kind: who a lead is, what it does, its BANT, its source, its timing."""

from __future__ import annotations

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.cohort import Cohort
from readiness.judging.themes import bant_names, theme_importance, theme_of, themes_of

BANT = frozenset({"budget", "job_title"})
PLAN = FeaturePlan(
    (
        Feature("size", "number", "Company size", "attribute:number", "size"),
        Feature("twin", "number", "Company age", "attribute:number", "age"),
        Feature("source", "category", "Source", "source", "source", levels=("list", "web")),
        Feature("lead_age_days", "number", "Age of the lead", "age"),
    ),
    min_leads=10,
)


@pytest.mark.parametrize(
    ("feature", "theme"),
    [
        (Feature("a", "category", "A", "attribute:category", "industry"), "profile"),
        (Feature("a", "category", "A", "attribute:category", "Job_Title"), "BANT"),
        (Feature("a", "category", "A", "answer:category", "budget"), "BANT"),
        (Feature("a", "number", "A", "answer:since", "current_tool"), "profile"),
        (Feature("a", "number", "A", "completeness"), "profile"),
        (Feature("a", "number", "A", "activity:count", "visit", "inbound"), "interest"),
        (Feature("a", "number", "A", "reply:count"), "interest"),
        (Feature("a", "number", "A", "answers:count"), "interest"),
        (Feature("a", "number", "A", "activity:since", "call", "outbound"), "our own activity"),
        (Feature("a", "category", "A", "source", "source"), "source"),
        (Feature("a", "number", "A", "age"), "timing"),
        (Feature("a", "number", "A", "rhythm:gap_mean", direction="outbound"), "timing"),
        (Feature("a", "number", "A", "points"), "the agreement's points"),
    ],
    ids=lambda value: value.measure if isinstance(value, Feature) else value,
)
def test_every_feature_is_of_one_kind(feature: Feature, theme: str) -> None:
    assert theme_of(feature, BANT) == theme


def test_bant_is_what_the_agreement_reads_for_it() -> None:
    names = bant_names(load(shipped.agreement()))

    assert {"budget", "timeframe"} <= names
    assert "industry" not in names


def _cohort(n: int, won: np.ndarray) -> Cohort:
    return Cohort(np.where(won, 1, 3).astype(np.int8), np.full(n, np.nan), np.arange(n))


def test_what_two_of_a_kind_tell_alike_counts_for_the_kind() -> None:
    random = np.random.default_rng(0)
    size = random.normal(size=600)
    matrix = np.column_stack([size, size, random.integers(0, 2, 600), random.random(600)])
    score = 1 / (1 + np.exp(-2 * size))
    cohort = _cohort(600, random.random(600) < score)

    def mean_of_twins(X):
        return 1 / (1 + np.exp(-X[:, 0] - X[:, 1]))

    found = theme_importance(matrix, cohort, PLAN, mean_of_twins, BANT, horizon_days=None, seed=1)

    assert found[0].theme == "profile"
    assert found[0].groups == ("Company size", "Company age")
    assert found[0].increase.low is not None
    assert found[0].increase.low > 0.1
    assert [each.increase.value for each in found[1:]] == [0.0, 0.0]


def test_where_no_outcome_is_known_no_kind_has_a_figure() -> None:
    nobody = Cohort(np.zeros(0, dtype=np.int8), np.zeros(0), np.zeros(0, dtype=np.int64))

    found = theme_importance(
        np.zeros((0, 4)), nobody, PLAN, lambda X: X[:, 0], BANT, horizon_days=90.0, seed=0
    )

    assert found == ()


def test_every_group_has_a_kind() -> None:
    assert themes_of(PLAN, BANT) == {
        "Company size": "profile",
        "Company age": "profile",
        "Source": "source",
        "Age of the lead": "timing",
    }
    assert themes_of(FeaturePlan((), 10), BANT) == {}
