"""The measurement of where a million leads are, on a few of them."""

from __future__ import annotations

from benchmarks.leads_now import measure


def test_counts_are_timed_beside_pandas_and_the_whole_on_a_world() -> None:
    rows, sentence = measure(leads=1_300, world=60)
    assert [row["rows"] for row in rows] == [1_300, 1_300, 1_300]
    assert [str(row["what"]).split(",")[0] for row in rows] == ["moves", "gaps in BANT", "who waits how long"]
    assert "on 60 simulated leads" in sentence
