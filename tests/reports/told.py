"""What sections are told of, for tests: acts of each kind, leads of a small world, and what a model does."""

from __future__ import annotations

import functools
from dataclasses import replace

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.hindsight.exposures import Act
from readiness.hindsight.leads_now import LeadsNow, leads_now
from readiness.hindsight.referrals import Referrals, Share
from readiness.hindsight.significance import Effect
from readiness.hindsight.signifiers import Finding, Signifier, Signifiers
from readiness.hindsight.worths import Worth, agrees
from readiness.judging.bootstrap import Figure
from readiness.reports import drivers_section, leads_section, sales_section
from readiness.reports.drivers_section import Drivers
from readiness.reports.leads_section import Leads
from readiness.reports.model_report import ModelReport, beside
from readiness.reports.sales_section import Sales
from readiness.scoring import suppressed
from tests.hindsight import given_world
from tests.reports import examples

UNKNOWN = Effect(None, None, None, None, 0, 0, "too few to tell")
FLAT = Effect(1.0, 0.9, 1.1, 1.0, 300, 40, "no difference")
STRONG = Effect(2.0, 1.5, 2.6, 0.001, 300, 40, "more")


def act(name: str, won: Effect, listing: str = "meaningful", points: float = 10.0) -> Signifier:
    found = Finding(Act(name, "lately"), won, UNKNOWN, UNKNOWN)
    reading = {"more": "marks a sale", "no difference": "meaningless"}.get(won.verdict, "not known yet")
    worth = Worth(listing, points, None)  # type: ignore[arg-type]
    return Signifier(
        name,
        found,
        found,
        found,
        found,
        None,
        worth,
        reading,
        agrees(worth, reading),  # type: ignore[arg-type]
    )


def acts(*types: Signifier, missing: str | None = None) -> Signifiers:
    return Signifiers(types, (), 900, 900, 9e4, {"won": 80, "stop": 60, "next_stage": 90}, 500, 0, missing)


ACTS = acts(act("demo_requested", STRONG), act("email_opened", FLAT), act("fax", UNKNOWN))


def drivers() -> Drivers:
    """Acts of each kind: as the agreement says, not so, meaningless, not known, and part of the sale."""
    fewer = Effect(0.4, 0.21, 0.72, 0.001, 300, 40, "less")
    against = replace(act("web_visit", fewer), reading="speaks against a sale", agrees="no")
    part_of_it = replace(act("quote", STRONG), at_the_end=0.62)
    found = replace(acts(*ACTS.types, against, part_of_it), rare=7)
    return drivers_section.summarise(examples.judgement("skilled"), found)


EFFECT = Effect(2.0, 1.5, 2.7, 0.001, 100, 30, "more")
REFERRALS = Referrals(
    referred=Share(100, Figure(0.3, 0.21, 0.4), Figure(0.01, 0.0, 0.03)),
    others=Share(900, Figure(0.1, 0.08, 0.12), Figure(0.04, 0.03, 0.05)),
    difference=Figure(0.2, 0.1, 0.3),
    ratio=Figure(3.0, 2.0, 4.0),
    adjusted=EFFECT,
    relations=(),
    horizon_days=90.0,
    missing=None,
)


@functools.cache
def sales(leads: int, *, by_lot: bool = False) -> Sales:
    """What the model does for sales in the world of so many leads that sales was given."""
    found = given_world.found(leads, by_lot=by_lot)
    return sales_section.summarise(examples.judgement("skilled"), found, REFERRALS)


@functools.cache
def leads_found() -> LeadsNow:
    """Where the leads of a small simulated world are."""
    tables = simulate.world(500, 4).tables
    return leads_now(tables, load(shipped.agreement()), never_call=suppressed, replicates=40)


@functools.cache
def leads() -> Leads:
    """The same, told."""
    return leads_section.summarise(examples.judgement("skilled"), leads_found())


@functools.cache
def everything(given: int = 180, *, by_lot: bool = True) -> ModelReport:
    """A report in which every section has everything to tell, beside another model's."""
    report = examples.report("skilled")
    told = {**report.told, "drivers": drivers(), "sales": sales(given, by_lot=by_lot), "leads": leads()}
    return beside(replace(report, told=told), examples.report("few"), "version 3")
