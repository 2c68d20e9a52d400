"""What must hold whatever defects stand in whatever tables: nothing is lost, and each defect is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from readiness.crm import folder as tables_folder
from readiness.crm.folder import read_quarantine, write_quarantine
from readiness.crm.intake import Received, sort_out
from readiness.crm.quarantine import ENDING
from readiness.crm.sources.csv_files import read_csv
from readiness.crm.sources.csv_writing import write_csv
from readiness.errors import DataError
from tests.builders import assert_same
from tests.crm.defects.crm import COLUMNS, MORE_CELLS, THROUGH, Crm, received_from
from tests.crm.defects.kinds import KINDS, Kind

DETAILS = ("asked for a price", "said\nyes", 'a "quoted" word; and more', "Größe, 5 €", "")


@dataclass(frozen=True)
class Planted:
    """One defect in a CRM."""

    kind: Kind
    lead: int
    table: str
    place: int


@dataclass(frozen=True)
class Faulty:
    """A CRM as it is right, the same with defects, and which they are."""

    right: Crm
    crm: Crm
    planted: tuple[Planted, ...]


def random_faulty(rng: np.random.Generator, *, for_files: bool, only_refused: bool = False) -> Faulty:
    """Return a random small CRM with a random defect in each of some of its leads."""
    leads = int(rng.integers(1, 9))
    crm = Crm(leads, details=[str(text) for text in rng.permutation(DETAILS)])
    for rows in crm.tables.values():
        order = rng.permutation(len(rows))
        rows[:] = [rows[number] for number in order]
    right = deepcopy(crm)
    kinds = [
        kind for kind in KINDS if (for_files or not kind.files_only) and (kind.refuses or not only_refused)
    ]
    planted, habits = [], set()
    for lead in range(1, leads):
        kind = kinds[int(rng.integers(len(kinds)))]
        if rng.random() < 0.7 and kind.habit not in habits - {""}:
            habits.add(kind.habit)
            planted.append(Planted(kind, lead, *kind.plant(crm, lead)))
    return Faulty(right, crm, tuple(planted))


def rows_add_up(faulty: Faulty, received: Received) -> None:
    """Fail unless in each table read = accepted + refused, and each refused row is there with its reasons."""
    for table, rows in faulty.crm.tables.items():
        count, aside = received.counts[table], received.set_aside.get(table)
        assert count.read == len(rows), table
        assert count.refused == (0 if aside is None else aside.num_rows), table
        assert count.accepted == len(getattr(received.tables, table)), table
        assert count.refused == _rows_to_refuse(faulty, table), table
        if aside is not None:
            assert all(aside.column("fault_code").to_pylist()), table


def _rows_to_refuse(faulty: Faulty, table: str) -> int:
    """Count slowly which rows must be refused: with a lead go all its rows."""
    gone = {f"L-{one.lead:04d}" for one in faulty.planted if one.kind.takes_lead}
    told = {(one.table, one.place) for one in faulty.planted if one.kind.refuses}
    return sum(
        row["lead_id"] in gone or (table, place) in told for place, row in enumerate(faulty.crm.tables[table])
    )


def each_defect_is_told(faulty: Faulty, received: Received, *, in_files: bool) -> None:
    """Fail unless each defect is named by its code and place, and nothing else is but what follows "
    "from it."""
    told = defaultdict(set)
    for fault in received.faults:
        told[fault.table, fault.row].add(fault.code)
    due: Mapping[str, int] = defaultdict(int)
    for one in faulty.planted:
        row = faulty.crm.line(one.table, one.place) if in_files else one.place + 1
        if one.kind.refuses:
            assert one.kind.code in told.pop((one.table, row)), (one, row)
        else:
            due[f"{one.table}/{one.kind.code}/{one.kind.column}"] += 1
    follows = {"lead_refused", "end_in_doubt", "conflicting_lead"}
    assert set().union(*told.values()) <= follows, told
    for place, count in due.items():
        table, code, column = place.split("/")
        rows = "1 row" if count == 1 else f"{count} rows"
        where = "" if column == "None" else f", column {column}:"
        found = [note for note in received.notes if note.startswith(f"{table}: {rows} ({code}), first row")]
        assert any(where in note for note in found), (place, count, received.notes)


def from_files(rng: np.random.Generator, folder: Path) -> int:
    """Plant defects in CSV files, hold what is read to the claims, and return how many defects there were."""
    faulty = random_faulty(rng, for_files=True)
    received = received_from(faulty.crm, folder)
    rows_add_up(faulty, received)
    each_defect_is_told(faulty, received, in_files=True)
    return len(faulty.planted)


