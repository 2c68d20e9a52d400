"""What lets one mapping read the exports of many: names that differ, merges told in several places."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from readiness.crm import mapping
from readiness.crm.intake import Received
from readiness.crm.mapping.expressions import Expression
from readiness.crm.records import OUTCOMES
from readiness.errors import DataError

LEADS = "id,at,mail\n1,2026-01-01,a@example.com\n2,2026-01-02,b@example.com\n"
ENDS = """
name: ends
files:
  leads: {path: "people.csv | leads.csv", optional_columns: [source, opted_out]}
  merges: {path: merges.csv, optional: true}
  audit: {path: audit.csv, optional: true}
  calls: {path: calls.csv, optional: true}
leads:
  file: leads
  columns: {lead_id: id, created_at: at, source: source}
  others: drop
identity:
  merges:
    - {file: merges, from: gone, into: kept, separator: ","}
    - {file: audit, from: gone, into: kept}
activities:
  - file: calls
    columns:
      lead_id: {column: who, lookup: [id], unmatched: leave_out}
      occurred_at: on
      type: {constant: call}
      direction: {constant: outbound}
outcomes:
  - file: leads
    where: opted_out == "yes"
    one_a_lead: first
    columns: {lead_id: id, outcome: {constant: stop_calling}}
  - file: calls
    where: what == "stop"
    one_a_lead: first
    columns: {lead_id: who, occurred_at: on, outcome: {constant: stop_calling}}
  - file: calls
    where: what == "sold"
    one_a_lead: first
    columns: {lead_id: who, occurred_at: on, outcome: {constant: closed_won}}
