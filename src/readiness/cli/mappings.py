"""Commands about mappings: draft one for an export, try one without writing, show what one may say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import typer

from readiness import shipped
from readiness.cli.data import EXIT_REFUSED, chosen_mapping, refusing, report, show
from readiness.cli.options import AsJson
from readiness.cli.screen import for_programs, note, progress, say, table, verbatim
from readiness.crm import mapping, outgoing
from readiness.crm.faults import masked
from readiness.crm.frames import ArrowTable
from readiness.crm.mapping.suggesting import Suggestion, suggest
from readiness.crm.mapping.suggesting.dating import Order
from readiness.crm.sources import Database, source_of
from readiness.crm.tables import IDENTITIES

ROWS_SHOWN: Final = 10
_ABREAST: Final = 7
_A_BLOCK: Final = 5


class DayOrder(StrEnum):
    """Which of day and month stands first."""

    day = "day"
    month = "month"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True, callback=mapping_commands)
    group.command("suggest")(suggest_command)
    group.command("check")(check_command)
    group.command("schema")(schema_command)
    group.command("list")(list_command)
    app.add_typer(group, name="mapping")


def mapping_commands() -> None:
    """Draft a mapping for an export, try one, list those that ship.

    A mapping says how a CRM's export becomes the tables. Example: readiness mapping suggest exports/
    """


def suggest_command(
    sources: Annotated[
        list[str],
        typer.Argument(help="The export's files, folders that hold them, or a database.", metavar="FILE…"),
    ],
    out: Annotated[Path, typer.Option("--out", help="Where to write the mapping.", dir_okay=False)] = Path(
        "mapping.yaml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace a mapping that is there.")] = False,
    zone: Annotated[
        str | None, typer.Option(help="The zone of times that name none, such as Europe/Ljubljana.")
    ] = None,
    first: Annotated[
        DayOrder | None,
        typer.Option(help="What stands first in dates such as 3/4/2026, where no value tells."),
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="The column that says how leads ended, where its name does not.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a mapping from the names and values of an export's files.

    Behind each guess stands its evidence; what cannot be told is asked, as a DECIDE line.
    Example: readiness mapping suggest exports/ --out my_crm.yaml
    """
    if out.exists() and not force:
        raise typer.BadParameter(
            f"{out} is there already; name another file, or add --force", param_hint="--out"
        )
    _known_zone(zone)
    with refusing(as_json, "Nothing was written."), progress() as tell:
        order: Order = "either" if first is None else "day first" if first is DayOrder.day else "month first"
        name = re.sub(r"\W+", "_", out.stem) or "my_crm"
        given = [source_of(source) for source in sources]
        drafted = suggest(given, name=name, zone=zone, order=order, outcome=outcome, progress=tell)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(drafted.text, encoding="utf-8")
        tell("drafting the mapping", 1.0)
    if as_json:
        for_programs(_told(drafted) | {"mapping": drafted.text, "written_to": str(out)})
    else:
        _show(drafted, out, given)


def _known_zone(zone: str | None) -> None:
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter(
            f"there is no zone {zone}; write it as Europe/Ljubljana", param_hint="--zone"
        ) from error


def _told(drafted: Suggestion) -> dict[str, list[str]]:
    return {
        "decided": list(drafted.decided),
        "assumed": list(drafted.assumed),
        "to_decide": list(drafted.asked),
        "missing": list(drafted.missing),
        "not_used": list(drafted.unused),
        "shipped": list(drafted.shipped),
    }


