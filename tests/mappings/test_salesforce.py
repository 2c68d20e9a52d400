"""What becomes of a Salesforce export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from readiness.crm.records import instant
from tests.mappings.exports import (
    accepted,
    activities,
    answers,
    attribute,
    ends,
    imported,
    lead_ids,
    write,
)
from tests.mappings.salesforce_rows import OPTED_OUT, contact, event, lead, opportunity, task


def test_a_lead_keeps_what_was_known_at_creation_and_none_of_what_conversion_filled_in(
    tmp_path: Path,
) -> None:
    converted = {"is_converted": "true", "converted_contact_id": "0031", "converted_date": "2024-02-01"}
    row = lead(industry="Banking", number_of_employees="250", lead_source="Web", **converted)

    tables = accepted("salesforce", write(tmp_path, lead=[row]))

    assert attribute(tables, "company_size") == ["250"]
    assert attribute(tables, "industry") == ["Banking"]
    assert tables.leads.source.texts().tolist() == ["web_form"]
    assert not {"status", "is_converted", "converted_date"} & set(tables.leads.attributes)


def test_deleted_leads_are_left_out(tmp_path: Path) -> None:
    received = imported("salesforce", write(tmp_path, lead=[lead(), lead("00Q2", is_deleted="TRUE")]))

    assert lead_ids(received.tables) == ["00Q1"]
    assert any("1 of 2 rows left out" in note for note in received.notes)


def test_what_a_merged_record_did_is_the_kept_ones(tmp_path: Path) -> None:
    gone = lead("00Q2", is_deleted="true", master_record_id="00Q1")
    tables = accepted("salesforce", write(tmp_path, lead=[lead(), gone], task=[task("00Q2")]))
    assert lead_ids(tables) == ["00Q1"]
    assert [row[0] for row in activities(tables)] == ["00Q1"]


def test_two_records_with_one_email_address_are_one_lead(tmp_path: Path) -> None:
    rows = [
        lead(email="Ann@example.com"),
        lead("00Q2", email="ann@example.com ", created_date="2024-03-01 09:00:00"),
    ]

    tables = accepted("salesforce", write(tmp_path, lead=rows, task=[task("00Q2")]))

    assert lead_ids(tables) == ["00Q1"]
    assert [row[0] for row in activities(tables)] == ["00Q1"]


def test_a_task_of_the_contact_that_a_lead_became_is_the_leads(tmp_path: Path) -> None:
    rows = [lead(converted_contact_id="0031")]

    tables = accepted("salesforce", write(tmp_path, lead=rows, task=[task("0031"), task("0039")]))

    assert activities(tables) == [("00Q1", "2024-02-01", "call_attempt", "outbound")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"call_disposition": "Left voicemail"}, [("call_attempt", "outbound")]),
        ({"call_disposition": "Connected"}, [("call_answered", "inbound"), ("call_connected", "outbound")]),
        ({"call_type": "Inbound"}, [("call_answered", "inbound")]),
        ({"task_subtype": "Email"}, [("email_sent", "outbound")]),
        ({"task_subtype": "Email", "subject": "[Email] [In] Re: Hello"}, [("email_reply", "inbound")]),
        ({"task_subtype": "Task"}, []),
        ({"is_closed": "false"}, []),
        ({"is_deleted": "true"}, []),
    ],
    ids=["voicemail", "talked", "called us", "wrote", "wrote back", "to-do", "planned", "deleted"],
)
def test_what_we_did_is_outbound_and_what_the_lead_did_is_inbound(
    cells: dict[str, str], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    tables = accepted("salesforce", write(tmp_path, lead=[lead()], task=[task(**cells)]))
    assert [row[2:] for row in activities(tables)] == expected


def test_a_task_without_a_time_counts_from_the_end_of_its_day(tmp_path: Path) -> None:
    tables = accepted("salesforce", write(tmp_path, lead=[lead()], task=[task()]))
    assert tables.activities.occurred_at.tolist() == [instant("2024-02-01")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ["meeting"]),
        ({"type": "Call"}, ["call_answered"]),
        ({"end_date_time": "2024-07-01 10:00:00"}, []),
        ({"no_show_c": "true"}, []),
        ({"is_child": "true"}, []),
    ],
    ids=["meeting", "call", "not yet over", "nobody came", "a colleague's copy"],
)
def test_an_event_counts_when_it_took_place(
    cells: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    tables = accepted("salesforce", write(tmp_path, lead=[lead()], event=[event(**cells)]))
    assert [row[2] for row in activities(tables)] == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, [("00Q1", "2024-03-01", "closed_won")]),
        ({"is_won": "false"}, [("00Q1", "2024-03-01", "closed_lost")]),
        ({"is_won": "false", "is_closed": "false"}, []),
        ({"is_deleted": "true"}, []),
        ({"id": "0069"}, []),
    ],
    ids=["won", "lost", "open", "deleted", "somebody else's"],
)
def test_the_opportunity_that_a_lead_became_says_how_it_ended(
    cells: dict[str, str], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    export = write(tmp_path, lead=[lead(converted_opportunity_id="0061")], opportunity=[opportunity(**cells)])
    assert ends(accepted("salesforce", export)) == expected


@pytest.mark.parametrize(
    ("cells", "on"),
    [
        (
            {"has_opted_out_of_email": "TRUE", "email_opt_out_date_time_c": "2024-02-03 10:00:00"},
            "2024-02-03",
        ),
        (
            {"sales_email_opt_out_c": "true", "sales_email_opt_out_date_time_c": "2024-02-04 10:00:00"},
            "2024-02-04",
        ),
        ({"do_not_call": "true"}, ""),
        ({"has_opted_out_of_email": "true"}, ""),
    ],
    ids=["of e-mail", "of mail by sales", "of calls", "without a date"],
)
@pytest.mark.parametrize("record", ["lead", "contact"])
def test_an_opt_out_is_a_wish_to_be_left_alone_with_its_date(
    record: str, cells: dict[str, str], on: str, tmp_path: Path
) -> None:
    own, theirs = (cells, {}) if record == "lead" else ({}, cells)
    export = write(tmp_path, lead=[lead(converted_contact_id="0031", **own)], contact=[contact(**theirs)])
    assert ends(accepted("salesforce", export)) == [("00Q1", on, "stop_calling")]


def test_an_opt_out_of_lead_and_contact_counts_once(tmp_path: Path) -> None:
    opted_out = {"has_opted_out_of_email": "true", "email_opt_out_date_time_c": "2024-02-03 10:00:00"}
    rows = {"lead": [lead(converted_contact_id="0031", **opted_out)], "contact": [contact(**opted_out)]}
    assert ends(accepted("salesforce", write(tmp_path, **rows))) == [("00Q1", "2024-02-03", "stop_calling")]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [("Do Not Call", 1), ("Asked to opt out", 1), ("DNC", 1), ("Not interested", 0), ("Left voicemail", 0)],
)
def test_a_call_tells_us_to_stop_only_in_so_many_words(
    disposition: str, expected: int, tmp_path: Path
) -> None:
    export = write(tmp_path, lead=[lead()], task=[task(call_disposition=disposition)])
    assert ends(accepted("salesforce", export)) == [("00Q1", "2024-02-01", "stop_calling")] * expected


def test_a_sale_after_an_opt_out_is_told_and_not_taken(tmp_path: Path) -> None:
    own = {"has_opted_out_of_email": "true", "email_opt_out_date_time_c": OPTED_OUT}
    row = lead(converted_opportunity_id="0061", **own)
    received = imported("salesforce", write(tmp_path, lead=[row], opportunity=[opportunity()]))
    assert [fault.code for fault in received.faults] == ["second_end"]
    assert ends(received.tables) == [("00Q1", "2024-02-03", "stop_calling")]


def test_typed_files_say_the_same_as_texts(tmp_path: Path) -> None:
    day = dt.datetime(2024, 2, 1)  # noqa: DTZ001 - as a warehouse keeps it, in UTC without saying so
    lead_row = lead(converted_opportunity_id="0061") | {"has_opted_out_of_email": True, "is_deleted": False}
    rows = {
        "lead": lead_row | {"created_date": day, "email_opt_out_date_time_c": day, "is_converted": True},
        "task": task() | {"is_closed": True, "is_deleted": False, "activity_date": day, "created_date": day},
        "opportunity": opportunity()
        | {"is_won": False, "is_closed": True, "is_deleted": False, "close_date": day},
    }
    for name, row in rows.items():
        pq.write_table(pa.Table.from_pylist([row]), tmp_path / f"{name}.parquet")

    tables = accepted("salesforce", tmp_path)

    assert ends(tables) == [("00Q1", "2024-02-01", "closed_lost"), ("00Q1", "2024-02-01", "stop_calling")]
    assert tables.activities.occurred_at.tolist() == [instant("2024-02-01")]


def test_a_lead_that_sales_turned_down_ends_without_a_date(tmp_path: Path) -> None:
    export = write(tmp_path, lead=[lead(status="Unqualified"), lead("00Q2", status="Nurturing")])
    assert ends(accepted("salesforce", export)) == [("00Q1", "", "disqualified")]


def test_a_bounced_address_is_an_activity_on_its_day(tmp_path: Path) -> None:
    export = write(tmp_path, lead=[lead(email_bounced_date="2024-01-05 10:00:00")])
    assert activities(accepted("salesforce", export)) == [("00Q1", "2024-01-05", "email_bounced", "inbound")]


def test_the_contacts_history_becomes_answers_where_it_changed(tmp_path: Path) -> None:
    steps = [("2024-02-01", "Manager"), ("2024-02-10", "Manager"), ("2024-03-01", "Director")]
    history = [
        {"id": "0031", "title": title, "mailing_country": "", "_fivetran_start": f"{on} 10:00:00"}
        for on, title in steps
    ]
    export = write(tmp_path, lead=[lead(converted_contact_id="0031")], contact_history=history)
    assert answers(accepted("salesforce", export)) == [
        ("00Q1", "2024-02-01", "job_title", "Manager"),
        ("00Q1", "2024-03-01", "job_title", "Director"),
    ]


def test_the_stage_at_which_an_opportunity_closed_is_no_answer(tmp_path: Path) -> None:
    history = [
        opportunity(
            is_closed="false", is_won="false", stage_name="Proposal", _fivetran_start="2024-02-10 10:00:00"
        ),
        opportunity(),
    ]
    export = write(tmp_path, lead=[lead(converted_opportunity_id="0061")], opportunity_history=history)
    assert answers(accepted("salesforce", export)) == [
        ("00Q1", "2024-02-10", "opportunity_stage", "Proposal")
    ]


def test_an_export_without_leads_has_none(tmp_path: Path) -> None:
    header = dict.fromkeys(lead(), "")
    (tmp_path / "lead.csv").write_text(",".join(header) + "\n", encoding="utf-8")
    assert lead_ids(accepted("salesforce", tmp_path)) == []


@pytest.mark.realdata
def test_a_connectors_files_import_and_the_converted_lead_is_there(real_data: Path) -> None:
    received = imported("salesforce", real_data / "crm-formats" / "salesforce")

    assert received.faults == ()
    assert lead_ids(received.tables) == ["00Q1G00000nDnM5UAK"]
    assert attribute(received.tables, "industry") == ["Internet Software & Services"]
    assert ends(received.tables) == []
    # The tiny files are of different customers: no task or event is of this lead.
    assert any("sf_task_data.csv (activities): 10 of 10 rows left out" in note for note in received.notes), (
        received.notes
    )
