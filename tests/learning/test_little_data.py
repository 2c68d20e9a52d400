import math

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.learning.little_data import Learnable, TooLittle, learnable, stop_known


def ended(won: int, stop: int, otherwise: int, *, still_open: int = 5) -> Floats:
    event = np.repeat([1.0, 2.0, 3.0, 0.0], [won, stop, otherwise, still_open])
    return np.column_stack((event, np.full(len(event), 9.0)))


def test_fifty_ended_leads_with_ten_won_and_ten_not_are_enough() -> None:
    y = ended(10, 30, 10)
    assert learnable(y, np.arange(len(y))) == Learnable(50, 10, 30, 10)


@pytest.mark.parametrize(
    ("counts", "missing"),
    [
        ((10, 0, 39), {"ended": 1}),
        ((9, 0, 41), {"won": 1}),
        ((45, 4, 5), {"ended otherwise than won": 1}),
        ((0, 0, 0), {"ended": 50, "won": 10, "ended otherwise than won": 10}),
    ],
)
def test_the_missing_leads_are_counted(counts: tuple[int, int, int], missing: dict[str, int]) -> None:
    y = ended(*counts)
    found = learnable(y, np.arange(len(y)))
    assert isinstance(found, TooLittle)
    assert found.missing == missing
    assert all(f"{count} more {kind}" in found.sentence for kind, count in missing.items())


def test_leads_are_counted_and_not_snapshots() -> None:
    y = np.repeat(ended(10, 0, 10), 3, axis=0)
    assert isinstance(learnable(y, np.repeat(np.arange(25), 3)), TooLittle)


def test_undated_twins_are_leads_of_their_own() -> None:
    y = ended(30, 0, 30, still_open=0)
    y[:, 1] = math.nan
    assert isinstance(learnable(y, np.zeros(60, np.int64)), Learnable)


def test_no_leads_are_too_few() -> None:
    assert isinstance(learnable(np.zeros((0, 2)), np.zeros(0, np.int64)), TooLittle)


def test_a_stop_risk_takes_ten_leads_that_said_stop() -> None:
    few, enough = ended(20, 9, 40), ended(20, 10, 40)
    assert not stop_known(few, np.arange(len(few)))
    assert stop_known(enough, np.arange(len(enough)))
    found = learnable(few, np.arange(len(few)))
    assert isinstance(found, Learnable)
    assert not found.stop_known
