"""The command that imports an export, once or week after week."""

from __future__ import annotations

import json
from functools import partial

import pytest

from readiness.crm import folder
from readiness.errors import StoreError

MAPPING = """
name: weekly
files: {leads: {path: leads.csv}}
leads: {file: leads, columns: {lead_id: Id, created_at: Created, source: Source}}
"""
WEEKS = (
    "Id,Created,Source\n1,2026-01-01,web\n2,2026-01-02,fair\n",
    "Id,Created,Source\n2,2026-01-02,chat\n3,2026-01-09,web\n",
)


@pytest.fixture
def imported(typed):
    return partial(typed, "import", "--mapping", "weekly.yaml", "--out", "crm")


@pytest.fixture
def weeks(tmp_path):
    (tmp_path / "weekly.yaml").write_text(MAPPING, encoding="utf-8")
    for number, text in enumerate(WEEKS, start=1):
        (tmp_path / f"week{number}").mkdir()
        (tmp_path / f"week{number}" / "leads.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_first_export_may_be_appended_to_nothing(imported, weeks):
    assert imported("--append", "week1").exit_code == 0
    assert folder.read(weeks / "crm").leads.lead_id.tolist() == ["1", "2"]


def test_the_same_export_again_changes_no_byte(imported, weeks):
    imported("week1")
    before = {path.name: path.read_bytes() for path in (weeks / "crm").iterdir()}
    done = imported("--append", "week1")
    assert done.exit_code == 0
    assert "Added: nothing that was not there." in done.output
    assert {path.name: path.read_bytes() for path in (weeks / "crm").iterdir()} == before


def test_what_contradicts_is_told_and_kept_as_it_was(imported, weeks):
    imported("week1")
    done = imported("--append", "week2")
    assert done.exit_code == 3
    assert "Added: 1 lead." in done.output
    assert "Contradiction: leads.csv, row 2, column source: saw 'chat'; expected 'fair'" in done.output
    assert folder.read(weeks / "crm").leads.source.texts().tolist() == ["web", "fair", "web"]


def test_the_later_export_wins_on_request(imported, weeks):
    imported("week1")
    done = imported("--append", "--on-conflict", "new", "--json", "week2")
    told = json.loads(done.stdout)
    assert told["added"]["leads"] == 1
    assert [conflict["there"][:6] for conflict in told["conflicts"]] == ["'fair'"]
    assert folder.read(weeks / "crm").leads.source.texts().tolist() == ["web", "chat", "web"]


def test_who_wins_is_asked_only_of_what_is_appended(imported, weeks):
    done = imported("--on-conflict", "new", "week1")
    assert done.exit_code == 2
    assert "it goes with --append" in done.output


def test_tables_whose_writing_was_interrupted_are_imported_anew(imported, weeks):
    imported("week1")
    (weeks / "crm" / ".readiness-unfinished").write_text("{}")
    refused = imported("--append", "week2")
    assert isinstance(refused.exception, StoreError)
    assert "Writing crm was interrupted" in str(refused.exception)
    assert imported("week1").exit_code == 0
    assert len(folder.read(weeks / "crm").leads) == 2


FAULTY = "Id,Created,Source\n1,2026-01-01,web\n2,soon,fair\n"


def _refused(folder_name):
    return (folder_name / "leads.leads.csv.refused.csv").read_text(encoding="utf-8")


def test_rows_that_were_mended_in_the_quarantine_come_in(imported, weeks):
    (weeks / "week1" / "leads.csv").write_text(FAULTY, encoding="utf-8")
    assert imported("week1").exit_code == 3
    refused = weeks / "crm" / "quarantine" / "leads.leads.csv.refused.csv"
    refused.write_text(_refused(weeks / "crm" / "quarantine").replace("soon", "2026-01-02"), encoding="utf-8")
    done = imported("--mend", "crm/quarantine", "week1")
    assert done.exit_code == 0, done.output
    assert folder.read(weeks / "crm").leads.lead_id.tolist() == ["1", "2"]


def test_mended_rows_may_come_with_a_later_export(imported, weeks):
    imported("week1")
    (weeks / "week2" / "leads.csv").write_text(FAULTY.replace("2,soon", "4,soon"), encoding="utf-8")
    assert imported("--append", "week2").exit_code == 3
    refused = weeks / "crm" / "quarantine" / "leads.leads.csv.refused.csv"
    refused.write_text(_refused(weeks / "crm" / "quarantine").replace("soon", "2026-01-02"), encoding="utf-8")
    assert imported("--append", "--mend", "crm/quarantine", "week2").exit_code == 0
    assert folder.read(weeks / "crm").leads.lead_id.tolist() == ["1", "2", "4"]


def test_refused_rows_never_take_the_place_of_others_that_somebody_may_mend(imported, weeks):
    for week, lead in ((1, "2"), (2, "3")):
        text = FAULTY.replace("2,soon", f"{lead},soon")
        (weeks / f"week{week}" / "leads.csv").write_text(text, encoding="utf-8")
        for _ in range(2):
            imported("--append", f"week{week}")
    assert '"2","soon"' in _refused(weeks / "crm" / "quarantine")
    assert '"3","soon"' in _refused(weeks / "crm" / "quarantine-2")
    assert not (weeks / "crm" / "quarantine-3").exists()


def test_tables_in_parquet_stay_in_parquet(imported, weeks):
    imported("--parquet", "week1")
    imported("--append", "week2")
    assert sorted(path.suffix for path in (weeks / "crm").glob("leads.*")) == [".parquet"]


def test_what_cannot_be_read_is_told_with_all_the_rest_and_nothing_is_written(imported, weeks):
    (weeks / "weekly.yaml").write_text(MAPPING.replace("Source}}", "Origin}}"), encoding="utf-8")
    (weeks / "week1" / "leads.csv").write_text(WEEKS[0].replace("2026-01-02", "soon"), encoding="utf-8")
    done = imported("week1")

    assert done.exit_code == 3
    assert "2 faults in the data" in done.output
    assert "no column 'Origin' in leads.csv, only 'Id', 'Created', 'Source'" in done.output
    assert "leads.csv, row 3, column Created: saw 'soon'" in done.output
    assert done.output.endswith("Nothing was written.\n")
    assert not (weeks / "crm").exists()


def test_a_program_reads_the_faults_of_what_cannot_be_read(imported, weeks):
    (weeks / "week1" / "leads.csv").write_text("", encoding="utf-8")
    done = imported("week1", "--json")

    assert done.exit_code == 3
    assert json.loads(done.stdout) == {
        "faults": [
            {
                "code": "unreadable_file",
                "table": "leads.csv",
                "row": None,
                "column": None,
                "rows": 1,
                "seen": "an empty file",
                "expected": "a text file with a header line",
                "remedy": "Export it again, as CSV.",
            }
        ]
    }


def test_a_faulty_mapping_is_told_with_the_files_that_cannot_be_read(imported, weeks):
    (weeks / "weekly.yaml").write_text(MAPPING.replace("leads: {file", "leads: {fiel"), encoding="utf-8")
    (weeks / "week1" / "leads.csv").write_text("", encoding="utf-8")
    done = imported("week1")

    assert "weekly.yaml, row 4, column" in done.output
    assert "leads.csv: saw an empty file" in done.output