def from_frames(rng: np.random.Generator, _: Path) -> int:
    """Plant defects in data frames, hold what is read to the claims, and return how many there were."""
    faulty = random_faulty(rng, for_files=False)
    received = sort_out(faulty.crm.frames(), observed_through=THROUGH)
    rows_add_up(faulty, received)
    each_defect_is_told(faulty, received, in_files=False)
    return len(faulty.planted)


def mended(rng: np.random.Generator, folder: Path) -> int:
    """Mend what was refused, and hold the import of the same files with it to that of the right ones."""
    faulty = random_faulty(rng, for_files=True, only_refused=True)
    faulty.crm.tables = {table: list(rows) for table, rows in faulty.crm.tables.items()}
    received = received_from(faulty.crm, folder)
    quarantine = folder / "quarantine"
    write_quarantine(received, quarantine)
    extra = _mend(faulty, quarantine)
    again = tables_folder.receive(folder, observed_through=THROUGH, mended=read_quarantine(quarantine))
    right = received_from(extra, folder)
    assert not again.faults, again.faults
    assert_same(again.tables, right.tables)
    assert {t: c.read for t, c in again.counts.items()} == {t: c.read for t, c in right.counts.items()}
    return len(faulty.planted)


RELATIONS = {"unknown_lead", "lost_zeros", "ended_before_creation", "second_end"} | {
    "conflicting_lead",
    "copied_lead",
}
"""What is said of a row because of another one."""
FOLLOWS = {"lead_refused", "end_in_doubt"}

WHOLE: Mapping[str, tuple[Callable[[str], bytes], int | None]] = {
    "unreadable_file": (lambda _: b"%PDF-1.7", None),
    "missing_header": (lambda text: f"Our CRM\nof today\n\n{text}{text.splitlines()[-1]}\n".encode(), 3),
    "wrong_separator": (lambda text: text.replace(",", ";", text.split("\n")[0].count(",")).encode(), None),
    "unclosed_quote": (lambda text: f'{text}"never closed\n\n'.encode(), 0),
    "wrong_encoding": (lambda text: text.encode() + b"\xe8\xb9\xe6" * 9, 0),
}
"""What can be wrong with a whole file, and how many lines further down its rows are then; None: gone."""


def told_at_once(rng: np.random.Generator, folder: Path) -> int:
    """Spoil a whole file among random defects: all that is told without that is told with it."""
    faulty = random_faulty(rng, for_files=True)
    alone = {(f.table, f.row, f.column, f.code) for f in received_from(faulty.crm, folder).faults}
    alone = {each for each in alone if each[3] not in FOLLOWS}
    table, code = rng.choice(list(COLUMNS)), rng.choice(list(WHOLE))
    if any(one.table == table and one.kind.code == "ragged_row" for one in faulty.planted):
        # Among so few lines a torn one hides which of them is the header.
        code = "unreadable_file"
    spoil, further = WHOLE[code]
    (folder / f"{table}.csv").write_bytes(spoil(faulty.crm.text(table)))
    with pytest.raises(DataError, match=r"faults? in the data") as refused:
        received_from(faulty.crm, folder, write=False)
    faults = {(f.table, f.row, f.column, f.code) for f in refused.value.faults if f.code not in FOLLOWS}
    known = table != "leads" or code == "missing_header"
    due = {each for each in alone if known or each[3] not in RELATIONS}
    assert {(each[0], each[3]) for each in faults} >= {(table, code)}
    assert {each for each in due if each[0] != table} <= faults
    assert {each for each in faults if each[0] != table} <= alone
    if further is not None:
        moved = {(name, (line or 0) + further, *rest) for name, line, *rest in due if name == table}
        assert moved <= faults
    return 1 + len(faulty.planted)


def _mend(faulty: Faulty, quarantine: Path) -> Crm:
    """Write into the quarantine what stands there in the right CRM, and return that CRM.

    A row that was added to be a defect is given to a lead of its own.
    """
    right = deepcopy(faulty.crm)
    for one in faulty.planted:
        rows = right.tables[one.table]
        before = faulty.right.tables[one.table]
        rows[one.place].pop(MORE_CELLS, None)
        if one.place < len(before):
            rows[one.place] = dict(before[one.place])
        elif one.table == "leads":
            rows[one.place]["lead_id"] += "-2"
        else:
            rows[one.place]["outcome"] = "closed_lost"
    for path in sorted(quarantine.glob(f"*{ENDING}")):
        table = path.name.removesuffix(ENDING)
        refused = read_csv(path, path.name).original.to_pylist()
        fixed = {faulty.crm.line(table, place): row for place, row in enumerate(right.tables[table])}
        rows = [row | fixed[int(row["row"])] for row in refused]
        write_csv(_table(rows), path)
    return right


def _table(rows: list[dict[str, str]]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in rows[0]})
