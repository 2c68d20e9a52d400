"""The command that says what became of leads by their budget, authority, need and timeframe."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.options import AsJson, TablesFolder
from readiness.cli.screen import for_programs, progress, say, table
from readiness.crm import folder
from readiness.hindsight import bant_sentences
from readiness.hindsight.bant_table import AFTER_DAYS, BantTable, Fate, bant_table
from readiness.hindsight.notation import shown


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("bant")(bant_command)


def bant_command(
    data: TablesFolder,
    agreement: AgreementFile = None,
    after_days: Annotated[
        float, typer.Option(min=0.01, max=36_500, help="Look at each lead so many days after its creation.")
    ] = AFTER_DAYS,
    seed: Annotated[int, typer.Option(min=0, help="Same data and seed, same intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Say what became of leads by what was known of budget, authority, need and timeframe.

    Example: readiness agreement bant data/sample
    """
    agreed = agreed_in(agreement).agreement
    with progress() as tell:
        tell("Reading and checking the tables", 0.0)
        found = bant_table(folder.read(data), agreed, after_days=after_days, seed=seed, progress=tell)
    if as_json:
        for_programs({"sentences": list(bant_sentences.sentences(found))} | asdict(found))
        return
    _show(found)


def _show(found: BantTable) -> None:
    say(bant_sentences.headline(found))
    if not found.leads:
        return
    if not bant_sentences.tells_anything(found):
        say(bant_sentences.confirmed_sentence(found))
        return
    for piece in found.pieces:
        say()
        if piece.told.leads:
            _table(found, piece.name.capitalize(), (piece.confirmed, piece.denied, piece.unknown))
        for sentence in (bant_sentences.piece_sentence(found, piece), bant_sentences.unsettled(piece)):
            if sentence:
                say(sentence)
    say()
    _table(found, "How many of the four are confirmed", found.by_confirmed)
    say(bant_sentences.confirmed_sentence(found))
    say()
    say(" ".join(filter(None, (bant_sentences.stops(found), bant_sentences.IN_BRACKETS))), "dim")


def _table(found: BantTable, title: str, fates: tuple[Fate, ...]) -> None:
    """Show what became of each; a column about stops only where there was one."""
    headings = ["", "leads", "won", *(["told us to stop"] if found.stops else []), "not known yet"]
    rows = [
        (
            fate.name,
            f"{fate.leads:,}",
            shown(fate.won),
            *((shown(fate.stop),) if found.stops else ()),
            f"{fate.counts.too_soon:,}",
        )
        for fate in fates
    ]
    table(title, headings, rows, right=len(headings) - 1)
