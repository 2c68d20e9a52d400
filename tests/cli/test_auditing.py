"""The audit from the command line: verified, answered again, erased."""

from __future__ import annotations

import json
import random

import pytest

from readiness.cli import auditing
from serve.app import create_app
from serve.audit.chain import Chain
from serve.database import Database
from serve.database.settings import DatabaseSettings
from serve.settings import Settings
from tests.serve.audited import spoil, write
from tests.serve.conftest import NOW, Client
from tests.serve.tampering import TAMPERINGS


@pytest.fixture(autouse=True)
def database(monkeypatch, tmp_path):
    monkeypatch.setenv("READINESS_DATABASE_URL", f"sqlite:///{tmp_path}/service.sqlite")
    return tmp_path


@pytest.fixture
def answered(database):
    """Answer three leads with the rules alone, and stop."""
    with Client(create_app(Settings(published=database / "nothing"), clock=lambda: NOW)) as client:
        return [client.score({"lead": {"lead_id": f"L-{n}"}}).json()["assessment_id"] for n in range(3)]


def _tamper(how):
    kept = Database(DatabaseSettings())
    kept.write(lambda connection: TAMPERINGS[how](connection, random.Random(1)))
    kept.close()


def test_an_audit_that_is_as_it_was_written_verifies(typed, answered, database):
    shown = typed("audit", "verify", "--store", f"sqlite:///{database}/service.sqlite")
    assert (shown.exit_code, "3 entries in 1 chain" in shown.output) == (0, True)
    assert "All is as it was written." in shown.output


def test_what_is_wrong_is_told_by_name_and_by_the_exit_code(typed, answered):
    _tamper("change a payload")
    shown = typed("audit", "verify")
    assert (shown.exit_code, "not as it was written" in " ".join(shown.output.split())) == (7, True)
    told = json.loads(typed("audit", "verify", "--json").stdout)
    assert [(each["what"], each["assessment_id"] in answered) for each in told["findings"]] == [
        ("payload_changed", True)
    ]


def test_what_a_process_left_is_moved_first_and_a_torn_line_is_told(typed, answered, database):
    folder = database / "service.audit"
    gone, lives = Chain(folder), Chain(folder)
    write(gone, 1, 2)
    write(lives, 3)
    gone.end()
    spoil(next(folder.glob(f"{gone.name}-*")), lambda content: content[:-5])
    told = json.loads(typed("audit", "verify", "--json").stdout)
    assert (told["entries"], told["chains"], told["findings"]) == (4, 2, [])
    assert told["torn_bytes"] > 0
    assert told["waiting_bytes"] > 0
    text = typed("audit", "verify").output
    assert "never left" in text
    assert "not in the database yet" in text


def test_every_answer_given_again_is_the_same(typed, answered):
    told = json.loads(typed("audit", "replay", "--json").stdout)
    assert told == {"same": 3, "differing": [], "not_replayed": {}}
    assert "2 answers given again: 2 the same to the bit." in typed("audit", "replay", "--limit", "2").output


def test_an_answer_that_differs_fails(typed, answered, monkeypatch):
    from serve.auditing import again  # noqa: PLC0415 - loaded when it is needed

    monkeypatch.setattr(again.Again, "answer", lambda *_: b"another one")
    shown = typed("audit", "replay", "--limit", "1")
    assert (shown.exit_code, answered[2] in shown.output) == (7, True)


def test_what_was_erased_is_counted_and_everything_verifies(typed, answered):
    assert "of 1 answer to this lead" in typed("audit", "erase", "--lead", "L-1").output
    assert json.loads(typed("audit", "erase", "--lead", "L-1", "--json").stdout) == {"erased": 0}
    assert typed("audit", "verify").exit_code == 0
    assert "could not be given again: its payload was erased." in typed("audit", "replay").output


@pytest.mark.parametrize("command", [("verify",), ("replay",), ("erase", "--lead", "L-1")])
def test_without_a_database_it_says_so(typed, command):
    refused = typed("audit", *command)
    assert refused.exit_code != 0
    assert refused.exception


def test_many_ids_are_counted_and_not_all_listed():
    assert auditing._some([str(n) for n in range(22)]).endswith("19 and 2 more")
    assert auditing._some(["a"]) == "a"
