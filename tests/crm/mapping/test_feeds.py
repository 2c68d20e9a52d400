"""What a feed makes of a file's rows: conditions, derived values, defaults, wide columns, changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm.records import instant
from tests.crm.mappings import applied, rows

LEADS = "id,created,from\n1,2026-01-01,chat\n2,2026-01-02,web\n"
MAPPING = """
name: mine
files: {leads: {path: leads.csv}, tasks: {path: tasks.csv, optional: true}}
leads: {file: leads, columns: {lead_id: id, created_at: created, source: from}}
"""
TASKS = """
activities:
  - file: tasks
    columns: {lead_id: who, occurred_at: at, type: kind, direction: {constant: outbound}}
"""


def test_only_rows_for_which_the_condition_is_true_are_read(tmp_path: Path) -> None:
    text = MAPPING + TASKS + '    where: status == "Done"\n'
    tasks = "who,at,kind,status\n1,2026-01-03,call,Done\n1,2026-01-04,call,Open\n1,2026-01-05,call,\n"

    received = applied(text, tmp_path, leads=LEADS, tasks=tasks)

    assert rows(received, "activities") == [("1", "2026-01-03", "call", "outbound")]
    assert received.counts["activities"].read == 1
    assert "tasks.csv (activities): 2 of 3 rows left out: `where` is not true (2)." in received.notes


def test_rows_of_a_lead_that_is_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    text = MAPPING.replace("{file: leads,", '{file: leads, where: \'col("from") != "web"\',') + TASKS
    tasks = "who,at,kind\n1,2026-01-03,call\n2,2026-01-04,call\n3,2026-01-04,call\n"

    received = applied(text, tmp_path, leads=LEADS, tasks=tasks)

    assert [fault.code for fault in received.faults] == ["unknown_lead"]
    assert received.counts["activities"].read == 2
    assert "tasks.csv (activities): 1 of 3 rows left out: its lead is left out (1)." in received.notes


@pytest.mark.parametrize(
    ("others", "types", "codes"),
    [("keep", ["call", "Fax"], []), ("drop", ["call"], []), ("refuse", ["call"], ["untranslated_word"])],
)
def test_a_word_that_is_not_translated_stays_or_says_nothing_or_is_refused(
    tmp_path: Path, others: str, types: list[str], codes: list[str]
) -> None:
    spec = f"{{column: kind, values: {{Call: call}}, others: {others}}}"
    text = MAPPING + TASKS.replace("type: kind", f"type: {spec}") + "    rows_without: {type: leave_out}\n"

    received = applied(
        text, tmp_path, leads=LEADS, tasks="who,at,kind\n1,2026-01-03,Call\n1,2026-01-04,Fax\n"
    )

    assert [row[2] for row in rows(received, "activities")] == types
    assert [fault.code for fault in received.faults] == codes
    assert [fault.seen for fault in received.faults] == ["'Fax'"] * len(codes)


def test_a_missing_cell_says_the_default(tmp_path: Path) -> None:
    spec = "{column: dir, values: {In: inbound, none: null}, default: outbound}"
    text = MAPPING + TASKS.replace("{constant: outbound}", spec)
    tasks = "who,at,kind,dir\n1,2026-01-03,call,In\n1,2026-01-04,call,\n1,2026-01-05,call,none\n"

    received = applied(text, tmp_path, leads=LEADS, tasks=tasks)

    assert [row[3] for row in rows(received, "activities")] == ["inbound", "outbound", "outbound"]


def test_a_value_may_be_derived_and_its_fault_names_the_expression(tmp_path: Path) -> None:
    text = MAPPING + TASKS.replace("occurred_at: at", "occurred_at: {expression: 'first(done, at)'}")
    tasks = "who,done,at,kind\n1,2026-01-05,2026-01-03,call\n1,,2026-01-04,call\n1,,soon,call\n"

    received = applied(text, tmp_path, leads=LEADS, tasks=tasks)

    assert [row[1] for row in rows(received, "activities")] == ["2026-01-04", "2026-01-05"]
    told = [(fault.row, fault.column, fault.seen) for fault in received.faults]
    assert told == [(4, "first(done, at)", "'soon'")]


def test_a_computed_number_is_no_decimal_comma(tmp_path: Path) -> None:
    text = MAPPING.replace("path: leads.csv", 'path: leads.csv, decimal: ","').replace(
        "source: from}", "source: from}, attributes: {half: {expression: number(size) / 2}}"
    )

    received = applied(text, tmp_path, leads='id,created,from,size\n1,2026-01-01,chat,"2.469,0"\n')

    assert received.tables.leads.attributes["half"].texts().tolist() == ["1234.5"]  # type: ignore[union-attr]


def test_rows_without_a_value_are_left_out_or_refused_as_the_mapping_says(tmp_path: Path) -> None:
    text = MAPPING + TASKS.replace("direction", "channel: via, direction")
    tasks = "who,at,kind,via\n1,2026-01-03,call,\n1,,call,phone\n"
    gaps = "    rows_without: {occurred_at: leave_out, channel: refuse}\n"

    received = applied(text + gaps, tmp_path, leads=LEADS, tasks=tasks)

    assert [(fault.row, fault.column, fault.code) for fault in received.faults] == [
        (2, "via", "missing_value")
    ]
    assert received.counts["activities"].read == 1
    assert "tasks.csv (activities): 1 of 2 rows left out: occurred_at is missing (1)." in received.notes


def test_each_filled_cell_of_a_wide_file_gives_a_row(tmp_path: Path) -> None:
    text = (
        MAPPING
        + """
