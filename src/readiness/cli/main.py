"""The commands, and what every one of them does when something is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import typer

from readiness import __version__
from readiness.cli import dispatch
from readiness.cli.screen import complain
from readiness.errors import AgreementError, DataError, ModelError, ReadinessError, StoreError

EXIT_CODES: Final = {DataError: 3, AgreementError: 3, ModelError: 4, StoreError: 5}
"""0 done · 1 a bug of ours · 2 wrong usage · 3 data or agreement refused · 4 model missing or refused ·
5 a store failed · 6 too little to learn from · 7 the audit is not as it was written ·
8 the challenger is not to be promoted, or a run gave other bytes · 9 too few leads to tell ·
20–22 what a watch found · 130 interrupted."""

INTERRUPTED: Final = 130

COMMANDS: Final = {
    "demo": ("tour", "Walk the whole road in about a minute, on a simulated CRM or your tables."),
    "simulate": ("data", "Simulate a B2B seller's CRM over 18 months, with known truth."),
    "import": ("importing", "Turn a CRM's export into the tables, as a mapping says."),
    "mapping": ("mappings", "Draft a mapping for an export, try one, list those that ship."),
    "agreement": ("agreements", "Read, check and compare what sales and marketing call sales-ready."),
    "check": ("checking", "Say what is in the tables, what is wrong, and whether one can learn from them."),
    "train": ("training", "Learn from the tables, judge beside the baselines, record."),
    "retrain": ("retraining", "Train a challenger, and say whether it may take the champion's place."),
    "reproduce": ("reproducing", "Train a version again from its data, and compare every byte."),
    "promote": ("models", "Make a version the champion."),
    "rollback": ("models", "Make the champion before this one the champion again."),
    "history": ("models", "Show all versions, and who promoted which, when and why."),
    "report": ("reporting", "Write the report of a model: one page that needs no network."),
    "watch": ("watching", "Say what changed since a model learned: retrain, the CRM changed, or nothing."),
    "pull": ("models", "Publish the champion's bundle and all finished reports for the service."),
    "score": ("scores", "Score, categorise and advise on the leads of a folder, or read some of them aloud."),
    "suppress": ("suppressing", "Say who must never be called, read that list, or take somebody off it."),
    "serve": ("serving", "Serve assessments over HTTP."),
    "audit": (
        "auditing",
        "Verify the audit of answers, answer again from it, and erase what it holds of a lead.",
    ),
    "keys": ("keys", "Make, list and revoke the keys with which programs ask the service."),
}
"""Which module holds a command, and what it does in one line."""


app = typer.Typer(
    name="readiness",
    cls=dispatch.group_of(COMMANDS),
    help="Which leads are worth a call, what kind they are, and what to do now.",
    epilog="Exit codes: 0 done, 1 a bug of ours, 2 wrong usage, 3 data or agreement refused, 4 model missing "
    "or refused, 5 a store failed (files, folders, registry), 6 too little to learn from, 7 the audit is not "
    "as it was written, 8 not to be promoted (retrain) or not the same bytes (reproduce), 9 too few leads to "
    "tell, 20 to 22 what a watch found, 130 interrupted.",
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
