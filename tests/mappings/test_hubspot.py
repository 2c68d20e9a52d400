"""What becomes of a HubSpot export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mappings.exports import Row, accepted, activities, answers, ends, imported, lead_ids, write

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
SYNCED = "2024-06-01 00:00:00"


def contact(id: str = "1", **cells: str) -> Row:  # noqa: A002 - HubSpot's own name
    return {
        "id": id,
        "_fivetran_deleted": "false",
        "property_createdate": "2024-01-01 09:00:00",
        "property_email": f"c{id}@example.com",
        "property_jobtitle": "Buyer",
        "property_annualrevenue": "",
        "property_company": "Example",
        "property_first_conversion_date": "",
        "property_hs_merged_object_ids": "",
    } | cells


def email_event(id: str = "e1", type: str = "OPEN", **cells: str) -> Row:  # noqa: A002
    return {
        "id": id,
        "type": type,
        "created": "2024-02-01 10:00:00",
        "recipient": "c1@example.com",
        "filtered_event": "false",
    } | cells


def changed(name: str, value: str, at: str = "2024-02-05 10:00:00", contact_id: str = "1") -> Row:
    return {"contact_id": contact_id, "timestamp": at, "name": name, "value": value}


def engaged(engagement_type: str, engagement_id: str = "7", contact_id: str = "1") -> Row:
    return {"contact_id": contact_id, "engagement_id": engagement_id, "engagement_type": engagement_type}


def engagement(engagement_id: str = "7", **cells: str) -> Row:
    return {
        "engagement_id": engagement_id,
        "_fivetran_deleted": "false",
        "_fivetran_synced": SYNCED,
        "property_hs_timestamp": "2024-02-02 10:00:00",
    } | cells


DEALS: dict[str, list[Row]] = {
    "deal": [
        {
            "deal_id": "5",
            "is_deleted": "false",
            "deal_pipeline_stage_id": "won",
            "property_closedate": "2024-03-01 10:00:00",
        },
        {
            "deal_id": "6",
            "is_deleted": "false",
            "deal_pipeline_stage_id": "lost",
            "property_closedate": "2024-03-02 10:00:00",
        },
        {
            "deal_id": "7",
            "is_deleted": "false",
            "deal_pipeline_stage_id": "talks",
            "property_closedate": "2024-09-01 10:00:00",
        },
    ],
    "deal_pipeline_stage": [
        {"stage_id": "won", "closed_won": "true", "is_closed": "true"},
        {"stage_id": "lost", "closed_won": "false", "is_closed": "true"},
        {"stage_id": "talks", "closed_won": "false", "is_closed": "false"},
    ],
}


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("SENT", [("email_sent", "outbound")]),
        ("OPEN", [("email_opened", "inbound")]),
        ("CLICK", [("email_clicked", "inbound")]),
        ("DELIVERED", []),
        ("DROPPED", []),
    ],
)
def test_an_email_event_finds_its_contact_by_the_address(
    type: str,  # noqa: A002
    expected: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], email_event=[email_event(type=type)]))
    assert [row[2:] for row in activities(tables)] == expected


def test_what_a_bot_opened_nobody_opened(tmp_path: Path) -> None:
    export = write(tmp_path, contact=[contact()], email_event=[email_event(filtered_event="true")])
    assert activities(accepted("hubspot", export)) == []


@pytest.mark.parametrize(
    ("category", "type"), [("UNKNOWN_USER", "email_bounced"), ("MAILBOX_FULL", "email_bounced_soft")]
)
def test_only_an_address_that_will_never_work_has_bounced(
    category: str,
    type: str,  # noqa: A002
    tmp_path: Path,
) -> None:
    rows = {
        "email_event": [email_event(type="BOUNCE")],
        "email_event_bounce": [{"id": "e1", "category": category}],
    }
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], **rows))
    assert activities(tables) == [("1", "2024-02-01", type, "inbound")]


def test_leaving_all_mail_is_a_stop_and_leaving_one_newsletter_is_not(tmp_path: Path) -> None:
    changes = [
        {"id": "e1", "portal_subscription_status": "UNSUBSCRIBED", "subscriptions": "[]"},
        {"id": "e2", "portal_subscription_status": "", "subscriptions": '[{"id":7,"status":"UNSUBSCRIBED"}]'},
    ]
    events = [email_event(type="STATUSCHANGE"), email_event("e2", "STATUSCHANGE", recipient="c2@example.com")]
    rows = {"email_event": events, "email_event_status_change": changes}

    tables = accepted("hubspot", write(tmp_path, contact=[contact(), contact("2")], **rows))

    assert ends(tables) == [("1", "2024-02-01", "stop_calling")]
    assert activities(tables) == [("2", "2024-02-01", "unsubscribe", "inbound")]


def test_a_spam_report_is_a_stop_on_its_day(tmp_path: Path) -> None:
    export = write(tmp_path, contact=[contact()], email_event=[email_event(type="SPAMREPORT")])
    assert ends(accepted("hubspot", export)) == [("1", "2024-02-01", "stop_calling")]


def test_the_first_of_several_ways_to_opt_out_counts(tmp_path: Path) -> None:
    rows = {
        "email_event": [email_event(type="SPAMREPORT", created="2024-02-09 10:00:00")],
        "contact_property_history": [changed("hs_email_optout", "true"), changed("hs_email_optout", "false")],
    }
    export = write(tmp_path, contact=[contact(property_hs_email_optout="true")], **rows)
    assert ends(accepted("hubspot", export)) == [("1", "2024-02-05", "stop_calling")]


def test_property_history_becomes_dated_answers_in_the_agreements_words(tmp_path: Path) -> None:
    history = [
        changed("hs_buying_role", "CHAMPION;DECISION_MAKER"),
        changed("jobtitle", "Buyer", "2024-02-01 10:00:00"),
        changed("jobtitle", "Buyer", "2024-02-02 10:00:00"),
        changed("jobtitle", "Head of Buying", "2024-02-06 10:00:00"),
        changed("hs_analytics_num_visits", "7"),
        changed("lifecyclestage", "customer"),
    ]
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], contact_property_history=history))
    assert answers(tables) == [
        ("1", "2024-02-01", "job_title", "Buyer"),
        ("1", "2024-02-05", "authority", "decision maker"),
        ("1", "2024-02-06", "job_title", "Head of Buying"),
    ]


@pytest.mark.parametrize(
    ("deal", "expected"),
    [("5", [("1", "2024-03-01", "closed_won")]), ("6", [("1", "2024-03-02", "closed_lost")]), ("7", [])],
    ids=["won", "lost", "still open"],
)
def test_a_deal_ends_each_of_its_contacts(
    deal: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    links = [{"deal_id": deal, "contact_id": "1"}]
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], deal_contact=links, **DEALS))
    assert ends(tables) == expected


@pytest.mark.parametrize(("stage", "outcome"), [("closedwon", "closed_won"), ("closedlost", "closed_lost")])
def test_the_stages_of_a_default_pipeline_are_known_without_their_file(
    stage: str, outcome: str, tmp_path: Path
) -> None:
    deal = DEALS["deal"][0] | {"deal_pipeline_stage_id": stage}
    links = [{"deal_id": "5", "contact_id": "1"}]
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], deal=[deal], deal_contact=links))
    assert ends(tables) == [("1", "2024-03-01", outcome)]


@pytest.mark.parametrize(
    "merges",
    [
        {"contact_merge_audit": [{"vid_to_merge": "9", "canonical_vid": "1"}]},
        {"contact": [contact(property_hs_merged_object_ids="8;9")]},
    ],
    ids=["by the audit", "by the contact's list"],
)
def test_what_a_merged_contact_did_is_the_other_contacts(
    merges: dict[str, list[Row]], tmp_path: Path
) -> None:
    rows = {"contact": [contact()], "contact_property_history": [changed("jobtitle", "Boss", contact_id="9")]}
    tables = accepted("hubspot", write(tmp_path, **(rows | merges)))
    assert answers(tables) == [("1", "2024-02-05", "job_title", "Boss")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, [("call_attempt", "outbound")]),
        ({"property_hs_call_disposition": "left-voicemail"}, [("call_attempt", "outbound")]),
        (
            {"property_hs_call_disposition": CONNECTED},
            [("call_answered", "inbound"), ("call_connected", "outbound")],
        ),
        ({"property_hs_call_direction": "INBOUND"}, [("call_answered", "inbound")]),
        ({"_fivetran_deleted": "true"}, []),
    ],
    ids=["no outcome noted", "voicemail", "talked", "called us", "deleted"],
)
def test_a_call_is_ours_and_an_answered_one_the_leads_too(
    cells: dict[str, str], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    rows = {"engagement_contact": [engaged("CALL")], "engagement_call": [engagement(**cells)]}
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], **rows))
    assert [row[2:] for row in activities(tables)] == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"property_hs_meeting_end_time": "2024-02-02 11:00:00"},
            [("1", "2024-02-02", "meeting", "inbound")],
        ),
        ({"property_hs_meeting_outcome": "NO_SHOW"}, []),
        ({"property_hs_meeting_end_time": "2024-08-02 11:00:00"}, []),
    ],
    ids=["took place", "nobody came", "not yet over"],
)
def test_a_meeting_counts_when_it_took_place(
    cells: dict[str, str], expected: list[tuple[str, str, str, str]], tmp_path: Path
) -> None:
    rows = {"engagement_contact": [engaged("MEETING")], "engagement_meeting": [engagement(**cells)]}
    assert activities(accepted("hubspot", write(tmp_path, contact=[contact()], **rows))) == expected


@pytest.mark.parametrize(
    ("title", "type"),
    [
        ("Request Demo", "demo_requested"),
        ("Download Guide", "content_download"),
        ("Newsletter Signup", "newsletter_signup"),
        ("Contact Us", "form_submitted"),
        ("", "form_submitted"),
    ],
)
def test_a_form_is_called_by_what_its_page_offers(title: str, type: str, tmp_path: Path) -> None:  # noqa: A002
    form = {"contact_id": "1", "timestamp": "2024-02-01 10:00:00", "title": title}
    tables = accepted("hubspot", write(tmp_path, contact=[contact()], contact_form_submission=[form]))
    assert activities(tables) == [("1", "2024-02-01", type, "inbound")]


def test_an_export_without_contacts_has_no_leads(tmp_path: Path) -> None:
    (tmp_path / "contact.csv").write_text(",".join(contact()) + "\n", encoding="utf-8")
    assert lead_ids(accepted("hubspot", tmp_path)) == []


@pytest.mark.realdata
def test_a_connectors_files_import_with_the_merged_contacts_followed(real_data: Path) -> None:
    received = imported("hubspot", real_data / "crm-formats" / "hubspot")

    assert received.faults == ()
    # Of 22 contacts, three went into contact 78971951.
    assert len(received.tables.leads) == 19
    assert not {"76340251", "46897301", "76226001"} & set(lead_ids(received.tables))
