"""What the shipped mappings leave out because it knows the future is found where somebody takes it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness import shipped
from readiness.crm import mapping
from readiness.crm.tables import Tables
from readiness.learning.leakage import audit, blocking

FLAT = """
name: flat
files:
  tasks: {path: "tasks/converted_within_90_days/train.parquet"}
leads:
  file: tasks
  columns: {lead_id: lead_id, source: lead_source}
  others: keep
outcomes:
  - file: tasks
    columns:
      lead_id: lead_id
      outcome: {column: converted_within_90_days, values: {"yes": closed_won, "no": closed_lost}}
"""


def _imported(name: str, source: Path) -> Tables:
    return mapping.apply(mapping.load(shipped.mapping(name)), [source]).tables


def _rewritten(name: str, source: Path, aside: Path, *changes: tuple[str, str, str]) -> Tables:
    """Import by a shipped mapping in which the text from one mark up to another is put otherwise."""
    text = shipped.mapping(name).read_text("utf-8")
    for begin, end, instead in changes:
        head, _, rest = text.partition(begin)
        text = f"{head}{instead}{end}{rest.partition(end)[2]}"
    (aside / "mapping.yaml").write_text(text, encoding="utf-8")
    return mapping.apply(mapping.load(aside / "mapping.yaml"), [source]).tables


def _blocked(tables: Tables) -> dict[str, str]:
    return {found.column: found.code for found in blocking(audit(tables))}


@pytest.mark.realdata
def test_the_length_of_a_call_is_found_in_the_bank_s_calls(bank_marketing: Path, tmp_path: Path) -> None:
    calls = _rewritten(
        "bank_marketing", bank_marketing, tmp_path, ("  exclude:\n    dur", "  others: keep", "")
    )
    assert _blocked(calls) == {"duration": "named_late"}
    assert {found.column for found in audit(calls) if not found.blocks} == {"month", "day_of_week"}


@pytest.mark.realdata
def test_the_price_paid_and_the_account_filled_in_late_are_found_in_maven(
    real_data: Path, tmp_path: Path
) -> None:
    everything = ("  exclude:\n    # With it", "    # The calendar", "")
    deals = _rewritten("maven_crm", real_data / "maven-crm", tmp_path, everything)
    assert _blocked(deals) == {"close_value": "near_copy", "account": "written_late"}


@pytest.mark.slow
def test_stage_qualification_and_the_count_of_all_touches_are_found_in_leadforge(
    leadforge_world: Path, tmp_path: Path
) -> None:
    found = _rewritten(
        "leadforge",
        leadforge_world,
        tmp_path,
        (
            "  opportunities: {",
            "path",
            '  tasks: {path: "tasks/converted_within_90_days/train.parquet"}\n  opportunities: {',
        ),
        (
            "    - file: contacts",
            "\n",
            "    - {file: tasks, on: lead_id, take: [total_touches_all]}\n    - file: contacts",
        ),
        ("    current_stage:", "    converted_within", ""),
    )
    expected = {"current_stage": "near_copy", "is_sql": "later_rows", "total_touches_all": "later_rows"}
    assert _blocked(found) == expected


@pytest.mark.slow
def test_the_same_are_found_in_leadforge_s_flat_table_where_neither_dates_nor_rows_are_left(
    leadforge_world: Path, tmp_path: Path
) -> None:
    (tmp_path / "flat.yaml").write_text(FLAT, encoding="utf-8")
    found = _blocked(mapping.apply(mapping.load(tmp_path / "flat.yaml"), [leadforge_world]).tables)
    assert found.keys() >= {"current_stage", "is_sql"}
    assert not found.keys() & {"industry", "region", "seniority", "touch_count", "expected_acv"}


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bohanec", "bohanec-b2b/Salvirt_B2B_ML_dataset.csv"),
        ("bank_marketing", "bank-marketing/bank-additional-full.csv.gz"),
        ("maven_crm", "maven-crm"),
        ("hubspot", "crm-formats/hubspot"),
        ("salesforce", "crm-formats/salesforce"),
        ("marketo", "crm-formats/marketo"),
        ("pardot", "crm-formats/pardot"),
    ],
)
def test_a_shipped_mapping_needs_no_waiver(name: str, source: str, real_data: Path) -> None:
    assert _blocked(_imported(name, real_data / source)) == {}


def test_the_mapping_of_leadforge_needs_no_waiver(leadforge_world: Path) -> None:
    assert _blocked(_imported("leadforge", leadforge_world)) == {}
