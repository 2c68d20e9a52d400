"""Commands about models: train one, keep it, make it the champion, go back, read its report."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness import artefact, shipped, training_run
from readiness.agreement import reading
from readiness.cli.screen import progress, say, table
from readiness.crm import folder
from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.errors import StoreError
from readiness.judging.bootstrap import Figure
from readiness.judging.judgement import FORECASTS, SETS, Judgement
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress
from readiness.registry import Recorded, Registry
from readiness.reports import page, population, summary
from readiness.training_run import TrainingRun, TrainingSettings

TOO_LITTLE: Final = 6
"""Exit code: there is too little data to learn from. A result, told with what is missing."""

Data = Annotated[Path, typer.Option("--data", help="Folder with the tables.", file_okay=False)]
AgreementFile = Annotated[
    Path | None, typer.Option("--agreement", help="The agreement; default: the shipped one.")
]
Models = Annotated[Path, typer.Option("--models", help="Where the embedded store is.", file_okay=False)]
Report = Annotated[Path, typer.Option("--out", help="The page to write.", dir_okay=False)]
By = Annotated[str, typer.Option("--by", help="Who does it.")]
Why = Annotated[str, typer.Option("--reason", help="Why.")]

MODELS: Final = Path("models")

FIGURES: Final = {
    "won_log_loss": "log-loss",
    "won_brier": "Brier",
    "won_auc": "AUC won",
    "stop_auc": "AUC stop",
}
"""What the terminal shows of a judgement, and how it calls it; the report has everything."""


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for name, command in (
        ("train", train),
        ("promote", promote),
        ("rollback", rollback),
        ("history", history),
        ("report", report),
        ("pull", pull),
    ):
        app.command(name)(command)


def now() -> Instant:
    """Return this instant; the command line is where the wall clock enters."""
    return time.time_ns() // 1_000


def train(
    data: Data,
    agreement: AgreementFile = None,
    models: Models = MODELS,
    out: Report = Path("out/report.html"),
    seed: Annotated[int, typer.Option(min=0, help="Same data and seed, same model.")] = 0,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Leave this column, activity type or feature out; repeatable.")
    ] = None,
) -> None:
    """Learn from the tables, judge beside the baselines, record; no alias moves.

    Exit code 6 if there is too little to learn from. Example: readiness train --data data/sample
    """
    tables = folder.read(data)
    settings = TrainingSettings(seed=seed, exclude=tuple(exclude or ()))
    with progress() as tell:
        trained = learn(tables, agreement, settings, tell)
        if not isinstance(trained, TooLittle):
            recorded = keep(trained, tables, agreement, models, out, tell)
    if isinstance(trained, TooLittle):
        say(trained.sentence, "yellow")
        raise typer.Exit(TOO_LITTLE)
    show_judgement(trained.judgement)
    say(f"Recorded as version {recorded.version}; report: {out}")
    say(f"Next: readiness promote {recorded.version} --by YOU --reason WHY", "bold")


def promote(
    version: Annotated[str, typer.Argument(help="The version to use from now on.")],
    models: Models = MODELS,
    by: By = "",
    reason: Why = "",
) -> None:
    """Make a version the champion. Example: readiness promote 3 --by "Ada" --reason "Beats version 2"."""
    with progress() as tell:
        tell("Checking the bundle", 0.0)
        champion = Registry.open(models=models).promote(version, at=now(), by=by, reason=reason)
    say(f"Version {champion.version} is the champion (bundle {champion.bundle[:12]}…).", "green")
    say("Next: readiness pull, and a running service swaps to it within a second.")


def rollback(models: Models = MODELS, by: By = "", reason: Why = "") -> None:
    """Make the champion before this one the champion again. Example: readiness rollback --by "Ada"."""
    champion = Registry.open(models=models).rollback(at=now(), by=by, reason=reason)
    say(f"Version {champion.version} is the champion again.", "green")
    say("Next: readiness pull")


def history(models: Models = MODELS) -> None:
    """Show all versions, and who promoted which, when and why. Example: readiness history."""
    registry = Registry.open(models=models)
    versions = [(one.version, one.bundle[:12], ", ".join(one.aliases)) for one in registry.versions()]
    if not versions:
        say("No model has been trained yet. Next: readiness train --data DIR")
        return
    table("Versions", ("version", "bundle", "is"), versions)
    moves = [(one.at, one.action, one.version, one.by, one.reason) for one in registry.history()]
    if moves:
        table("Promotions", ("at", "what", "version", "by", "why"), moves)


def report(
    models: Models = MODELS,
    out: Report = Path("out/report.html"),
    version: Annotated[str | None, typer.Option(help="Of this version; default: the champion.")] = None,
) -> None:
    """Write the report of a model: one HTML page that needs no network, and its numbers as JSON.

    Example: readiness report --out out/report.html
    """
    registry = Registry.open(models=models)
    chosen = registry.version(version) if version else registry.champion()
    pages = registry.fetch_report(chosen.version, out)
    if not pages:
        raise StoreError(f"Version {chosen.version} was recorded without a report; train again.")
    say(f"{out}: version {chosen.version}", "green")


def pull(
    models: Models = MODELS,
    out: Annotated[Path | None, typer.Option("--out", help="Where the service looks.")] = None,
) -> None:
    """Publish the champion's bundle and report as files, checked, for the service to watch.

    Example: readiness pull --out models/published
    """
    to = out or models / "published"
    with progress() as tell:
        tell("Publishing", 0.0)
        champion = Registry.open(models=models).publish(to)
        tell("Publishing", 1.0)
    say(f"{to}: version {champion.version}, bundle {champion.bundle[:12]}…", "green")


def learn(
    tables: Tables, agreement: Path | None, settings: TrainingSettings, tell: Progress
) -> TrainingRun | TooLittle:
    """Train with the agreement of this file, or the shipped one."""
    agreed = reading.load(agreement or shipped.agreement())
    return training_run.train(tables, agreed, settings=settings, progress=tell)


def keep(
    run: TrainingRun, tables: Tables, agreement: Path | None, models: Path, out: Path, tell: Progress
) -> Recorded:
    """Write bundle and report, and record both in the registry."""
    text = (agreement or shipped.agreement()).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as aside:
        tell("Writing the bundle", 0.0)
        bundle = artefact.write(
            run.model,
            agreement_text=text,
            provenance=run.provenance,
            folder=Path(aside),
            judgement=run.judgement.to_dict(),
        )
        tell("Writing the report", 0.0)
        written = page.write(
            summary.summarise(
                run.judgement,
                run.importance,
                provenance=run.provenance,
                population=population.describe(tables),
                bundle=bundle.name,
            ),
            out,
        )
        tell("Recording", 0.0)
        recorded = Registry.open(models=models).record(bundle, report=written)
        tell("Recording", 1.0)
    return recorded


def show_judgement(judgement: Judgement) -> None:
    """Print the model beside its baselines on each set of leads, and what it comes to in words."""
    for one in judgement.sets:
        rows = [
            (FORECASTS[who], *(_with_interval(figures.get(name)) for name in FIGURES))
            for who, figures in one.figures.items()
        ]
        title = f"Judged on {one.leads:,} {SETS[one.name]}; with 95 % intervals"
        table(title, ("", *FIGURES.values()), rows, right=len(FIGURES))
    for sentence in judgement.sentences:
        say(sentence)
    if judgement.missing:
        say(judgement.missing, "yellow")


def _with_interval(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
