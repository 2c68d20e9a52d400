"""The page that tells how to bring one's own CRM tells what really happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bring-your-own-crm.md"
EXAMPLE = PAGE.read_text(encoding="utf-8").split("## A whole example")[1]


def _files() -> dict[str, str]:
    found = re.findall(r"`(export/\S+\.csv)`\n\n```csv\n(.*?)```", EXAMPLE, flags=re.DOTALL)
    return dict(found)


def _commands() -> Iterator[tuple[list[str], list[str]]]:
    for block in re.findall(r"```console\n(.*?)```", EXAMPLE, flags=re.DOTALL):
        for one in re.split(r"^\$ readiness ", block, flags=re.MULTILINE)[1:]:
            command, *shown = one.strip().splitlines()
            yield command.split(), [" ".join(line.split()) for line in shown]


@pytest.fixture
def followed(typed, tmp_path):
    """Return what each command of the page says, typed in its order in a folder with the page's files."""
    (tmp_path / "export").mkdir()
    for name, content in _files().items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    said = [
        (" ".join(command), shown, " ".join(typed(*command).output.split())) for command, shown in _commands()
    ]
    return said, (tmp_path / "my_crm.yaml").read_text(encoding="utf-8")


def test_the_page_shows_what_is_really_said_and_drafted(followed):
    said, draft = followed
    assert [command.split()[0] for command, *_ in said] == ["mapping", "mapping", "import", "check", "train"]
    assert [line for _, shown, output in said for line in shown if line not in output] == []

    drafted = "".join(re.findall(r"```yaml\n(.*?)```", EXAMPLE, flags=re.DOTALL)).splitlines()
    assert len(drafted) > 10
    assert [line for line in drafted if line not in draft.splitlines()] == []
