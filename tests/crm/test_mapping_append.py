"""Next week's export, laid onto the tables by the same mapping."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm import folder, mapping
from readiness.crm.intake import Count
from readiness.crm.records import instant
from readiness.crm.tables import Tables
from readiness.errors import DataError
from tests.builders import assert_same

MAPPING = mapping.parse("""
name: weekly
files:
  leads: {path: leads.csv}
  calls: {path: calls.csv, optional: true}
  ends: {path: ends.csv, optional: true}
leads: {file: leads, columns: {lead_id: Id, created_at: Created, source: Source}}
activities:
  - file: calls
    columns: {lead_id: Who, occurred_at: At, type: {constant: call}, direction: {constant: outbound}}
outcomes:
  - file: ends
    columns: {lead_id: Who, occurred_at: At, outcome: End}
""")
LEADS = "Id,Created,Source,Role\n1,2026-01-01T00:00:00Z,web,Buyer\n2,2026-01-02T00:00:00Z,fair,\n"
CALLS = "Who,At\n1,2026-01-05T09:00:00Z\n2,2026-01-06T09:00:00Z\n"


def _export(place: Path, **files: str) -> Path:
    place.mkdir()
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def there(tmp_path: Path) -> Tables:
    return mapping.apply(MAPPING, [_export(tmp_path / "first", leads=LEADS, calls=CALLS)]).tables


def test_the_same_export_twice_changes_no_byte(tmp_path, there):
    folder.write(there, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    stored = folder.stored(tmp_path / "out")
    laid = mapping.append(MAPPING, [tmp_path / "first"], stored.tables, episodes_there=stored.episodes)
    folder.write(laid.received.tables, tmp_path / "out", episodes=laid.received.episodes)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_rows_may_belong_to_leads_that_came_with_an_earlier_export(tmp_path, there):
    leads = "Id,Created,Source,Role\n3,2026-01-09T00:00:00Z,web,\n"
    calls = "Who,At\n1,2026-01-08T09:00:00Z\n3,2026-01-10T09:00:00Z\n9,2026-01-10T09:00:00Z\n"
    laid = mapping.append(MAPPING, [_export(tmp_path / "next", leads=leads, calls=calls)], there)
    assert laid.received.tables.leads.lead_id.tolist() == ["1", "2", "3"]
    assert laid.appended.added["activities"] == 2
    assert laid.received.counts["leads"] == Count(1, 1)
    assert laid.received.counts["activities"] == Count(3, 2)
    assert [(fault.row, fault.code) for fault in laid.received.faults] == [(4, "unknown_lead")]
    assert list(laid.received.set_aside) == ["activities.calls.csv"]


def test_an_export_of_no_lead_and_no_row_adds_nothing(tmp_path, there):
    laid = mapping.append(MAPPING, [_export(tmp_path / "next", leads="Id,Created,Source,Role\n")], there)
    assert_same(laid.received.tables, there)
    assert set(laid.appended.added.values()) == {0}


def test_a_contradiction_is_told_with_the_file_and_line_of_the_export(tmp_path, there):
    leads = LEADS.replace("Buyer", "Owner")
    laid = mapping.append(MAPPING, [_export(tmp_path / "next", leads=leads)], there)
    (conflict,) = laid.appended.conflicts
    assert str(conflict) == (
        "leads.csv, row 2, column Role: saw 'Owner'; expected 'Buyer', as in leads there for lead '1'. "
        "What was there is kept."
    )


def test_an_outcome_that_contradicts_is_told_with_its_line(tmp_path, there):
    won, lost = (f"Who,At,End\n1,2026-01-08,{end}\n" for end in ("closed_won", "closed_lost"))
    first = mapping.append(MAPPING, [_export(tmp_path / "a", leads=LEADS, ends=won)], there)
    later = _export(tmp_path / "b", leads=LEADS, ends=lost)
    (conflict,) = mapping.append(MAPPING, [later], first.received.tables).appended.conflicts
    assert str(conflict).startswith("ends.csv, row 2, column outcome: saw 'closed_lost' at 2026-01-08T23:59")


def test_a_lead_whose_new_end_cannot_be_read_is_not_taken_for_an_open_one(tmp_path, there):
    ends = "Who,At,End\n1,2026-02-30,closed_won\n"
    laid = mapping.append(MAPPING, [_export(tmp_path / "next", leads=LEADS, ends=ends)], there)
    kept = laid.received.tables.leads.last_known_at.tolist()
    assert kept[0] == there.observed_through == instant("2026-01-06T09:00:00Z") + 1
    assert laid.received.counts["outcomes"] == Count(1, 0)


def test_a_lead_that_only_is_there_and_whose_end_cannot_be_read_is_not_either(tmp_path, there):
    leads, ends = "Id,Created,Source,Role\n", "Who,At,End\n2,2026-02-30,closed_won\n"
    laid = mapping.append(MAPPING, [_export(tmp_path / "next", leads=leads, ends=ends)], there)
    assert laid.received.tables.leads.last_known_at[1] == there.observed_through
    assert laid.received.counts["leads"] == Count(0, 0)


def test_an_export_without_dates_is_refused_as_a_whole(tmp_path, there):
    undated = mapping.parse(
        "{name: undated, files: {leads: {path: leads.csv}}, "
        "leads: {file: leads, columns: {lead_id: Id, source: Source}}}"
    )
    export = _export(tmp_path / "next", leads="Id,Source\n7,web\n")
    with pytest.raises(DataError, match="saw no created_at; expected dates, as there"):
        mapping.append(undated, [export], there)


def test_a_word_that_is_not_translated_is_refused_in_a_later_export_too(tmp_path, there):
    text = "{column: Source, values: {web: web, fair: fair}, others: refuse}"
    refusing = mapping.parse(REFUSING.replace("SOURCE", text))
    leads = "Id,Created,Source,Role\n3,2026-01-09T00:00:00Z,phone,\n4,2026-01-09T00:00:00Z,web,\n"
    laid = mapping.append(refusing, [_export(tmp_path / "next", leads=leads)], there)
    assert [(fault.row, fault.code) for fault in laid.received.faults] == [(2, "untranslated_word")]
    assert laid.received.tables.leads.lead_id.tolist() == ["1", "2", "4"]


def test_a_later_export_that_cannot_be_read_tells_everything(tmp_path, there):
    export = _export(tmp_path / "next", leads="", calls="Who,At\n1,soon\n9,2026-01-05\n")
    with pytest.raises(DataError, match="2 faults in the data") as refused:
        mapping.append(MAPPING, [export], there)
    assert [fault.code for fault in refused.value.faults] == ["unreadable_file", "unreadable_instant"]


REFUSING = """
name: weekly
files: {leads: {path: leads.csv}}
leads: {file: leads, columns: {lead_id: Id, created_at: Created, source: SOURCE}}
"""
