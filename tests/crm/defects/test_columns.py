"""Defects that only a whole column or a whole table shows, each with its full message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from readiness.crm.intake import Received
from tests.crm.defects.crm import Crm, received_from


def _values(received: Received) -> list[float]:
    values = received.tables.activities.value
    return values[np.isfinite(values)].tolist()


def _told(received: Received, code: str) -> list[str]:
    faults = [str(fault) for fault in received.faults if fault.code == code]
    return faults + [note for note in received.notes if f"({code})" in note]


def _crm(leads: int, table: str, column: str, texts: list[str]) -> Crm:
    """Return a CRM with these texts in a column of as many leads from the second on."""
    crm = Crm(leads)
    for number, text in enumerate(texts, start=1):
        crm.put(table, number, **{column: text})
    return crm


def _only_early_days(days: int) -> Crm:
    crm = Crm(days + 2)
    crm.tables["answers"] = crm.tables["answers"][: days + 1]
    for number in range(days):
        crm.put("answers", number, answered_at=f"2026-02-{number + 1:02d}")
    crm.put("answers", days, answered_at="25/02/2026")
    return crm


def test_dates_are_probably_swapped_where_all_after_the_12th_could_not_be_read(tmp_path: Path) -> None:
    received = received_from(_only_early_days(5), tmp_path)

    # The second of February reads the same either way.
    assert [fault.row for fault in received.faults if fault.code == "day_month_suspected"] == [2, 4, 5, 6]
    assert _told(received, "day_month_suspected")[0] == (
        "answers, row 2, column answered_at: saw '2026-02-01'; expected a column in which some day "
        "comes after "
        "the 12th; here all such dates could not be read, so the others are probably swapped. Find out which "
        "comes first, day or month, and write all of them as 2026-03-25; a mapping can name the format."
    )


@pytest.mark.parametrize(
    ("days", "first"),
    [(4, "2026-02-01"), (6, "2026-02-13")],
    ids=["too few days to tell", "a day after the 12th was read"],
)
def test_dates_are_not_suspected_without_evidence(tmp_path: Path, days: int, first: str) -> None:
    crm = _only_early_days(days)
    crm.put("answers", 0, answered_at=first)

    received = received_from(crm, tmp_path)

    assert [fault.code for fault in received.faults] == ["unreadable_instant"]


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["1,234", "1,234.50"], [1234.0, 1234.5]),
        (["1,234", "0,5"], [1.234, 0.5]),
        (["1,234", "0,5", "1,234.50"], [0.5, 1234.5]),
        (["0,5", "1.234"], [0.5]),
        (["0,5", "1.5", "1.234"], [0.5, 1.5, 1.234]),
    ],
    ids=[
        "decimals after points",
        "decimals after commas",
        "both",
        "a point among commas",
        "points are plain",
    ],
)
def test_a_comma_means_what_the_other_cells_of_its_column_show(
    tmp_path: Path, texts: list[str], read: list[float]
) -> None:
    crm = _crm(5, "activities", "value", texts)
    for lead in (0, *range(len(texts) + 1, 5)):
        crm.put("activities", lead, value="")

    assert _values(received_from(crm, tmp_path)) == read


def test_amounts_in_two_currencies_are_no_numbers(tmp_path: Path) -> None:
    received = received_from(_crm(4, "activities", "value", ["€ 1200", "$900"]), tmp_path)

    assert _told(received, "mixed_currencies")[1] == (
        "activities, row 6, column value: saw '$900'; expected one currency in a column. "
        "Convert the amounts into one currency and leave its sign out."
    )


def test_zeros_that_a_spreadsheet_dropped_are_named(tmp_path: Path) -> None:
    crm = Crm(2)
    for rows in crm.tables.values():
        for row in rows:
            row["lead_id"] = row["lead_id"].removeprefix("L-")
    crm.tables["answers"][1]["lead_id"] = "1"

    assert _told(received_from(crm, tmp_path), "lost_zeros") == [
        "answers, row 3, column lead_id: saw '1'; expected a lead_id as it stands in leads, where it "
        "has other "
        "leading zeros. A spreadsheet drops leading zeros: format the column as text and export it again."
    ]


def test_ids_that_are_a_digit_short_are_noted(tmp_path: Path) -> None:
    crm = Crm(30)
    for rows in crm.tables.values():
        for row in rows:
            number = int(row["lead_id"].removeprefix("L-"))
            row["lead_id"] = str(90_000 + number if number == 7 else 500_000 + 7_001 * number)

    assert _told(received_from(crm, tmp_path), "shorter_id") == [
        "leads: 1 row (shorter_id), first row 9, column lead_id: saw '90007'; expected ids of digits "
        "that are all "
        "as long. Accepted as they stand. If they began with zeros, a spreadsheet dropped them: format the "
        "column as text and export it again."
    ]


def test_ids_counted_from_one_are_not_suspected(tmp_path: Path) -> None:
    crm = Crm(120)
    for rows in crm.tables.values():
        for row in rows:
            row["lead_id"] = str(int(row["lead_id"].removeprefix("L-")) + 1)

    assert _told(received_from(crm, tmp_path), "shorter_id") == []


def test_a_lead_without_id_gets_one_from_its_content(tmp_path: Path) -> None:
    crm = Crm(2)
    crm.tables["leads"].append(crm.tables["leads"][0] | {"lead_id": "", "source": "chat"})

    assert _told(received_from(crm, tmp_path), "id_from_content") == [
        "leads: 1 row (id_from_content), first row 4, column lead_id: saw nothing; expected a lead_id "
        "in every "
        "row. Repaired: a lead without one gets an id from its content. Nothing can refer to it."
    ]


def test_a_word_among_numbers_is_noted_and_not_shown(tmp_path: Path) -> None:
    received = received_from(_crm(12, "leads", "company_size", ["yes"]), tmp_path)

    assert _told(received, "numbers_and_words") == [
        "leads: 1 row (numbers_and_words), first row 3, column company_size: saw a text that is not shown; "
        "expected plain numbers, as nine in ten of this column's cells are. Accepted as words, so the "
        "column may "
        "not be read as numbers: write them as 1234.5, or leave the cell empty."
    ]


def test_an_end_of_the_data_that_one_row_alone_sets_is_noted(tmp_path: Path) -> None:
    crm = Crm(2)
    crm.put("answers", 1, answered_at="2062-02-20T09:00:00Z")
    crm.write(tmp_path)

    from_file = received_from(crm, tmp_path, watched=False)

    assert _told(from_file, "lonely_newest") == [
        "answers: 1 row (lonely_newest), first row 3, column answered_at: saw '2062-02-20T09:00:00Z'; "
        "expected "
        "instants less than a year apart at the end of the data. Accepted, and so the CRM counts as "
        "watched until "
        "then: if it is a typing error, correct it, or give observed_through."
    ]


def test_a_table_of_a_header_only_is_noted(tmp_path: Path) -> None:
    crm = Crm(1)
    crm.tables["answers"] = []

    assert _told(received_from(crm, tmp_path), "no_rows") == [
        "answers: no rows (no_rows); expected rows below the header. "
        "Accepted as a table without rows: export it again if there should be some."
    ]