activities:
  - file: leads
    columns: {lead_id: id}
    wide:
      cell: occurred_at
      columns:
        opened: {type: email_opened, direction: inbound}
        demo: {type: demo_attended, direction: inbound}
"""
    )
    leads = "id,created,from,opened,demo\n1,2026-01-01,chat,2026-01-05,2026-01-04\n2,2026-01-02,web,,later\n"

    received = applied(text, tmp_path, leads=leads)

    assert rows(received, "activities") == [
        ("1", "2026-01-04", "demo_attended", "inbound"),
        ("1", "2026-01-05", "email_opened", "inbound"),
    ]
    assert [(fault.row, fault.column, fault.seen) for fault in received.faults] == [(3, "demo", "'later'")]
    assert "leads.csv (activities): 1 of 4 rows left out: the cell is empty (1)." in received.notes
    assert not received.tables.leads.attributes


def test_every_refused_row_of_a_file_that_feeds_a_table_twice_is_set_aside(tmp_path: Path) -> None:
    text = (
        MAPPING
        + """
activities:
  - file: leads
    columns: {lead_id: id}
    wide:
      cell: occurred_at
      columns: {opened: {type: opened, direction: inbound}, demo: {type: demo, direction: inbound}}
"""
    )
    leads = "id,created,from,opened,demo\n1,2026-01-01,chat,bad,2026-01-04\n2,2026-01-02,web,,later\n"

    received = applied(text, tmp_path, leads=leads)

    assert received.set_aside["activities.leads.csv"].column("row").to_pylist() == [2, 3]


HISTORY = """
answers:
  - file: tasks
    columns: {lead_id: who, answered_at: at, field: name, value: value}
    on_change: true
