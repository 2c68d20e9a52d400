"""The connectors' own files joined to leads: theirs are of other customers, so ours are made to fit."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.mappings import test_hubspot, test_marketo, test_pardot, test_salesforce
from tests.mappings.exports import Row, accepted, activities, ends, write

pytestmark = pytest.mark.realdata

LONG_AGO = "2001-01-01 00:00:00"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _beside(folder: Path, theirs: Path, *names: str, **ours: Iterable[Row]) -> Path:
    """Return a folder with some of their files as they are, and some of ours."""
    write(folder, **{name: list(rows) for name, rows in ours.items()})
    for name in names:
        (folder / f"{name}.csv").symlink_to(theirs / f"{name}.csv")
    return folder


def _first_by_lead(rows: Iterable[dict[str, str]], lead: str, at: str) -> list[tuple[str, str, str]]:
    first: dict[str, str] = {}
    for row in rows:
        first[row[lead]] = min(row[at], first.get(row[lead], row[at]))
    return sorted((who, when[:10], "stop_calling") for who, when in first.items())


def test_each_marketo_unsubscribe_is_a_stop_of_its_lead_on_its_first_day(
    real_data: Path, tmp_path: Path
) -> None:
    theirs = real_data / "crm-formats" / "marketo"
    rows = _read(theirs / "marketo_activity_unsubscribe_email_data.csv")
    leads = [test_marketo.lead(who, created_at=LONG_AGO) for who in sorted({row["lead_id"] for row in rows})]

    tables = accepted(
        "marketo", _beside(tmp_path, theirs, "marketo_activity_unsubscribe_email_data", lead=leads)
    )

    assert len(leads) == 98
    assert ends(tables) == _first_by_lead(rows, "lead_id", "activity_date")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("send_email", {("email_sent", "outbound"): 98}),
        ("open_email", {("email_opened", "inbound"): 100}),
        ("click_email", {("email_clicked", "inbound"): 100}),
        ("email_bounced", {("email_blocked", "inbound"): 82, ("email_bounced", "inbound"): 18}),
    ],
)
def test_each_marketo_activity_is_told_with_its_direction(
    name: str, expected: dict[tuple[str, str], int], real_data: Path, tmp_path: Path
) -> None:
    theirs, file = real_data / "crm-formats" / "marketo", f"marketo_activity_{name}_data"
    ids = sorted({row["lead_id"] for row in _read(theirs / f"{file}.csv")})
    leads = [test_marketo.lead(who, created_at=LONG_AGO) for who in ids]

    tables = accepted("marketo", _beside(tmp_path, theirs, file, lead=leads))

    assert Counter(row[2:] for row in activities(tables)) == expected


def test_each_pardot_activity_is_an_activity_or_an_opt_out(real_data: Path, tmp_path: Path) -> None:
    theirs = real_data / "crm-formats" / "pardot"
    rows = _read(theirs / "pardot_visitor_activity_data.csv")
    opted_out = [row for row in rows if row["type"] in ("12", "14", "35")]
    prospects = [
        test_pardot.prospect(who, created_at=f"{LONG_AGO} UTC")
        for who in sorted({row["prospect_id"] for row in rows})
    ]

    tables = accepted("pardot", _beside(tmp_path, theirs, "pardot_visitor_activity_data", prospect=prospects))

    assert len(opted_out) == 43
    assert ends(tables) == _first_by_lead(opted_out, "prospect_id", "created_at")
    # 36 is an indirect bounce; 8, 9 and 10 are what sales did with an opportunity.
    assert Counter(row[2:] for row in activities(tables)) == {("email_bounced", "inbound"): 5}


def test_each_prospect_of_a_pardot_opportunity_ends_with_it(real_data: Path, tmp_path: Path) -> None:
    theirs = real_data / "crm-formats" / "pardot"
    links = _read(theirs / "pardot_opportunity_prospect_data.csv")
    closed = {row["id"]: row for row in _read(theirs / "pardot_opportunity_data.csv")}
    sold = {
        link["prospect_id"]
        for link in links
        if closed.get(link["opportunity_id"], {}).get("type") != "Renewal"
    }
    sold &= {link["prospect_id"] for link in links if link["opportunity_id"] in closed}
    files = ("pardot_opportunity_data", "pardot_opportunity_prospect_data")
    prospects = [test_pardot.prospect(who, created_at=f"{LONG_AGO} UTC") for who in sorted(sold)]

    tables = accepted("pardot", _beside(tmp_path, theirs, *files, prospect=prospects))

    assert sold
    assert {(who, end) for who, _, end in ends(tables)} == {(who, "closed_won") for who in sold}


def test_each_hubspot_event_that_no_filter_caught_is_an_activity(real_data: Path, tmp_path: Path) -> None:
    theirs = real_data / "crm-formats" / "hubspot"
    rows = _read(theirs / "email_event_data.csv")
    addresses = sorted({row["recipient"] for row in rows})
    contacts = [
        test_hubspot.contact(str(number), property_email=address, property_createdate=LONG_AGO)
        for number, address in enumerate(addresses)
    ]

    tables = accepted("hubspot", _beside(tmp_path, theirs, "email_event_data", contact=contacts))

    seen = Counter(row["type"] for row in rows if row["filtered_event"] != "true")
    assert Counter(row[2:] for row in activities(tables)) == {
        ("email_opened", "inbound"): seen["OPEN"],
        ("email_sent", "outbound"): seen["SENT"],
    }


def test_each_hubspot_status_change_is_a_stop_at_its_event(real_data: Path, tmp_path: Path) -> None:
    theirs = real_data / "crm-formats" / "hubspot"
    rows = _read(theirs / "email_event_status_change_data.csv")
    contacts, events = [], []
    for number, row in enumerate(rows):
        contacts.append(test_hubspot.contact(str(number), property_createdate=LONG_AGO))
        address = f"c{number}@example.com"
        events.append(test_hubspot.email_event(row["id"], "STATUSCHANGE", recipient=address))
    ours = {"contact": contacts, "email_event": events}

    tables = accepted("hubspot", _beside(tmp_path, theirs, "email_event_status_change_data", **ours))

    assert Counter(row[1:] for row in ends(tables)) == {("2024-02-01", "stop_calling"): 100}


def test_each_hubspot_form_is_called_by_its_page(real_data: Path, tmp_path: Path) -> None:
    theirs = real_data / "crm-formats" / "hubspot"
    rows = _read(theirs / "contact_form_submission_data.csv")
    contacts = [test_hubspot.contact(row["contact_id"], property_createdate=LONG_AGO) for row in rows]

    tables = accepted("hubspot", _beside(tmp_path, theirs, "contact_form_submission_data", contact=contacts))

    names = {row[0]: row[2] for row in activities(tables)}
    assert [names[row["contact_id"]] for row in rows][:4] == [
        "newsletter_signup",
        "content_download",
        "form_submitted",
        "demo_requested",
    ]


def test_each_salesforce_event_is_a_meeting_or_a_call_of_the_converted_lead(
    real_data: Path, tmp_path: Path
) -> None:
    theirs = real_data / "crm-formats" / "salesforce"
    people = sorted({row["who_id"] for row in _read(theirs / "sf_event_data.csv")})
    leads = [
        test_salesforce.lead(f"00Q{number}", created_date=LONG_AGO, converted_contact_id=who)
        for number, who in enumerate(people)
    ]

    tables = accepted("salesforce", _beside(tmp_path, theirs, "sf_event_data", lead=leads))

    assert Counter(row[2:] for row in activities(tables)) == {
        ("call_answered", "inbound"): 6,
        ("meeting", "inbound"): 4,
    }
