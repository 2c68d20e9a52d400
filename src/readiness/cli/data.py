"""Commands about data: make some, bring your own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from readiness import shipped
from readiness.cli.screen import complain, for_programs, progress, say, table, verbatim
from readiness.counting import counted
from readiness.crm import simulate
from readiness.crm.intake import Received
from readiness.crm.records import OUTCOMES, iso
from readiness.crm.rules import END_IN_DOUBT, LEAD_REFUSED
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.tables import Tables
from readiness.errors import DataError, Fault, alike, told

EXIT_REFUSED: Final = 3

Out = Annotated[Path, typer.Option("--out", help="Folder to write to.", file_okay=False)]


class Leak(StrEnum):
    """The leaks that `simulate` knows; a test holds them to `LEAKS`."""

    winners_only = "winners_only"
    near_copy = "near_copy"
    written_after = "written_after"


def Share(what: str) -> Any:  # noqa: N802, ANN401 - typer's own are named like this and typed like this
    """Return an option that is a share of at least 0 and below 1."""
    return typer.Option(min=0.0, max=0.999, help=what)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("simulate")(simulate_command)


def simulate_command(
    out: Out,
    leads: Annotated[int, typer.Option(min=0, help="How many leads come within the 18 months.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
    leak: Annotated[
        list[Leak] | None,
        typer.Option(help="Add a column that betrays the outcome, of this kind; repeatable."),
    ] = None,
    drift: Annotated[bool, typer.Option("--drift", help="The world changes half-way.")] = False,
    random_handovers: Annotated[
        float, Share("Chance on a working day that a lead is handed over by lot; kept as propensity.")
    ] = 0.0,
    lost_records: Annotated[float, Share("Share of leads whose record is lost within a year.")] = 0.0,
    end_early: Annotated[float, Share("Share of leads that end early, mostly lost.")] = 0.0,
    random_outcome: Annotated[
        bool, typer.Option("--random-outcome", help="Outcomes are blind chance: nothing can be learned.")
    ] = False,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="All that drives the outcomes stands in the tables.")
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet instead of CSV.")] = False,
) -> None:
    """Simulate a B2B seller's CRM over 18 months, with known truth.

    The truth, P(won) and P(stop) of every snapshot, is written apart from the tables, to OUT/truth.
    Example: readiness simulate --leads 2000 --seed 1 --drift --out out/crm
    """
    options = WorldOptions(
        leaks=tuple(one.value for one in leak or ()),
        drift=drift,
        random_handovers=random_handovers,
        lost_records=lost_records,
        end_early=end_early,
        random_outcome=random_outcome,
        recorded=recorded,
    )
    with progress() as tell:
        world = simulate.world(leads, seed, options=options, progress=tell)
        tell("Writing the tables and the truth", 0.0)
        simulate.write(world, out, format="parquet" if parquet else "csv")
    say(f"{out}: {sentence(world.tables)}")
    if leads:
        verbatim(f"Next: readiness train --data {out}", "bold")


def chosen_mapping(given: Path) -> Path:
    """Return the file that was meant: one of the user's own, or a shipped one by its name."""
    own = shipped.mapping(given.name) if given.parent == Path() and not given.suffix else given
    chosen = own if own.is_file() and not given.is_file() else given
    if not chosen.is_file():
        names = ", ".join(sorted(path.stem for path in shipped.mapping("x").parent.glob("*.yaml")))
        raise typer.BadParameter(
            f"there is no mapping {given}; give a file of your own, or the name of a shipped one: {names}",
            param_hint="--mapping",
        )
    return chosen


def sentence(tables: Tables) -> str:
    """Say in one line what there is."""
    if not len(tables.leads):
        return "no leads"
    outcome = tables.outcomes.outcome
    parts = [counted(len(tables.leads), "lead"), counted(len(tables.activities), "activity", "activities")]
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
        "faults": listed(received.faults),
    }


def listed(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """Return faults as a program reads them."""
    return [
        {
            "code": fault.code,
            "table": fault.table,
            "row": fault.row,
            "column": fault.column,
            "rows": fault.rows,
            "seen": fault.seen,
            "expected": fault.expected,
            "remedy": fault.remedy,
        }
        for fault in faults
    ]


@contextmanager
def refusing(as_json: bool, then: str = "") -> Iterator[None]:
    """Say why data is refused as a whole, to a program if one asks, and end with exit code 3.

    Parameters
    ----------
    then : str
        What follows from it, told to people.
    """
    try:
        yield
    except DataError as refused:
        if as_json:
            for_programs({"faults": listed(refused.faults)})
        else:
            complain(str(refused))
            if then:
                complain(then)
        raise typer.Exit(EXIT_REFUSED) from None


def show(received: Received, quarantine: Path | None = None, *, most: int = 20) -> None:
    """Print counts, what is odd, and a line for each kind of fault: its first row and how many there are."""
    rows = [
        (name, f"{count.read:,}", f"{count.accepted:,}", f"{count.refused:,}")
        for name, count in received.counts.items()
    ]
    table("Rows", ("table", "read", "accepted", "refused"), rows, right=3)
    say(sentence(received.tables))
    for note in received.notes:
        say(f"Note: {note}")
    kinds = kinds_of(received.faults)
    for like in kinds[:most]:
        complain(told(like))
    if len(kinds) > most:
        complain(
            f"… and {counted(len(kinds) - most, 'more kind', 'more kinds')} of fault; --json has them all"
        )
    if not received.faults:
        say("No faults.", "green")
    elif quarantine:
        say(f"The refused rows are in {quarantine}; mend them there and import them again.")
    else:
        say("Add --quarantine DIR to set the refused rows aside, each with its faults.")


_FOLLOWS: Final = (LEAD_REFUSED.code, END_IN_DOUBT.code)
"""Kinds of fault that go away with another one, so they are told last."""


def kinds_of(faults: Sequence[Fault]) -> list[list[Fault]]:
    """Group faults by kind: first those to mend, then those that follow from them."""
    return sorted(alike(faults), key=lambda like: like[0].code in _FOLLOWS)
