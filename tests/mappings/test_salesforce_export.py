"""What becomes of a Salesforce export that Data Loader wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mappings.exports import Row, accepted, activities, answers, ends, lead_ids, write


def lead(Id: str = "00Q1", **cells: str) -> Row:
    own = {"Id": Id, "CreatedDate": "2024-01-01T09:00:00.000Z", "LeadSource": "Web", "IsConverted": "false"}
    flags = {"HasOptedOutOfEmail": "false", "DoNotCall": "false"}
    return own | flags | {"ConvertedContactId": "0031", "ConvertedOpportunityId": "0061"} | cells


def task(WhoId: str = "0031", **cells: str) -> Row:
    own = {"WhoId": WhoId, "Status": "Completed", "ActivityDate": "2024-02-01"}
    return own | {"CreatedDate": "2024-01-20T08:00:00.000Z", "TaskSubtype": "Call"} | cells


def test_only_the_leads_are_needed(tmp_path: Path) -> None:
    bare = {"Id": "00Q1", "CreatedDate": "2024-01-01T09:00:00.000Z", "IsConverted": "false"}
    assert lead_ids(accepted("salesforce_export", write(tmp_path, Lead=[bare]))) == ["00Q1"]


def test_a_task_of_the_converted_contact_is_the_leads(tmp_path: Path) -> None:
    tables = accepted("salesforce_export", write(tmp_path, Lead=[lead()], Task=[task()]))
    assert activities(tables) == [("00Q1", "2024-02-01", "call_attempt", "outbound")]


@pytest.mark.parametrize("flag", ["HasOptedOutOfEmail", "DoNotCall"])
@pytest.mark.parametrize("yes", ["true", "1"])
def test_an_opt_out_is_a_stop_without_a_date_and_with_one_where_history_is_kept(
    flag: str, yes: str, tmp_path: Path
) -> None:
    history = {"LeadId": "00Q1", "Field": flag, "NewValue": "true", "CreatedDate": "2024-02-03T10:00:00.000Z"}
    flagged = [lead(**{flag: yes})]

    without = accepted("salesforce_export", write(tmp_path / "flag", Lead=flagged))
    dated = accepted("salesforce_export", write(tmp_path / "both", Lead=flagged, LeadHistory=[history]))

    assert ends(without) == [("00Q1", "", "stop_calling")]
    assert ends(dated) == [("00Q1", "2024-02-03", "stop_calling")]


def test_the_opportunity_of_the_lead_says_how_it_ended(tmp_path: Path) -> None:
    won = {"Id": "0061", "IsWon": "true", "IsClosed": "true", "CloseDate": "2024-03-01"}
    tables = accepted("salesforce_export", write(tmp_path, Lead=[lead()], Opportunity=[won]))
    assert ends(tables) == [("00Q1", "2024-03-01", "closed_won")]


def test_a_tracked_field_becomes_a_dated_answer(tmp_path: Path) -> None:
    change = {
        "LeadId": "00Q1",
        "Field": "Title",
        "NewValue": "Director",
        "CreatedDate": "2024-02-03T10:00:00.000Z",
    }
    tables = accepted("salesforce_export", write(tmp_path, Lead=[lead()], LeadHistory=[change]))
    assert answers(tables) == [("00Q1", "2024-02-03", "job_title", "Director")]


def test_a_meeting_is_the_leads_own_doing(tmp_path: Path) -> None:
    event = {"WhoId": "00Q1", "EndDateTime": "2024-02-02T10:30:00.000Z", "Type": "Meeting"}
    tables = accepted("salesforce_export", write(tmp_path, Lead=[lead()], Event=[event]))
    assert activities(tables) == [("00Q1", "2024-02-02", "meeting", "inbound")]
