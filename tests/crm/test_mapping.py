"""A mapping turns an export into tables, or says what is wrong with it and where."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import mapping
from readiness.crm.intake import Received
from readiness.crm.records import NO_INSTANT, instant
from readiness.errors import DataError, StoreError
from tests.crm.mappings import DEALS, PLAIN

DICTIONARY = Path(__file__).resolve().parents[2] / "data" / "README.md"


def _apply(text: str, folder: Path, **files: str) -> Received:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return mapping.apply(mapping.parse(text), [folder])


def test_an_export_becomes_tables_without_code(tmp_path: Path) -> None:
    read = _apply(PLAIN, tmp_path, deals=DEALS).tables

    assert read.leads.lead_id.tolist() == ["1", "2", "3"]
    assert read.leads.created_at.tolist() == [
        instant("2026-03-14"),
        instant("2026-03-15T07:00:00Z"),  # 08:00 in Berlin in winter
        instant("2026-03-16"),
    ]
    assert read.leads.source.levels == ("trade_show_bowl",)
    assert read.outcomes.occurred_at.tolist() == [
        instant("2026-04-01T07:30:00Z"),
        instant("2026-04-02T10:00:00Z"),
    ]
    assert read.outcomes.outcome.tolist() == [0, 2]


def test_numbers_with_a_decimal_comma_become_numbers_with_a_point(tmp_path: Path) -> None:
    attributes = _apply(PLAIN, tmp_path, deals=DEALS).tables.leads.attributes

    assert {name: column.texts().tolist() for name, column in attributes.items()} == {  # type: ignore[union-attr]
        "Revenue": ["1234.5", "7", "0.5"],
        "company_size": ["1200", None, "12"],
    }


def test_numbers_with_commas_between_thousands_become_plain_where_the_mapping_says_so(tmp_path: Path) -> None:
    deals = DEALS.replace("1.200", "1,200").replace("1.234,5", "1,234.5").replace("0,5", "0.5")
    pointed = PLAIN.replace('decimal: ","', 'decimal: "."')

    attributes = _apply(pointed, tmp_path, deals=deals).tables.leads.attributes

    assert {name: column.texts().tolist() for name, column in attributes.items()} == {  # type: ignore[union-attr]
        "Revenue": ["1234.5", "7", "0.5"],
        "company_size": ["1200", None, "12"],
    }


def test_an_open_deal_gives_no_outcome_and_is_counted(tmp_path: Path) -> None:
    received = _apply(PLAIN, tmp_path, deals=DEALS)

    assert received.counts["outcomes"].read == 2
    assert (
        "deals.csv, column State: 1 row tells of no end; its lead is open unless others do." in received.notes
    )


def test_faults_speak_of_the_exports_own_file_line_and_column(tmp_path: Path) -> None:
    faulty = DEALS.replace("16.03.2026;12", "36.03.2026;12").replace(";no;", ";maybe;")

    received = _apply(PLAIN, tmp_path, deals=faulty)

    told = [(fault.table, fault.row, fault.column, fault.seen, fault.code) for fault in received.faults]
    assert told == [
        ("deals.csv", 3, None, "the row", "end_in_doubt"),
        ("deals.csv", 3, "State", "'maybe'", "unknown_outcome"),
        ("deals.csv", 4, "Opened", "'36.03.2026'", "unreadable_instant"),
    ]
    assert received.tables.leads.lead_id.tolist() == ["1"]
    assert list(received.set_aside) == ["leads.deals.csv", "outcomes.deals.csv"]


def test_leads_without_id_are_tied_to_outcomes_of_the_same_row(tmp_path: Path) -> None:
    text = """
name: no ids
files: {deals: {path: deals.csv}}
leads: {file: deals, columns: {source: From}}
outcomes: [{file: deals, columns: {outcome: {column: End, values: {W: closed_won, L: closed_lost}}}}]
"""
    rows = ["a,1,W", "b,1,L", "a,1,L", "a,1,W"]

    ends = []
    for order in (rows, rows[::-1]):
        read = _apply(text, tmp_path, deals="\n".join(["From,Size,End", *order])).tables
        assert not read.dated
        assert list(read.leads.attributes) == ["Size"]
        ids = read.leads.lead_id[read.outcomes.lead].tolist()
        ends.append(sorted(zip(ids, read.outcomes.outcome.tolist(), strict=True)))

    assert ends[0] == ends[1]
    assert len(ends[0]) == 4


def test_a_join_brings_a_companys_columns_to_its_leads(tmp_path: Path) -> None:
    text = """
