"""Rows of a later export find leads that came with an earlier one, by what is kept of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm import mapping
from readiness.crm.mapping.appending import LaidOnto
from readiness.crm.tables import Tables

TEXT = """
name: weekly
files: {leads: {path: leads.csv}, calls: {path: calls.csv, optional: true}}
leads:
  file: leads
  columns: {lead_id: Id, created_at: Created, source: {constant: web}, email: Mail}
  attributes: {number: {column: No}}
activities:
  - file: calls
    columns:
      lead_id: {column: Who, lookup: [Id, Mail, No, Badge]}
      occurred_at: At
      type: {constant: call}
      direction: {constant: outbound}
"""
LEADS = """Id,Created,Mail,No,Badge
1,2026-01-02,a@x.com,700,B-1
2,2026-01-01,b@x.com,800,B-2
3,2026-01-03,b@x.com,900,
"""


def _export(place: Path, leads: str, calls: list[str]) -> Path:
    place.mkdir()
    (place / "leads.csv").write_text(leads, encoding="utf-8")
    rows = "".join(f"{who},2026-01-05\n" for who in calls)
    (place / "calls.csv").write_text(f"Who,At\n{rows}", encoding="utf-8")
    return place


@pytest.fixture
def there(tmp_path: Path) -> Tables:
    return mapping.apply(mapping.parse(TEXT), [_export(tmp_path / "first", LEADS, [])]).tables


def _laid(tmp_path: Path, there: Tables, leads: str, calls: list[str], text: str = TEXT) -> LaidOnto:
    export = _export(tmp_path / "next", leads.replace("|", "\n"), calls)
    return mapping.append(mapping.parse(text), [export], there)


def _called(laid: LaidOnto) -> list[str]:
    tables = laid.received.tables
    ids: list[str] = tables.leads.lead_id[tables.activities.lead].tolist()
    return ids


@pytest.mark.parametrize(
    ("who", "lead"),
    [("1", ["1"]), ("a@x.com", ["1"]), ("800", ["2"]), ("b@x.com", ["2"]), ("B-1", [])],
    ids=["id", "identity", "attribute", "one of several: the earliest created", "a column not kept: nobody"],
)
def test_a_lead_that_is_there_is_found_by_its(
    tmp_path: Path, there: Tables, who: str, lead: list[str]
) -> None:
    laid = _laid(tmp_path, there, "Id,Created,Mail,No,Badge|", [who])

    assert _called(laid) == lead
    assert [fault.code for fault in laid.received.faults] == ["unknown_lead"] * (not lead)


def test_a_lead_of_the_export_itself_comes_first(tmp_path: Path, there: Tables) -> None:
    laid = _laid(tmp_path, there, "Id,Created,Mail,No,Badge|9,2026-01-04,a@x.com,1,|", ["a@x.com"])

    assert _called(laid) == ["9"]


def test_whom_neither_knows_is_refused_or_left_out(tmp_path: Path, there: Tables) -> None:
    leads = "Id,Created,Mail,No,Badge|"
    refused = _laid(tmp_path, there, leads, ["c@x.com", "", "1"])
    (tmp_path / "next").rename(tmp_path / "before")
    lenient = TEXT.replace("No, Badge]", "No, Badge], unmatched: leave_out")
    left_out = _laid(tmp_path, there, leads, ["c@x.com", "", "1"], lenient)

    assert [fault.row for fault in refused.received.faults] == [2, 3]
    assert (_called(refused), _called(left_out)) == (["1"], ["1"])
    assert "calls.csv (activities): 2 of 3 rows left out: Who is of no lead (2)." in left_out.received.notes


def test_a_column_whose_words_were_translated_finds_nobody(tmp_path: Path, there: Tables) -> None:
    translated = TEXT.replace("{column: No}", "{column: No, values: {'700': '800'}}")
    laid = _laid(tmp_path, there, "Id,Created,Mail,No,Badge|", ["700"], translated)

    assert [fault.code for fault in laid.received.faults] == ["unknown_lead"]
