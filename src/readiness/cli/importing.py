"""The command that turns a CRM's export into the tables, for the first time or week after week."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from readiness.cli.data import EXIT_REFUSED, Out, chosen_mapping, refusing, report, show
from readiness.cli.options import AsJson
from readiness.cli.screen import complain, for_programs, progress, say, verbatim
from readiness.counting import counted
from readiness.crm import folder, mapping
from readiness.crm.append import Appended
from readiness.crm.folder import Format
from readiness.crm.intake import Received
from readiness.crm.mending import NOTHING_MENDED
from readiness.crm.sources import source_of
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
    mend: Annotated[
        Path | None,
        typer.Option(
            "--mend",
            help="Take the mended rows of this quarantine in place of those refused.",
            metavar="QUARANTINE",
            file_okay=False,
        ),
    ] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(help="Put refused rows here; default: OUT/quarantine, -2, …", file_okay=False),
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet instead of CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn a CRM's export into the tables, as a mapping says.

    Refused rows are set aside, none is lost. With --append the rows of next week's export are added to
    those in OUT; the same export twice changes nothing. With --mend, mended rows of a quarantine come in:
    name the same SOURCE again. Interrupted, type it again. Exit code 3 if any row is refused or
    contradicts one that is there. Example:
    readiness import --mapping data/mappings/bohanec.yaml --out out/bohanec deals.csv
    """
    if on_conflict is Conflict.new and not append:
        raise typer.BadParameter("it goes with --append", param_hint="--on-conflict")
    given = [source_of(source) for source in sources]
    with refusing(as_json, "Nothing was written."), progress() as tell:
        mended = NOTHING_MENDED if mend is None else folder.read_quarantine(mend)
        chosen = mapping.load(chosen_mapping(mapping_file), given)
        there = _there(out, tell) if append else None
        if there is None:
            received, appended = mapping.apply(chosen, given, mended=mended, progress=tell), None
        else:
            laid = mapping.append(
                chosen,
                given,
                there.tables,
                episodes_there=there.episodes,
                prefer_new=on_conflict is Conflict.new,
                mended=mended,
                progress=tell,
            )
            received, appended = laid.received, laid.appended
        # First what was refused: whoever finds the tables finds it too.
        aside = quarantine or _free(out, received)
        if received.set_aside:
            folder.write_quarantine(received, aside)
        tell("Writing the tables", 0.0)
        form: Format = "parquet" if parquet else there.format if there else "csv"
        folder.write(received.tables, out, format=form, episodes=received.episodes)
    if as_json:
        for_programs(report(received) | _report(appended))
    else:
        _tell(received, aside, appended, out)
    if received.faults or (appended is not None and appended.conflicts):
        raise typer.Exit(EXIT_REFUSED)


def _there(out: Path, tell: Progress) -> folder.Stored | None:
    if not folder.exists(out):
        return None
    tell("Reading the tables that are there", 0.0)
    return folder.stored(out)


def _tell(received: Received, aside: Path, appended: Appended | None, out: Path) -> None:
    show(received, aside)
    _show(appended)
    if len(received.tables.leads):
        verbatim(f"Next: readiness train --data {out}", "bold")


_ONE: Final = {
    "leads": "lead",
    "activities": "activity",
    "answers": "answer",
    "outcomes": "outcome",
    "handovers": "handover",
}


def _free(out: Path, received: Received) -> Path:
    """Return where refused rows go: no other rows lie there, which somebody may be mending."""
    first = out / "quarantine"
    if not received.set_aside or not first.exists():
        return first
    with TemporaryDirectory() as place:
        folder.write_quarantine(received, Path(place))
        rows = _files(Path(place))
    places = chain([first], (out / f"quarantine-{number}" for number in count(2)))
    return next(place for place in places if not place.exists() or _files(place) == rows)


def _files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}


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
    parts = [counted(count, _ONE[table], table) for table, count in appended.added.items() if count]
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
