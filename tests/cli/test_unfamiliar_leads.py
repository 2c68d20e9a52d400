"""Whoever scores leads of another kind than the model learned from is told so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from readiness import artefact, shipped
from readiness.crm import folder
from readiness.history import features, snapshots
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from readiness.registry import Registry
from tests import bundles
from tests.builders import at, lead, tables


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store whose champion learned from 300 leads of two sources and sizes from 1 to 300."""
    place = tmp_path_factory.mktemp("unfamiliar")
    learned = tables(
        [
            lead(f"L-{n}", source=("partner", "web_form")[n % 2], company_size=n + 1.0, trade="ab"[n % 2])
            for n in range(300)
        ]
    )
    looks = snapshots.at(learned, at(9))
    plan = features.plan(learned, looks)
    days = np.random.default_rng(0).exponential(60.0, len(looks)) + 0.5
    model = ReadinessModel(
        plan=plan,
        incidence=IncidenceModel(max_rounds=5, folds=3).fit(
            features.build(learned, looks, plan),
            np.column_stack([np.arange(len(looks)) % 4, days]),
            groups=np.arange(len(looks)),
            levels=np.array([f.missing + 1 if f.kind == "category" else 0 for f in plan.features]),
        ),
        horizon_days=90.0,
        percentiles=np.linspace(0.0, 1.0, 101),
        capacity_score=0.4,
        typical_logit=-0.5,
    )
    bundle = artefact.write(
        model,
        agreement_text=shipped.agreement().read_text(encoding="utf-8"),
        provenance=bundles.provenance(),
        folder=place / "made",
    )
    registry = Registry.open(models=place / "models")
    registry.promote(registry.record(bundle).version, at=at(1))
    return place / "models"


@pytest.fixture
def scored(typed, store, tmp_path):
    """Return a function that scores leads with the champion."""

    def run(leads, *more: str):
        folder.write(tables(leads), tmp_path / "crm")
        places = ("--data", "crm", "--out", "s.csv", "--models", store)
        done = typed("score", *places, "--no-suppressions", *more)
        assert done.exit_code == 0, done.output
        return " ".join(done.stdout.split())

    return run


def known(number, source="partner", **more: object):
    return lead(f"L-{number}", source=source, **{"company_size": 9.0, "trade": "a", **more})


def test_leads_of_its_kind_need_no_word(scored):
    told = scored([known(1), known(2, "web_form", company_size=200.0)])
    assert "unlike those" not in told
    assert "The model reads" not in told


def test_most_leads_with_a_source_it_never_learned_are_told_with_what_it_learned_from(scored):
    assert (
        "Most of these 3 leads are unlike those that the model learned from – with values that it has not "
        "learned from: Source. It learned from data until 2026-06-01 (fingerprint dddddddddddd…): if those "
        "were not of this CRM, train on these tables; until then the scores mean little."
    ) in scored([known(1, "fax"), known(2, "fax"), known(3)])


def test_half_of_the_leads_are_not_most(scored):
    assert "unlike those" not in scored([known(1, "fax"), known(2)])


def test_each_way_of_being_unlike_is_told_apart(scored):
    told = scored([known(n, "fax", company_size=9e9, trade=None) for n in range(3)])
    assert (
        "unknown here, and hardly ever there: Trade; with values that it has not learned from: Source; "
        "outside the numbers that it has learned from: Company size."
    ) in told


def test_a_column_that_is_gone_is_named_beside_those_that_are_new(scored):
    told = scored([lead("A", source="partner", trade="a", employees=12.0)])
    assert (
        "The model reads company_size, of which the leads have no column. employees it does not know: has a "
        "column another name now?"
    ) in told
    assert "does not know" not in scored([lead("A", source="partner", trade="a")])


def test_of_many_columns_the_first_are_named_and_the_others_counted(scored):
    told = scored([lead("A", source="partner", **{f"column_{n}": 1.0 for n in range(6)})])
    assert "column_0, column_1, column_2, column_3 and 2 more it does not know" in told


def test_programs_get_the_counts(scored):
    assert json.loads(scored([known(1, "fax"), known(2)], "--json"))["unfamiliar"] == [
        {"attribute": "Source", "is": "unlearned", "leads": 1}
    ]


def test_without_a_model_nothing_is_unfamiliar(scored):
    assert json.loads(scored([known(1, "fax")], "--json", "--rules-only"))["unfamiliar"] == []


def test_no_lead_is_no_kind_of_lead(scored):
    assert "unlike those" not in scored([])
