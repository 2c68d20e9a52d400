"""A recorded world: behaviours that change the chances by stated factors, all that confounds in the tables.

What a lead does depends on what it is, and what it is drives its outcome too, so that a raw comparison of
those who did something with those who did not misleads. But everything that drives an outcome is written
down, so that whoever adjusts for it can find the factors that were planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm import tables
from readiness.crm.records import (
    INBOUND,
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_SECOND,
    NO_INSTANT,
    Instant,
    instant,
)
from readiness.crm.simulate.planted_lives import WATCHED_DAYS, Acts, Lives, acts, ends
from readiness.crm.simulate.planted_options import STANDARD, PlantedOptions
from readiness.crm.simulate.words import column
from readiness.crm.tables import Floats, Ints, Tables

BEGIN: Final[Instant] = instant("2024-01-01T00:00:00Z")
REFERRAL: Final = "customer_referral"

_SOURCES: Final = ("web_form", "webinar", REFERRAL)
_INDUSTRIES: Final = ("manufacturing", "logistics", "retail", "education")
_SENIORITIES: Final = ("director", "manager", "specialist")
_INDUSTRY_PULL: Final = np.array([0.5, 0.2, -0.3, -0.5])
_SENIORITY_PULL: Final = np.array([0.6, 0.1, -0.4])
_SIZE_PULL: Final = 0.5
_FIELD: Final = "budget"
_BUDGETS: Final = ("approved", "none")
_ANSWER_DAYS: Final = 60.0
"""A lead is asked for its budget after so many days on average."""


@dataclass(frozen=True, slots=True)
class PlantedWorld:
    """The tables, and the factors by which hazards are truly multiplied."""

    tables: Tables
    won: Mapping[str, float]
    """By activity type, from just after its first occurrence on; 1 for noise."""
    stop: Mapping[str, float]
    won_again: Mapping[str, float]
    """By activity type, beside the first one's, from just after its second occurrence on."""
    won_in_order: Mapping[tuple[str, str], float]
    """By pairs of types, beside theirs, from just after the second followed the first."""
    referral: float
    """On the hazard of won, for a lead whose source is `REFERRAL`."""


@dataclass(frozen=True, slots=True)
class _Traits:
    """What n leads are; ``pull`` is what it adds to the logarithm of the hazard of won."""

    size: Floats
    industry: Ints
    seniority: Ints
    source: Ints
    budget: Ints
    answered: Floats
    pull: Floats


def planted_world(leads: int, seed: int, options: PlantedOptions = STANDARD) -> PlantedWorld:
    """Simulate a recorded world; the same arguments give the same bytes.

    Time runs continuously: a factor holds from just after the act that brings it. Records are lost and
    the watch ends without regard to what a lead would still have done.

    Parameters
    ----------
    leads : int, at least 0
        How many leads come within the first 16 of 18 months.
    seed : int, at least 0
        The only source of chance.
    options : PlantedOptions
        Which behaviours there are, and what each does.

    Raises
    ------
    ValueError
        If leads or seed is negative.
    """
    if leads < 0 or seed < 0:
        raise ValueError(f"leads is {leads} and seed is {seed}; expected neither to be negative")
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(len(options.behaviours),)))
    arrived = np.sort(random.uniform(0.0, WATCHED_DAYS - 60.0, leads))
    traits = _traits(leads, random)
    done = acts(options.behaviours, traits.pull, random)
    left = np.minimum(WATCHED_DAYS - arrived, _lost_after(leads, options.lost_records, random))
    lives = Lives(
        pull=traits.pull,
        referred=traits.source == _SOURCES.index(REFERRAL),
        budget=np.where(traits.budget == 0, traits.answered, np.inf),
    )
    day, cause = ends(options, lives, done, random)
    known = day < left
    until = np.minimum(day, left)
    return PlantedWorld(
        tables=_tables(arrived, left, traits, done, np.where(known, cause, -1), until, options),
        won={each.type: each.won for each in options.behaviours},
        stop={each.type: each.stop for each in options.behaviours},
        won_again={each.type: each.won_again for each in options.behaviours},
        won_in_order={(each.first, each.then): each.won for each in options.in_order},
        referral=options.referral,
    )


