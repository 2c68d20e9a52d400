"""A report with many leads as they are now costs little more than asking the rules about them."""

from __future__ import annotations

import pytest

from benchmarks import report


@pytest.mark.slow
def test_every_step_of_a_report_is_timed_beside_the_rules_alone() -> None:
    rows, note = report.measure(200, 2)

    assert rows[0]["× the peer's"] == 1.0
    assert all(float(str(row["seconds"])) >= 0.0 for row in rows)
    assert note.startswith("400 leads, ")
