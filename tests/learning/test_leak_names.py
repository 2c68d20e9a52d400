"""What names of columns and values say to a leak audit, and how values share bins."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.tables import coded
from readiness.learning.leakage.columns import category, number
from readiness.learning.leakage.wording import calendar_words, names_ends, sounds_late


@pytest.mark.parametrize(
    ("name", "late"),
    [
        ("is_sql", True),
        ("callDuration", True),
        ("duration", True),
        ("Close Value", True),
        ("total_touches_all", True),
        ("current_stage", True),
        ("funding_stage", False),
        ("marital_status", False),
        ("company_size", False),
        ("last_name", False),
        ("hs_lead_status", True),
        ("contract_duration", False),
        ("previous_outcome", False),
        ("", False),
    ],
)
def test_names_that_speak_of_the_end(name: str, late: bool) -> None:
    assert sounds_late(name) == late


@pytest.mark.parametrize(
    ("words", "calendar"),
    [
        (["jan", "Feb", "march"], True),
        (["mon", "tue", "wed"], True),
        (["may", "june", "web"], False),
        (["may"], False),
    ],
)
def test_months_and_weekdays_are_known_by_their_names(words: list[str], calendar: bool) -> None:
    assert calendar_words(category("when", coded(words * 10))) == calendar


def test_few_numbers_have_a_bin_each_and_many_share_ten() -> None:
    few = number("few", np.array([3.0, 1.0, np.nan, 3.0]))
    assert (few.bin.tolist(), few.labels) == ([1, 0, 2, 1], ("1", "3", "nothing"))
    many = number("many", np.arange(100.0))
    assert set(np.bincount(many.bin)) == {9, 10, 11}
    assert many.labels[0] == "up to 10"


def test_a_value_that_fewer_than_10_leads_share_has_no_bin_and_no_name_of_its_own() -> None:
    column = category("who", coded(["Ann"] * 9 + ["web"] * 10 + [None]))
    assert column.labels == ("web", "another value", "nothing")


def test_a_referring_customer_is_no_end() -> None:
    assert names_ends(category("source", coded(["customer_referral", "paid_search", "signed_up"] * 10))) == ()
    assert names_ends(category("result", coded(["Closed - won", "call again"] * 10))) == (0,)
