"""The demo: the whole road at once, on a simulated CRM or on your tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer

from readiness.agreement.advice import ACTIONS
from readiness.agreement.document import CATEGORIES
from readiness.cli import best, models, score_files, scores, training
from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.data import refusing, sentence
from readiness.cli.options import may_write
from readiness.cli.screen import console, note, progress, say, verbatim
from readiness.cli.suppression_lists import choose, listed
from readiness.clock import now
from readiness.crm import folder, simulate
from readiness.crm.tables import Ints
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress
from readiness.registry import Registry
from readiness.scoring import Scored
from readiness.training_run import TrainingSettings

BEST: Final = 10
ACTIVATE: Final = Path(".venv/bin/activate")

_MEANING: Final = (
    "Score and stop: chances in 100 of a sale, and of being told to stop calling, within the horizon and "
    "under the calling practice of the data. + speaks for a sale, − against it. BANT: how many of budget, "
    "authority, need and timeframe are confirmed."
)


_UNSKILLED: Final = (
    "it was not shown to know more than the age of a lead, so nobody is ranked by it. Categories and advice "
    "come from the agreement and still hold."
)

_UNLISTED: Final = (
    "The demo did not ask who must not be called; `readiness score` does, before anybody is handed over."
)

_CHOOSE: Final = "The demo leaves nothing out by itself. Choose, and type: readiness train --data {}"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Your tables instead of simulated ones.", file_okay=False)
    ] = None,
    leads: Annotated[int, typer.Option(min=1, help="How many leads to simulate.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    agreement: AgreementFile = None,
    store: models.Models = models.MODELS,
    out: Annotated[Path, typer.Option("--out", help="Where to put everything.", file_okay=False)] = Path(
        "out/demo"
    ),
) -> None:
    """Walk the whole road in about a minute, on a simulated CRM or your tables.

    Check, train, judge, promote, report, score. Exit code 6 if there is too little to learn from,
    3 if a column knows the future. Example: readiness demo
    """
    may_write(out / "report.html")
    agreed = agreed_in(agreement)
    with progress() as tell:
        place = data or _simulated(out / "crm", leads, seed, tell)
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(place)
        tell("Opening the registry", 0.0)
        registry = Registry.open(models=store)
    note("CRM", f"{place}: {sentence(tables)}")
    with refusing(False, _CHOOSE.format(place)), progress() as tell:
        trained = training.learn(tables, agreed, TrainingSettings(seed=seed), tell)
        if not isinstance(trained, TooLittle):
            recorded = training.keep(trained, tables, agreed, registry, out / "report.html", tell)
            by, why = "readiness demo", "The demo promotes what it has just trained."
            if trained.judgement.skill.claimed:
                registry.promote(recorded.version, at=now(), by=by, reason=why)
    if isinstance(trained, TooLittle):
        say(trained.sentence, "yellow")
        raise typer.Exit(training.TOO_LITTLE)
    for line in trained.judgement.sentences:
        note("Judged", line)
    if not trained.judgement.skill.claimed:
        note(
            "Model", f"version {recorded.version} is recorded under {store}/, and not promoted: {_UNSKILLED}"
        )
        verbatim(f"{'Report':<9}{out / 'report.html'}")
        return
    note("Model", f"version {recorded.version} is the champion, recorded under {store}/")
    verbatim(f"{'Report':<9}{out / 'report.html'}")
    with progress() as tell:
        champion = scores.champion(store, tell)
        tell("Scoring the open leads", 0.0)
        chosen = choose(file=None, store=None, none=not listed(store), models=store)
        own_agreement = agreed.agreement if agreement else None
        scored = scores.score_all(tables, champion, agreement=own_agreement, chosen=chosen)
        score_files.write(scored, out / "scores.jsonl", progress=tell)
    console.print()
    _show(scored)
    if data is not None and chosen.none:
        say(_UNLISTED, "yellow")
    _next(place, out, store)


def _simulated(to: Path, leads: int, seed: int, tell: Progress) -> Path:
    world = simulate.world(leads, seed, progress=tell)
    tell("Writing the simulated tables", 0.0)
    simulate.write(world, to)
    return to


def _show(scored: Scored) -> None:
    if not len(scored):
        say("No lead is open, so there is nobody to score.")
        return
    order = np.argsort(-np.nan_to_num(scored.score, nan=-1.0), kind="stable")
    best.show(_best_of(len(scored)), scored, order[:BEST])
    telling = instructive(scored)
    if len(telling):
        best.show("Instructive ones: a score alone is not enough", scored, telling, whole=True)
    say(_MEANING, "dim")
    say()
    scores.show_actions(scored)


def _best_of(leads: int) -> str:
    if leads == 1:
        return "The one open lead"
    return f"All {leads} open leads" if leads <= BEST else f"The {BEST} best of {leads:,} open leads"


def instructive(scored: Scored) -> Ints:
    """Pick up to five leads that show why a score alone is not enough.

    Who must never be called although the score is the highest of such; who is active but does not
    fit; who is interested but whose fit is unknown; who fits and shows no interest; a dubious name.
    """
    category, action = scored.verdicts.category, scored.advices.action
    wanted = [
        action == ACTIONS.index("never_call"),
        category == CATEGORIES.index("unworthy"),
        category == CATEGORIES.index("unqualified_suitability"),
        category == CATEGORIES.index("unqualified_interest"),
        category == CATEGORIES.index("dubious"),
    ]
    known = np.nan_to_num(scored.score, nan=-1.0)
    rows = [np.flatnonzero(kind) for kind in wanted]
    return np.array([found[np.argmax(known[found])] for found in rows if len(found)], dtype=np.int64)


def _next(place: Path, out: Path, store: Path) -> None:
    own = store != models.MODELS
    pull = f"readiness pull --models {store}" if own else "readiness pull"
    published = f" --published {store / models.PUBLISHED}" if own else ""
    scoring = f"readiness score{f' --models {store}' if own else ''} --data {place}"
    steps = [
        ("open the report", f"xdg-open {out / 'report.html'}"),
        ("serve it", f"{pull} && readiness serve --port 8000{published}"),
        ("score a file", f"{scoring} --out {out / 'scores.csv'}"),
        ("your own CRM", "readiness mapping suggest EXPORT --out crm.yaml"),
        ("everything else", "readiness --help"),
    ]
    if ACTIVATE.exists():
        steps.insert(0, ("use the command", f"source {ACTIVATE}"))
    say()
    say("What to type next", "bold")
    for what, command in steps:
        verbatim(f"  {what:<16}  {command}")
