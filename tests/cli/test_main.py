"""What every command has in common: help, names, refusals in words, exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from readiness.cli import dispatch, main
from readiness.errors import AgreementError, DataError, Fault, NoChampionError, StoreError


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_explains_itself_with_an_example(typed, name):
    shown = typed(name, "--help")
    assert shown.exit_code == 0
    assert f"Example: readiness {name}" in " ".join(shown.output.split())


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name):
    first = (dispatch.load(main.COMMANDS, name).help or "").strip().splitlines()[0]
    assert first == main.COMMANDS[name][1]


def test_help_names_every_command_and_every_exit_code(typed):
    shown = typed("--help").output
    assert all(f"\n  {name} " in shown for name in main.COMMANDS)
    assert all(f"{code} " in shown for code in (0, 1, 2, 3, 4, 5, 6, 7, 130))


def test_a_command_that_does_not_exist_is_answered_with_the_nearest(typed):
    refused = typed("chek")
    assert refused.exit_code == 2
    assert "Did you mean 'check'?" in refused.output


def test_the_version_is_said(typed):
    assert typed("--version").output.startswith("readiness 0")


FAULT = Fault("leads", 3, "created_at", "x", "a date", "Write it as 2026-03-14.")


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (DataError([FAULT]), 3, "leads, row 3, column created_at"),
        (AgreementError("line 3: no such stage"), 3, "no such stage"),
        (NoChampionError("No model is the champion yet"), 4, "No model is the champion yet"),
        (StoreError("There is no folder x."), 5, "There is no folder x."),
        (
            FileExistsError(17, "File exists", "/somewhere/out"),
            5,
            "out cannot be read or written: File exists.",
        ),
        (MemoryError(), 5, "too little memory"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (SystemExit(130), 130, "Interrupted"),
    ],
)
def test_what_is_refused_is_said_in_words_with_a_documented_code(monkeypatch, capsys, raised, code, said):
    def refuse() -> None:
        raise raised

    monkeypatch.setattr(main, "app", refuse)
    with pytest.raises(SystemExit) as end:
        main.run()
    assert end.value.code == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_asking_for_help_imports_none_of_the_libraries_behind_the_commands():
    script = (
        "import sys; from typer.testing import CliRunner; from readiness.cli.main import app;"
        "CliRunner().invoke(app, ['--help']);"
        "print([name for name in ('pandas', 'mlflow', 'altair', 'lightgbm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_checking_tables_loads_no_learner():
    script = (
        "import sys; import readiness.cli.checking;"
        "heavy = ('lightgbm', 'sklearn', 'scipy.stats', 'mlflow', 'altair');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
