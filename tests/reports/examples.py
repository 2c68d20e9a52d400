"""Judgements to report on: a model with skill, one without, one that nobody could judge, one undated."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Final

import numpy as np

from readiness.agreement.document import CATEGORIES
from readiness.crm.tables import Floats
from readiness.history.measured import Measured
from readiness.judging.bootstrap import Figure
from readiness.judging.cohort import Cohort
from readiness.judging.dependence import Dependence, Point
from readiness.judging.evaluation import Handovers, HeldOut, judge, judging_days
from readiness.judging.gains import Weekly
from readiness.judging.importance import Importance
from readiness.judging.insight import Insight
from readiness.judging.judgement import Judgement
from readiness.judging.more_leads import Learned, MoreLeads
from readiness.judging.parts import Part
from readiness.judging.selection import Apart, Differs, Selection
from readiness.judging.stability import Stability
from readiness.judging.steps import Step
from readiness.judging.themes import Theme, ThemeImportance
from readiness.judging.together import Together
from readiness.reports.model_report import ModelReport, summarise
from readiness.reports.page import render
from readiness.reports.population import Population
from tests import bundles
from tests.judging.cohorts import exponential, true_incidence

ALL: Final = ("skilled", "unskilled", "unjudged", "undated", "few")
HORIZON: Final = 90.0

POPULATION: Final = Population(
    leads=5_000,
    activities=61_234,
    first_created="2025-01-01T00:00:00Z",
    observed_through="2026-06-30T23:59:59Z",
    ended={"closed_won": 402, "stop_calling": 391, "closed_lost": 812, "disqualified": 120},
)

IMPORTANCE: Final = tuple(
    Importance(group, Figure(value, value - spread, value + spread), direction, "f", raises, lowers)  # type: ignore[arg-type]
    for group, value, spread, direction, raises, lowers in (
        ("Replies", 0.0312, 0.006, "up", None, None),
        ("Source", 0.0204, 0.004, "by level", "customer_referral", "bought_list"),
        ("Days since the last meeting", 0.0117, 0.003, "down", None, None),
        ("Company size", 0.0061, 0.002, "mixed", None, None),
        ("Pricing page views", 0.004, 0.002, "up", None, None),
        ("Answer to: budget", 0.0031, 0.002, "by level", "approved", "none"),
        ("Job title", 0.0012, 0.0016, "by level", "Head of Procurement", "Student"),
        ("Region", 0.0004, 0.0009, "by level", "north", "south"),
        ("Web visits", 0.0002, 0.0011, "up", None, None),
        ("Lead age", -0.0001, 0.0004, "mixed", None, None),
        ("Industry", -0.0002, 0.0004, "by level", "software", "retail"),
    )
)

THEMES: Final[dict[str, Theme]] = {
    "Replies": "interest",
    "Source": "source",
    "Days since the last meeting": "interest",
    "Company size": "profile",
    "Pricing page views": "interest",
    "Answer to: budget": "BANT",
    "Job title": "BANT",
    "Region": "profile",
    "Web visits": "interest",
    "Lead age": "timing",
    "Industry": "profile",
}

INSIGHT: Final = Insight(
    importance=IMPORTANCE,
    together=(Together(("Replies", "Web visits"), Figure(0.04, 0.03, 0.05)),),
    dependence=(
        Dependence(
            "Replies",
            "replies_14d",
            (Point(0.0, Figure(0.04, 0.03, 0.05)), Point(3.0, Figure(0.2, 0.15, 0.25))),
            Measured("in the last 14 days", "time"),
        ),
        Dependence(
            "Source",
            "source",
            (Point("bought_list", Figure(0.02, 0.01, 0.03)), Point(None, Figure(0.1, 0.05, 0.2))),
        ),
    ),
    stability=(
        Stability("Replies", 1.0, Figure(1.0, 1.0, 2.0)),
        Stability("Source", 0.7, Figure(2.0, 1.0, 14.0)),
    ),
    more_leads=MoreLeads(
        (Learned(500, Figure(0.21, 0.2, 0.22)), Learned(1_000, Figure(0.2, 0.19, 0.21))),
        Figure(0.01, 0.004, 0.016),
        "More leads would probably help.",
    ),
    selection=Selection(
        scored=Apart(900, 300, Figure(0.78, 0.75, 0.81), (Differs("Lead age", 0.77),)),
        called=Apart(700, 200, Figure(0.52, 0.48, 0.56), (Differs("Source", 0.53),)),
        leads=1_000,
        handed_over=210,
        with_propensity=0,
    ),
    themes=(
        ThemeImportance("interest", Figure(0.05, 0.04, 0.06), ("Replies", "Web visits")),
        ThemeImportance("source", Figure(0.02, 0.016, 0.024), ("Source",)),
        ThemeImportance("profile", Figure(0.001, -0.002, 0.004), ("Company size", "Region")),
    ),
    theme_of=THEMES,
    steps=(
        Step("Replies", "replies_14d", "one more in the last 14 days", 1.8123),
        Step("Source", "source", "“customer referral” rather than “bought list”", 3.0871),
        Step("Days since the last meeting", "since", "30 days rather than 3 days", 0.62),
    ),
)


def _held_out(n: int, seed: int, *, knows: bool, name: str) -> HeldOut:
    cohort, hazards = exponential(n, seed, censored_every=160.0)
    random = np.random.default_rng(seed)
    truth = true_incidence(hazards, judging_days(HORIZON))
    base = np.broadcast_to(truth.mean(axis=0), truth.shape).copy()
    noisy: Floats = true_incidence(
        hazards * np.exp(random.normal(0, 0.8, hazards.shape)), judging_days(HORIZON)
    )
    order = np.argsort(np.argsort(noisy[:, -1, 0])) / n
    category = np.minimum((order * len(CATEGORIES)).astype(np.int64), len(CATEGORIES) - 1)
    forecasts = {
        "model": truth,
        "points_card": noisy,
        "logistic": 0.5 * (truth + noisy),
        "naive_bayes": noisy**1.2,
        "base_rate": base,
    }
    if not knows:
        blind = random.permutation(n)
        forecasts |= {
            "model": 0.9 * base + 0.1 * truth[blind],
            "points_card": 0.8 * base + 0.2 * noisy[blind],
        }
    handed, declined = random.random(n) < 0.3, random.random(n) < 0.1
    handovers = Handovers(cohort.where(handed), declined[handed])
    weekly = Weekly(20, np.arange(n) % 20)
    parts = (Part("source", np.arange(n) % 3, ("web", "trade_fair", "list")),)
    return HeldOut(name, cohort, forecasts, category, base[:, -1, 0], handovers, weekly, parts)


def _undated(n: int) -> HeldOut:
    random = np.random.default_rng(5)
    p = random.uniform(0.05, 0.9, n)
    event = np.where(random.random(n) < p, 1, 3).astype(np.int8)
    curve = np.stack([p, np.full(n, np.nan), 1 - p], axis=1)[:, None, :]
    base = np.broadcast_to(np.array([p.mean(), np.nan, 1 - p.mean()]), curve.shape).copy()
    category = random.integers(0, 3, n)
    cohort = Cohort(event, np.full(n, np.nan), np.arange(n))
    return HeldOut("held_out_leads", cohort, {"model": curve, "base_rate": base}, category)


@functools.cache
def judgement(name: str) -> Judgement:
    """Return one of the judgements named in ``ALL``."""
    held_out = {
        "skilled": lambda: [
            _held_out(2_000, 1, knows=True, name="later_leads"),
            _held_out(800, 2, knows=True, name="open_leads"),
        ],
        "unskilled": lambda: [_held_out(2_000, 3, knows=False, name="later_leads")],
        "unjudged": list,
        "undated": lambda: [_undated(400)],
        "few": lambda: [_held_out(60, 4, knows=True, name="later_leads")],
    }[name]()
    found = judge(
        held_out,
        horizon_days=None if name == "undated" else HORIZON,
        categories=CATEGORIES,
        missing="A test period needs 100 closed sales after it; there are 37."
        if name == "unjudged"
        else None,
        replicates=100,
    )
    return (
        replace(found, insight=INSIGHT if name == "skilled" else Insight(importance=IMPORTANCE))
        if name != "unjudged"
        else found
    )


@functools.cache
def report(name: str) -> ModelReport:
    """Return the report of one of the judgements."""
    undated = name == "undated"
    changes: dict[str, object] = (
        {"data_end": None, "judged_at": None} if undated or name == "unjudged" else {}
    )
    return summarise(
        judgement(name),
        provenance=bundles.provenance(**changes),
        population=None if undated else POPULATION,
        bundle="9f" * 32 if name == "skilled" else None,
    )


@functools.cache
def rendered(name: str) -> str:
    """Return the page of that report; drawing it takes seconds, so it is drawn once."""
    return render(report(name))
