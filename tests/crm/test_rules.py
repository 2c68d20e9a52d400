"""Every rule has a stable name and stands in the data dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm import rules
from readiness.crm.contract import CONTRACT

DICTIONARY = Path(__file__).resolve().parents[2] / "data" / "README.md"
RULES = [value for value in vars(rules).values() if isinstance(value, rules.Rule)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_what_to_do_and_is_in_the_data_dictionary(rule: rules.Rule) -> None:
    assert rule.remedy.endswith(".")
    assert f"`{rule.code}`" in DICTIONARY.read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in CONTRACT.items() for column in columns.all]
)
def test_every_column_is_in_the_data_dictionary(table: str, column: str) -> None:
    section = DICTIONARY.read_text("utf-8").split(f"### {table}\n")[1].split("\n##")[0]

    assert f"`{column}`" in section
