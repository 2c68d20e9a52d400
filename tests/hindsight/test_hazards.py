"""Hazard ratios: hand-counted, against the slow slope, and what must not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.hindsight.hazard_fit import AtRisk, HazardFit
from readiness.hindsight.hazards import hazard_ratios
from tests.oracles.person_time import poisson_slope

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def two_groups(leads: int = 400, ended: tuple[int, int] = (100, 50)) -> tuple[AtRisk, np.ndarray]:
    """Half of the leads hold a flag; each is watched for 10 days, some of each half end."""
    flag = np.repeat([1, 0], leads // 2)
    event = np.concatenate([np.arange(leads // 2) < each for each in ended])
    at_risk = AtRisk(
        lead=np.arange(leads, dtype=np.int32),
        exposure=np.full(leads, 10.0),
        stratum=np.zeros(leads, dtype=np.int64),
        flags=flag[:, None].astype(np.int8),
        known=np.zeros((leads, 0)),
        state=np.arange(leads),
    )
    return at_risk, event


def random_risk(rng: np.random.Generator, leads: int = 12) -> tuple[AtRisk, np.ndarray]:
    lead = np.repeat(np.arange(leads, dtype=np.int32), rng.integers(1, 5, leads))
    renewed = (np.diff(lead, prepend=-1) != 0) | (rng.random(len(lead)) < 0.4)
    at_risk = AtRisk(
        lead=lead,
        exposure=rng.uniform(0.5, 9.0, len(lead)),
        stratum=rng.integers(0, 2, len(lead)),
        flags=rng.integers(0, 2, (len(lead), 2)).astype(np.int8),
        known=rng.standard_normal((int(renewed.sum()), 2)),
        state=np.cumsum(renewed) - 1,
    )
    event = rng.random(len(lead)) < 0.4
    event[0] = True
    return at_risk, event


ONE = np.eye(1)
ASKED = np.zeros(1, dtype=np.bool_)


def test_the_ratio_of_two_groups_is_that_of_their_rates() -> None:
    # 100 in 2,000 days against 50 in 2,000: twice as often, with an error of √(1/100 + 1/50).
    ratios, _ = hazard_ratios(*two_groups(), ONE, ASKED)
    assert np.exp(ratios.log[0]) == pytest.approx(2.0, rel=1e-3)
    assert ratios.error[0] == pytest.approx(np.sqrt(1 / 100 + 1 / 50), rel=0.01)


def test_leads_not_rows_are_what_varies() -> None:
    # Every row twice says nothing new: 100 of 200 and 50 of 200 leads vary as two shares do.
    at_risk, event = two_groups()
    names = ("lead", "exposure", "stratum", "flags", "state")
    twice = replace(at_risk, **{name: np.repeat(getattr(at_risk, name), 2, axis=0) for name in names})
    doubled, _ = hazard_ratios(twice, np.repeat(event, 2), ONE, ASKED)
    assert doubled.error[0] == pytest.approx(np.sqrt(1 / 100 + 1 / 50 - 2 / 200), rel=0.01)


def test_where_nothing_ever_happened_nothing_is_said() -> None:
    at_risk, event = two_groups()
    ratios, further = hazard_ratios(at_risk, event & False, ONE, ASKED, at_risk.flags)
    assert np.isnan([*ratios.log, *ratios.error, *further.log]).all()


def test_a_ratio_without_events_stays_finite_and_is_not_sure() -> None:
    ratios, _ = hazard_ratios(*two_groups(ended=(0, 50)), ONE, ASKED)
    assert np.isfinite(ratios.log[0])
    assert abs(ratios.log[0]) < 1.96 * ratios.error[0]


def test_a_confounder_is_held_alike() -> None:
    rng = np.random.default_rng(1)
    n = 4000
    trait = rng.standard_normal(n)
    flag = rng.random(n) < 1 / (1 + np.exp(-2 * trait))
    event = rng.random(n) < 0.1 * np.exp(0.7 * trait)
    bare, _ = two_groups(n)
    at_risk = replace(bare, flags=flag[:, None].astype(np.int8))
    raw, _ = hazard_ratios(at_risk, event, ONE, ASKED)
    alike, _ = hazard_ratios(replace(at_risk, known=trait[:, None]), event, ONE, ASKED)
    assert raw.log[0] > 5 * raw.error[0]
    assert abs(alike.log[0]) < 2 * alike.error[0]


@settings(max_examples=30, deadline=None)
@given(rng=generators)
def test_at_the_estimate_the_slow_slope_is_held_by_the_ridge_alone(rng: np.random.Generator) -> None:
    at_risk, event = random_risk(rng)
    fit = HazardFit(at_risk, event, np.array([False, True]))
    beta, _ = fit.maximum()
    strata = np.eye(2)[at_risk.stratum][:, : fit.strata]
    columns = np.concatenate([at_risk.flags, strata, at_risk.known[at_risk.state]], axis=1)
    rows = list(zip(columns.tolist(), at_risk.exposure.tolist(), event.tolist(), strict=True))
    held = fit.ridge * (beta - fit.centre)
    assert poisson_slope(rows, beta.tolist()) == pytest.approx(held.tolist(), abs=1e-3)


def test_one_step_for_a_flag_agrees_with_its_own_fit_while_its_effect_is_small() -> None:
    at_risk, event = two_groups(ended=(60, 50))
    without = replace(at_risk, flags=np.zeros((len(at_risk), 0), dtype=np.int8))
    none = np.zeros(0, dtype=np.bool_)
    _, step = hazard_ratios(without, event, np.zeros((0, 0)), none, at_risk.flags)
    own, _ = hazard_ratios(at_risk, event, ONE, ASKED)
    assert step.log[0] == pytest.approx(own.log[0], abs=0.01)
    assert step.error[0] == pytest.approx(own.error[0], rel=0.02)


def test_a_flag_that_says_what_another_says_is_not_told_from_it() -> None:
    at_risk, event = two_groups()
    held = np.ones(1, dtype=np.bool_)
    _, step = hazard_ratios(
        at_risk, event, np.zeros((0, 1)), held, np.stack([at_risk.flags[:, 0] * 0] * 2, axis=1)
    )
    assert np.isnan(step.log).all()


@settings(max_examples=20, deadline=None)
@given(rng=generators)
def test_which_lead_comes_first_does_not_matter(rng: np.random.Generator) -> None:
    at_risk, event = random_risk(rng)
    last_first = np.concatenate(
        [np.flatnonzero(at_risk.lead == each) for each in np.unique(at_risk.lead)[::-1]]
    )
    states = np.unique(at_risk.state[last_first], return_inverse=True)[1]
    order = np.argsort(np.unique(states, return_index=True)[1])
    moved = AtRisk(
        lead=(at_risk.lead.max() - at_risk.lead[last_first]).astype(np.int32),
        exposure=at_risk.exposure[last_first],
        stratum=at_risk.stratum[last_first],
        flags=at_risk.flags[last_first],
        known=at_risk.known[order],
        state=np.argsort(order)[at_risk.state[last_first]],
    )
    confounder = np.array([False, True])
    one, _ = hazard_ratios(at_risk, event, np.eye(1, 2), confounder)
    other, _ = hazard_ratios(moved, event[last_first], np.eye(1, 2), confounder)
    assert other.log[0] == pytest.approx(one.log[0], abs=1e-3)
    assert other.error[0] == pytest.approx(one.error[0], rel=1e-2)
