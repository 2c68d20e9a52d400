"""Train a model: learn, judge, record."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness import artefact, training_run
from readiness.cli import exclusions
from readiness.cli.agreement_files import Agreed, AgreementFile, agreed_in
from readiness.cli.data import refusing
from readiness.cli.models import MODELS, Data, Models, Report
from readiness.cli.options import AsJson, may_write
from readiness.cli.screen import console, for_programs, progress, say, table, verbatim
from readiness.crm import folder
from readiness.crm.tables import Tables
from readiness.hindsight.leads_now import leads_now
from readiness.hindsight.referrals import referrals
from readiness.hindsight.signifiers import signifiers
from readiness.history import profile_features
from readiness.judging.bootstrap import Figure
from readiness.judging.judgement import MODEL, SETS, Judgement, called
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress
from readiness.registry import Recorded, Registry
from readiness.reports import model_report, page, population
from readiness.scoring import suppressed
from readiness.training_run import TrainingRun, TrainingSettings
from readiness.training_run.tuning.tuner import Tuner

TOO_LITTLE: Final = 6
"""Exit code: there is too little data to learn from. A result, told with what is missing."""

Exclude = Annotated[
    list[str] | None,
    typer.Option(help="Leave out this column, activity type, answer field or feature; repeatable."),
]
Waive = Annotated[
    list[str] | None,
    typer.Option(
        help="Keep this column though the leak audit blocks it: it was known when leads came; repeatable."
    ),
]

TRIED: Final = "tuning"
"""Where under the store the settings tried are kept."""

_SECONDS: Final = 60.0

FIGURES: Final = {
    "won_log_loss": "log-loss",
    "won_brier": "Brier",
    "won_auc": "AUC won",
    "stop_auc": "AUC stop",
}
"""What the terminal shows of a judgement, and how it calls it; the report has everything."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    data: Data,
    agreement: AgreementFile = None,
    models: Models = MODELS,
    out: Report = Path("out/report.html"),
    seed: Annotated[int, typer.Option(min=0, help="Same data and seed, same model.")] = 0,
    exclude: Exclude = None,
    waive: Waive = None,
    by_propensity: Annotated[
        bool,
        typer.Option(
            "--by-propensity", help="In the cry-wolf rate, weigh hand-overs by the chance recorded for each."
        ),
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough",
            help="Also say whether more leads would help and how steady the drivers are: a dozen more fits.",
        ),
    ] = False,
    tune: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="MINUTES",
            help="Try other settings of the learner so long, and take them only if they beat the defaults "
            "beyond chance. Typed again, it goes on. The defaults need no tuning.",
        ),
    ] = None,
    trials: Annotated[
        int | None,
        typer.Option(min=1, help="Try so many settings in all: the same data give the same choice."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from the tables, judge beside the baselines, record.

    What is recorded is in use only once it is promoted. Exit code 6 if there is too little to learn
    from, 3 if a column knows the future and is neither excluded nor waived.
    Example: readiness train --data data/sample
    With other settings tried for five minutes: readiness train --data data/sample --tune 5
    """
    may_write(out)
    agreed = agreed_in(agreement)
    with refusing(as_json), progress() as tell:
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(data)
        written = [name for name in profile_features.free_texts(tables.leads) if name not in (exclude or ())]
        exclusions.check(tables, tuple(exclude or ()))
        exclusions.check_waived(tables, tuple(waive or ()), tuple(exclude or ()))
        # Opened first: a store that cannot be written should not cost the minutes of a training run.
        tell("Opening the registry", 0.0)
        registry = Registry.open(models=models)
        settings = TrainingSettings(
            seed=seed,
            exclude=tuple(exclude or ()),
            waive=tuple(waive or ()),
            by_propensity=by_propensity,
            thorough=thorough,
        )
        tuner = None if tune is None and trials is None else tuner_of(models, tune, trials)
        trained = learn(tables, agreed, settings, tell, tuner)
        if not isinstance(trained, TooLittle):
            recorded = keep(trained, tables, agreed, registry, out, tell)
    if isinstance(trained, TooLittle):
        show_too_little(trained, as_json)
        raise typer.Exit(TOO_LITTLE)
    if as_json:
        for_programs(
            {
                "version": recorded.version,
                "run_id": recorded.run_id,
                "report": str(out),
                "judgement": trained.judgement.to_dict(),
                "free_text": written,
                "tuning": None if trained.tuned is None else trained.tuned.to_dict(),
            }
        )
        return
    show_judgement(trained.judgement)
    if written:
        say(
            f"Free text is not learned from: {', '.join(written)}. What matters in it needs a few categories."
        )
    if trained.tuned is not None:
        say(trained.tuned.sentence)
    say(f"Recorded as version {recorded.version}; it is not in use before it is promoted.")
    verbatim(f"Report: {out}")
    verbatim(f"Next: readiness promote {recorded.version} --by YOU --reason WHY", "bold")


def show_too_little(found: TooLittle, as_json: bool) -> None:
    """Say what is missing before anything can be learned."""
    if as_json:
        for_programs({"version": None, "too_little": found.sentence, "missing": dict(found.missing)})
    else:
        say(found.sentence, "yellow")


def learn(
    tables: Tables, agreed: Agreed, settings: TrainingSettings, tell: Progress, tuner: Tuner | None = None
) -> TrainingRun | TooLittle:
    """Train with this agreement."""
    return training_run.train(tables, agreed.agreement, settings=settings, progress=tell, tuner=tuner)


def tuner_of(models: Path, minutes: float | None, trials: int | None) -> Tuner:
    """Return a search that ends after so many minutes or trials; what it tried is kept under the store."""
    from readiness.training_run.tuning import search  # noqa: PLC0415 - only tuning needs Optuna

    if minutes is not None and not math.isfinite(minutes):
        raise typer.BadParameter(f"expected a number of minutes; saw {minutes}", param_hint="--tune")
    end = None if minutes is None else time.monotonic() + _SECONDS * minutes

    def left() -> float:
        return math.inf if end is None else end - time.monotonic()

    return search.Search(models / TRIED, search.Budget(trials, None if end is None else left))


def keep(
    run: TrainingRun, tables: Tables, agreed: Agreed, registry: Registry, out: Path, tell: Progress
) -> Recorded:
    """Write bundle and report, and record both in the registry."""
    with tempfile.TemporaryDirectory() as aside:
        tell("Writing the bundle", 0.0)
        bundle = artefact.write(
            run.model,
            agreement_text=agreed.text,
            provenance=run.provenance,
            folder=Path(aside),
            judgement=run.judgement.to_dict(),
        )
        acts = signifiers(
            tables, agreed.agreement, exclude=run.settings.exclude, seed=run.settings.seed, progress=tell
        )
        tell("Writing the report", 0.0)
        report = page.documents(
            model_report.summarise(
                run.judgement,
                provenance=run.provenance,
                population=population.describe(tables),
                bundle=bundle.name,
                sales=run.sales,
                leads=leads_now(
                    tables, agreed.agreement, never_call=suppressed, seed=run.settings.seed, progress=tell
                ),
                referrals=referrals(
                    tables,
                    agreed.agreement,
                    exclude=run.settings.exclude,
                    seed=run.settings.seed,
                    progress=tell,
                ),
                acts=acts,
            )
        )
        page.place(report, out)
        tell("Recording", 0.0)
        recorded = registry.record(bundle, report=report)
        tell("Recording", 1.0)
    return recorded


def show_judgement(judgement: Judgement) -> None:
    """Print the model beside its baselines on each set of leads, and what it comes to in words."""
    horizon, apart = judgement.horizon_days, " " if console.width >= _WIDE else "\n"
    for one in judgement.sets:
        own = one.figures[MODEL]
        told = {name: said for name, said in FIGURES.items() if name in own and own[name].value is not None}
        rows = [
            (called(who, horizon), *(_with_interval(figures.get(name), apart) for name in told))
            for who, figures in one.figures.items()
        ]
        title = f"Judged on {one.leads:,} {SETS[one.name]}; with 95 % intervals"
        table(title, ("", *told.values()), rows, right=len(told))
        say()
    for sentence in judgement.sentences:
        say(sentence)
    if judgement.missing and judgement.missing not in judgement.sentences:
        say(judgement.missing, "yellow")
    say()


_WIDE: Final = 110
"""Columns from which on an interval fits beside its figure."""


def _with_interval(figure: Figure | None, apart: str) -> str:
    if figure is None or figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    span = f"{figure.low:.3f}–{figure.high:.3f}"
    # Below its figure a span needs no brackets, and without them four of them fit into 80 columns.
    return f"{figure.value:.3f}{apart}{span}" if apart == "\n" else f"{figure.value:.3f}{apart}({span})"
