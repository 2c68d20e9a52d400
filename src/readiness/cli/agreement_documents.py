"""Commands about the document itself: its schema, show one, say what changed, list those that ship."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from readiness import shipped
from readiness.agreement import reading
from readiness.agreement.document import Agreement, schema
from readiness.agreement.recital import Section, heading, recite
from readiness.agreement.second_look import worth_a_second_look
from readiness.cli.agreement_files import NAMED, agreed_in
from readiness.cli.options import AsJson
from readiness.cli.screen import for_programs, note, say, table, verbatim
from readiness.counting import figure
from readiness.reports import agreement_differences_page as differences_page
from readiness.reports import agreement_page

Page = Annotated[Path | None, typer.Option("--html", help="Write it as a page, too.", dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("schema")(schema_command)
    app.command("show")(show_command)
    app.command("diff")(diff_command)
    app.command("list")(list_command)


def schema_command(
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.", dir_okay=False)] = None,
) -> None:
    """Print the JSON Schema of agreements, for editors that check as you type.

    Example: readiness agreement schema --out agreement.schema.json
    """
    if out is None:
        for_programs(schema())
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        verbatim(str(out), "green")


def show_command(
    file: Annotated[
        Path | None,
        typer.Argument(help="An agreement, or the name of a shipped one.", metavar=f"[{NAMED}]"),
    ] = None,
    html: Page = None,
    as_json: AsJson = False,
) -> None:
    """Check an agreement and read it aloud; as a page, to sign.

    Exit code 3, with every fault, if it cannot be read or contradicts itself.
    Example: readiness agreement show data/agreement.yaml --html out/agreement.html
    """
    agreement = agreed_in(file).agreement
    if html is not None:
        agreement_page.write(agreement_page.summarise(agreement), html)
    if as_json:
        for_programs(_told(agreement))
        return
    say(f"What sales-ready means to us: {agreement.name}, version {agreement.version}", "bold")
    for line in heading(agreement):
        say(line)
    for section in recite(agreement):
        _show(section)
    remarks = worth_a_second_look(agreement)
    if remarks:
        say()
        say("Worth a second look", "bold yellow")
        for remark in remarks:
            note("  •", remark, wide=4)
    if html is not None:
        say()
        verbatim(f"Page: {html}")


def diff_command(
    old: Annotated[
        Path, typer.Argument(help="The version before: a file, or the name of a shipped one.", metavar="A")
    ],
    new: Annotated[Path, typer.Argument(help="The version after, likewise.", metavar="B")],
    html: Page = None,
    as_json: AsJson = False,
) -> None:
    """Say what changed from one agreement to another, in sentences.

    By meaning, not by line: order of keys, comments and spelling are no change.
    Example: readiness agreement diff ours-1.0.yaml ours-1.1.yaml
    """
    first, second = agreed_in(old), agreed_in(new)
    before, after = first.agreement, second.agreement
    page = differences_page.summarise(before, after, (first.text, second.text))
    if html is not None:
        differences_page.write(page, html)
    if as_json:
        for_programs(
            {
                "from": {"name": before.name, "version": before.version, "sha256": before.fingerprint},
                "to": {"name": after.name, "version": after.version, "sha256": after.fingerprint},
                "summary": page.summary,
                "differences": [asdict(each) for each in page.differences],
            }
        )
        return
    say(f"{page.title}: {page.summary}", "bold")
    for section in page.sections:
        say()
        say(section.title, "bold")
        for sentence in section.sentences:
            note("  •", sentence, wide=4)
    if html is not None:
        say()
        verbatim(f"Page: {html}")


def list_command(as_json: AsJson = False) -> None:
    """List the agreements that ship with the product.

    Example: readiness agreement list
    """
    found = [(name, reading.load(path)) for name, path in shipped.agreements().items()]
    if as_json:
        for_programs([{"name": name, **_outline(each)} for name, each in found])
        return
    rows = [
        (
            name,
            f"{figure(each.horizon_days)} days",
            f"{figure(each.interest.half_life_days)} days",
            f"{each.handover.bant_at_least} of 4",
            figure(each.handover.weekly_capacity),
        )
        for name, each in found
    ]
    columns = ("name", "looks ahead", "half-life", "BANT needed", "leads a week")
    table("Shipped agreements", columns, rows, right=len(columns) - 1)
    verbatim("Read one: readiness agreement show NAME", "bold")


def _show(section: Section) -> None:
    say()
    say(section.title, "bold")
    for paragraph in section.paragraphs:
        say(paragraph.text)
        for item in paragraph.items:
            note("  •", item, wide=4)


def _outline(agreement: Agreement) -> dict[str, Any]:
    return {
        "version": agreement.version,
        "sha256": agreement.fingerprint,
        "horizon_days": agreement.horizon_days,
        "half_life_days": agreement.interest.half_life_days,
        "bant_at_least": agreement.handover.bant_at_least,
        "weekly_capacity": agreement.handover.weekly_capacity,
    }


def _told(agreement: Agreement) -> dict[str, Any]:
    return {
        "name": agreement.name,
        "version": agreement.version,
        "sha256": agreement.fingerprint,
        "valid_from": agreement.valid_from.isoformat(),
        "document": agreement.model_dump(mode="json"),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "paragraphs": [
                    {"text": paragraph.text, "items": list(paragraph.items)}
                    for paragraph in section.paragraphs
                ],
            }
            for section in recite(agreement)
        ],
        "worth_a_second_look": list(worth_a_second_look(agreement)),
    }
