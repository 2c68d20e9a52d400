"""Commands that answer: score a file of leads, serve the scores over HTTP."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer

from readiness import artefact, shipped
from readiness.agreement.advice import ACTIONS
from readiness.agreement.reading import load
from readiness.artefact import Bundle
from readiness.cli import score_files
from readiness.cli.models import MODELS, Data, Models
from readiness.cli.screen import progress, say, table
from readiness.crm import folder
from readiness.crm.records import Instant, instant
from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.registry import MODEL, Registry
from readiness.scoring import AgreementReference, AnsweredBy, Explain, Scored, score


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("score")(score_command)
    app.command("serve")(serve_command)


def score_command(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="A .csv, .parquet or .jsonl file.", dir_okay=False)],
    models: Models = MODELS,
    at: Annotated[
        str | None, typer.Option(help="The cutoff, as 2026-03-14T09:00:00Z; default: when the data end.")
    ] = None,
    agreement: Annotated[
        Path | None, typer.Option(help="Use this agreement in place of the model's own.")
    ] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Ask no model.")] = False,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Also the leads that have ended; default: open leads.")
    ] = False,
    explain: Annotated[
        Literal["none", "brief", "full"], typer.Option(help="How many reasons to give.")
    ] = "brief",
) -> None:
    """Score, categorise and advise on the leads of a folder, with the champion.

    Example: readiness score --data data/sample --out out/scores.csv
    """
    cutoff = None if at is None else moment(at)
    with progress() as tell:
        tell("Reading", 0.0)
        tables = folder.read(data)
        model = None if rules_only else champion(models)
        tell("Scoring", 0.0)
        scored = score_all(
            tables, model, cutoff=cutoff, agreement=agreement, everyone=everyone, explain=explain
        )
        score_files.write(scored, out, progress=tell)
    show_actions(scored)
    say(f"{out}: {len(scored):,} leads", "green")


def serve_command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    published: Annotated[
        Path | None, typer.Option(help="Where `readiness pull` publishes.", file_okay=False)
    ] = None,
) -> None:
    """Serve assessments over HTTP. Example: readiness serve --port 8000."""
    os.environ["READINESS_HOST"] = host
    if published:
        os.environ["READINESS_PUBLISHED"] = str(published)
    say(f"http://{host}:{port}/v1/score · the API is described at http://{host}:{port}/openapi.json")
    command = [sys.executable, "-m", "uvicorn", "serve.app:create_app", "--factory"]
    options = ["--host", host, "--port", str(port), "--no-access-log", "--no-server-header"]
    sys.stdout.flush()
    # The server takes this process's place, so that signals and exit codes are its own.
    os.execv(sys.executable, [*command, *options])  # noqa: S606 - our own interpreter, no shell


@dataclass(frozen=True, slots=True)
class Champion:
    """The champion's bundle, and what answers call it."""

    bundle: Bundle
    called: str


def champion(models: Path) -> Champion:
    """Fetch and open the champion's bundle.

    Raises
    ------
    NoChampionError
        If nobody has promoted a model yet.
    """
    registry = Registry.open(models=models)
    chosen = registry.champion()
    path = registry.fetch(chosen.version, models / "bundles")
    return Champion(artefact.open_bundle(path, name=chosen.bundle), f"{MODEL} {chosen.version}")


def moment(text: str) -> Instant:
    """Read a cutoff that a person typed."""
    try:
        return instant(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no instant ({error}); write 2026-03-14T09:00:00Z") from error


def score_all(
    tables: Tables,
    champion: Champion | None,
    *,
    cutoff: Instant | None = None,
    agreement: Path | None = None,
    everyone: bool = False,
    explain: Explain = "brief",
) -> Scored:
    """Score every open lead (or everyone) at the cutoff, by default at the end of the data."""
    when = tables.observed_through if cutoff is None else cutoff
    looks = snapshots.at(tables, when) if everyone else snapshots.open_at(tables, when)
    if everyone and tables.dated:
        looks = looks.where(tables.leads.created_at[looks.lead] < when)
    own = champion is not None and agreement is None
    agreed = champion.bundle.agreement if champion and own else load(agreement or shipped.agreement())
    reference = AgreementReference(agreed.name, agreed.version, agreed.fingerprint)
    return score(
        tables,
        looks,
        agreement=agreed,
        model=champion.bundle.model if champion else None,
        answered_by=AnsweredBy(
            champion.called if champion else None, champion.bundle.name if champion else None, reference
        ),
        explain=explain,
    )


def show_actions(scored: Scored) -> None:
    """Print how many leads each action is advised for."""
    counts = np.bincount(scored.advices.action, minlength=len(ACTIONS))
    rows = [(action, f"{count:,}") for action, count in zip(ACTIONS, counts, strict=True) if count]
    table("What now", ("action", "leads"), rows, right=1)
