"""The commands, and what every one of them does when something is refused."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from readiness import __version__
from readiness.cli.screen import asides, complain, progress
from readiness.errors import AgreementError, DataError, ModelError, ReadinessError, StoreError

EXIT_CODES: Final = {DataError: 3, AgreementError: 3, ModelError: 4, StoreError: 5}
"""0 done · 1 a bug of ours · 2 wrong usage · 3 data or agreement refused · 4 model missing or refused ·
5 a store failed · 6 too little to learn from · 130 interrupted."""

INTERRUPTED: Final = 130

COMMANDS: Final = {
    "demo": ("tour", "Walk the whole road in about a minute, on a simulated CRM or your tables."),
    "simulate": ("data", "Simulate a B2B seller's CRM over 18 months, with known truth."),
    "import": ("importing", "Turn a CRM's export into the tables, as a mapping says."),
    "mapping": ("mappings", "Draft a mapping for an export, try one, list those that ship."),
    "check": ("checking", "Say what is in the tables, what is wrong, and whether one can learn from them."),
    "train": ("training", "Learn from the tables, judge beside the baselines, record."),
    "promote": ("models", "Make a version the champion."),
    "rollback": ("models", "Make the champion before this one the champion again."),
    "history": ("models", "Show all versions, and who promoted which, when and why."),
    "report": ("models", "Write the report of a model: one page that needs no network."),
    "pull": ("models", "Publish the champion's bundle and report for the service."),
    "score": ("scores", "Score, categorise and advise on the leads of a folder."),
    "serve": ("serving", "Serve assessments over HTTP."),
}
"""Which module holds a command, and what it does in one line."""


class Commands(TyperGroup):
    """The commands, each imported when it is called: whoever asks for help waits for no library."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**options)
        # Only their names are read, to suggest the nearest where none is met.
        self.commands = dict.fromkeys(COMMANDS, cast("TyperCommand", None))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own
        """Return the names, in the order in which they are needed."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return a command, or None if there is none of this name."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the list of commands into the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


def load(name: str) -> TyperCommand:
    """Import a command's module and return the command.

    The libraries behind some commands take seconds to load, so it says that it is starting.
    """
    module, _ = COMMANDS[name]
    path = f"readiness.cli.{module}"
    if path in sys.modules:
        part = sys.modules[path]
    else:
        with progress() as tell:
            if asides.is_terminal:
                tell("Starting", 0.0)
            part = import_module(path)
    # A callback keeps typer from making a lone command of a module with only one.
    holder = typer.Typer(callback=_nothing, rich_markup_mode=None)
    part.add_to(holder)
    return cast("TyperCommand", cast("TyperGroup", get_command(holder)).commands[name])


def _nothing() -> None: ...


app = typer.Typer(
    name="readiness",
    cls=Commands,
    help="Which leads are worth a call, what kind they are, and what to do now.",
    epilog="Exit codes: 0 done, 1 a bug of ours, 2 wrong usage, 3 data or agreement refused, 4 model missing "
    "or refused, 5 a store failed (files, folders, registry), 6 too little to learn from, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"readiness {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say which."),
) -> None:
    """Which leads are worth a call, what kind they are, and what to do now."""


def run() -> None:
    """Run the command line; what is refused or interrupted is said in words, not as a traceback."""
    try:
        app()
    except ReadinessError as refusal:
        complain(str(refusal))
        sys.exit(next(code for kind, code in EXIT_CODES.items() if isinstance(refusal, kind)))
    except OSError as failure:
        place = Path(str(failure.filename)).name if failure.filename else "A file"
        complain(f"{place} cannot be read or written: {failure.strerror or failure}.")
        sys.exit(EXIT_CODES[StoreError])
    except MemoryError:
        complain(
            "This machine has too little memory for so many rows. Take a shorter period, or fewer columns."
        )
        sys.exit(EXIT_CODES[StoreError])
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        complain("Interrupted. What was finished stays; type the command again to begin anew.")
        sys.exit(INTERRUPTED)
