"""Faults of whole files, columns and cells of all files are told in one go, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm import folder, mapping
from readiness.errors import DataError

LEADS = "lead_id,created_at,source\nL-1,2026-01-05,chat\nL-2,31.01.2026,chat\n"
CALLS = "lead_id,occurred_at,type,direction\nL-1,2026-01-06,visit,in\nL-9,2026-01-06,visit,inbound\n"
ENDS = "lead_id,occurred_at,result\nL-1,2026-02-30,closed_won\n"

INSTANT = (
    "expected an instant such as 2026-03-14T09:00:00Z, or a date such as 2026-03-14. Write it so; a "
    "mapping can read other formats."
)
SEPARATOR = (
    "activities, row 1: saw columns separated by semicolons; expected commas. Save it with commas between "
    "the columns, or name its separator in a mapping."
)
WORD = (
    "activities, row 2, column direction: saw 'in'; expected one of inbound, outbound. "
    "Write inbound for what the lead did and outbound for what we did."
)
UNKNOWN = (
    "activities, row 3, column lead_id: saw 'L-9'; expected a lead_id that stands in leads. Add the lead, or "
    "correct the id."
)
COLUMN = (
    "outcomes, column outcome: saw the columns 'lead_id', 'occurred_at', 'result'; expected this column. "
    "Add it, or name the column that holds it in a mapping; "
    "`readiness mapping suggest` drafts one."
)


def _refused(there: Path, **tables: str) -> DataError:
    for name, content in tables.items():
        (there / f"{name}.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"faults? in the data") as refused:
        folder.receive(there)
    return refused.value


def test_what_is_wrong_with_files_columns_and_cells_is_told_together(tmp_path: Path) -> None:
    calls = CALLS.replace(",", ";")
    told = _refused(tmp_path, leads=LEADS, activities=calls, answers="", outcomes=ENDS)

    assert str(told).splitlines() == [
        "7 faults in the data",
        f"leads, row 3, column created_at: saw '31.01.2026'; {INSTANT}",
        SEPARATOR,
        WORD,
        UNKNOWN,
        "answers: saw an empty file; expected a text file with a header line. Export it again, as CSV.",
        COLUMN,
        f"outcomes, row 2, column occurred_at: saw '2026-02-30'; {INSTANT}",
    ]


def test_nothing_is_said_of_unknown_leads_where_the_leads_could_not_be_read(tmp_path: Path) -> None:
    told = _refused(tmp_path, leads="", activities=CALLS, outcomes="lead_id,outcome\nL-1,closed_won\n")

    assert [(fault.table, fault.row, fault.code) for fault in told.faults] == [
        ("leads", None, "unreadable_file"),
        ("activities", 2, "unknown_direction"),
    ]


@pytest.mark.parametrize("broken", ["created_at,Created_at,source", "Lead_ID,created_at,source"])
def test_nothing_is_said_of_leads_whose_ids_or_beginnings_could_not_be_read(
    tmp_path: Path, broken: str
) -> None:
    leads = LEADS.replace("31.01.", "2026-02-").replace("lead_id,created_at,source", broken)
    told = _refused(tmp_path, leads=leads, activities=CALLS)

    assert [fault.code for fault in told.faults if fault.table == "activities"] == ["unknown_direction"]


def test_a_misnamed_attribute_hides_no_lead(tmp_path: Path) -> None:
    leads = "lead_id,created_at,source,E-Mail\nL-1,2026-01-05,chat,x\n"
    told = _refused(tmp_path, leads=leads, activities=CALLS)

    assert [fault.code for fault in told.faults] == ["misnamed_column", "unknown_direction", "unknown_lead"]


def test_a_title_in_a_folder_of_tables_is_told_as_what_it_is(tmp_path: Path) -> None:
    told = _refused(tmp_path, leads=f"Our leads\nof March\n\n{LEADS}L-3,2026-01-07,chat\n")

    assert [str(fault) for fault in told.faults] == [
        "leads, row 1: saw one cell, and 3 in most lines after it; expected a header that names every "
        "column. Delete the lines before the header, or count them as `skip_rows` in a mapping.",
        f"leads, row 6, column created_at: saw '31.01.2026'; {INSTANT}",
    ]


def test_the_rows_before_a_quote_that_stays_open_are_read(tmp_path: Path) -> None:
    told = _refused(tmp_path, leads=f'{LEADS}L-3,2026-01-07,"chat\nL-4,2026-01-08,chat\n')

    assert [(fault.row, fault.code) for fault in told.faults] == [
        (3, "unreadable_instant"),
        (4, "unclosed_quote"),
    ]


def test_what_stands_after_bytes_of_another_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(LEADS.replace("chat\nL-2", "Žiga\nL-2").encode("cp1250"))
    told = _refused(tmp_path)

    assert [(fault.row, fault.code) for fault in told.faults] == [
        (2, "wrong_encoding"),
        (3, "unreadable_instant"),
    ]


def test_kinds_of_fault_are_counted_with_their_rows(tmp_path: Path) -> None:
    rows = "".join(f"L-{number},soon,chat\n" for number in range(3, 2003))
    told = _refused(tmp_path, leads=LEADS + rows, answers="")

    first, second, third = str(told).splitlines()
    assert first == "2,002 faults in the data, of 2 kinds"
    assert second == f"leads, row 3, column created_at: saw '31.01.2026'; {INSTANT} (and 2,000 rows like it)"
    assert third.startswith("answers: saw an empty file;")


def test_a_table_that_says_what_no_table_can_is_refused_beside_the_rows(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text("{}")
    told = _refused(tmp_path, leads=LEADS)

    assert [(fault.table, fault.code) for fault in told.faults] == [
        ("tables.json", "unreadable_file"),
        ("leads", "unreadable_instant"),
    ]


MAPPED = """name: mine
files: {people: {path: people.csv}, calls: {path: calls.csv}, ends: {path: ends.csv}, old: {path: old.csv}}
leads: {file: people, columns: {lead_id: id, created_at: begun, source: from}}
activities:
  - file: calls
    columns: {lead_id: who, occurred_at: at, type: kind, direction: way}
