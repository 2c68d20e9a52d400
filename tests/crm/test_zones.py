"""Which instant a clock on the wall showed, and where it showed none or two."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from readiness.crm import mapping, zones
from readiness.crm.records import NO_INSTANT, instant

LJUBLJANA = "Europe/Ljubljana"
# Without a zone on purpose: a clock on the wall names none.
PLAIN = dt.datetime(2026, 3, 28, 2, 30)  # noqa: DTZ001
SKIPPED = dt.datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
REPEATED = dt.datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001


def _times(*moments: dt.datetime | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(moments, pa.timestamp("us"))])


@pytest.mark.parametrize(
    ("moments", "at"),
    [
        ((), []),
        ((None,), [NO_INSTANT]),
        ((PLAIN,), [instant("2026-03-28T01:30:00Z")]),
        ((SKIPPED, REPEATED), [NO_INSTANT, instant("2026-10-25T00:30:00Z")]),
    ],
    ids=["none", "missing", "one", "skipped and repeated"],
)
def test_a_local_time_is_the_first_instant_that_the_clock_showed_it(moments, at) -> None:
    assert zones.located(_times(*moments), LJUBLJANA).at.tolist() == at


def test_times_that_the_clock_never_showed_or_showed_twice_are_told_apart() -> None:
    read = zones.located(_times(SKIPPED, PLAIN, REPEATED), LJUBLJANA)

    assert (read.skipped.tolist(), read.repeated.tolist()) == ([True, False, False], [False, False, True])


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="there is no time zone 'Europe/Nowhere'"):
        zones.located(_times(PLAIN), "Europe/Nowhere")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_mapping_refuses_the_skipped_hour_and_notes_the_repeated_one(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame({"id": ["A", "B", "C"], "created": [PLAIN, SKIPPED, REPEATED]})
    if ending == "csv":
        frame.to_csv(tmp_path / "leads.csv", index=False)
    else:
        frame.to_parquet(tmp_path / "leads.parquet")
    text = f"""
name: local
files: {{leads: {{path: leads.{ending}, zone: {LJUBLJANA}}}}}
leads: {{file: leads, columns: {{lead_id: id, created_at: created, source: {{constant: web}}}}}}
"""
    received = mapping.apply(mapping.parse(text), [tmp_path])

    assert [(fault.code, fault.column) for fault in received.faults] == [("skipped_hour", "created")]
    assert received.tables.leads.lead_id.tolist() == ["A", "C"]
    assert any("(repeated_hour), first row" in note for note in received.notes)
