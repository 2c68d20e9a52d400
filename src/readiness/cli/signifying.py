"""Commands that ask history what acts and referrals are worth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from readiness.cli import exclusions
from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.options import AsJson, TablesFolder
from readiness.cli.screen import for_programs, progress, say, table
from readiness.crm import folder
from readiness.crm.tables import Tables
from readiness.hindsight import referral_sentences, signifier_sentences
from readiness.hindsight.notation import shown
from readiness.hindsight.referrals import Referrals, referrals
from readiness.hindsight.signifier_sentences import times
from readiness.hindsight.signifiers import Signifier, Signifiers, signifiers
from readiness.hindsight.worths import Reading
from readiness.progress import Progress

HEADINGS: Final[dict[Reading, str]] = {
    "marks a sale": "Marks a sale",
    "speaks against a sale": "Speaks against a sale",
    "warns of a stop": "Warns of a stop",
    "fewer stops": "Followed by fewer stops",
    "meaningless": "Meaningless: no difference to sales that is worth naming",
    "not known yet": "Too few to tell",
}

Exclude = Annotated[
    list[str] | None,
    typer.Option(help="Do not hold this column or answer field alike; repeatable."),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("signifiers")(signifiers_command)
    app.command("referrals")(referrals_command)


def signifiers_command(
    data: TablesFolder, agreement: AgreementFile = None, exclude: Exclude = None, as_json: AsJson = False
) -> None:
    """Say which activities really mark a sale, a stop or a move to the next stage.

    Beside each stands what the agreement says that it is worth.
    Example: readiness agreement signifiers data/sample
    """
    agreed = agreed_in(agreement).agreement
    with progress() as tell:
        tables = _tables(data, exclude, tell)
        found = signifiers(tables, agreed, exclude=tuple(exclude or ()), progress=tell)
    if as_json:
        for_programs(_signifiers_for_programs(found))
    elif found.missing is not None:
        say(found.missing, "yellow")
    else:
        _show_signifiers(found)


def referrals_command(
    data: TablesFolder,
    agreement: AgreementFile = None,
    exclude: Exclude = None,
    seed: Annotated[int, typer.Option(min=0, help="Same data and seed, same intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Say what a referral is worth, raw and among leads like each other.

    Example: readiness agreement referrals data/sample
    """
    agreed = agreed_in(agreement).agreement
    with progress() as tell:
        tables = _tables(data, exclude, tell)
        found = referrals(tables, agreed, exclude=tuple(exclude or ()), seed=seed, progress=tell)
    if as_json:
        sentences = (
            referral_sentences.referral_sentence(found),
            *referral_sentences.relation_sentences(found),
        )
        for_programs({"sentences": list(sentences)} | asdict(found))
        return
    _show_referrals(found)


def _tables(data: Path, exclude: list[str] | None, tell: Progress) -> Tables:
    tell("Reading and checking the tables", 0.0)
    tables = folder.read(data)
    exclusions.check(tables, tuple(exclude or ()))
    return tables


def _show_signifiers(found: Signifiers) -> None:
    say(signifier_sentences.headline(found))
    for kind, heading in HEADINGS.items():
        rows = [_row(each) for each in found.types if each.reading == kind]
        if rows:
            say()
            table(heading, ("", "leads", "won ×", "stop ×", "in the agreement"), rows, right=3)
    say()
    say(signifier_sentences.footnote(found), "dim")
    for sentence in signifier_sentences.part_of_the_end(found):
        say()
        say(sentence, "yellow")
    for heading, sentences, none in (
        (signifier_sentences.tally(found), signifier_sentences.disagreements(found), ""),
        ("Repeats and sequences", signifier_sentences.beyond_once(found), ""),
        ("Moves to the next stage", signifier_sentences.moves(found), "No type is known to change them."),
    ):
        say()
        say(heading, "bold")
        for sentence in sentences or filter(None, (none,)):
            say(f"• {sentence}")
    say()
    say(signifier_sentences.CAUTION, "dim")


def _row(each: Signifier) -> tuple[str, ...]:
    lately = each.lately
    return (
        each.type,
        f"{each.after.won.leads:,}",
        times(lately.won),
        times(lately.stop),
        each.worth.text,
    )


def _signifiers_for_programs(found: Signifiers) -> dict[str, Any]:
    content = asdict(found)
    content["sentences"] = (
        [found.missing]
        if found.missing is not None
        else [
            signifier_sentences.headline(found),
            signifier_sentences.tally(found),
            *signifier_sentences.part_of_the_end(found),
            *signifier_sentences.disagreements(found),
            *signifier_sentences.beyond_once(found),
        ]
    )
    return content


def _show_referrals(found: Referrals) -> None:
    say(referral_sentences.referral_sentence(found))
    if found.missing is not None:
        return
    say()
    rows = [
        (name, f"{share.leads:,}", shown(share.won), shown(share.stop))
        for name, share in (("referred", found.referred), ("all others", found.others))
    ]
    table("As it stands in the tables", ("", "leads", "won", "told us to stop"), rows, right=3)
    for sentence in referral_sentences.relation_sentences(found):
        say(f"• {sentence}")
