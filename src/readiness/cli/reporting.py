"""The report of a model that is kept, as a page, JSON and CSV; beside another model's if that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from readiness.artefact.published_reports import NUMBERS
from readiness.cli import past_models
from readiness.cli.models import MODELS, Models, Report, must_exist, opened
from readiness.cli.options import AsJson, may_write
from readiness.cli.screen import for_programs, progress, say, verbatim
from readiness.crm import folder
from readiness.errors import StoreError
from readiness.hindsight.leads_now import leads_now
from readiness.progress import Progress
from readiness.registry import Registry
from readiness.registry.kept import Version
from readiness.registry.promotions import CHALLENGER, CHAMPION
from readiness.reports import model_report, page
from readiness.reports.model_report import ModelReport
from readiness.scoring import suppressed


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a version's report; ``told`` is None where an earlier readiness wrote it."""

    version: Version
    files: Mapping[str, bytes]
    told: ModelReport | None


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A version's number, champion, or challenger.")
    ] = CHAMPION,
    compare: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="Say what differs from this one, and whether that is chance."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Say where the leads of these tables are now."),
    ] = None,
    models: Models = MODELS,
    out: Report = Path("out/report.html"),
    keep: Annotated[
        bool,
        typer.Option("--keep/--no-keep", help="Keep it with its version, for `readiness pull` to publish."),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Write the report of a model: one page that needs no network.

    Its numbers stand beside it, as JSON and as CSV files. It is kept with its version: the next `readiness
    pull` publishes it for the service, which shows it at /reports.
    Example: readiness report --out out/report.html
    Beside the model of last quarter: readiness report --compare 3
    With the leads as they are today: readiness report --data data/sample
    """
    may_write(out)
    with progress() as tell:
        registry = opened(models, tell)
        chosen = _kept(registry, _version(registry, run))
        told, files = chosen.told, chosen.files
        if compare is not None:
            told = _beside(chosen, _kept(registry, _version(registry, compare)))
        if data is not None:
            told = _with_leads(told, chosen.version, data, models, tell)
        if told is not None:
            tell("Writing the page", 0.0)
            files = page.documents(model_report.called(told, f"version {chosen.version.version}"))
        page.place(files, out)
        if keep and told is not None:
            tell("Keeping it with its version", 0.0)
            registry.keep_report(chosen.version.version, files)
    if as_json:
        sections = {} if told is None else told.to_dict()
        for_programs({"version": chosen.version.version, "report": str(out)} | sections)
        return
    verbatim(f"{out}: {_called(chosen.version)}", "green")
    if told is not None:
        for section, answer in told.sections():
            say(f"{section.question} {answer.sentence}")
    if keep:
        say("The service shows it at /reports after the next `readiness pull`.")


def _version(registry: Registry, run: str) -> Version:
    if run == CHAMPION:
        return registry.champion()
    if run == CHALLENGER:
        return registry.champion(CHALLENGER)
    must_exist(registry, run)
    return registry.version(run)


def _called(version: Version) -> str:
    known_as = [alias for alias in (CHAMPION, CHALLENGER) if alias in version.aliases]
    return f"version {version.version}" + (f" ({', '.join(known_as)})" if known_as else "")


def _kept(registry: Registry, version: Version) -> _Kept:
    """Fetch what training told of a version.

    Raises
    ------
    StoreError
        If the version was recorded without a report.
    """
    files = registry.fetch_report(version.version)
    if not files:
        raise StoreError(f"Version {version.version} was recorded without a report; train again.")
    told = model_report.read(files[NUMBERS].decode("utf-8")) if NUMBERS in files else None
    return _Kept(version, files, told)


def _with_leads(
    told: ModelReport | None, chosen: Version, data: Path, models: Path, tell: Progress
) -> ModelReport:
    """Tell where the leads of other tables are, by the agreement that the model was trained with."""
    if told is None:
        raise StoreError(
            f"Version {chosen.version} was recorded by an earlier readiness, whose report cannot be written "
            "with other leads; train again."
        )
    agreement = past_models.fetched(models, chosen.version, tell).agreement
    tell("Reading and checking the tables", 0.0)
    tables = folder.read(data)
    return model_report.with_leads(told, leads_now(tables, agreement, never_call=suppressed, progress=tell))


def _beside(chosen: _Kept, other: _Kept) -> ModelReport:
    if chosen.told is None or other.told is None:
        old = chosen if chosen.told is None else other
        raise StoreError(
            f"Version {old.version.version} was recorded by an earlier readiness, whose reports cannot be "
            "compared; train again."
        )
    return model_report.beside(chosen.told, other.told, f"version {other.version.version}")
