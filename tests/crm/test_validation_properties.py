"""Whatever rows are given, each is accepted or refused, and second ends are those of the slow way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness.crm.frames import arrow, given_as_is
from readiness.crm.intake import sort_out
from readiness.crm.records import Outcome
from readiness.errors import DataError
from tests.builders import at, lead, tables
from tests.oracles import tables as oracle

LEADS = {
    "lead_id": ["A", "B"],
    "created_at": ["2026-01-10T12:00:00Z", "2026-01-11"],
    "source": ["chat", "chat"],
}

ends = st.builds(
    Outcome,
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from([None, at(20), at(21)]),
    st.sampled_from(["closed_won", "stop_calling", "closed_lost"]),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(ends, max_size=6))
def test_second_ends_are_those_of_the_slow_way_up_to_equal_rows(rows: list[Outcome]) -> None:
    leads = [lead("A"), lead("B"), lead("C")]
    expected = oracle.second_ends(rows)
    refused: set[int] = set()
    try:
        tables(leads, outcomes=rows)
    except DataError as error:
        refused = {fault.row - 1 for fault in error.faults if fault.row is not None}

    assert sorted(map(repr, (rows[row] for row in refused))) == sorted(
        map(repr, (rows[row] for row in expected))
    )


cells_of_activities = st.fixed_dictionaries(
    {
        "lead_id": st.sampled_from(["A", "B", "C", None]),
        "occurred_at": st.sampled_from(
            ["2026-02-01", "2026-02-01T10:00:00Z", "2026-02-01 10:00", "never", None, "2030-01-01"]
        ),
        "type": st.sampled_from(["call", "", None]),
        "direction": st.sampled_from(["inbound", "outbound", "up", None]),
        "value": st.sampled_from(["1", "1.5", "x", "nan", None]),
    }
)
ZONELESS: dict[str, str | None] = {
    "lead_id": "A",
    "occurred_at": "2026-02-01 10:00",
    "type": "call",
    "direction": "inbound",
    "value": None,
}
cells_of_outcomes = st.fixed_dictionaries(
    {
        "lead_id": st.sampled_from(["A", "B", "C"]),
        "occurred_at": st.sampled_from(["2026-02-01", "2020-02-01", "x", None]),
        "outcome": st.sampled_from(["closed_won", "stop_calling", "closed_lost", "won", None]),
    }
)


@settings(deadline=None, max_examples=60)
@given(st.lists(cells_of_activities, max_size=6), st.lists(cells_of_outcomes, max_size=4))
@example(activities=[ZONELESS, ZONELESS], outcomes=[])
def test_what_was_read_is_what_was_accepted_plus_what_was_refused(
    activities: list[dict[str, str | None]], outcomes: list[dict[str, str | None]]
) -> None:
    frames = {"leads": pd.DataFrame(LEADS)}
    frames["activities"] = pd.DataFrame(
        activities, columns=["lead_id", "occurred_at", "type", "direction", "value"]
    )
    frames["outcomes"] = pd.DataFrame(outcomes, columns=["lead_id", "occurred_at", "outcome"])

    received = sort_out(
        {name: given_as_is(arrow(frame)) for name, frame in frames.items()}, observed_through=at(365)
    )

    for table, rows in (("activities", activities), ("outcomes", outcomes), ("leads", [1, 2])):
        count = received.counts[table]
        aside = received.set_aside[table].num_rows if table in received.set_aside else 0
        assert (count.read, count.refused) == (len(rows), aside)
        assert count.accepted == len(getattr(received.tables, table))
    # What is wrong in every row is told once, of the column.
    whole = {fault.table for fault in received.faults if fault.row is None}
    refused = {(fault.table, fault.row) for fault in received.faults if fault.row is not None}
    for table, count in received.counts.items():
        rows = sum(1 for named, _ in refused if named == table)
        assert count.accepted == 0 if table in whole else rows == count.refused
    assert not np.any(received.tables.activities.lead < 0)
