"""Defects of a whole row, a whole table or a mapping's word, each with its full message."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import folder, mapping
from readiness.crm.intake import Received, from_frames
from readiness.errors import DataError

LEADS = "lead_id,created_at,source\nL-1,2026-01-05,chat\nL-2,2026-01-06,chat\n"
UNDATED = "lead_id,source\nL-1,chat\n"

MAPPING = """
name: some
files: {leads: {path: leads.csv}, calls: {path: calls.csv}, prices: {path: prices.csv}}
leads:
  file: leads
  columns: {lead_id: lead_id, created_at: created_at, source: source}
activities:
  - file: calls
    join: [{file: prices, on: product, unmatched: refuse}]
    columns:
      lead_id: lead_id
      occurred_at: at
      type: {column: type, values: {Call: call, Mail: email_sent}, others: refuse}
      direction: {constant: outbound}
"""


def _messages(received: Received) -> list[str]:
    return [str(fault) for fault in received.faults]


def _from_folder(there: Path, **tables: str) -> list[str]:
    for name, content in tables.items():
        (there / f"{name}.csv").write_text(content)
    return _messages(folder.receive(there))


def _from_export(there: Path, calls: str) -> list[str]:
    (there / "leads.csv").write_text(LEADS)
    (there / "prices.csv").write_text("product,price\nGTX Pro,4821\n")
    (there / "calls.csv").write_text(f"lead_id,at,type,product\n{calls}")
    return _messages(mapping.apply(mapping.parse(MAPPING), [there]))


def test_a_refused_lead_takes_its_rows_with_it(tmp_path: Path) -> None:
    leads = LEADS.replace("2026-01-06", "2026-13-06")
    answers = "lead_id,answered_at,field,value\nL-2,2026-01-07,budget,yes\n"
    assert _from_folder(tmp_path, leads=leads, answers=answers)[1:] == [
        "answers, row 2, column lead_id: saw 'L-2'; expected a row of an accepted lead. Mend the "
        "lead's own fault; then this row is accepted with it."
    ]


def test_a_lead_whose_end_cannot_be_read_is_refused_with_it(tmp_path: Path) -> None:
    outcomes = "lead_id,occurred_at,outcome\nL-2,2026-02-30,closed_won\n"
    assert _from_folder(tmp_path, leads=LEADS, outcomes=outcomes)[:1] == [
        "leads, row 3: saw the row; expected a lead whose outcome can be read. Mend its row in "
        "outcomes: without it an ended lead would be taken for an open one."
    ]


def test_without_dates_of_leads_no_event_can_be_placed(tmp_path: Path) -> None:
    answers = "lead_id,answered_at,field,value\nL-1,2026-01-07,budget,yes\n"
    assert _from_folder(tmp_path, leads=UNDATED, answers=answers) == [
        "answers: saw 1 row; expected no rows, because no lead has a created_at and so there is "
        "no time to place them in. Give the leads their created_at, or leave this table out."
    ]


def test_without_dates_of_leads_no_end_has_one(tmp_path: Path) -> None:
    outcomes = "lead_id,occurred_at,outcome\nL-1,2026-02-03,closed_won\n"
    assert _from_folder(tmp_path, leads=UNDATED, outcomes=outcomes) == [
        "outcomes, column occurred_at: saw 1 row; expected no date, because no lead has a "
        "created_at. Give the leads their created_at, or leave occurred_at empty."
    ]


def test_a_column_of_lists_cannot_be_read() -> None:
    leads = pd.DataFrame({"lead_id": ["L-1"], "source": ["chat"], "tags": [["a", "b"]]})
    with pytest.raises(DataError) as refused:
        from_frames({"leads": leads})
    assert [str(fault) for fault in refused.value.faults] == [
        "leads, column tags: saw list<item: string>; expected texts, numbers, booleans, dates or "
        "instants. Write it as one of these, or drop the column."
    ]


def test_a_word_that_the_mapping_does_not_translate(tmp_path: Path) -> None:
    assert _from_export(tmp_path, "L-1,2026-01-07,Mial,GTX Pro\n") == [
        "calls.csv, row 2, column type: saw 'Mial'; expected one of the words that the mapping "
        "translates. Did you mean 'Mail'? Add the word to `values` in the mapping, or correct it in the "
        "export."
    ]


def test_a_key_that_the_other_file_does_not_have(tmp_path: Path) -> None:
    assert _from_export(tmp_path, "L-1,2026-01-07,Call,GTXPro\n") == [
        "calls.csv, row 2, column product: saw 'GTXPro'; expected a key that the joined file has. "
        "Did you mean 'GTX Pro'? Add the row to that file, or name the key it is written with there under "
        "`match` in the mapping."
    ]


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text('lead_id,created_at,source\nL-1,2026-01-05,"chat\n')
    with pytest.raises(DataError) as refused:
        folder.receive(tmp_path)
    assert [str(fault) for fault in refused.value.faults] == [
        "leads, row 2: saw a quote that is opened and never closed; expected quotes in pairs. "
        "Close it or double it; all that follows it was taken for one cell."
    ]
