"""Good leads that the agreement would have kept back, as far as anything is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.hindsight.groups import draws
from readiness.hindsight.kept_back import KeptBack, called, kept_back
from readiness.hindsight.replay import replay
from tests.hindsight.small import ADVISER, SMALL, Crm
from tests.oracles.judging import incidence


def kept(crm: Crm, through: float = 400) -> dict[str, KeptBack]:
    made = crm.tables(through)
    found = replay(made, ADVISER)
    resamples = draws(made, found.looked_at, replicates=50, seed=1)
    return {
        each.among: kept_back(each, found.looked_at, resamples, 90) for each in called(found, ADVISER, SMALL)
    }


def test_without_a_hand_over_nothing_can_be_known_of_leads_kept_back() -> None:
    assert kept(Crm().lead(6, (20, "closed_won")).lead()) == {}


@pytest.mark.parametrize(
    ("demo", "given_on", "held"),
    [(None, 30, 1), (6, 30, 0), (6, 7, 0), (6, 6, 1), (29, 30, 0)],
    ids=[
        "never advised",
        "handed over by the replay before",
        "advised at the very instant, before the replay's next look",
        "what happens at the very instant is not yet seen",
        "advised since the last look",
    ],
)
def test_kept_back_is_what_neither_the_replay_nor_the_agreement_then_would_hand_over(
    demo: float | None, given_on: float, held: int
) -> None:
    found = kept(Crm().lead(demo, given=(given_on, None)))["handed_over_anyway"]
    assert found.counts.still_open == held
    assert found.share.value == held


def test_only_the_first_hand_over_of_a_lead_counts() -> None:
    made = Crm().lead(40, given=(30, "declined"))
    made.handovers.append(made.handovers[0].__class__("L-0001", made.handovers[0].handed_over_at + 10**12))
    assert kept(made)["handed_over_anyway"].hand_overs == 1


def test_the_share_of_sales_kept_back_counts_sales_on_both_sides() -> None:
    # Kept back: two of five are won. Passed: three of five, and one told us to stop.
    crm = Crm()
    for number in range(5):
        crm.lead(None, (40, "closed_won") if number < 2 else None, given=(30, None))
        crm.lead(6, (40, "closed_won") if number < 3 else (40, "stop_calling"), given=(30, None))
    found = kept(crm)["handed_over_anyway"]
    assert (found.hand_overs, found.leads, found.share.value) == (10, 10, 0.5)
    assert found.sales.value == pytest.approx(2 / 5)
    assert found.stops.value == 0.0
    assert [(each.rule, each.hand_overs, each.won) for each in found.by_rule] == [("SI1", 5, 2)]


def test_a_hand_over_by_lot_weighs_one_over_its_propensity() -> None:
    crm = Crm()
    crm.lead(None, (40, "closed_won"), given=(30, None), propensity=0.1)
    crm.lead(6, (40, "closed_won"), given=(30, None), propensity=0.5)
    crm.lead(6, given=(30, None))
    found = kept(crm)
    assert found["random_slice"].hand_overs == 2
    # Ten to two.
    assert found["random_slice"].share.value == pytest.approx(10 / 12)
    assert found["random_slice"].sales.value == pytest.approx(10 / 12)
    assert found["random_slice"].worth == pytest.approx(12**2 / (10**2 + 2**2))
    assert found["handed_over_anyway"].hand_overs == 3


def test_a_propensity_of_nought_is_no_draw() -> None:
    assert "random_slice" not in kept(Crm().lead(6, given=(30, None), propensity=0.0))


def test_where_all_or_none_are_kept_back_all_or_none_of_the_sales_are() -> None:
    won = (40.0, "closed_won")
    assert kept(Crm().lead(None, won, given=(30, None)))["handed_over_anyway"].sales.value == 1.0
    assert kept(Crm().lead(6, won, given=(30, None)))["handed_over_anyway"].sales.value == 0.0


def test_sales_not_known_yet_are_not_counted_as_none() -> None:
    found = kept(Crm().lead(None, given=(30, None)), through=40)["handed_over_anyway"]
    assert (found.sales.value, found.sales.low) == (None, None)


def test_leads_that_the_replay_did_not_look_at_do_not_count() -> None:
    made = Crm().lead(None, given=(30, None)).lead(None, given=(30, None)).tables()
    found = replay(made, ADVISER, leads=np.array([True, False]))
    assert [len(each.cohort) for each in called(found, ADVISER, SMALL)] == [1]


fates = st.tuples(
    st.booleans(),
    st.sampled_from([None, "closed_won", "stop_calling", "closed_lost"]),
    st.integers(1, 120),
    st.sampled_from([0.1, 0.2, 1.0]),
)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(fates, min_size=1, max_size=8), through=st.integers(60, 160))
def test_the_share_is_what_is_counted_with_each_hand_over_written_out_as_often_as_it_weighs(
    rows: list[tuple[bool, str | None, int, float]], through: int
) -> None:
    crm = Crm()
    for passes, end, after, propensity in rows:
        seen = end is not None and 30 + after < through
        crm.lead(
            6 if passes else None,
            (30 + after, end or "") if seen else None,
            given=(30, None),
            propensity=propensity,
        )
    made = crm.tables(through)
    found = replay(made, ADVISER)
    of = {each.among: each for each in called(found, ADVISER, SMALL)}["random_slice"]
    sums = []
    for part in (of.kept, ~of.kept):
        times = np.rint(of.weight[part]).astype(int)
        written = of.cohort.where(np.repeat(np.flatnonzero(part), times))
        won = incidence(written, 90)[0] if len(written) else 0.0
        sums.append(len(written) * won)
    resamples = draws(made, found.looked_at, replicates=3, seed=1)
    share = kept_back(of, found.looked_at, resamples, 90).sales.value
    if np.isnan(sum(sums)) or sum(sums) == 0:
        assert share is None
    else:
        assert share == pytest.approx(sums[0] / sum(sums))
