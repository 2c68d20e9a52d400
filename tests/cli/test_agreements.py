"""Commands about agreements: what each prints, writes and refuses."""

from __future__ import annotations

import json

import pytest

from readiness.agreement.document import schema
from readiness.cli import agreements, dispatch


@pytest.mark.parametrize("name", agreements.COMMANDS)
def test_every_command_about_agreements_explains_itself_with_an_example(typed, name):
    shown = typed("agreement", name, "--help")
    assert shown.exit_code == 0
    assert f"Example: readiness agreement {name}" in " ".join(shown.output.split())


@pytest.mark.parametrize("name", agreements.COMMANDS)
def test_the_list_says_of_each_command_what_it_says_of_itself(name):
    first = (dispatch.load(agreements.COMMANDS, name).help or "").strip().splitlines()[0]
    assert first == agreements.COMMANDS[name][1]


def test_the_schema_is_printed_for_programs_or_written_to_a_file(typed, tmp_path):
    assert json.loads(typed("agreement", "schema").stdout) == schema()
    assert typed("agreement", "schema", "--out", "for/editors.json").exit_code == 0
    assert json.loads((tmp_path / "for/editors.json").read_text(encoding="utf-8")) == schema()