"""


def test_a_history_gives_an_answer_only_where_the_value_changed(tmp_path: Path) -> None:
    history = [
        "1,2026-01-03,budget,",
        "1,2026-01-04,budget,5",
        "1,2026-01-05,budget,5",
        "2,2026-01-05,budget,5",
        "1,2026-01-06,budget,",
        "1,2026-01-06,need,5",
        "1,2026-01-07,budget,5",
    ]
    expected = [
        ("1", "2026-01-04", "budget", "5"),
        ("1", "2026-01-06", "budget", None),
        ("1", "2026-01-06", "need", "5"),
        ("1", "2026-01-07", "budget", "5"),
        ("2", "2026-01-05", "budget", "5"),
    ]
    for order in (history, history[::-1]):
        tasks = "\n".join(["who,at,name,value", *order]) + "\n"
        received = applied(MAPPING + HISTORY, tmp_path, leads=LEADS, tasks=tasks)

        assert rows(received, "answers") == expected
        assert "tasks.csv (answers): 2 of 7 rows left out: the value did not change (2)." in received.notes


def test_a_change_whose_date_cannot_be_read_is_refused_and_not_left_out(tmp_path: Path) -> None:
    tasks = "who,at,name,value\n1,soon,budget,5\n1,soon,budget,5\n"

    received = applied(MAPPING + HISTORY, tmp_path, leads=LEADS, tasks=tasks)

    assert [fault.code for fault in received.faults] == ["unreadable_instant"] * 2


def test_of_several_stops_of_a_lead_the_first_counts(tmp_path: Path) -> None:
    text = (
        MAPPING
        + """
outcomes:
  - file: tasks
    columns: {lead_id: who, occurred_at: at, outcome: {constant: stop_calling}}
    one_a_lead: first
"""
    )
    tasks = "who,at\n1,2026-01-09\n1,2026-01-05\n2,\n2,2026-01-07\n"

    received = applied(text, tmp_path, leads=LEADS, tasks=tasks)

    assert rows(received, "outcomes") == [
        ("1", "2026-01-05", "stop_calling"),
        ("2", "2026-01-07", "stop_calling"),
    ]
    assert "tasks.csv (outcomes): 2 of 4 rows left out: a later one of its lead (2)." in received.notes


def test_one_file_gives_leads_and_their_outcomes_by_condition(tmp_path: Path) -> None:
    text = (
        MAPPING
        + """
outcomes:
  - file: leads
    where: won in ("TRUE", "1")
    columns: {lead_id: id, occurred_at: closed, outcome: {constant: closed_won}}
"""
    )
    leads = "id,created,from,won,closed\n1,2026-01-01,chat,TRUE,2026-01-04\n2,2026-01-02,web,FALSE,\n"

    received = applied(text, tmp_path, leads=leads)

    assert rows(received, "outcomes") == [("1", "2026-01-04", "closed_won")]
    assert not received.tables.leads.attributes, "what an outcome is read from never becomes an attribute"


def test_leads_may_come_from_several_files(tmp_path: Path) -> None:
    text = """
name: mine
zone: Europe/Berlin
files:
  leads: {path: leads.csv}
  lists: {path: lists.csv, dates: ["%d.%m.%Y %H:%M"]}
  more: {path: more.csv, optional: true}
leads:
  - {file: leads, columns: {lead_id: id, created_at: created, source: from}}
  - {file: lists, columns: {lead_id: nr, created_at: on, source: {constant: bought_list}}}
  - {file: more, columns: {lead_id: id, created_at: x, source: y}}
"""
    received = applied(
        text,
        tmp_path,
        leads="id,created,from,size\n1,2026-01-01T08:00,chat,5\n",
        lists="nr,on,branch\nA,02.07.2026 09:00,food\n",
    )

    leads = received.tables.leads
    assert leads.lead_id.tolist() == ["1", "A"]
    assert leads.source.texts().tolist() == ["chat", "bought_list"]
    assert leads.created_at.tolist() == [instant("2026-01-01T07:00:00Z"), instant("2026-07-02T07:00:00Z")]
    assert {name: values.texts().tolist() for name, values in leads.attributes.items()} == {  # type: ignore[union-attr]
        "branch": [None, "food"],
        "size": ["5", None],
    }
    assert "more: there is no such file, and the mapping can do without it." in received.notes
