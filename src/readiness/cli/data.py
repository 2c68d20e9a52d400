"""Commands about data: make some, bring your own, see whether it is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from readiness import shipped
from readiness.cli.screen import complain, progress, say, table
from readiness.crm import folder, mapping, simulate
from readiness.crm.intake import Received
from readiness.crm.records import OUTCOMES, iso
from readiness.crm.tables import Tables

EXIT_REFUSED = 3

Out = Annotated[Path, typer.Option("--out", help="Folder to write to.", file_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("simulate")(simulate_command)
    app.command("import")(import_command)
    app.command("check")(check_command)


def simulate_command(
    out: Out,
    leads: Annotated[int, typer.Option(min=0, help="How many leads come within the 18 months.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
) -> None:
    """Simulate a B2B seller's CRM over 18 months, with known truth.

    Example: readiness simulate --leads 2000 --seed 1 --out out/crm
    """
    with progress() as tell:
        world = simulate.world(leads, seed, progress=tell)
        simulate.write(world, out)
    say(f"{out}: {sentence(world.tables)}")


def import_command(
    sources: Annotated[list[Path], typer.Argument(help="The export's files or folders.", metavar="SOURCE…")],
    mapping_file: Annotated[
        Path, typer.Option("--mapping", help="A mapping, or the name of a shipped one: bohanec.")
    ],
    out: Out,
    quarantine: Annotated[
        Path | None,
        typer.Option(help="Put refused rows here; default: OUT/quarantine.", file_okay=False),
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet instead of CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say it for a program.")] = False,
) -> None:
    """Turn a CRM's export into the tables, as a mapping says; refused rows are set aside, none is lost.

    Exit code 3 if any row is refused. Example:
    readiness import --mapping data/mappings/bohanec.yaml --out out/bohanec deals.csv
    """
    shipped_one = shipped.mapping(str(mapping_file))
    chosen = shipped_one if not mapping_file.suffix and shipped_one.is_file() else mapping_file
    with progress() as tell:
        received = mapping.apply(mapping.load(chosen), sources, progress=tell)
        tell("Writing the tables", 0.0)
        folder.write(received.tables, out, format="parquet" if parquet else "csv")
        aside = quarantine or out / "quarantine"
        if received.set_aside:
            folder.write_quarantine(received, aside)
    if as_json:
        typer.echo(json.dumps(report(received), ensure_ascii=False, indent=2))
    else:
        show(received, aside)
        say(f"Next: readiness train --data {out}", "bold")
    if received.faults:
        raise typer.Exit(EXIT_REFUSED)


def check_command(
    data: Annotated[Path, typer.Argument(help="Folder with the tables.", metavar="DIR")],
    quarantine: Annotated[
        Path | None, typer.Option(help="Put refused rows here, each with its faults.", file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say it for a program.")] = False,
) -> None:
    """Say what is in the tables, and everything that is wrong with them.

    Exit code 3 if any row is refused. Example: readiness check data/sample
    """
    with progress() as tell:
        tell("Checking", 0.0)
        received = folder.receive(data)
        if quarantine:
            folder.write_quarantine(received, quarantine)
        tell("Checking", 1.0)
    if as_json:
        typer.echo(json.dumps(report(received), ensure_ascii=False, indent=2))
    else:
        show(received, quarantine)
    if received.faults:
        raise typer.Exit(EXIT_REFUSED)


def sentence(tables: Tables) -> str:
    """Say in one line what there is."""
    outcome = tables.outcomes.outcome
    parts = [f"{len(tables.leads):,} leads", f"{len(tables.activities):,} activities"]
    parts += [
        f"{int(np.count_nonzero(outcome == code)):,} {name.replace('_', ' ')}"
        for code, name in enumerate(OUTCOMES)
        if np.any(outcome == code)
    ]
    open_leads = int(np.count_nonzero(np.diff(tables.outcomes.starts) == 0))
    parts.append(f"{open_leads:,} still open")
    until = iso(tables.observed_through)
    return " · ".join(parts) + (f" · observed through {until[:10]}" if until else " · undated")


def report(received: Received) -> dict[str, Any]:
    """Return what a program wants to know of a check; values are those of the faults, identities masked."""
    return {
        "tables": {
            name: {"read": count.read, "accepted": count.accepted, "refused": count.refused}
            for name, count in received.counts.items()
        },
        "observed_through": iso(received.tables.observed_through),
        "dated": received.tables.dated,
        "notes": list(received.notes),
        "faults": [
            {
                "code": fault.code,
                "table": fault.table,
                "row": fault.row,
                "column": fault.column,
                "seen": fault.seen,
                "expected": fault.expected,
                "remedy": fault.remedy,
            }
            for fault in received.faults
        ],
    }


def show(received: Received, quarantine: Path | None = None, *, most: int = 20) -> None:
    """Print counts, what is odd, and the faults."""
    rows = [
        (name, f"{count.read:,}", f"{count.accepted:,}", f"{count.refused:,}")
        for name, count in received.counts.items()
    ]
    table("Rows", ("table", "read", "accepted", "refused"), rows, right=3)
    say(sentence(received.tables))
    for note in received.notes:
        say(f"Note: {note}")
    for fault in received.faults[:most]:
        complain(str(fault))
    if len(received.faults) > most:
        complain(f"… and {len(received.faults) - most:,} more")
    if not received.faults:
        say("No faults.", "green")
    elif quarantine:
        say(f"The refused rows are in {quarantine}; mend them there and import them again.")
    else:
        say("Add --quarantine DIR to set the refused rows aside, each with its faults.")
