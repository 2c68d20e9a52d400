"""What becomes of a Marketo export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mappings.exports import Row, accepted, activities, answers, day, ends, imported, lead_ids, write


def lead(id: str = "1", **cells: str) -> Row:  # noqa: A002 - Marketo's own name
    return {
        "id": id,
        "created_at": "2024-01-01 09:00:00.000",
        "updated_at": "2024-05-01 09:00:00.000",
        "email": f"l{id}@example.com",
        "first_name": "A",
        "last_name": "B",
    } | cells


def did(lead_id: str = "1", **cells: str) -> Row:
    return {"lead_id": lead_id, "activity_date": "2024-02-01 10:00:00.000"} | cells


def changed(field: str, value: str, at: str = "2024-02-05 10:00:00.000") -> Row:
    return did(activity_date=at, primary_attribute_value=field, new_value=value)


@pytest.mark.parametrize(
    ("file", "cells", "expected"),
    [
        ("activity_send_email", {"action_result": ""}, ("email_sent", "outbound")),
        ("activity_open_email", {}, ("email_opened", "inbound")),
        ("activity_click_email", {"link": "https://example.com"}, ("email_clicked", "inbound")),
        ("activity_email_bounced", {"category": "2"}, ("email_bounced", "inbound")),
        ("activity_email_bounced", {"category": "1"}, ("email_blocked", "inbound")),
        (
            "activity_fill_out_form",
            {"primary_attribute_value": "Request a demo"},
            ("demo_requested", "inbound"),
        ),
        ("activity_fill_out_form", {"primary_attribute_value": "Contact"}, ("form_submitted", "inbound")),
        ("activity_visit_webpage", {"primary_attribute_value": "/pricing"}, ("pricing_page_view", "inbound")),
    ],
)
def test_each_file_of_activities_says_who_did_what(
    file: str, cells: dict[str, str], expected: tuple[str, str], tmp_path: Path
) -> None:
    tables = accepted("marketo", write(tmp_path, lead=[lead()], **{file: [did(**cells)]}))
    assert activities(tables) == [("1", "2024-02-01", *expected)]


def test_mail_that_was_skipped_was_not_sent(tmp_path: Path) -> None:
    export = write(tmp_path, lead=[lead()], activity_send_email=[did(action_result="skipped")])
    assert activities(accepted("marketo", export)) == []


def test_unsubscribing_is_a_stop_on_its_first_day(tmp_path: Path) -> None:
    twice = [did(), did(activity_date="2024-03-01 10:00:00.000")]
    export = write(tmp_path, lead=[lead(unsubscribed="true")], activity_unsubscribe_email=twice)
    assert ends(accepted("marketo", export)) == [("1", "2024-02-01", "stop_calling")]


@pytest.mark.parametrize("field", ["Unsubscribed", "Do Not Call"])
def test_an_opt_out_entered_by_hand_is_a_stop_on_its_day(field: str, tmp_path: Path) -> None:
    export = write(tmp_path, lead=[lead()], activity_change_data_value=[changed(field, "1")])
    assert ends(accepted("marketo", export)) == [("1", "2024-02-05", "stop_calling")]


def test_the_flag_alone_is_a_stop_without_a_date(tmp_path: Path) -> None:
    export = write(tmp_path, lead=[lead(do_not_call="true"), lead("2")])
    assert ends(accepted("marketo", export)) == [("1", "", "stop_calling")]


def test_changes_of_the_profile_become_answers_and_scores_do_not(tmp_path: Path) -> None:
    changes = [
        changed("Job Title", "Head of Buying"),
        changed("Job Title", "Head of Buying", "2024-02-06 10:00:00.000"),
        changed("Demographic Score Marketing", "7"),
    ]
    tables = accepted("marketo", write(tmp_path, lead=[lead()], activity_change_data_value=changes))
    assert answers(tables) == [("1", "2024-02-05", "job_title", "Head of Buying")]


def test_what_merged_leads_did_is_the_surviving_leads(tmp_path: Path) -> None:
    merges = [did("2", merge_ids="[8, 9]"), did("1", merge_ids="[2]")]
    opened = [did("9"), did("2"), did("1"), did("77")]
    export = write(tmp_path, lead=[lead()], activity_merge_leads=merges, activity_open_email=opened)
    assert [row[0] for row in activities(accepted("marketo", export))] == ["1", "1", "1"]


def test_nothing_is_known_of_a_lead_after_it_was_deleted(tmp_path: Path) -> None:
    tables = accepted("marketo", write(tmp_path, lead=[lead(), lead("2")], activity_delete_lead=[did()]))
    assert [day(at) for at in tables.leads.last_known_at.tolist()] == ["2024-02-01", ""]


def test_an_export_without_leads_has_none(tmp_path: Path) -> None:
    (tmp_path / "lead.csv").write_text(",".join(lead()) + "\n", encoding="utf-8")
    assert lead_ids(accepted("marketo", tmp_path)) == []


@pytest.mark.realdata
def test_a_connectors_files_import_all_leads(real_data: Path) -> None:
    received = imported("marketo", real_data / "crm-formats" / "marketo")

    assert received.faults == ()
    assert len(received.tables.leads) == 100
    # The tiny files are of different leads: no activity finds its own.
    unsubscribed = "marketo_activity_unsubscribe_email_data.csv (outcomes): 100 of 100 rows left out"
    assert any(unsubscribed in note for note in received.notes), received.notes
