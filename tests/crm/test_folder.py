"""The tables as files in a folder."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings

from readiness.crm import folder
from readiness.crm.assembly import from_records
from readiness.crm.intake import Count
from readiness.crm.records import Lead, instant
from readiness.errors import DataError, StoreError
from tests.builders import activity, answer, assert_same, handover, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records

FORMATS = ("csv", "parquet")
LEADS = "lead_id,created_at,source\nA,2026-01-01T00:00:00Z,web_form\nB,2026-01-02T00:00:00Z,chat\n"


def _write(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None, max_examples=25)
@given(given_records=records())
def test_what_was_written_reads_back_the_same_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, form: Literal["csv", "parquet"], given_records: Records
) -> None:
    there = tmp_path_factory.mktemp("round")
    before = from_records(*given_records.all(), observed_through=THROUGH)

    folder.write(before, there, format=form)

    assert_same(before, folder.read(there))


@pytest.mark.parametrize("form", FORMATS)
def test_undated_tables_survive_the_way_through_files(
    tmp_path: Path, form: Literal["csv", "parquet"]
) -> None:
    before = tables([lead("A", None, size=1.5), lead("B", None)], outcomes=[outcome(None, lead_id="A")])

    folder.write(before, tmp_path, format=form)

    assert_same(before, folder.read(tmp_path))


def test_a_crm_of_dates_is_written_as_dates(tmp_path: Path) -> None:
    folder.write(from_records([Lead("A", instant("2026-03-14"))]), tmp_path)

    assert (tmp_path / "leads.csv").read_text() == "lead_id,created_at,source\nA,2026-03-14,\n"
    assert folder.read(tmp_path).date_only


def test_a_folder_that_somebody_else_wrote_needs_no_metadata(tmp_path: Path) -> None:
    read = folder.read(_write(tmp_path, leads=LEADS))

    assert read.leads.lead_id.tolist() == ["A", "B"]
    assert read.observed_through == instant("2026-01-02T00:00:00Z") + 1


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "leads.csv.gz").write_bytes(gzip.compress(LEADS.encode()))

    assert len(folder.read(tmp_path).leads) == 2


def test_writing_again_in_another_format_leaves_one_file_a_table(tmp_path: Path) -> None:
    folder.write(tables(), tmp_path, format="csv")
    (tmp_path / "truth").mkdir()

    folder.write(tables(), tmp_path, format="parquet")

    assert not list(tmp_path.glob("*.csv"))
    assert (tmp_path / "truth").is_dir()
    assert_same(folder.read(tmp_path), tables())


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    folder.write(tables(), tmp_path, format="parquet")
    _write(tmp_path, leads=LEADS)

    with pytest.raises(DataError, match=r"leads: saw leads.csv and leads.parquet; expected one file"):
        folder.read(tmp_path)


def test_a_folder_whose_writing_was_interrupted_is_refused(tmp_path: Path) -> None:
    folder.write(tables(), tmp_path)
    (tmp_path / ".readiness-unfinished").touch()

    with pytest.raises(StoreError, match="was interrupted"):
        folder.read(tmp_path)


def test_files_left_over_from_a_writing_that_died_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".readiness-staging").mkdir()
    (tmp_path / ".readiness-staging" / "leads.csv").write_text("half a fi")

    folder.write(tables(), tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    assert_same(folder.read(tmp_path), tables())


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder nowhere"):
        folder.read(tmp_path / "nowhere")


@pytest.mark.parametrize("said", ["no json", "[]", '{"format": 2}', '{"format": 1, "observed_through": "x"}'])
def test_metadata_that_is_not_ours_is_refused(tmp_path: Path, said: str) -> None:
    _write(tmp_path, leads=LEADS)
    (tmp_path / "tables.json").write_text(said)

    with pytest.raises(DataError, match=r"tables.json: saw something else"):
        folder.read(tmp_path)


def test_metadata_says_until_when_the_crm_was_watched(tmp_path: Path) -> None:
    folder.write(tables(through=77), tmp_path)

    about = json.loads((tmp_path / "tables.json").read_text())

    assert about["observed_through"] == "2026-03-19T00:00:00Z"
    assert about["date_only"] is False


def test_with_a_quarantine_faulty_rows_are_set_aside_and_the_others_returned(tmp_path: Path) -> None:
    rows = "A,2026-01-05,web_visit,inbound\nA,soon,call,outbound\nC,2026-01-05,x,up\n"
    _write(tmp_path, leads=LEADS, activities=f"lead_id,occurred_at,type,direction\n{rows}")

    read = folder.read(tmp_path, quarantine=tmp_path / "refused")

    assert len(read.activities) == 1
    with (tmp_path / "refused" / "activities.refused.csv").open(newline="") as file:
        refused = list(csv.DictReader(file))
    assert [(row["row"], row["fault_code"], row["type"]) for row in refused] == [
        ("3", "unreadable_instant", "call"),
        ("4", "unknown_lead; unknown_direction", "x"),
    ]
    assert refused[1]["fault"].startswith("lead_id: expected a lead_id that stands in leads. Add the lead")


def test_a_lead_whose_outcome_cannot_be_read_is_not_taken_for_an_open_one(tmp_path: Path) -> None:
    ends = "lead_id,occurred_at,outcome\nA,2026-02-30,closed_won\n"
    events = (
        "lead_id,occurred_at,type,direction\nA,2026-01-05,web_visit,inbound\nB,2026-01-05,web_visit,inbound\n"
    )

    received = folder.receive(_write(tmp_path, leads=LEADS, outcomes=ends, activities=events))

    assert received.tables.leads.lead_id.tolist() == ["B"]
    assert {table: (count.read, count.refused) for table, count in received.counts.items() if count.read} == {
        "leads": (2, 1),
        "activities": (2, 1),
        "outcomes": (1, 1),
    }


def test_a_torn_line_of_outcomes_takes_its_lead_with_it(tmp_path: Path) -> None:
    received = folder.receive(
        _write(tmp_path, leads=LEADS, outcomes="lead_id,occurred_at,outcome\nA,closed_won\n")
    )

    assert received.tables.leads.lead_id.tolist() == ["B"]
    assert received.counts["outcomes"] == Count(read=1, accepted=0)
    assert str(received.faults[-1]).startswith(
        "outcomes, row 2: saw 2 cells; expected as many cells as the header"
    )


@settings(deadline=None, max_examples=25)
@given(given_records=records())
def test_all_that_is_right_is_accepted(
    tmp_path_factory: pytest.TempPathFactory, given_records: Records
) -> None:
    there = tmp_path_factory.mktemp("right")
    folder.write(from_records(*given_records.all(), observed_through=THROUGH), there)

    received = folder.receive(there)

    assert_same(received.tables, folder.read(there))
    assert not received.faults
    assert not received.set_aside
    assert all(count.refused == 0 for count in received.counts.values())


def test_one_lead_and_no_lead_are_tables_too(tmp_path: Path) -> None:
    for size, text in enumerate(
        ["lead_id,created_at,source\n", "lead_id,created_at,source\nA,2026-01-01,\n"]
    ):
        assert len(folder.read(_write(tmp_path, leads=text)).leads) == size


def test_the_whole_history_of_a_lead_survives(tmp_path: Path) -> None:
    before = tables(
        [lead("A")],
        [activity(1, value=1 / 3, detail='said "no", then\nleft', lead_id="A")],
        [answer(2, value=None, lead_id="A")],
        [outcome(9, lead_id="A")],
        [handover(3, 4, "accepted", "fits", lead_id="A", propensity=0.1)],
    )

    folder.write(before, tmp_path)

    assert_same(before, folder.read(tmp_path))


def test_of_a_lead_that_stands_twice_alike_one_row_is_kept_with_all_that_is_its(tmp_path: Path) -> None:
    leads = LEADS + "A,2026-01-01T00:00:00Z,web_form\n"
    events = "lead_id,occurred_at,type,direction\nA,2026-01-05,web_visit,inbound\n"

    received = folder.receive(_write(tmp_path, leads=leads, activities=events))

    assert received.tables.leads.lead_id.tolist() == ["A", "B"]
    assert received.tables.activities.lead.tolist() == [0]
    assert [(fault.row, fault.code) for fault in received.faults] == [(4, "copied_lead")]


def test_of_leads_that_disagree_under_one_id_none_is_taken(tmp_path: Path) -> None:
    leads = LEADS + "A,2026-01-01T00:00:00Z,chat\n"
    events = "lead_id,occurred_at,type,direction\nA,2026-01-05,web_visit,inbound\n"

    received = folder.receive(_write(tmp_path, leads=leads, activities=events))

    assert received.tables.leads.lead_id.tolist() == ["B"]
    assert [fault.code for fault in received.faults] == [
        "conflicting_lead",
        "conflicting_lead",
        "lead_refused",
    ]


def test_a_quarantine_does_not_help_where_a_whole_table_cannot_be_read(tmp_path: Path) -> None:
    _write(tmp_path, leads="lead_id,created_at\nA,2026-01-01\n")

    with pytest.raises(DataError, match="leads, column source: saw the columns 'lead_id', 'created_at'"):
        folder.read(tmp_path, quarantine=tmp_path / "refused")