def _show(drafted: Suggestion, out: Path, sources: Sequence[Path | Database]) -> None:
    titles = {
        "decided": "Decided, by names and values",
        "assumed": "Assumed; correct it where it is wrong",
        "to_decide": "For you to decide: the lines with DECIDE",
        "missing": "Missing, and what follows",
        "not_used": "Files that are not used",
    }
    for part, title in titles.items():
        told = _told(drafted)[part]
        if told:
            say(title, "bold")
            for sentence in told:
                note("  -", sentence, wide=4)
    given = " ".join(map(str, sources))
    for name in drafted.shipped:
        say(f"A mapping that ships with the product reads files like these; try it first: {name}")
        verbatim(f"      readiness mapping check {name} {given}")
    say(f"The mapping is in {out}. Read it, answer what it asks, then try it; nothing is written by trying:")
    verbatim(f"Next: readiness mapping check {out} {given}", "bold")


def check_command(
    mapping_file: Annotated[
        Path, typer.Argument(help="A mapping, or the name of a shipped one: bohanec.", metavar="MAPPING")
    ],
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, folders, or a database: sqlite:///crm.db.", metavar="SOURCE…"),
    ],
    as_json: AsJson = False,
) -> None:
    """Try a mapping on an export and show ten rows of each table; nothing is written.

    Exit code 3 if any row is refused. Example: readiness mapping check my_crm.yaml exports/
    """
    with refusing(as_json), progress() as tell:
        given = [source_of(source) for source in sources]
        received = mapping.apply(mapping.load(chosen_mapping(mapping_file), given), given, progress=tell)
    first = {name: _first_rows(rows) for name, rows in outgoing.to_arrow(received.tables).items()}
    if as_json:
        for_programs(report(received) | {"rows": {name: rows.to_pylist() for name, rows in first.items()}})
    else:
        for name, rows in first.items():
            if rows.num_rows:
                _show_rows(name, rows)
        show(received)
        if len(received.tables.leads):
            where = " ".join(map(str, given))
            verbatim(f"Next: readiness import --mapping {mapping_file} --out tables {where}", "bold")
    if received.faults:
        raise typer.Exit(EXIT_REFUSED)


def _first_rows(rows: ArrowTable) -> ArrowTable:
    """Return the first ten rows as texts; what says who somebody is, is hidden."""
    shown = outgoing.as_csv(rows)(rows.slice(0, ROWS_SHOWN))
    columns = {
        name: [_cell(name, value) for value in shown.column(name).to_pylist()] for name in shown.column_names
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _cell(name: str, value: object) -> str | None:
    if value is None or value != value:
        return None
    text = str(value)
    return masked(name, text) if name in IDENTITIES or "@" in text else text


def _show_rows(name: str, rows: ArrowTable) -> None:
    """Show rows side by side where there are few columns, else a line for each column."""
    title = f"{name}: the first {rows.num_rows}" if rows.num_rows > 1 else f"{name}: one row"
    cells = [["" if cell is None else cell for cell in column] for column in rows.to_pydict().values()]
    if rows.num_columns <= _ABREAST:
        table(title, rows.column_names, list(zip(*cells, strict=True)))
        return
    for start in range(0, rows.num_rows, _A_BLOCK):
        stop = min(start + _A_BLOCK, rows.num_rows)
        head = ["column", *(f"row {number + 1}" for number in range(start, stop))]
        lines = [[column, *cells[place][start:stop]] for place, column in enumerate(rows.column_names)]
        table(title if not start else "", head, lines)


def schema_command() -> None:
    """Print the JSON Schema of mappings, for editors that check while you type.

    Example: readiness mapping schema > mapping.schema.json
    """
    for_programs(mapping.schema())


def list_command(
    as_json: AsJson = False,
) -> None:
    """List the mappings that ship with the product.

    Example: readiness mapping list
    """
    paths = sorted(shipped.mapping("x").parent.glob("*.yaml"))
    found = [(path.stem, mapping.load(path)) for path in paths]
    if as_json:
        for_programs([{"name": name, "about": each.about} for name, each in found])
    else:
        table("Shipped mappings", ("name", "about"), [(name, each.about) for name, each in found])
        verbatim("Use one: readiness import --mapping NAME --out DIR SOURCE…", "bold")