"""


def _applied(folder: Path, **files: str) -> Received:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return mapping.apply(mapping.parse(ENDS), [folder])


def _ends(received: Received) -> list[tuple[str, str]]:
    rows = received.tables.outcomes
    ids = received.tables.leads.lead_id[rows.lead].tolist()
    return sorted(zip(ids, (OUTCOMES[end] for end in rows.outcome.tolist()), strict=True))


def test_a_column_that_may_be_absent_is_missing_and_not_a_fault(tmp_path: Path) -> None:
    received = _applied(tmp_path, leads=LEADS)
    assert received.faults == ()
    assert received.tables.leads.source.texts().tolist() == [None, None]


@pytest.mark.parametrize(("column", "attributes"), [("", set()), (",staff", {"size"})])
def test_an_attribute_from_a_column_that_is_absent_is_none(
    column: str, attributes: set[str], tmp_path: Path
) -> None:
    said = "attributes: {size: staff}\n  others: drop"
    text = ENDS.replace("[source, ", "[staff, source, ").replace("others: drop", said)
    cell = ",7" if column else ""
    (tmp_path / "leads.csv").write_text(f"id,at{column}\n1,2026-01-01{cell}\n", encoding="utf-8")
    assert set(mapping.apply(mapping.parse(text), [tmp_path]).tables.leads.attributes) == attributes


def test_a_column_that_may_be_absent_is_read_where_it_is_there(tmp_path: Path) -> None:
    received = _applied(tmp_path, leads="id,at,opted_out\n1,2026-01-01,yes\n2,2026-01-02,no\n")
    assert _ends(received) == [("1", "stop_calling")]


@pytest.mark.parametrize(
    ("cell", "said"), [("true", 1), ("TRUE", 1), ("1", 1), ("Yes", 1), ("no", 0), ("", 0)]
)
def test_a_flag_says_yes_however_the_crm_writes_it(cell: str, said: int, tmp_path: Path) -> None:
    text = ENDS.replace('opted_out == "yes"', "yes(opted_out)")
    (tmp_path / "leads.csv").write_text(f"id,at,opted_out\n1,2026-01-01,{cell}\n", encoding="utf-8")
    assert len(mapping.apply(mapping.parse(text), [tmp_path]).tables.outcomes) == said


def test_a_flag_that_says_nothing_is_no_yes_and_can_be_denied() -> None:
    rows = pa.table({"flag": pa.array([True, False, None]), "word": ["x", "nonsense", " Y "]})
    assert Expression.parse("yes(flag)").evaluate(rows).to_pylist() == [True, False, False]
    assert Expression.parse("not yes(flag)").evaluate(rows).to_pylist() == [False, True, True]
    assert Expression.parse("yes(word)").evaluate(rows).to_pylist() == [True, False, True]
    assert Expression.parse("yes(word)").evaluate(rows.slice(0, 0)).to_pylist() == []


def test_of_several_names_the_first_file_that_is_there_is_read(tmp_path: Path) -> None:
    received = _applied(tmp_path, leads=LEADS, people="id,at\n7,2026-01-01\n")
    assert received.tables.leads.lead_id.tolist() == ["7"]


def test_a_file_is_found_though_its_name_is_written_in_other_capitals(tmp_path: Path) -> None:
    (tmp_path / "LEADS.CSV").write_text(LEADS, encoding="utf-8")
    assert len(_applied(tmp_path).tables.leads) == 2


def test_without_any_of_the_names_the_fault_tells_them_all(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"one file people\.csv \| leads\.csv"):
        _applied(tmp_path, other=LEADS)


@pytest.mark.parametrize("cell", ['"8,9"', '"[8, 9]"', '" 9 ,8,"'])
def test_one_cell_may_tell_of_several_merged_leads(cell: str, tmp_path: Path) -> None:
    calls = "who,on,what\n8,2026-01-05,talk\n9,2026-01-06,talk\n7,2026-01-07,talk\n"
    received = _applied(tmp_path, leads=LEADS, merges=f"gone,kept\n{cell},1\n,2\n", calls=calls)
    assert received.faults == ()
    assert received.tables.activities.lead.tolist() == [0, 0]


def test_a_chain_of_merges_told_step_by_step_and_at_its_end_is_one(tmp_path: Path) -> None:
    merges, audit = 'gone,kept\n"8,9",1\n', "gone,kept\n9,8\n8,1\n"
    calls = "who,on,what\n9,2026-01-06,talk\n"
    received = _applied(tmp_path, leads=LEADS, merges=merges, audit=audit, calls=calls)
    assert received.tables.activities.lead.tolist() == [0]


def test_a_lead_that_went_into_two_that_stayed_apart_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="each lead merged once") as refused:
        _applied(tmp_path, leads=LEADS, merges="gone,kept\n9,1\n", audit="gone,kept\n9,2\n")
    told = (
        "merges.csv, row 2, column gone: saw '9'; expected each lead merged once. "
        "Take the row out that is wrong."
    )
    assert [(fault.code, str(fault)) for fault in refused.value.faults] == [("merge_conflict", told)]


def test_merges_that_go_round_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="merges that come to an end") as refused:
        _applied(tmp_path, leads=LEADS, audit="gone,kept\n1,2\n2,1\n")
    expected = "expected merges that come to an end. Take the row out that is wrong."
    assert [(fault.code, str(fault)) for fault in refused.value.faults] == [
        ("merge_cycle", f"audit.csv, row 2, column gone: saw '1'; {expected}"),
        ("merge_cycle", f"audit.csv, row 3, column gone: saw '2'; {expected}"),
    ]


def test_of_several_feeds_that_say_the_same_of_a_lead_the_first_by_time_counts(tmp_path: Path) -> None:
    leads = "id,at,opted_out\n1,2026-01-01,yes\n2,2026-01-02,yes\n"
    received = _applied(tmp_path, leads=leads, calls="who,on,what\n1,2026-02-01,stop\n")

    assert received.faults == ()
    assert _ends(received) == [("1", "stop_calling"), ("2", "stop_calling")]
    assert any("another feed says it" in note for note in received.notes)


def test_a_stop_after_a_sale_is_another_thing_and_stays(tmp_path: Path) -> None:
    calls = "who,on,what\n1,2026-02-01,sold\n1,2026-03-01,stop\n"
    received = _applied(tmp_path, leads=LEADS, calls=calls)
    assert _ends(received) == [("1", "closed_won"), ("1", "stop_calling")]
