"""What the cells of a column say, whatever type its keeper gave it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm import cells
from readiness.crm.cells import Column
from readiness.crm.intake import from_frames
from readiness.crm.records import NO_INSTANT, OUTCOMES, instant
from readiness.crm.tables import Coded
from tests.builders import activity, assert_same, at, lead, outcome, tables

NINE = instant("2026-03-14T09:00:00Z")
THAT_DAY = instant("2026-03-14")


def _column(values: list[Any], kind: object = None) -> Column:
    return pa.chunked_array([pa.array(values, kind)])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (_column([]), []),
        (_column([None], pa.string()), [NO_INSTANT]),
        (_column(["2026-03-14T09:00:00Z", ""]), [NINE, NO_INSTANT]),
        (_column(["2026-03-14T10:00:00+01:00"]), [NINE]),
        (_column(["2026-03-14", None]), [THAT_DAY, NO_INSTANT]),
        (_column(["2026-03-14", "2026-03-14T09:00:00Z"]), [THAT_DAY, NINE]),
        (_column(["2026-03-14T09:00:00.000000999Z"]), [NINE]),
        (_column([dt.date(2026, 3, 14), None]), [THAT_DAY, NO_INSTANT]),
        (_column([dt.datetime(2026, 3, 14, 9, tzinfo=dt.UTC)]), [NINE]),
        (_column([dt.datetime(2026, 3, 14), None]), [THAT_DAY, NO_INSTANT]),  # noqa: DTZ001
        (_column(["2026-03-14"]).dictionary_encode(), [THAT_DAY]),
    ],
    ids=[
        "none",
        "missing",
        "zulu",
        "offset",
        "date",
        "mixed",
        "nanoseconds",
        "dates",
        "zoned",
        "midnights",
        "coded",
    ],
)
def test_instants_are_read_from_any_type_that_says_them(column: Column, expected: list[int]) -> None:
    read = cells.instants(column)

    assert read.at.tolist() == expected
    assert not (read.unreadable | read.zoneless).any()


@pytest.mark.parametrize(
    ("column", "unreadable", "zoneless"),
    [
        (_column(["14.3.2026", "2026-03-14T09:00", None]), [True, False, False], [False, True, False]),
        (_column(["2026-02-30"]), [True], [False]),
        (_column([1773478800]), [True], [False]),
        (_column([dt.datetime(2026, 3, 14, 9), None]), [False, False], [True, False]),  # noqa: DTZ001
    ],
    ids=["texts", "no such day", "a bare number", "naive timestamps"],
)
def test_what_is_no_instant_is_told_and_not_guessed(
    column: Column, unreadable: list[bool], zoneless: list[bool]
) -> None:
    read = cells.instants(column)

    assert (read.unreadable.tolist(), read.zoneless.tolist()) == (unreadable, zoneless)
    instants = read.at.tolist()
    assert all(instants[row] == NO_INSTANT for row in np.flatnonzero(read.unreadable | read.zoneless))


@settings(max_examples=100)
@given(st.lists(st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC))))  # noqa: DTZ001
def test_reading_texts_equals_the_slow_way(moments: list[dt.datetime]) -> None:
    texts = [moment.isoformat() for moment in moments]

    assert cells.instants(_column(texts, pa.string())).at.tolist() == [instant(text) for text in texts]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None], ["1", None]),
        ([1.5, float("nan"), 2.0], ["1.5", None, "2"]),
        ([True, False, None], ["yes", "no", None]),
        ([Decimal("1.50")], ["1.5"]),
        ([dt.date(2026, 3, 14)], ["2026-03-14"]),
        ([dt.datetime(2026, 3, 14, 9, tzinfo=dt.UTC)], ["2026-03-14T09:00:00.000000Z"]),
        (["x", "", None], ["x", None, None]),
    ],
)
def test_every_plain_type_has_one_way_of_being_written(values: list[Any], expected: list[str | None]) -> None:
    assert cells.texts(_column(values)).to_pylist() == expected


def test_numbers_of_typed_columns_stay_numbers_and_identifiers_beyond_them_become_texts() -> None:
    number, _ = cells.attribute(_column([1, None, 3]))
    identifier, _ = cells.attribute(_column([2**60 + 1, 5]))

    assert isinstance(number, np.ndarray)
    assert isinstance(identifier, Coded)
    assert identifier.texts().tolist() == ["1152921504606846977", "5"]


def test_levels_are_sorted_so_that_row_order_cannot_show() -> None:
    assert cells.coded(_column(["b", None, "a", "b"])).levels == ("a", "b")


def test_a_pandas_column_of_mixed_objects_becomes_texts() -> None:
    frame = pd.DataFrame({"source": ["chat"] * 4, "size": pd.Series([1, "many", None, True], dtype=object)})

    size = from_frames({"leads": frame}).leads.attributes["size"]

    assert isinstance(size, Coded)
    assert size.texts().tolist() == ["1", "many", None, "yes"]


def test_records_and_frames_of_the_same_crm_are_the_same_tables() -> None:
    frames = {
        "leads": pd.DataFrame(
            {"lead_id": ["A"], "created_at": ["2026-01-01T00:00:00Z"], "source": ["chat"], "n": [2]}
        ),
        "activities": pd.DataFrame(
            {
                "lead_id": ["A"],
                "occurred_at": ["2026-01-03T00:00:00Z"],
                "type": ["call"],
                "direction": ["outbound"],
            }
        ),
        "outcomes": pd.DataFrame({"lead_id": ["A"], "occurred_at": [None], "outcome": ["closed_won"]}),
    }
    records = tables(
        [lead("A", source="chat", n=2)],
        [activity(2, "call", "outbound", lead_id="A")],
        outcomes=[outcome(None, lead_id="A")],
    )

    assert_same(from_frames(frames, observed_through=at(400)), records)


def test_what_is_odd_in_one_block_of_a_long_column_leaves_the_others_as_they_are() -> None:
    texts = ["2026-03-14T09:00:00Z"] * 140_000
    texts[3], texts[70_000], texts[139_999] = "2026-02-30T09:00:00Z", "2026-03-14", " 2026-03-14"

    read = cells.instants(_column(texts))

    assert read.at[[3, 4, 70_000, 70_001, 139_999]].tolist() == [NO_INSTANT, NINE, THAT_DAY, NINE, THAT_DAY]  # noqa: PD008 - no pandas
    assert {rule.code: flags.nonzero()[0].tolist() for rule, flags in read.found} == {
        "unreadable_instant": [3],
        "padded_cell": [139_999],
    }


@pytest.mark.parametrize(
    ("texts", "codes", "found"),
    [
        ([], [], {}),
        ([None], [-1], {}),
        (["closed_won"], [0], {}),
        (
            ["closed_won ", "yes", "#REF!", "null", "Won"],
            [0, -1, -1, -1, -2],
            {
                "padded_cell": [0],
                "boolean_outcome": [1],
                "spreadsheet_error": [2],
                "word_for_nothing": [3],
            },
        ),
    ],
    ids=["none", "missing", "one", "odd ones"],
)
def test_words_are_ours_or_told_by_their_rule(
    texts: list[str | None], codes: list[int], found: dict[str, list[int]]
) -> None:
    read = cells.words(_column(texts, pa.large_string()), OUTCOMES)

    assert read.codes.tolist() == codes
    assert {rule.code: flags.nonzero()[0].tolist() for rule, flags in read.found} == found
