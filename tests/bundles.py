"""Short ways to make a model and its bundle in a test."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from readiness import artefact, shipped
from readiness.artefact import AgreementName, Provenance
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel

PLAN = FeaturePlan(
    features=(
        Feature("company_size", "number", "company_size", "attribute", "company_size"),
        Feature("source", "category", "source", "attribute", "source", levels=("partner", "web_form")),
        Feature("inbound_replies_14d", "number", "replies", "count", "email_reply", "inbound", 14.0),
    ),
    min_leads=10,
)


@functools.cache
def model(*, seed: int = 0) -> ReadinessModel:
    """Return a small model, trained on 400 made-up snapshots in which replies lead to sales."""
    random = np.random.default_rng(seed)
    n = 400
    replies = random.poisson(1.0, n).astype(np.float64)
    size = np.where(random.random(n) < 0.2, np.nan, random.lognormal(4.0, 1.0, n))
    source = random.integers(0, 4, n).astype(np.float64)
    matrix = np.column_stack([size, source, replies])
    event = np.where(random.random(n) < 0.2 + 0.15 * replies, 1, random.integers(0, 4, n)).astype(np.float64)
    days = random.exponential(60.0, n) + 0.5
    incidence = IncidenceModel(max_rounds=20, folds=3, seed=seed).fit(
        matrix, np.column_stack([event, days]), groups=np.arange(n), levels=np.array([0, 4, 0])
    )
    return ReadinessModel(
        plan=PLAN,
        incidence=incidence,
        horizon_days=90.0,
        percentiles=np.linspace(0.0, 1.0, 101),
        capacity_score=0.4,
        typical_logit=-0.5,
    )


def provenance(**changes: object) -> Provenance:
    """Return a provenance; keywords replace its fields."""
    fields: dict[str, object] = {
        "data_fingerprint": "d" * 64,
        "data_end": "2026-06-01T00:00:00Z",
        "judged_at": "2026-02-01T00:00:00Z",
        "agreement": AgreementName(name="standard", version="1.0", sha256="a" * 64),
        "seed": 0,
        "settings": {"intervals": 10},
    }
    return Provenance.model_validate({**fields, **changes})


def write(
    folder: Path, *, seed: int = 0, judgement: Mapping[str, Any] | None = None, **changes: object
) -> Path:
    """Write the small model's bundle into a folder and return its path."""
    return artefact.write(
        model(seed=seed),
        agreement_text=shipped.agreement().read_text(encoding="utf-8"),
        provenance=provenance(seed=seed, **changes),
        folder=folder,
        judgement=judgement,
    )
