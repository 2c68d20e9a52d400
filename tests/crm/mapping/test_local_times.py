"""Texts that state local times are read a column at a time, and as one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm import cells
from readiness.crm.mapping.document import Column, File
from readiness.crm.mapping.local_times import pattern_of, stated
from readiness.crm.mapping.translation import translated
from readiness.crm.records import NO_INSTANT

FORMATS = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M:%S")
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - local times have no zone


def _column(*texts: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts[:1], pa.large_string()), pa.array(texts[1:], pa.large_string())])


def _slowly(text: str | None) -> tuple[int, bool]:
    for written in (*FORMATS, "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"):
        try:
            moment = dt.datetime.strptime(text or "", written)  # noqa: DTZ007
        except ValueError:
            continue
        return (moment - _EPOCH) // dt.timedelta(microseconds=1), "%H" not in written
    return NO_INSTANT, False


_PARTS = st.integers(0, 62)
_STATED = st.one_of(
    st.none(),
    st.builds("{}.{}.20{:02d}".format, _PARTS, _PARTS, _PARTS),
    st.builds("{:02d}.{:02d}.20{:02d} {}:{:02d}".format, _PARTS, _PARTS, _PARTS, _PARTS, _PARTS),
    st.builds("{}/{}/20{:02d} {:02d}:{:02d}:{:02d}".format, *[_PARTS] * 6),
    st.builds("20{:02d}-{:02d}-{:02d}T{:02d}:{:02d}".format, *[_PARTS] * 5),
    st.builds("20{:02d}-{:02d}-{:02d} {:02d}:{:02d}:{:02d}".format, *[_PARTS] * 6),
    st.builds("2026-02-{:02d}T10:00:00.{}".format, _PARTS, _PARTS),
    st.sampled_from(["29.2.2024", "29.02.2023", "29.2.1900", "soon", "2026-03-14", "2026-03-14T09:00:00Z"]),
)


@given(texts=st.lists(_STATED, max_size=8))
@settings(deadline=None, max_examples=150)
def test_a_column_states_what_its_texts_state_one_by_one(texts: list[str | None]) -> None:
    said = stated(_column(*texts), FORMATS, iso=True)

    slow = [_slowly(text) for text in texts]
    assert said.at.tolist() == [at for at, _ in slow]
    assert said.is_day.tolist() == [is_day for _, is_day in slow]


@pytest.mark.parametrize(
    "written", ["%d %b %Y", "%d%m%Y", "%d.%m.%y", "%I:%M %p %d.%m.%Y", "%Y-%m-%dT%H:%M%z", "%H:%M"]
)
def test_a_format_of_more_than_numbers_has_no_pattern(written: str) -> None:
    assert pattern_of(written) is None


def test_what_is_read_by_columns_and_one_by_one_is_the_same_instant() -> None:
    texts = [
        "01.03.2026",
        "1.3.2026 9:05",
        None,
        "2026-03-01T09:05",
        "2026-03-01T09:05:00+02:00",
        "2026-03-01",
        "x",
    ]
    fast = File(path="x", zone="Europe/Ljubljana", dates=FORMATS)
    slow = fast.model_copy(update={"dates": (*FORMATS, "%d %b %Y")})

    by_columns, one_by_one = (
        cells.instants(translated(_column(*texts), "occurred_at", Column(column="x"), file)).at
        for file in (fast, slow)
    )

    assert by_columns.tolist() == one_by_one.tolist()
    assert np.flatnonzero(by_columns == NO_INSTANT).tolist() == [2, 6]


@pytest.mark.parametrize("texts", [[], ["2026-03-01T09:05"]], ids=["no row", "one row"])
def test_no_row_and_one_row_are_read(texts: list[str]) -> None:
    file = File(path="x", zone="UTC")

    read = translated(_column(*texts), "occurred_at", Column(column="x"), file)

    assert len(cells.instants(read).at) == len(texts)
    assert not cells.instants(read).unreadable.any()


def test_a_time_that_the_clock_skipped_is_told_among_others() -> None:
    texts = ["2026-03-29T02:30", "2026-03-29T03:30", "2026-03-29"]

    read = cells.instants(
        translated(_column(*texts), "at_at", Column(column="x"), File(path="x", zone="Europe/Ljubljana"))
    )

    assert read.unreadable.tolist() == [True, False, False]


def test_without_a_zone_a_time_stays_without_one() -> None:
    file = File(path="x", dates=("%d.%m.%Y %H:%M",))

    read = cells.instants(
        translated(_column("01.03.2026 00:00", "02.03.2026 00:00"), "at_at", Column(column="x"), file)
    )

    assert read.zoneless.tolist() == [True, True]
