"""The tables as columns that other programs read."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.outgoing import as_csv, as_texts, plain, to_arrow
from readiness.crm.records import MICROSECONDS_PER_SECOND, NO_INSTANT, instant, iso
from tests.builders import activity, at, lead, tables

SECONDS = st.integers(
    instant(dt.datetime(1, 1, 2, tzinfo=dt.UTC)) // MICROSECONDS_PER_SECOND,
    instant("9999-12-30") // MICROSECONDS_PER_SECOND,
)


@given(st.lists(st.just(None) | SECONDS, max_size=4))
def test_instants_are_written_as_short_as_the_column_allows(seconds):
    instants = [NO_INSTANT if each is None else each * MICROSECONDS_PER_SECOND for each in seconds]
    written = as_texts(np.array([*instants, 1_000_000], dtype=np.int64)).to_pylist()
    assert written == [*map(iso, instants), "1970-01-01T00:00:01Z"]


@pytest.mark.parametrize(
    ("when", "written"),
    [("2026-03-14", "2026-03-14"), ("2026-03-14T09:00:00.000001Z", "2026-03-14T09:00:00.000001Z")],
)
def test_days_are_written_as_days_and_microseconds_are_kept(when, written):
    assert as_texts(np.array([instant(when), NO_INSTANT])).to_pylist() == [written, None]


def test_blocks_are_written_as_the_whole_column_would_be():
    rows = to_arrow(tables([lead()], [activity(1), activity(1.5 + 1e-9)]))["activities"]
    spell = as_csv(rows)
    blocks = [spell(rows.slice(first, 1)) for first in range(2)]
    assert pa.concat_tables(blocks) == spell(rows)
    assert spell(rows).column("occurred_at").to_pylist() == [
        "2026-01-02T00:00:00.000000Z",
        iso(at(1.5 + 1e-9)),
    ]


def test_no_row_has_the_columns_of_many():
    rows = to_arrow(tables([]))["activities"]
    assert plain(rows).schema.types[:2] == [pa.large_string(), pa.timestamp("us", tz="UTC")]
    assert as_csv(rows)(rows).schema.types == [pa.large_string()] * 4
