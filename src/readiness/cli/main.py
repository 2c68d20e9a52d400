"""The commands, and what every one of them does when something is refused."""

from __future__ import annotations

import sys
from typing import Final

import typer

import readiness.cli.data as data
import readiness.cli.models as models
import readiness.cli.scores as scores
import readiness.cli.tour as tour
from readiness import __version__
from readiness.cli.screen import complain
from readiness.errors import AgreementError, DataError, ModelError, ReadinessError, StoreError

EXIT_CODES: Final = {DataError: 3, AgreementError: 3, ModelError: 4, StoreError: 5}
"""0 done · 1 a bug of ours · 2 wrong usage · 3 data or agreement refused · 4 model missing or refused ·
5 a store failed · 6 too little to learn from."""

app = typer.Typer(
    name="readiness",
    help="Which leads are worth a call, what kind they are, and what to do now.",
    epilog="Exit codes: 0 done, 2 wrong usage, 3 data or agreement refused, 4 model missing or refused, "
    "5 a store failed, 6 too little to learn from.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
tour.add_to(app)
data.add_to(app)
models.add_to(app)
scores.add_to(app)


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
    """Run the command line; what is refused on purpose is said in words, not as a traceback."""
    try:
        app()
    except ReadinessError as refusal:
        complain(str(refusal))
        sys.exit(next(code for kind, code in EXIT_CODES.items() if isinstance(refusal, kind)))
