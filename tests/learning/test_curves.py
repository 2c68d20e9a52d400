import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.learning.curves import Ends, ends_of, incidence, locate, probabilities
from tests.oracles import learning as oracle

EDGES = np.array([0.0, 8.0, 20.0, 64.0])
ALL = Ends(0, (1, 2, 3))
HAZARDS = st.lists(st.floats(-8.0, 3.0), min_size=9, max_size=9).map(
    lambda values: np.array(values).reshape(3, 3, 1)
)
DAYS = tuple(np.linspace(0.0, 64.0, 129))


@given(HAZARDS)
def test_incidences_never_fall_and_never_exceed_one(eta: np.ndarray) -> None:
    curves = incidence(probabilities(eta, ALL), EDGES, DAYS)[0]
    assert (np.diff(curves, axis=0) >= -1e-15).all()
    assert (curves >= 0.0).all()
    assert (curves.sum(axis=1) <= 1.0 + 1e-12).all()


@given(HAZARDS, st.integers(0, 16))
def test_incidences_equal_many_small_competitions(eta: np.ndarray, quarter: int) -> None:
    day = 4.0 * quarter
    shares = probabilities(eta, ALL)
    found = incidence(shares, EDGES, (day,))[0, 0]
    slow = oracle.incidence(shares[:, :, 0].T.tolist(), EDGES.tolist(), day, steps=528)
    assert found == pytest.approx(slow, abs=1e-9)


@given(HAZARDS, st.integers(2, 50))
def test_a_row_has_the_same_bits_alone_and_among_many(eta: np.ndarray, n: int) -> None:
    many = eta + np.linspace(-1.0, 1.0, n)
    together = incidence(probabilities(many, ALL), EDGES, (5.0, 30.0, 64.0))
    alone = [incidence(probabilities(many[:, :, [row]], ALL), EDGES, (5.0, 30.0, 64.0)) for row in range(n)]
    assert np.array_equal(np.concatenate(alone), together)


def test_inside_an_interval_hazards_are_constant() -> None:
    # Half of 0 to 8 days: survival is the root of 0.64, which is 0.8; all ends are sales.
    eta = np.full((1, 1, 1), math.log(0.36 / 0.64))
    curve = incidence(probabilities(eta, Ends(0, (1,))), np.array([0.0, 8.0]), (4.0, 8.0))
    assert curve[0, :, 0] == pytest.approx([0.2, 0.36])


def test_beyond_the_reach_and_before_the_start_nothing_is_said() -> None:
    shares = probabilities(np.zeros((3, 3, 2)), ALL)
    assert np.isnan(incidence(shares, EDGES, (64.1, -1.0, math.nan, math.inf))).all()


def test_an_end_never_seen_has_incidence_zero() -> None:
    shares = probabilities(np.zeros((2, 3, 2)), Ends(0, (1, 3)))
    assert (incidence(shares, EDGES, (64.0,))[:, :, 1] == 0.0).all()


def test_undated_the_only_answer_is_in_the_end() -> None:
    shares = probabilities(np.full((1, 1, 1), math.log(3.0)), Ends(3, (1,)))
    answer = incidence(shares, np.array([0.0, math.inf]), (math.inf, 30.0))
    assert answer[0, 0] == pytest.approx([0.75, 0.0, 0.25])
    assert np.isnan(answer[0, 1]).all()


def test_hopeless_and_certain_hazards_stay_probabilities() -> None:
    eta = np.array([800.0, -800.0, 0.0]).reshape(3, 1, 1)
    curve = incidence(probabilities(eta, ALL), np.array([0.0, 8.0]), (1.0, 8.0))[0]
    assert np.isfinite(curve).all()
    assert curve[1] == pytest.approx([1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("seen", "ends"),
    [([0, 1, 2, 3], ALL), ([1, 3], Ends(3, (1,))), ([1, 2], Ends(2, (1,))), ([0, 1], Ends(0, (1,)))],
    ids=["dated", "a plain yes/no", "won or stop", "sales only"],
)
def test_the_reference_is_nothing_where_there_is_time(seen: list[int], ends: Ends) -> None:
    assert ends_of(seen) == ends


def test_without_an_event_there_is_no_reference() -> None:
    with pytest.raises(ModelError, match="no row says what became of a lead"):
        ends_of([])


def test_the_last_edge_belongs_to_the_last_interval() -> None:
    assert locate(EDGES, 64.0) == (2, 1.0)
    assert locate(EDGES, 8.0) == (1, 0.0)
    assert locate(EDGES, 0.0) == (0, 0.0)


def test_no_rows_and_no_days_keep_their_shape() -> None:
    assert incidence(probabilities(np.zeros((3, 3, 0)), ALL), EDGES, (1.0,)).shape == (0, 1, 3)
    assert incidence(probabilities(np.zeros((3, 3, 2)), ALL), EDGES, ()).shape == (2, 0, 3)
