"""What must be true of the tables: each defect is found, named, and told with its remedy."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from readiness.crm.faults import masked
from readiness.crm.frames import arrow, given_as_is
from readiness.crm.intake import accept, from_frames, sort_out
from readiness.errors import DataError, Fault
from tests.builders import activity, at, lead, outcome, tables

LEADS = {
    "lead_id": ["A", "B"],
    "created_at": ["2026-01-10T12:00:00Z", "2026-01-11"],
    "source": ["chat", "chat"],
}
ACTIVITY = {"lead_id": ["A"], "occurred_at": ["2026-02-01"], "type": ["call"], "direction": ["outbound"]}
OUTCOME = {"lead_id": ["A"], "occurred_at": ["2026-02-01"], "outcome": ["closed_won"]}
HANDOVER = {
    "lead_id": ["A"],
    "handed_over_at": ["2026-02-01"],
    "decided_at": ["2026-02-02"],
    "decision": ["accepted"],
    "reason": [None],
}


def _frames(**tables_given: dict[str, list[Any]]) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(columns) for name, columns in {"leads": LEADS, **tables_given}.items()}


def _faults(**tables_given: dict[str, list[Any]]) -> list[Fault]:
    with pytest.raises(DataError, match="in the data") as refused:
        from_frames(_frames(**tables_given), observed_through=at(365))
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("code", "place", "seen", "given_tables"),
    [
        (
            "missing_column",
            ("activities", None, "occurred_at"),
            "a column 'occured_at'",
            {
                "activities": {
                    **{k: v for k, v in ACTIVITY.items() if k != "occurred_at"},
                    "occured_at": ["2026-02-01"],
                }
            },
        ),
        (
            "misnamed_column",
            ("leads", None, "E-mail"),
            "a name close to one of ours",
            {"leads": {**LEADS, "E-mail": ["x", "y"]}},
        ),
        (
            "misnamed_column",
            ("leads", None, "creatd_at"),
            "a name close to one of ours",
            {"leads": {"lead_id": ["A"], "creatd_at": ["2026-01-01"], "source": ["chat"]}},
        ),
        (
            "unreadable_instant",
            ("activities", 1, "occurred_at"),
            "'31.12.2026'",
            {"activities": {**ACTIVITY, "occurred_at": ["31.12.2026"]}},
        ),
        (
            "no_time_zone",
            ("activities", 1, "occurred_at"),
            "'2026-02-01 09:00'",
            {"activities": {**ACTIVITY, "occurred_at": ["2026-02-01 09:00"]}},
        ),
        (
            "unknown_direction",
            ("activities", 1, "direction"),
            "'Inbound'",
            {"activities": {**ACTIVITY, "direction": ["Inbound"]}},
        ),
        (
            "unknown_outcome",
            ("outcomes", 1, "outcome"),
            "'Won'",
            {"outcomes": {**OUTCOME, "outcome": ["Won"]}},
        ),
        (
            "unknown_decision",
            ("handovers", 1, "decision"),
            "'yes'",
            {"handovers": {**HANDOVER, "decision": ["yes"]}},
        ),
        ("unknown_lead", ("activities", 1, "lead_id"), "'C'", {"activities": {**ACTIVITY, "lead_id": ["C"]}}),
        (
            "unknown_lead",
            ("activities", 1, "lead_id"),
            "nothing",
            {"activities": {**ACTIVITY, "lead_id": [None]}},
        ),
        (
            "copied_lead",
            ("leads", 2, "lead_id"),
            "'A'",
            {"leads": {name: [values[0]] * 2 for name, values in LEADS.items()}},
        ),
        (
            "ended_before_creation",
            ("outcomes", 1, "occurred_at"),
            "'2026-01-09'",
            {"outcomes": {**OUTCOME, "occurred_at": ["2026-01-09"]}},
        ),
        (
            "not_a_number",
            ("activities", 1, "value"),
            "'much'",
            {"activities": {**ACTIVITY, "value": ["much"]}},
        ),
        ("not_a_number", ("activities", 1, "value"), "'inf'", {"activities": {**ACTIVITY, "value": ["inf"]}}),
        ("missing_value", ("activities", 1, "type"), "nothing", {"activities": {**ACTIVITY, "type": [""]}}),
        (
            "missing_value",
            ("leads", 2, "created_at"),
            "nothing",
            {"leads": {**LEADS, "created_at": ["2026-01-10", None]}},
        ),
        (
            "after_observation",
            ("activities", 1, "occurred_at"),
            "'2027-01-01T00:00:00Z'",
            {"activities": {**ACTIVITY, "occurred_at": ["2027-01-01T00:00:00Z"]}},
        ),
        (
            "record_kept_too_long",
            ("leads", 1, "last_known_at"),
            "'2027-06-01'",
            {"leads": {**LEADS, "last_known_at": ["2027-06-01", None]}},
        ),
        (
            "decided_before_handover",
            ("handovers", 1, "decided_at"),
            "'2026-01-31'",
            {"handovers": {**HANDOVER, "decided_at": ["2026-01-31"]}},
        ),
        (
            "unsupported_type",
            ("activities", None, "detail"),
            "list<item: int64>",
            {"activities": {**ACTIVITY, "detail": [[1, 2]]}},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_defect_is_named_with_its_place_and_what_stood_there(
    code: str, place: tuple[str, int | None, str], seen: str, given_tables: dict[str, dict[str, list[Any]]]
) -> None:
    faults = _faults(**given_tables)

    assert [fault.code for fault in faults] == [code]
    assert (faults[0].table, faults[0].row, faults[0].column) == place
    assert faults[0].seen == seen
    assert faults[0].remedy


def test_leads_with_the_same_id_that_disagree_are_all_refused() -> None:
    faults = _faults(leads={**LEADS, "lead_id": ["A", "A"]})

    assert [(fault.code, fault.row) for fault in faults] == [("conflicting_lead", 1), ("conflicting_lead", 2)]


def test_a_lead_ends_finally_once() -> None:
    sold_after_stop = {
        "lead_id": ["A", "A"],
        "occurred_at": ["2026-03-01", "2026-02-01"],
        "outcome": ["closed_won", "stop_calling"],
    }

    assert [(fault.code, fault.row) for fault in _faults(outcomes=sold_after_stop)] == [("second_end", 1)]


def test_who_bought_can_still_tell_us_to_stop() -> None:
    read = tables(outcomes=[outcome(5, "closed_won"), outcome(9, "stop_calling")])

    assert read.outcomes.outcome.tolist() == [0, 1]


def test_a_lead_may_end_on_the_day_it_was_created() -> None:
    same_day = {"lead_id": ["B"], "occurred_at": ["2026-01-11T08:00:00Z"], "outcome": ["closed_won"]}

    assert len(from_frames(_frames(outcomes=same_day)).outcomes) == 1


def test_without_leads_nothing_is_read() -> None:
    with pytest.raises(DataError, match="leads: saw only activities; expected a table of leads"):
        from_frames({"activities": pd.DataFrame(ACTIVITY)})


def test_a_table_of_another_name_is_refused() -> None:
    with pytest.raises(DataError, match="deals: saw a table of this name; expected one of leads, activities"):
        from_frames({**_frames(), "deals": pd.DataFrame(OUTCOME)})


@pytest.mark.parametrize("table", ["activities", "answers", "handovers"])
def test_undated_leads_have_no_events(table: str) -> None:
    events = {
        "activities": ACTIVITY,
        "answers": {"lead_id": ["A"], "answered_at": ["2026-01-01"], "field": ["budget"], "value": ["x"]},
        "handovers": HANDOVER,
    }
    undated = {"lead_id": ["A"], "source": ["chat"]}

    faults = _faults(leads=undated, **{table: events[table]})

    assert [(fault.table, fault.row, fault.code) for fault in faults] == [
        (table, None, "events_without_creation")
    ]


def test_undated_leads_have_undated_outcomes() -> None:
    faults = _faults(leads={"lead_id": ["A"], "source": ["chat"]}, outcomes=OUTCOME)

    assert [(fault.row, fault.code) for fault in faults] == [(None, "dated_end_without_creation")]


def test_an_activity_after_the_end_is_accepted_and_noted() -> None:
    frames = _frames(activities={**ACTIVITY, "occurred_at": ["2026-03-01"]}, outcomes=OUTCOME)

    received = accept({name: given_as_is(arrow(frame)) for name, frame in frames.items()})

    assert len(received.tables.activities) == 1
    assert received.notes[0].startswith(
        "activities: 1 row (active_after_end), first row 1, column occurred_at"
    )


def test_a_column_nobody_reads_is_noted() -> None:
    frames = _frames(activities={**ACTIVITY, "owner": ["Ann"]})

    notes = accept({name: given_as_is(arrow(frame)) for name, frame in frames.items()}).notes

    assert notes == ("activities: column 'owner' is not part of the contract and is not read.",)


def test_personal_data_is_never_shown() -> None:
    faults = _faults(leads={**LEADS, "lead_id": ["x@y.example", "x@y.example"]})

    assert {fault.seen for fault in faults} == {"(hidden)"}
    assert "x@y" not in str(DataError(faults))


def test_long_values_are_shortened() -> None:
    assert masked("type", "x" * 100) == repr("x" * 57 + "…")


def test_many_equal_faults_are_counted_after_the_first_thousand() -> None:
    many = {name: values * 1_500 for name, values in ACTIVITY.items()} | {"direction": ["up"] * 1_500}

    faults = _faults(activities=many)

    assert len(faults) == 1_001
    assert faults[-1].seen == "500 more rows"


def test_faults_come_in_the_order_table_row_column() -> None:
    faults = _faults(
        outcomes={**OUTCOME, "outcome": ["x"]},
        activities={
            **{name: values * 2 for name, values in ACTIVITY.items()},
            "direction": ["x", "y"],
            "value": ["z", "1"],
        },
    )

    assert [(fault.table, fault.row, fault.column) for fault in faults] == [
        ("activities", 1, "direction"),
        ("activities", 1, "value"),
        ("activities", 2, "direction"),
        ("outcomes", 1, "outcome"),
    ]


def test_rows_that_remain_could_be_read_alone() -> None:
    rows = {name: values * 2 for name, values in ACTIVITY.items()} | {"type": ["call", None]}
    frames = _frames(activities=rows)

    received = sort_out({name: given_as_is(arrow(frame)) for name, frame in frames.items()})

    assert received.tables.activities.type.levels == ("call",)
    assert received.tables.activities.starts.tolist() == [0, 1, 1]


def test_records_are_held_to_the_same_rules() -> None:
    with pytest.raises(DataError, match="one final outcome a lead"):
        tables([lead()], [activity(1)], outcomes=[outcome(5), outcome(6)])
