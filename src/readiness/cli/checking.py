"""Check the tables: what is wrong with them, what they are like, whether that is enough to learn from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.data import EXIT_REFUSED, kinds_of, refusing, report, show
from readiness.cli.options import AsJson, TablesFolder, may_write
from readiness.cli.screen import for_programs, progress, say, table, verbatim
from readiness.crm import folder
from readiness.reports import quality, quality_page
from readiness.reports.quality import QualityPage
from readiness.reports.quality_remarks import KINDS
from readiness.reports.quality_tables import Part

MOST_ROWS: Final = 12
"""Longer tables are cut in the terminal; the page has them."""
MOST_REMARKS: Final = 12
NAME: Final = 22
"""Longer names are cut, so that the figures beside them fit into 80 letters."""
_BLOCKS: Final = "▁▂▃▄▅▆▇█"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check_command)


def check_command(
    data: TablesFolder,
    quarantine: Annotated[
        Path | None, typer.Option(help="Put refused rows here, each with its faults.", file_okay=False)
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the data-quality page here.", dir_okay=False)
    ] = None,
    agreement: AgreementFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what is in the tables, what is wrong, and whether one can learn from them.

    First the quality of the data, then columns that know the future: training stops at these.
    Exit code 3 if any row is refused. Example: readiness check data/sample --html out/quality.html
    """
    if html is not None:
        may_write(html, "--html")
    labels = agreed_in(agreement).agreement.labels
    with refusing(as_json), progress() as tell:
        tell("Reading and checking the tables", 0.0)
        received = folder.receive(data)
        if quarantine:
            folder.write_quarantine(received, quarantine)
        kinds = kinds_of(received.faults)
        page = quality.summarise(
            received,
            kinds,
            horizon_days=labels.horizon_days,
            event_of_outcome=labels.event_of_outcome,
            progress=tell,
        )
        if html is not None:
            tell("Writing the page", 0.0)
            quality_page.write(page, html)
    if as_json:
        for_programs(report(received) | {"quality": page.figures})
    else:
        show(received, quarantine)
        show_page(page)
        if html is not None:
            verbatim(f"Page: {html}")
        else:
            say("Add --html FILE for the whole page.")
        if not received.faults:
            _show_next(page, data)
    if received.faults:
        raise typer.Exit(EXIT_REFUSED)


def _show_next(page: QualityPage, data: Path) -> None:
    """Say what to type to learn, without the columns at which training would stop."""
    if any(remark.code == "enough" for remark in page.remarks):
        ahead = [leak["column"] for leak in page.figures["leaks"] if leak["blocks"] and leak["column"]]
        without = "".join(f" --exclude {shlex.quote(column)}" for column in dict.fromkeys(ahead))
        verbatim(f"Next: readiness train --data {shlex.quote(str(data))}{without}", "bold")


def show_page(page: QualityPage) -> None:
    """Print the page: the leads a month, the tables, then what stands out."""
    if page.bars:
        say()
        say(f"{page.bars[0].month} {sparks([bar.leads for bar in page.bars])} {page.bars[-1].month}")
        say(page.drawn)
    for part in page.parts:
        if part.name != "rows":
            say()
            _show_part(part)
    for kind, heading in KINDS.items():
        told = [remark for remark in page.remarks if remark.kind == kind]
        if told:
            say()
            say(heading, "bold")
        for remark in told[:MOST_REMARKS]:
            say(f"• {remark.sentence} {remark.remedy}")
        if len(told) > MOST_REMARKS:
            say(f"… and {len(told) - MOST_REMARKS} more; --html and --json have them all")
    say()


def sparks(counts: list[int]) -> str:
    """Draw counts as a line of blocks, the highest as a full one; nothing as a blank.

    >>> sparks([0, 1, 4, 8])
    ' ▁▄█'
    """
    most = max(counts, default=0)
    return "".join(_BLOCKS[-(-count * len(_BLOCKS) // most) - 1] if count else " " for count in counts)


def _show_part(part: Part) -> None:
    rows = [(_cut(row[0]), *row[1:]) for row in part.table.rows[:MOST_ROWS]]
    # Words that come last may take several lines; a figure must stand on one, whole.
    words_last = len(part.brief) - 1 in part.texts
    table(part.question, part.brief, rows, right=len(part.brief) - 1 - words_last)
    say(part.sentence, "dim")
    if len(part.table.rows) > MOST_ROWS:
        say(f"… and {len(part.table.rows) - MOST_ROWS} more rows; --html has them")


def _cut(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
