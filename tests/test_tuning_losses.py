"""What settings lose on unseen leads, compared in pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.training_run.tuning.losses import Gain, Losses, losses_of, together
from tests.oracles import tuning as oracle

_RATES = (0.01, 0.004, 0.02)


def _within(days: float) -> list[float]:
    """Three ends at constant rates a day: what a lead is forecast, whoever it is."""
    if math.isinf(days):
        return [0.5, 0.2, 0.3]
    whole = sum(_RATES)
    return [rate / whole * -math.expm1(-whole * days) for rate in _RATES]


def _losses(y: list[tuple[int, float]], groups: list[int], edges: Sequence[float]) -> Losses:
    said = np.array([_within(edge) for edge in edges[1:]])
    within = np.broadcast_to(said, (len(y), *said.shape))
    fates = np.array(y, dtype=np.float64).reshape(-1, 2)
    return losses_of(within, fates, np.array(groups, dtype=np.int64), np.array(edges))


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0.0, 3.0, 10.0, 17.5, 30.0, 45.0]), st.integers(0, 3)),
        max_size=8,
    )
)
def test_a_loss_is_what_walking_from_interval_to_interval_finds(rows):
    edges = [0.0, 10.0, 30.0]
    found = _losses([(event, days) for event, days, _ in rows], [lead for *_, lead in rows], edges)
    expected: dict[int, list[float]] = {lead: [] for *_, lead in rows}
    for event, days, lead in rows:
        said = oracle.loss(event, days, edges, _within)
        expected[lead] += [] if said is None else [said]
    assert found.total.tolist() == pytest.approx([sum(expected[lead]) for lead in sorted(expected)])
    assert found.snapshots.tolist() == [len(expected[lead]) for lead in sorted(expected)]


def test_an_undated_lead_loses_by_its_end_alone_and_an_open_one_says_nothing():
    found = _losses([(1, math.nan), (3, math.nan), (0, math.nan)], [0, 1, 2], [0.0, math.inf])
    assert found.total.tolist() == pytest.approx([-math.log(0.5), -math.log(0.3), 0.0])
    assert found.snapshots.tolist() == [1, 1, 0]


def test_an_end_on_the_right_edge_belongs_to_the_time_after_it():
    at_edge, before = (_losses([(1, days)], [0], [0.0, 30.0]).total[0] for days in (30.0, 29.999))
    assert at_edge == pytest.approx(-math.log(1.0 - sum(_within(30.0))))
    assert before == pytest.approx(-math.log(_within(30.0)[0]))


def test_a_gain_is_paired_by_lead():
    # Two leads of two and one snapshots: 3 + 1 lost by the one, 2 + 1 by the other; 1/3 less a snapshot.
    first = Losses(np.array([3.0, 1.0]), np.array([2, 1]))
    gain = first.against(Losses(np.array([2.0, 1.0]), np.array([2, 1])))
    assert gain.value == pytest.approx(1 / 3)
    assert gain.error == pytest.approx(math.sqrt(2 * (1 / 3) ** 2) / 3)
    assert first.mean == pytest.approx(4 / 3)


def test_the_more_settings_were_tried_the_more_the_best_must_gain():
    gain = Gain(1.0, 0.5)
    assert gain.least(1) == pytest.approx(1.0 - 1.6449 * 0.5, abs=1e-4)
    assert gain.least(0) == gain.least(1) > gain.least(10) > gain.least(100)


def test_no_leads_lose_nothing():
    nobody = together([_losses([], [], [0.0, 30.0])])
    assert (len(nobody), nobody.mean) == (0, 0.0)
    assert nobody.against(nobody) == Gain(0.0, 0.0)
