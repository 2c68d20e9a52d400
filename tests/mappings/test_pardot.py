"""What becomes of a Pardot export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mappings.exports import Row, accepted, activities, attribute, ends, imported, lead_ids, write

FLAGS = ("opted_out", "is_do_not_call", "is_do_not_email")
PROFILE = (
    "source email phone website employees industry job_title country state score grade last_activity_at "
    "recent_interaction updated_at crm_contact_fid crm_lead_fid crm_account_fid crm_owner_fid crm_last_sync "
    "crm_url is_reviewed is_starred user_id prospect_account_id campaign_id"
)


def prospect(id: str = "1", **cells: str) -> Row:  # noqa: A002 - Pardot's own name
    always = {"id": id, "_fivetran_deleted": "false", "created_at": "2024-01-01 09:00:00 UTC"}
    return dict.fromkeys((*PROFILE.split(), *FLAGS), "") | always | {"email": f"p{id}@example.com"} | cells


def visited(type: str, prospect_id: str = "1", **cells: str) -> Row:  # noqa: A002
    own = {
        "type": type,
        "type_name": "Email",
        "prospect_id": prospect_id,
        "created_at": "2024-02-01 10:00:00 UTC",
    }
    return own | cells


def sold(status: str = "Won", **cells: str) -> dict[str, list[Row]]:
    own = {"id": "5", "status": status, "type": "New Business", "closed_at": "2024-03-01 21:00:00 UTC"}
    return {
        "opportunity": [own | cells],
        "opportunity_prospect": [{"opportunity_id": "5", "prospect_id": "1"}],
    }


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("1", [("email_clicked", "inbound")]),
        ("4", [("form_submitted", "inbound")]),
        ("6", [("email_sent", "outbound")]),
        ("11", [("email_opened", "inbound")]),
        ("13", [("email_bounced", "inbound")]),
        ("24", [("webinar_attended", "inbound")]),
        ("23", [("webinar_invited", "outbound")]),
        ("9", []),
    ],
)
def test_an_activity_is_what_its_number_says(
    type: str,  # noqa: A002
    expected: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    tables = accepted("pardot", write(tmp_path, prospect=[prospect()], visitor_activity=[visited(type)]))
    assert [row[2:] for row in activities(tables)] == expected


def test_a_file_that_was_opened_is_a_download(tmp_path: Path) -> None:
    export = write(tmp_path, prospect=[prospect()], visitor_activity=[visited("2", type_name="File")])
    assert activities(accepted("pardot", export)) == [("1", "2024-02-01", "content_download", "inbound")]


@pytest.mark.parametrize("type", ["12", "14", "35"])
def test_unsubscribing_or_complaining_is_a_stop_on_its_day(type: str, tmp_path: Path) -> None:  # noqa: A002
    flagged = prospect(opted_out="true", is_do_not_email="true")
    export = write(tmp_path, prospect=[flagged], visitor_activity=[visited(type)])
    assert ends(accepted("pardot", export)) == [("1", "2024-02-01", "stop_calling")]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_alone_is_a_stop_without_a_date(flag: str, tmp_path: Path) -> None:
    export = write(tmp_path, prospect=[prospect(**{flag: "true"}), prospect("2")])
    assert ends(accepted("pardot", export)) == [("1", "", "stop_calling")]


@pytest.mark.parametrize(
    ("opportunity", "expected"),
    [
        (sold(), [("1", "2024-03-01", "closed_won")]),
        (sold("Lost"), [("1", "2024-03-01", "closed_lost")]),
        (sold("Open", closed_at=""), []),
        (sold(type="Renewal"), []),
    ],
    ids=["won", "lost", "open", "a renewal"],
)
def test_an_opportunity_ends_the_prospects_linked_to_it(
    opportunity: dict[str, list[Row]], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    tables = accepted("pardot", write(tmp_path, prospect=[prospect()], **opportunity))
    assert ends(tables) == expected


def test_scores_and_what_the_crm_wrote_back_are_no_attributes(tmp_path: Path) -> None:
    row = prospect(employees="80", score="120", crm_contact_fid="003", website="http://www.Example.com/start")
    tables = accepted("pardot", write(tmp_path, prospect=[row]))
    assert attribute(tables, "company_size") == ["80"]
    assert not {"score", "grade", "crm_contact_fid"} & set(tables.leads.attributes)
    assert tables.leads.identities["company_domain"].tolist() == ["example.com"]


def test_prospects_in_the_recycle_bin_are_left_out(tmp_path: Path) -> None:
    rows = [prospect(), prospect("2", _fivetran_deleted="true")]
    assert lead_ids(accepted("pardot", write(tmp_path, prospect=rows))) == ["1"]


def test_an_export_without_prospects_has_no_leads(tmp_path: Path) -> None:
    (tmp_path / "prospect.csv").write_text(",".join(prospect()) + "\n", encoding="utf-8")
    assert lead_ids(accepted("pardot", tmp_path)) == []


@pytest.mark.realdata
def test_a_connectors_files_import_but_for_the_recycle_bin(real_data: Path) -> None:
    received = imported("pardot", real_data / "crm-formats" / "pardot")

    assert received.faults == ()
    # 78 of the 100 prospects are in the recycle bin, among them all that were not to be e-mailed.
    assert len(received.tables.leads) == 22
    assert any("pardot_prospect_data.csv (leads): 78 of 100 rows left out" in note for note in received.notes)
    assert set(attribute(received.tables, "company_size")) <= {None, *map(str, range(100_000))}
