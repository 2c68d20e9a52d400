"""Files that are no table, or a table that cannot be read, are told in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.errors import DataError
from tests.crm.defects.crm import Crm, received_from


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "lead_id,occurred_at,type",
            "lead_id,Occurred_At,type",
            "activities, column occurred_at: saw a column 'Occurred_At'; expected this column. "
            "Rename 'Occurred_At' to 'occurred_at'.",
        ),
        (
            "direction,",
            "",
            "activities, column direction: saw the columns 'lead_id', 'occurred_at', 'type', 'value', "
            "'detail'; "
            "expected this column. Add it, or name the column that holds it in a mapping; "
            "`readiness mapping suggest` drafts one.",
        ),
        (
            "value,detail",
            "detail,detail",
            "activities, column detail: saw the column twice; expected each column once. Rename or delete "
            "one.",
        ),
        (
            "value,detail",
            "value,Detail",
            "activities, column Detail: saw a name close to one of ours; expected 'detail'. "
            "Rename it to 'detail'; if it means something else, give it another name.",
        ),
        (
            "lead_id,occurred_at,type,direction,value,detail",
            "lead_id;occurred_at;type;direction;value;detail",
            "activities, row 1: saw columns separated by semicolons; expected commas. Save it with commas "
            "between "
            "the columns, or name its separator in a mapping.",
        ),
    ],
    ids=[
        "a header in another case",
        "a missing column",
        "a column twice",
        "a misnamed column",
        "another separator",
    ],
)
def test_a_table_that_cannot_be_read_is_told_in_full(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    crm = Crm(1)
    crm.write(tmp_path)
    (tmp_path / "activities.csv").write_text(crm.text("activities").replace(old, new))

    with pytest.raises(DataError, match=r"faults? in the data") as refused:
        received_from(crm, tmp_path, write=False)

    torn = [fault for fault in refused.value.faults if fault.code == "ragged_row"]
    assert [str(fault) for fault in refused.value.faults if fault not in torn] == [message]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"",
            "activities: saw an empty file; expected a text file with a header line. Export it again, as "
            "CSV.",
        ),
        (
            "lead_id,detail\n1,x\n".encode("utf-16")[:-1],
            "activities, row 1: saw a mark (BOM) that says utf-16-le; expected utf-8. "
            "State `encoding: utf-16-le`, or leave it out.",
        ),
        (
            "lead_id,detail\n1,Zürich\n".encode("cp1252"),
            "activities, row 2: saw bytes that are no UTF-8; expected one encoding from the first byte to "
            "the last: "
            "UTF-8, or the one stated. Save it as UTF-8, or state its encoding in a mapping; it looks like "
            "`encoding: cp1252` or cp1250.",
        ),
        (
            "lead_id,detail\n1,x\n".encode("utf-16-le"),
            "activities: saw text without a mark that is not UTF-8; expected one encoding from the first "
            "byte to the "
            "last: UTF-8, or the one stated. Save it as UTF-8, or state its encoding in a mapping; it looks "
            "like "
            "`encoding: utf-16-le`.",
        ),
    ],
    ids=["an empty file", "a torn UTF-16 file", "another encoding", "UTF-16 without its mark"],
)
def test_a_file_that_is_no_table_is_told_in_full(tmp_path: Path, content: bytes, message: str) -> None:
    crm = Crm(1)
    crm.write(tmp_path)
    (tmp_path / "activities.csv").write_bytes(content)

    with pytest.raises(DataError, match=r"faults? in the data") as refused:
        received_from(crm, tmp_path, write=False)

    # What can be read of it is looked at as well: it lacks columns, and its lead is unknown.
    others = ("missing_column", "unknown_lead")
    assert [str(fault) for fault in refused.value.faults if fault.code not in others] == [message]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    crm = Crm(1)
    crm.write(tmp_path)
    (tmp_path / "leads.csv").write_text("\ufeff" + crm.text("leads"), encoding="utf-8")

    assert received_from(crm, tmp_path, write=False).faults == ()


def test_a_line_break_in_a_quoted_text_is_part_of_it_and_lines_are_counted_on(tmp_path: Path) -> None:
    crm = Crm(3, details=["said\nyes"])
    crm.put("activities", 2, direction="sideways")

    received = received_from(crm, tmp_path)

    assert received.tables.activities.detail.levels == ("said\nyes",)
    assert [fault.row for fault in received.faults] == [8]
