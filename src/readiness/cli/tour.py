"""The demo: the whole road at once, on a simulated CRM or on your tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer

from readiness.agreement.advice import ACTIONS
from readiness.agreement.document import CATEGORIES
from readiness.cli import models, score_files, scores
from readiness.cli.data import sentence
from readiness.cli.screen import progress, say, table
from readiness.crm import folder, simulate
from readiness.crm.tables import Ints
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress
from readiness.registry import Registry
from readiness.scoring import Assessment, Scored
from readiness.training_run import TrainingSettings

BEST: Final = 10
_SHORT: Final = 2
"""Reasons shown a lead."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Your tables instead of simulated ones.", file_okay=False)
    ] = None,
    leads: Annotated[int, typer.Option(min=1, help="How many leads to simulate.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    agreement: models.AgreementFile = None,
    store: models.Models = models.MODELS,
    out: Annotated[Path, typer.Option("--out", help="Where to put everything.", file_okay=False)] = Path(
        "out/demo"
    ),
) -> None:
    """Check, train, judge, promote, report and score: the whole road in about a minute.

    Example: readiness demo
    """
    with progress() as tell:
        place = data or _simulated(out / "crm", leads, seed, tell)
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(place)
    say(f"CRM      {place}: {sentence(tables)}")
    with progress() as tell:
        trained = models.learn(tables, agreement, TrainingSettings(seed=seed), tell)
        if not isinstance(trained, TooLittle):
            recorded = models.keep(trained, tables, agreement, store, out / "report.html", tell)
            by, why = "readiness demo", "The demo promotes what it has just trained."
            Registry.open(models=store).promote(recorded.version, at=models.now(), by=by, reason=why)
    if isinstance(trained, TooLittle):
        say(trained.sentence, "yellow")
        raise typer.Exit(models.TOO_LITTLE)
    for line in trained.judgement.sentences:
        say(f"Judged   {line}")
    say(f"Model    version {recorded.version} is the champion, recorded under {store}/")
    say(f"Report   {out / 'report.html'}")
    with progress() as tell:
        tell("Scoring the open leads", 0.0)
        scored = scores.score_all(tables, scores.champion(store), agreement=agreement)
        score_files.write(scored, out / "scores.jsonl", progress=tell)
    _show(scored)
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
    _leads(f"The {min(BEST, len(scored))} best of {len(scored):,} open leads", scored, order[:BEST])
    _leads("Five instructive ones", scored, instructive(scored))
    scores.show_actions(scored)


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


def _leads(title: str, scored: Scored, rows: Sequence[int] | Ints) -> None:
    answers = [scored.assessment(int(row)) for row in rows]
    columns = ("lead", "score", "stop", "category", "why this score", "what now")
    table(title, columns, [_row(answer) for answer in answers], right=2)


def _row(answer: Assessment) -> tuple[str, ...]:
    reasons = "; ".join(
        f"{'+' if reason.effect > 0 else '−'} {reason.text}" for reason in answer.reasons[:_SHORT]
    )
    action = str(answer.advice["action"]).replace("_", " ")
    return (
        answer.lead_id,
        _share(answer.score),
        _share(answer.stop_risk),
        str(answer.category["name"]).replace("_", " "),
        reasons or "–",
        f"{action.upper()}: {answer.advice['because']}",
    )


def _share(chance: float | None) -> str:
    return "–" if chance is None else f"{100 * chance:.0f}"


def _next(place: Path, out: Path, store: Path) -> None:
    say(
        "Score and stop are chances in 100 within the horizon, under the calling practice of the data.", "dim"
    )
    say()
    say("What to type next", "bold")
    activate = "source .venv/bin/activate"
    for what, command in (
        ("use the command", activate),
        ("open the report", f"xdg-open {out / 'report.html'}"),
        ("serve it", f"readiness pull --models {store} && readiness serve --port 8000"),
        ("score a file", f"readiness score --data {place} --out {out / 'scores.csv'}"),
        ("your own CRM", "readiness import --mapping data/mappings/leadforge.yaml --out out/mine EXPORT"),
        ("everything else", "readiness --help"),
    ):
        say(f"  {what:<16}{command}")
