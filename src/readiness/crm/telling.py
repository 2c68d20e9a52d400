"""What was found, told in the words of whoever gave the data: by their files, lines and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from readiness.counting import counted
from readiness.crm.contract import strange_columns
from readiness.crm.faults import FAULTS_SHOWN, Place, noted, spelt
from readiness.crm.findings import TABLES, Finding
from readiness.crm.frames import Given, Origin, Ragged
from readiness.crm.rules import NO_ROWS, RAGGED_ROW
from readiness.errors import Fault


def faults_of(
    given: Mapping[str, Given], findings: Iterable[Finding], whole: Sequence[Fault] = ()
) -> tuple[Fault, ...]:
    """Spell out what is refused, in the order of files and their lines.

    Parameters
    ----------
    whole : sequence of Fault
        What is wrong with whole files, tables and columns; told before the rows of the same file, and those
        that belong to no table before all others.
    """
    refusing = [found for found in findings if found.rule.refuses]
    faults = [*whole, *spelt(refusing, partial(_locate, given)), *_torn(given)]
    labels = [*(fault.table for fault in whole if fault.table not in TABLES), *_labels(given)]
    order = {name: number for number, name in reversed(list(enumerate(labels)))}
    places, last = [], dict[str, int]()
    for fault in faults:
        if fault.row is not None:
            last[fault.table] = fault.row
        # What counts the further rows of a kind stands behind the last one told of them.
        line = last.get(fault.table, 0) if fault.rows > 1 else fault.row or 0
        places.append((order[fault.table], line))
    in_order = sorted(range(len(faults)), key=places.__getitem__)
    return tuple(dict.fromkeys(faults[number] for number in in_order))


def _torn(given: Mapping[str, Given]) -> Iterator[Fault]:
    rule = RAGGED_ROW
    for table, origin, ragged in islice(torn_lines(given), FAULTS_SHOWN):
        # The line itself may hold anything, names and telephone numbers too.
        name, seen = origin.label or table, counted(len(ragged.cells), "cell")
        yield Fault(name, ragged.line, None, seen, rule.expected, rule.remedy, rule.code)


def _labels(given: Mapping[str, Given]) -> Iterator[str]:
    for table in TABLES:
        if table in given:
            yield from (origin.label or table for origin in given[table].origins)
        yield table


def torn_lines(given: Mapping[str, Given]) -> Iterator[tuple[str, Origin, Ragged]]:
    """Return every line with more or fewer cells than its header, by table and origin."""
    for table in (table for table in TABLES if table in given):
        for origin in given[table].origins:
            for ragged in origin.ragged:
                yield table, origin, ragged


def notes_of(given: Mapping[str, Given], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Say what was accepted though it is odd, and which columns nobody reads."""
    strange = [
        note
        for table in TABLES
        if table in given
        for note in strange_columns(table, given[table].rows.column_names)
    ]
    empty = [
        f"{origin.label or table}: no rows ({NO_ROWS.code}); expected {NO_ROWS.expected}. {NO_ROWS.remedy}"
        for table in TABLES
        for origin in (given[table].origins if table in given and not given[table].written_by_us else ())
        if not origin.original.num_rows and not origin.ragged
    ]
    return tuple(dict.fromkeys(strange + empty + noted(findings, partial(_locate, given))))


def _locate(given: Mapping[str, Given], table: str, column: str | None, row: int) -> Place:
    origin, there = given[table].origin_of(row)
    name = None if column is None else origin.names.get(column, column)
    seen = None
    if name in origin.original.column_names:
        seen = origin.original.column(name)[there].as_py()
    elif column in given[table].rows.column_names:
        # It was computed, or came from another file.
        seen = given[table].rows.column(column)[row].as_py()
    return Place(origin.label or table, origin.line(there), name, seen)
