"""What a text states is asked in one place, for cells, features and rules alike."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from readiness.agreement.conditions import NOT_MET, UNKNOWN, Condition
from readiness.crm import cells
from readiness.crm.records import instant
from readiness.crm.stated import date_in, number_in
from readiness.history import levels


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1_000", "1,5", "0x10", "", " ", "1 2", "١"])
def test_a_text_that_states_no_plain_number_is_none(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(("text", "number"), [("-3", -3.0), (" .5 ", 0.5), ("1e3", 1000.0), ("+7.", 7.0)])
def test_a_plain_number_is_read(text: str, number: float) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "14.03.2026", "2026-03-14T09:00:00", "20260314", "2026-W11-6", ""]
)
def test_what_names_no_day_or_instant_is_no_date(text: str) -> None:
    assert date_in(text) is None


def test_a_date_is_its_end_and_an_instant_is_itself() -> None:
    assert date_in("2026-03-14") == instant("2026-03-15T00:00:00Z") - 1
    assert date_in(" 2026-03-14T09:00:00Z") == instant("2026-03-14T09:00:00Z")


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "1e999", "\u0661"])
def test_cells_features_and_rules_agree_on_what_is_no_number(text: str) -> None:
    read = cells.numbers(pa.chunked_array([[text]]))
    assert (np.isnan(read.values[0]), [flags.tolist() for _, flags in read.found]) == (True, [[True]])
    assert np.isnan(levels.number_table([text])[0])
    assert Condition(at_least=1.0).judge(text) == UNKNOWN
    assert Condition(any_of=("1000",)).judge(text) == NOT_MET
