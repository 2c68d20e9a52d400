import pytest

from readiness.judging.bootstrap import Figure
from readiness.judging.stability import Stability, stability


def test_shares_and_ranks_counted_by_hand() -> None:
    # b is among the two most important in 2 of 3 models, with ranks 1, 2 and 3
    found = stability(["a", "b", "c"], [["b", "a", "c"], ["a", "b", "c"], ["a", "c", "b"]], top=2)
    assert found == (
        Stability("a", 1.0, Figure(1.0, 1.0, 2.0)),
        Stability("b", 2 / 3, Figure(2.0, 1.0, 3.0)),
    )


def test_the_same_order_every_time_is_perfectly_steady() -> None:
    found = stability(["a", "b"], [["a", "b"]] * 5)
    assert [(each.in_top, each.rank.low, each.rank.high) for each in found] == [
        (1.0, 1.0, 1.0),
        (1.0, 2.0, 2.0),
    ]


def test_one_rank_in_forty_does_not_widen_the_interval() -> None:
    orders = [["a", "b"]] * 79 + [["b", "a"]]
    assert stability(["a", "b"], orders)[0].rank == Figure(1.0, 1.0, 1.0)


@pytest.mark.parametrize("order", [[], ["a"]], ids=["none", "one"])
def test_without_resampled_models_nothing_is_said(order: list[str]) -> None:
    assert stability(order, []) == ()
    assert [each.group for each in stability(order, [order])] == order
