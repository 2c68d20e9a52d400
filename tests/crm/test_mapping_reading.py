"""A mapping that cannot be read, or contradicts itself, is refused with line, column and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness import shipped
from readiness.crm import mapping
from readiness.errors import DataError, StoreError
from tests.crm.mappings import PLAIN


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("separator", "seperator", 6, 5, r"`files.deals.seperator`: an unknown key"),
        ("Europe/Berlin", "Europe/Berlim", 9, 5, r"a time zone by its IANA name"),
        ("file: deals\n  columns", "file: deal\n  columns", 12, 3, r"`leads.file`: 'deal'"),
        ("source: {constant: trade_show_bowl}", "sauce: x", 13, 3, r"the column `source`"),
        ("{column: Staff}", "{column: Staff, constant: 3}", 14, 16, r"either `column` or `constant`"),
        ("  exclude", " exclude", 15, 2, r"expected YAML"),
        ("name: plain", "name: plain\nname: again", 3, 1, r"the key twice"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_line_and_column(
    old: str, new: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(DataError, match=message) as refused:
        mapping.parse(PLAIN.replace(old, new), name="plain.yaml")

    assert (line, str(column)) in [(fault.row, fault.column) for fault in refused.value.faults]
    assert {fault.table for fault in refused.value.faults} == {"plain.yaml"}


def test_leads_without_id_have_no_rows_in_other_files() -> None:
    text = """
name: no ids
files: {deals: {path: deals.csv}, calls: {path: calls.csv}}
leads: {file: deals, columns: {source: From}}
activities: [{file: calls, columns: {occurred_at: at, type: t, direction: d}}]
"""
    with pytest.raises(DataError, match="because the leads have no lead_id"):
        mapping.parse(text)


def test_an_exclusion_gives_its_reason() -> None:
    with pytest.raises(DataError, match="at least 1 character"):
        mapping.parse(PLAIN.replace("the date of the outcome", '""'))


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"The mapping none.yaml cannot be read"):
        mapping.load(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["bohanec", "bank_marketing", "leadforge"])
def test_every_shipped_mapping_can_be_loaded_and_says_what_it_is_for(name: str) -> None:
    shipped_mapping = mapping.load(shipped.mapping(name))

    assert shipped_mapping.name == name
    assert shipped_mapping.about
