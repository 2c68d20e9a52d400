"""The how-to says what is: its examples are valid, its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from readiness import shipped, yaml_document
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load, parse
from readiness.cli import agreements

PAGE = (Path(__file__).parents[2] / "docs" / "agreement.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def stated(text: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml_document.part(text, ())  # type: ignore[assignment]
    return content


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_is_valid_in_place_of_the_shipped_section(number: int) -> None:
    example = stated(EXAMPLES[number])
    content = load(shipped.agreement()).model_dump(mode="json", exclude_none=True) | example
    if "profile" in example:
        content["questions"], content["nurture"]["tracks"] = example["questions"], []

    assert parse(json.dumps(content, default=str))


def test_all_sections_that_people_write_have_an_example() -> None:
    shown = {key for example in EXAMPLES for key in stated(example)}
    told_elsewhere = {"name", "version", "changes", "valid_from", "signatures", "unknown_words"}
    assert {*Agreement.model_fields} - shown == {*told_elsewhere, "bant", "points_card"}


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"readiness agreement (\w+)", PAGE))
    assert named <= {*agreements.COMMANDS}
    assert {"show", "diff", "list", "schema"} <= named