outcomes:
  - file: ends
    columns: {lead_id: who, occurred_at: at, outcome: state}
answers:
  - file: old
    columns: {lead_id: who, answered_at: at, field: {constant: budget}, value: said}
"""
PEOPLE = "id,begun,from\n1,2026-01-05,chat\n2,31.01.2026,chat\n"
EXPORT = {
    "people": PEOPLE,
    "calls": "who,at,sort,way\n1,2026-01-06,visit,in\n7,2026-01-06,visit,inbound\n",
    "ends": "who;at;state\n1;2026-02-30;closed_won\n",
    "old": "",
}


def _mapped(there: Path, text: str = MAPPED, **files: str) -> DataError:
    for name, content in files.items():
        (there / f"{name}.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"faults? in the data") as refused:
        mapping.apply(mapping.parse(text, name="mine.yaml", beside=[there]), [there])
    return refused.value


def _places(told: DataError) -> list[tuple[str, int | None, str | None, str]]:
    return [(fault.table, fault.row, fault.column, fault.code) for fault in told.faults]


def test_what_is_wrong_with_a_mapping_its_files_and_their_cells_is_told_together(tmp_path: Path) -> None:
    text = MAPPED.replace("{path: ends.csv}", '{path: ends.csv, separator: ","}')
    told = _mapped(tmp_path, text, **EXPORT)

    assert _places(told) == [
        ("mine.yaml", 6, "46", "missing_column"),
        ("ends.csv", 1, None, "wrong_separator"),
        ("ends.csv", 2, "at", "unreadable_instant"),
        ("old.csv", None, None, "unreadable_file"),
        ("people.csv", 3, "begun", "unreadable_instant"),
        ("calls.csv", 2, "way", "unknown_direction"),
        ("calls.csv", 3, "who", "unknown_lead"),
    ]
    assert str(told.faults[0]) == (
        "mine.yaml, row 6, column 46: saw `activities.0.columns.type`: no column 'kind' in calls.csv, only "
        "'who', 'at', 'sort', 'way'; expected a column of calls.csv. Correct the mapping, or export this "
        "column too."
    )


def test_a_file_of_leads_that_is_missing_hides_no_fault_of_the_others(tmp_path: Path) -> None:
    told = _mapped(tmp_path, **{name: text for name, text in EXPORT.items() if name != "people"})

    assert _places(told) == [
        ("mine.yaml", 6, "46", "missing_column"),
        ("people", None, None, "missing_file"),
        ("old.csv", None, None, "unreadable_file"),
        ("calls.csv", 2, "way", "unknown_direction"),
        ("ends.csv", 2, "at", "unreadable_instant"),
    ]


def test_a_faulty_mapping_is_told_with_the_files_that_cannot_be_read(tmp_path: Path) -> None:
    text = MAPPED.replace("where", "").replace("leads: {file: people,", "leads: {file: people, wheer: x,")
    told = _mapped(tmp_path, text, **EXPORT)

    assert _places(told) == [
        ("mine.yaml", 3, "23", "faulty_mapping"),
        ("old.csv", None, None, "unreadable_file"),
    ]


def test_merges_in_a_circle_are_told_beside_the_rows(tmp_path: Path) -> None:
    text = MAPPED.replace(
        "activities:", "identity: {merges: {file: calls, from: who, into: sort}}\nactivities:"
    )
    calls = "who,at,sort,way,kind\n5,2026-01-06,6,in,visit\n6,2026-01-06,5,inbound,visit\n"
    told = _mapped(tmp_path, text, **EXPORT | {"old": "who,at,said\n", "calls": calls})

    assert [each for each in _places(told) if each[0] == "calls.csv"] == [
        ("calls.csv", 2, "who", "merge_cycle"),
        ("calls.csv", 2, "way", "unknown_direction"),
        ("calls.csv", 3, "who", "merge_cycle"),
    ]


def test_a_join_with_a_file_that_cannot_be_read_refuses_no_key(tmp_path: Path) -> None:
    join = "join: [{file: old, on: sort, key: id, unmatched: refuse}]"
    text = MAPPED.replace("  - file: calls\n", f"  - file: calls\n    {join}\n").split("answers:")[0]
    text = text.replace("kind", "sort")
    for old in ("", 'id,more\nvisit,"open\nno,1\n'):
        told = _mapped(tmp_path, text, **EXPORT | {"old": old})

        assert "unmatched_key" not in [fault.code for fault in told.faults]
        assert ("calls.csv", 2, "way", "unknown_direction") in _places(told)


def test_rows_that_name_their_lead_by_a_missing_column_are_not_called_unknown(tmp_path: Path) -> None:
    text = MAPPED.replace("{lead_id: who, occurred_at: at, type", "{lead_id: {column: who, lookup: [mail]}, "
                          "occurred_at: at, type")  # fmt: skip
    told = _mapped(tmp_path, text, **EXPORT)

    assert [fault.code for fault in told.faults if fault.table == "calls.csv"] == ["unknown_direction"]


JOIN = "join: [{file: old, on: begun, key: id, take: [size]MORE}],"


@pytest.mark.parametrize(("more", "known"), [("", True), (", unmatched: leave_out", False)])
def test_a_join_that_only_describes_leads_hides_none(tmp_path: Path, more: str, known: bool) -> None:
    text = MAPPED.split("answers:", maxsplit=1)[0].replace("type: kind", "type: sort")
    text = text.replace("{file: people,", f"{{file: people, {JOIN.replace('MORE', more)}")
    told = _mapped(tmp_path, text, **EXPORT)

    assert [fault.code for fault in told.faults if fault.table == "calls.csv"] == [
        "unknown_direction",
        *(["unknown_lead"] if known else []),
    ]


def test_a_word_that_is_not_translated_is_told_once(tmp_path: Path) -> None:
    values = "{column: state, values: {won: closed_won}, others: refuse}"
    told = _mapped(tmp_path, MAPPED.replace("outcome: state", f"outcome: {values}"), **EXPORT)

    assert [fault.code for fault in told.faults if fault.table == "ends.csv"] == [
        "unreadable_instant",
        "untranslated_word",
    ]
