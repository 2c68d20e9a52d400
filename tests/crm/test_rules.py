"""Every rule has a stable name and stands in the table of defects."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm import cell_rules, rules
from readiness.crm.contract import CONTRACT

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = ROOT / "data" / "README.md"
DEFECTS = ROOT / "docs" / "data-defects.md"
RULES = [
    value
    for module in (rules, cell_rules)
    for value in vars(module).values()
    if isinstance(value, rules.Rule)
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_what_to_do_and_stands_in_the_table_of_defects(rule: rules.Rule) -> None:
    row = next(
        line for line in DEFECTS.read_text("utf-8").splitlines() if line.startswith(f"| `{rule.code}` |")
    )
    effect = "refused" if rule.refuses else "repaired" if rule.remedy.startswith("Repaired") else "noted"

    assert rule.remedy.endswith(".")
    assert f"| {effect} |" in row or rule in (rules.NO_LEADS, rules.UNSUPPORTED_TYPE)


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in CONTRACT.items() for column in columns.all]
)
def test_every_column_is_in_the_data_dictionary(table: str, column: str) -> None:
    section = DICTIONARY.read_text("utf-8").split(f"### {table}\n")[1].split("\n##")[0]

    assert f"`{column}`" in section