def _traits(n: int, random: np.random.Generator) -> _Traits:
    log_size = random.standard_normal(n)
    industry = random.integers(0, len(_INDUSTRIES), n)
    seniority = random.choice(len(_SENIORITIES), n, p=(0.2, 0.4, 0.4))
    pull = _SIZE_PULL * log_size + _INDUSTRY_PULL[industry] + _SENIORITY_PULL[seniority]
    # Customers refer those who could buy: a raw comparison makes too much of a referral.
    referred = random.random(n) < 1.0 / (1.0 + np.exp(2.2 - 0.8 * pull))
    budget = np.where(random.random(n) < 1.0 / (1.0 + np.exp(0.7 - 0.6 * pull)), 0, 1)
    return _Traits(
        size=np.rint(np.exp(4.0 + 1.2 * log_size)).astype(np.float64) + 1.0,
        industry=industry,
        seniority=seniority,
        source=np.where(referred, _SOURCES.index(REFERRAL), random.integers(0, 2, n)),
        budget=budget,
        answered=random.exponential(_ANSWER_DAYS, n),
        pull=pull,
    )


def _lost_after(n: int, share: float, random: np.random.Generator) -> Floats:
    wait = random.standard_exponential(n)
    return np.full(n, np.inf) if share == 0.0 else 365.0 * wait / -np.log1p(-share)


def _instants(arrived: Floats, days: Floats) -> Ints:
    """Return the instants so many days after arrival, and a second: nothing comes before the lead does."""
    return BEGIN + _microseconds(arrived) + _microseconds(days) + MICROSECONDS_PER_SECOND


def _microseconds(days: Floats) -> Ints:
    return np.round(days * MICROSECONDS_PER_DAY).astype(np.int64)


def _tables(
    arrived: Floats,
    left: Floats,
    traits: _Traits,
    done: Acts,
    cause: Ints,
    until: Floats,
    options: PlantedOptions,
) -> Tables:
    n = len(arrived)
    observed_through = BEGIN + _microseconds(np.array([WATCHED_DAYS]))[0] + 2 * MICROSECONDS_PER_SECOND
    acted = done.where(done.day < until[done.lead])
    ended = np.flatnonzero(cause >= 0)
    return Tables(
        leads=_leads(arrived, left, traits),
        activities=tables.activities(
            leads=n,
            lead=acted.lead.astype(np.int32),
            occurred_at=_instants(arrived[acted.lead], acted.day),
            type=column(acted.kind, tuple(each.type for each in options.behaviours)),
            direction=np.full(len(acted.lead), INBOUND, dtype=np.int8),
        ),
        answers=_answers(arrived, traits, until),
        outcomes=tables.outcomes(
            leads=n,
            lead=ended.astype(np.int32),
            occurred_at=_instants(arrived[ended], until[ended]),
            outcome=cause[ended].astype(np.int8),
        ),
        handovers=tables.handovers(
            leads=n, lead=np.zeros(0, dtype=np.int32), handed_over_at=np.zeros(0, dtype=np.int64)
        ),
        observed_through=int(observed_through),
    )


def _leads(arrived: Floats, left: Floats, traits: _Traits) -> tables.Leads:
    lost = left < WATCHED_DAYS - arrived
    names = [f"P-{number:06d}" for number in range(1, len(arrived) + 1)]
    return tables.Leads(
        lead_id=np.array(names, dtype=np.object_),
        created_at=BEGIN + _microseconds(arrived),
        last_known_at=np.where(lost, _instants(arrived, np.where(lost, left, 0.0)), NO_INSTANT),
        source=column(traits.source, _SOURCES),
        attributes={
            "company_size": traits.size,
            "industry": column(traits.industry, _INDUSTRIES),
            "seniority": column(traits.seniority, _SENIORITIES),
        },
    )


def _answers(arrived: Floats, traits: _Traits, until: Floats) -> tables.Answers:
    answered = np.flatnonzero(traits.answered < until)
    return tables.answers(
        leads=len(arrived),
        lead=answered.astype(np.int32),
        answered_at=_instants(arrived[answered], traits.answered[answered]),
        field=column(np.zeros(len(answered), dtype=np.int64), (_FIELD,)),
        value=column(traits.budget[answered], _BUDGETS),
    )