name: joined
files: {leads: {path: leads.csv}, firms: {path: firms.csv}}
leads:
  file: leads
  columns: {lead_id: id, created_at: created, source: from}
  join: [{file: firms, on: firm, key: firm_id, exclude: {created: the firm's own}}]
  exclude: {firm: who it is}
"""
    received = _apply(
        text,
        tmp_path,
        leads="id,created,from,firm\n1,2026-01-01,chat,F2\n2,2026-01-02,chat,F9\n",
        firms="firm_id,created,industry\nF1,2020-01-01,retail\nF2,2021-01-01,software\n",
    )

    assert received.tables.leads.attributes["industry"].texts().tolist() == ["software", None]  # type: ignore[union-attr]
    assert list(received.tables.leads.attributes) == ["industry"]
    assert "leads.csv: 1 of 2 rows has no row in firms.csv: 'F9' (1 row)." in received.notes


def test_a_join_that_is_not_one_row_a_key_is_refused(tmp_path: Path) -> None:
    text = """
name: joined
files: {leads: {path: leads.csv}, firms: {path: firms.csv}}
leads: {file: leads, columns: {lead_id: id, source: from}, join: [{file: firms, on: firm}]}
"""
    with pytest.raises(
        DataError,
        match=r"`leads.join.0`: 1 row of firms.csv whose firm stands there already; expected each key once",
    ):
        _apply(text, tmp_path, leads="id,from,firm\n1,chat,F\n", firms="firm,x\nF,1\nF,2\n")


def test_several_files_may_feed_one_table(tmp_path: Path) -> None:
    text = """
name: two
files: {leads: {path: leads.csv}, calls: {path: calls.csv}, visits: {path: visits.csv}}
leads: {file: leads, columns: {lead_id: id, created_at: created, source: from}}
activities:
  - file: calls
    columns:
      {lead_id: id, occurred_at: at, type: {constant: call}, direction: {constant: outbound}, value: minutes}
  - file: visits
    columns: {lead_id: id, occurred_at: at, type: {constant: visit}, direction: {constant: inbound}}
"""
    received = _apply(
        text,
        tmp_path,
        leads="id,created,from\n1,2026-01-01,chat\n",
        calls="id,at,minutes\n1,2026-01-03,5\n1,2026-01-04,long\n",
        visits="id,at\n1,2026-01-02\n1,later\n",
    )

    assert received.tables.activities.type.texts().tolist() == ["visit", "call"]
    assert [(fault.table, fault.row, fault.column) for fault in received.faults] == [
        ("calls.csv", 3, "minutes"),
        ("visits.csv", 3, "at"),
    ]
    assert received.counts["activities"].read == 4


def test_typed_columns_of_parquet_are_read_as_what_they_are(tmp_path: Path) -> None:
    text = """
name: typed
files: {leads: {path: leads.parquet, zone: Europe/Berlin}}
leads:
  file: leads
  columns: {lead_id: id, created_at: created, source: from, last_known_at: {column: created, plus_days: 90}}
  attributes: {days: {column: pdays, missing: [999]}}
"""
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "created": pd.to_datetime(["2026-01-01 12:00", "2026-07-01 12:00"]),
            "from": ["chat", "web"],
            "pdays": [999, 3],
        }
    )
    frame.to_parquet(tmp_path / "leads.parquet")

    leads = mapping.apply(mapping.parse(text), [tmp_path]).tables.leads

    assert leads.lead_id.tolist() == ["1", "2"]
    assert leads.created_at.tolist() == [instant("2026-01-01T11:00:00Z"), instant("2026-07-01T10:00:00Z")]
    assert leads.last_known_at.tolist() == [instant("2026-04-01T11:00:00Z"), instant("2026-09-29T10:00:00Z")]
    assert leads.attributes["days"].tolist()[1] == 3.0  # type: ignore[union-attr]


def test_undated_outcomes_are_allowed_and_marked(tmp_path: Path) -> None:
    text = PLAIN.replace("      occurred_at: Closed\n", "")

    received = _apply(text, tmp_path, deals=DEALS)

    assert received.tables.outcomes.occurred_at.tolist() == [NO_INSTANT, NO_INSTANT]
    assert any(note.startswith("2 outcomes are undated") for note in received.notes)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Staff", "Stafff", r"row 14, column 16: saw .*: no column 'Stafff' in deals.csv, but 'Staff'"),
        (
            "exclude: {Closed",
            "exclude: {Closedd",
            r"row 15, column 13: .* no column 'Closedd' in deals.csv, but 'Closed'",
        ),
        ("path: deals.csv", "path: sales.csv", r"deals: saw only deals.csv; expected one file sales.csv"),
    ],
    ids=["a column that is misspelt", "an exclusion that is misspelt", "a file that is not there"],
)
def test_what_the_mapping_names_must_be_there(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        _apply(PLAIN.replace(old, new), tmp_path, deals=DEALS)


def test_the_columns_of_an_outcome_never_become_attributes(tmp_path: Path) -> None:
    attributes = _apply(PLAIN, tmp_path, deals=DEALS).tables.leads.attributes

    assert not {"State", "Closed", "Id"} & set(attributes)


def test_a_source_must_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file or folder nowhere"):
        mapping.apply(mapping.parse(PLAIN), [tmp_path / "nowhere"])


def test_the_only_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "export (3).csv").write_text(DEALS)

    assert len(mapping.apply(mapping.parse(PLAIN), [tmp_path / "export (3).csv"]).tables.leads) == 3


def test_progress_is_told(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS)
    told: list[tuple[str, float]] = []

    mapping.apply(mapping.parse(PLAIN), [tmp_path], progress=lambda what, done: told.append((what, done)))

    assert told[0] == ("reading deals.csv", 0.0)
    assert told[1] == ("read deals.csv: 3 rows", 0.5)
    assert told[-1][1] == 1.0
    assert [done for _, done in told] == sorted(done for _, done in told)


def test_the_example_of_the_data_dictionary_works(tmp_path: Path) -> None:
    example = DICTIONARY.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    deals = (
        "Deal ID;Opened;Origin;Staff;Close probability;State;Closed on;Größe\n"
        "1;01.03.2026;Messe;0;90 %;Won;02.03.2026 10:00;1.200,5\n"
        "2;01.03.2026 09:00;Web;12;-;Open;;3\n"
    )
    (tmp_path / "deals 2026.csv").write_bytes(deals.encode("cp1252"))

    read = mapping.apply(mapping.parse(example), [tmp_path]).tables

    assert read.leads.source.texts().tolist() == ["trade_show_bowl", "web_form"]
    assert {name: column.texts().tolist() for name, column in read.leads.attributes.items()} == {  # type: ignore[union-attr]
        "Größe": ["1200.5", "3"],
        "company_size": [None, "12"],
    }
    assert read.observed_through == instant("2026-04-01T00:00:00Z")
    assert read.outcomes.lead.tolist() == [0]


def test_what_happened_on_the_last_day_watched_is_known(tmp_path: Path) -> None:
    watched = "observed_through: 2026-04-01\n" + PLAIN

    received = _apply(
        watched, tmp_path, deals="Id;Opened;Staff;State;Closed\n1;14.03.2026;1;yes;01.04.2026\n"
    )

    assert (received.faults, len(received.tables.outcomes)) == ((), 1)


def test_how_a_file_was_found_to_be_written_is_noted(tmp_path):
    (tmp_path / "some.csv").write_text("Id;Von\nL-1;web\n", "utf-16")
    leads = "{file: a, columns: {lead_id: Id, source: Von}}"

    received = mapping.apply(
        mapping.parse(f"{{name: x, files: {{a: {{path: some.csv}}}}, leads: {leads}}}"), [tmp_path]
    )

    assert received.tables.leads.lead_id.tolist() == ["L-1"]
    assert received.notes[:2] == (
        "some.csv: read as utf-16-le, as its mark says.",
        "some.csv: columns are separated by semicolons.",
    )


@pytest.mark.parametrize(
    "said", ['separator: ";;"', "quote: auto2", "skip_rows: -1", "format: xml", "encoding: x"]
)
def test_a_way_of_writing_that_does_not_exist_is_refused(said):
    with pytest.raises(DataError, match=f"`files.a.{said.split(':')[0]}`"):
        mapping.parse(
            f"{{name: x, files: {{a: {{path: a.csv, {said}}}}}, leads: {{file: a, columns: {{source: b}}}}}}"
        )
