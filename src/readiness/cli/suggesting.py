"""Propose changes of the agreement, learned from the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.options import AsJson, TablesFolder
from readiness.cli.screen import for_programs, note, progress, say, table, verbatim
from readiness.crm import folder
from readiness.crm.records import MICROSECONDS_PER_SECOND
from readiness.errors import StoreError
from readiness.hindsight.proposals_yaml import written
from readiness.hindsight.suggest import Change, Suggestion, points, suggest
from readiness.hindsight.suggest_effects import Effect
from readiness.judging.bootstrap import Figure
from readiness.scoring import suppressed

Out = Annotated[Path | None, typer.Option("--out", help="Write the proposed document here.", dir_okay=False)]

COLUMNS: Final = ("", "cry-wolf rate at equal sales", "sales", "missed", "gained", "hand-overs a week")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("suggest")(suggest_command)


def suggest_command(
    data: TablesFolder,
    agreement: AgreementFile = None,
    out: Out = None,
    seed: Annotated[int, typer.Option(min=0, help="Same data and seed, same proposal.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Propose changes of the agreement, learned on earlier leads and judged on later ones.

    It proposes; people sign. That nothing helps is an answer too.
    Example: readiness agreement suggest data/sample --out proposed.yaml
    """
    agreed = agreed_in(agreement)
    with progress() as tell:
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(data)
        found = suggest(tables, agreed.agreement, never_call=suppressed, seed=seed, progress=tell)
    document = _document(found, agreed.text, tables.observed_through) if found.changes else None
    if out is not None and document is not None:
        _write(out, document)
    if as_json:
        for_programs({**found.to_dict(), "document": document})
        return
    show(found)
    if document is not None:
        _tell_where(out, agreement or Path("standard"))


def _document(found: Suggestion, text: str, until: int) -> str:
    day = datetime.fromtimestamp(until // MICROSECONDS_PER_SECOND, UTC).date()
    changes = "Proposed from the history: " + "; ".join(change.option.says for change in found.changes) + "."
    return written(text, found.agreement, found.edits, proposed_on=day, changes=changes)


def _write(out: Path, document: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(document, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{out.name} cannot be written: {error.strerror}.") from error


def show(found: Suggestion) -> None:
    """Print the changes as sentences, one table of what they do, and what all of it comes to."""
    if not found.changes:
        say(found.sentence, "yellow")
        return
    say(f"Proposed changes to {found.agreement.name} {found.agreement.version}", "bold")
    for number, change in enumerate(found.changes, 1):
        note(f"{number}.", change.option.says, wide=3)
        note("", f"because {change.option.because}", wide=3)
    say()
    total = (("all together", found.effect),)
    rows = [_row(who, effect) for who, effect in (*_alone(found.changes), *total) if effect is not None]
    table("On later leads, each alone and all together; with 95 % intervals", COLUMNS, rows, right=0)
    say()
    say(found.sentence)
    say("Nothing was chosen by these later leads. Sales and marketing decide, and sign.")


def _alone(changes: Sequence[Change]) -> list[tuple[str, Effect | None]]:
    return [(f"{number}. alone", change.effect) for number, change in enumerate(changes, 1)]


def _row(who: str, effect: Effect) -> tuple[str, ...]:
    return (
        who,
        _points(effect.change),
        f"{effect.won_now:,} → {effect.won:,}",
        f"{effect.missed:,}",
        f"{effect.gained:,}",
        f"{effect.a_week_now:.1f} → {effect.a_week:.1f}",
    )


def _points(change: Figure) -> str:
    if change.value is None:
        return "cannot be told"
    told = f"{points(change.value)} points"
    if change.low is None or change.high is None:
        return told
    return f"{told} ({points(change.low)} to {points(change.high)})"


def _tell_where(out: Path | None, before: Path) -> None:
    if out is None:
        say("Add --out FILE to write the proposed document.")
        return
    verbatim(f"Proposed document, not signed by anybody: {out}", "green")
    verbatim(f"Next: readiness agreement diff {before} {out}", "bold")
