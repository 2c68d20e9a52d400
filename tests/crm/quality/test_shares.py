"""Two shares are compared as Fisher's exact test compares them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from readiness.crm.quality.shares import p_of_difference

SHARES = st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(one=SHARES, other=SHARES)
def test_the_chance_is_that_of_fishers_exact_test(one: tuple[int, int], other: tuple[int, int]) -> None:
    counts = [[held, of - held] for held, of in (one, other)]

    assert p_of_difference(one, other) == pytest.approx(fisher_exact(counts).pvalue, rel=1e-9, abs=1e-12)


def test_of_many_leads_the_chance_is_the_same() -> None:
    expected = fisher_exact([[5_100, 494_900], [4_900, 495_100]]).pvalue

    assert p_of_difference((5_100, 500_000), (4_900, 500_000)) == pytest.approx(expected, rel=1e-6)


def test_without_any_lead_nothing_differs() -> None:
    assert p_of_difference((0, 0), (0, 0)) == 1.0
