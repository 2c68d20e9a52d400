"""What two exports say differently, spelt out for people: both sides, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from readiness.counting import counted
from readiness.crm.append.leads import CellClash
from readiness.crm.append.rows import Clash
from readiness.crm.faults import FAULTS_SHOWN, masked
from readiness.crm.records import DECISIONS, NO_INSTANT, OUTCOMES, Instant, iso
from readiness.crm.tables import Coded, Leads, Tables
from readiness.errors import Fault

Locate: TypeAlias = Callable[[str, str, Instant], tuple[str, int | None]]
"""Says for a table, a lead's id and an instant in which file and line of the later export the row stands."""

CONFLICT: Final = "conflict"
_COLUMNS: Final = {"answers": "value", "outcomes": "outcome", "handovers": "decision"}


def unplaced(table: str, lead_id: str, at: Instant) -> tuple[str, int | None]:  # noqa: ARG001 - it knows no place
    """Say only of which table a row is."""
    return table, None


def told(
    there: Tables,
    given: Tables,
    cells: Sequence[CellClash],
    rows: Mapping[str, Sequence[Clash]],
    *,
    prefer_new: bool,
    locate: Locate,
) -> tuple[Fault, ...]:
    """Spell out what contradicts, leads first; of many in one column the first FAULTS_SHOWN and a count.

    Personal data is masked. The place is that of the later export; what was there is told by its table,
    lead and instant.
    """
    remedy = "The later export's is taken." if prefer_new else "What was there is kept."
    faults: list[Fault] = []
    for clash in cells:
        faults += _shortened(list(_cells(there.leads, given.leads, clash, remedy, locate)), len(clash.there))
    for table, clashes in rows.items():
        shown = [_row(there, given, table, clash, remedy, locate) for clash in clashes[:FAULTS_SHOWN]]
        faults += _shortened(shown, len(clashes))
    return tuple(faults)


def _cells(there: Leads, given: Leads, clash: CellClash, remedy: str, locate: Locate) -> Iterator[Fault]:
    pairs = zip(clash.there[:FAULTS_SHOWN].tolist(), clash.given[:FAULTS_SHOWN].tolist(), strict=True)
    for old, new in pairs:
        lead_id = str(there.lead_id[old])
        label, line = locate("leads", lead_id, NO_INSTANT)
        seen, before = (
            masked(clash.column, _cell(leads, clash.column, row))
            for leads, row in ((given, new), (there, old))
        )
        expected = f"{before}, as in leads there for lead {masked('lead_id', lead_id)}"
        yield Fault(label, line, clash.column, seen, expected, remedy, CONFLICT)


def _cell(leads: Leads, column: str, row: int) -> object:
    if column == "created_at":
        return iso(int(leads.created_at[row]))
    if column in leads.identities:
        return leads.identities[column][row]
    values = leads.source if column == "source" else leads.attributes[column]
    return values.at(row) if isinstance(values, Coded) else float(values[row])


def _row(there: Tables, given: Tables, table: str, clash: Clash, remedy: str, locate: Locate) -> Fault:
    said = [_said(side, table, row) for side, row in ((there, clash.there), (given, clash.given))]
    lead_id = str(there.leads.lead_id[clash.lead])
    at = iso(clash.at)
    label, line = locate(table, lead_id, clash.at) if clash.given >= 0 else (table, None)
    when = f" at {at}" if at else ""
    expected = f"{said[0]}, as in {table} there for lead {masked('lead_id', lead_id)}{when}"
    return Fault(label, line, _COLUMNS[table], said[1], expected, remedy, CONFLICT)


def _said(tables: Tables, table: str, row: int) -> str:
    if row < 0:
        return "nothing"
    if table == "answers":
        return masked("value", tables.answers.value.at(row))
    if table == "outcomes":
        ends = tables.outcomes
        return _dated(OUTCOMES[ends.outcome[row]], int(ends.occurred_at[row]))
    handovers = tables.handovers
    decision = int(handovers.decision[row])
    return _dated("undecided" if decision < 0 else DECISIONS[decision], int(handovers.decided_at[row]))


def _dated(word: str, at: Instant) -> str:
    when = iso(at)
    return f"{word!r} at {when}" if when else repr(word)


def _shortened(shown: list[Fault], count: int) -> list[Fault]:
    if count <= len(shown):
        return shown
    last = shown[-1]
    rest = counted(count - len(shown), "more row")
    return [*shown, Fault(last.table, None, last.column, rest, "what is there", last.remedy, CONFLICT)]
