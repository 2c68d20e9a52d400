"""Reproduce: train a version again from its data, and compare every byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness import artefact
from readiness.cli.data import refusing
from readiness.cli.models import MODELS, Data, Models, opened
from readiness.cli.options import AsJson
from readiness.cli.screen import for_programs, progress, say, table, verbatim
from readiness.cli.training import TOO_LITTLE, show_too_little
from readiness.crm import folder
from readiness.errors import StoreError
from readiness.learning.little_data import TooLittle
from readiness.registry import Registry, Version
from readiness.training_run.reproduce import Reproduction, reproduce

OTHER_BYTES: Final = 8
"""Exit code: other data, or other bytes."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reproduce")(reproduce_command)


def reproduce_command(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A version, a run's id, or how its bundle's name begins.")
    ],
    data: Data,
    models: Models = MODELS,
    as_json: AsJson = False,
) -> None:
    """Train a version again from its data, and compare every byte.

    First whether the data are the run's; then its agreement, seed and settings. Exit code 0 if the bytes are
    the same, 8 if not: tables, files and library versions that differ are named.
    Example: readiness reproduce 3 --data data/sample
    """
    with refusing(as_json), progress() as tell, tempfile.TemporaryDirectory() as aside:
        registry = opened(models, tell)
        version = chosen(registry, run)
        tell("Checking the bundle", 0.0)
        path = registry.fetch(version.version, Path(aside) / "then")
        bundle = artefact.open_bundle(path, name=version.bundle)
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(data)
        found = reproduce(bundle, path, tables, Path(aside) / "again", progress=tell)
    if isinstance(found, TooLittle):
        show_too_little(found, as_json)
        raise typer.Exit(TOO_LITTLE)
    if as_json:
        for_programs({"version": version.version, "run_id": version.run_id, **found.to_dict()})
    else:
        _show(version, found)
    raise typer.Exit(0 if found.same else OTHER_BYTES)


def chosen(registry: Registry, run: str) -> Version:
    """Return the version that is called so: by its number, its run's id, or how its bundle's name begins.

    Raises
    ------
    StoreError
        If there is none, or several bundles' names begin so.
    """
    versions = registry.versions()
    for one in versions:
        if run in (one.version, one.run_id):
            return one
    begin = {one.bundle: one for one in reversed(versions) if one.bundle.startswith(run)} if run else {}
    if len(begin) == 1:
        return next(iter(begin.values()))
    many = "Several bundles' names begin with" if begin else "No version, run or bundle is called"
    known = ", ".join(one.version for one in versions) or "none"
    raise StoreError(f"{many} {run!r}; there are versions {known}. See `readiness history`.")


def _show(version: Version, found: Reproduction) -> None:
    verbatim(f"Version {version.version}, bundle {found.name[:12]}…", "bold")
    say(found.sentence, "green" if found.same else "yellow")
    if found.environment:
        rows = [(name, then, now) for name, (then, now) in found.environment.items()]
        table("Not as when it was trained", ("what", "then", "now"), rows)
