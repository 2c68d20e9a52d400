"""The command that turns a CRM's export into the tables, for the first time or week after week."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.cli.data import EXIT_REFUSED, Out, chosen_mapping, counted, report, show
from readiness.cli.screen import complain, for_programs, progress, say, verbatim
from readiness.crm import folder, mapping
from readiness.crm.append import Appended
from readiness.crm.folder import Format
from readiness.crm.intake import Received
from readiness.crm.sources import Database, source_of
from readiness.progress import Progress


class Conflict(StrEnum):
    """What wins where two exports contradict each other."""

    old = "old"
    new = "new"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_command)


def import_command(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, folders, or a database: sqlite:///crm.db.", metavar="SOURCE…"),
    ],
    mapping_file: Annotated[
        Path, typer.Option("--mapping", help="A mapping, or the name of a shipped one: bohanec.")
    ],
    out: Out,
    append: Annotated[
        bool, typer.Option("--append", help="Lay a later export onto the tables that are in OUT.")
    ] = False,
    on_conflict: Annotated[
        Conflict, typer.Option("--on-conflict", help="With --append: what wins a contradiction.")
    ] = Conflict.old,
    quarantine: Annotated[
        Path | None,
        typer.Option(help="Put refused rows here; default: OUT/quarantine.", file_okay=False),
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet instead of CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say it for a program.")] = False,
) -> None:
    """Turn a CRM's export into the tables, as a mapping says.

    Refused rows are set aside, none is lost. With --append the rows of next week's export are added to
    those in OUT; the same export twice changes nothing. Interrupted, type it again. Exit code 3 if any
    row is refused or contradicts one that is there. Example:
    readiness import --mapping data/mappings/bohanec.yaml --out out/bohanec deals.csv
    """
    if on_conflict is Conflict.new and not append:
        raise typer.BadParameter("it goes with --append", param_hint="--on-conflict")
    aside = quarantine or out / "quarantine"
    chosen = mapping.load(chosen_mapping(mapping_file))
    form: Format = "parquet" if parquet else "csv"
    with progress() as tell:
        given = [source_of(source) for source in sources]
        appended = None
        if append and folder.exists(out):
            received, appended = _laid_onto(chosen, given, out, on_conflict, tell)
        else:
            received = mapping.apply(chosen, given, progress=tell)
        tell("Writing the tables", 0.0)
        folder.write(received.tables, out, format=form, episodes=received.episodes)
        if received.set_aside:
            folder.write_quarantine(received, aside)
    if as_json:
        for_programs(report(received) | _report(appended))
    else:
        show(received, aside)
        _show(appended)
        if len(received.tables.leads):
            verbatim(f"Next: readiness train --data {out}", "bold")
    if received.faults or (appended is not None and appended.conflicts):
        raise typer.Exit(EXIT_REFUSED)


def _laid_onto(
    chosen: mapping.Mapping, sources: list[Path | Database], out: Path, on_conflict: Conflict, tell: Progress
) -> tuple[Received, Appended]:
    tell("Reading the tables that are there", 0.0)
    there = folder.stored(out)
    laid = mapping.append(
        chosen,
        sources,
        there.tables,
        episodes_there=there.episodes,
        prefer_new=on_conflict is Conflict.new,
        progress=tell,
    )
    return laid.received, laid.appended


def _report(appended: Appended | None) -> dict[str, Any]:
    if appended is None:
        return {}
    conflicts = [
        {
            "table": fault.table,
            "row": fault.row,
            "column": fault.column,
            "seen": fault.seen,
            "there": fault.expected,
            "remedy": fault.remedy,
        }
        for fault in appended.conflicts
    ]
    return {"added": dict(appended.added), "conflicts": conflicts}


def _show(appended: Appended | None) -> None:
    """Say what an export added, and a line for each kind of contradiction."""
    if appended is None:
        return
    parts = [f"{count:,} {table}" for table, count in appended.added.items() if count]
    say(f"Added: {', '.join(parts)}." if parts else "Added: nothing that was not there.")
    for like in _kinds(appended):
        more = f" (and {counted(len(like) - 1, 'row')} like it)" if len(like) > 1 else ""
        complain(f"Contradiction: {like[0]}{more}")
    if appended.conflicts:
        say("Add --on-conflict new to take what the later export says.")


def _kinds(appended: Appended) -> list[list[Any]]:
    kinds: dict[tuple[str, str | None], list[Any]] = {}
    for fault in appended.conflicts:
        kinds.setdefault((fault.table, fault.column), []).append(fault)
    return list(kinds.values())
