"""A small CRM written down as rows of texts, so that a test can plant a defect at any place of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from readiness.crm import folder as tables_folder
from readiness.crm.frames import Given, arrow, given_as_is
from readiness.crm.intake import Received
from readiness.crm.mending import NOTHING_MENDED, Mended
from readiness.crm.records import instant

Row = dict[str, str]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "leads": ("lead_id", "created_at", "source", "last_known_at", "company_size"),
    "activities": ("lead_id", "occurred_at", "type", "direction", "value", "detail"),
    "answers": ("lead_id", "answered_at", "field", "value"),
    "outcomes": ("lead_id", "occurred_at", "outcome"),
    "handovers": ("lead_id", "handed_over_at", "decided_at", "decision", "reason", "propensity"),
}
MORE_CELLS = "one cell more than the header"


THROUGH = instant("2026-12-31T00:00:00Z")


class Crm:
    """Tables of leads numbered from 0; lead 0 stays right, whatever is planted in the others."""

    def __init__(self, leads: int, *, details: Iterable[str] = ()) -> None:
        notes = list(details) or ["asked for a price"]
        self.tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        for number in range(leads):
            self._add(number, notes[number % len(notes)])

    def _add(self, number: int, detail: str) -> None:
        who, day = f"L-{number:04d}", 20 + number % 8
        rows = {
            "leads": [(who, f"2026-01-{day}T09:00:00Z", "web_form", "", str(10 + number))],
            "activities": [
                (who, f"2026-02-{day}T09:00:00Z", "web_visit", "inbound", str(number + 1), detail),
                (who, f"2026-02-{day}T10:30:00Z", "call", "outbound", "", ""),
            ],
            "answers": [(who, f"2026-02-{day}T11:00:00Z", "budget", "approved")],
            "outcomes": [(who, f"2026-04-{day}T09:00:00Z", "closed_won")],
            "handovers": [
                (who, f"2026-03-{day}T09:00:00Z", f"2026-03-{day}T15:00:00Z", "accepted", "", "0.5")
            ],
        }
        for table, cells in rows.items():
            self.tables[table] += [dict(zip(COLUMNS[table], row, strict=True)) for row in cells]

    def row(self, table: str, lead: int) -> int:
        """Return the position of a lead's first row in a table."""
        who = f"L-{lead:04d}"
        return next(number for number, row in enumerate(self.tables[table]) if row["lead_id"] == who)

    def put(self, table: str, lead: int, **cells: str) -> tuple[str, int]:
        """Write cells into a lead's first row, and return its place."""
        place = self.row(table, lead)
        self.tables[table][place].update(cells)
        return table, place

    def append(self, table: str, lead: int, **cells: str) -> tuple[str, int]:
        """Repeat a lead's first row at the end with other cells, and return its place."""
        self.tables[table].append(self.tables[table][self.row(table, lead)] | cells)
        return table, len(self.tables[table]) - 1

    def frames(self) -> dict[str, Given]:
        """Return the tables as data frames of texts, as somebody's program would give them."""
        return {
            table: given_as_is(arrow(pd.DataFrame(rows, columns=list(COLUMNS[table]), dtype=object)))
            for table, rows in self.tables.items()
        }

    def write(self, folder: Path) -> None:
        """Write the tables as CSV files."""
        for table in COLUMNS:
            (folder / f"{table}.csv").write_text(self.text(table), encoding="utf-8", newline="")

    def text(self, table: str) -> str:
        """Return a table as CSV."""
        lines = [",".join(COLUMNS[table]), *(self._line(table, row) for row in self.tables[table])]
        return "\n".join(lines) + "\n"

    def line(self, table: str, place: int) -> int:
        """Return on which line of its file a row starts, the header being line 1."""
        before = self.tables[table][:place]
        return 2 + sum(self._line(table, row).count("\n") + 1 for row in before)

    def _line(self, table: str, row: Row) -> str:
        written = io.StringIO()
        cells = [row[name] for name in COLUMNS[table]] + ([row[MORE_CELLS]] if MORE_CELLS in row else [])
        csv.writer(written, lineterminator="\n").writerow(cells)
        return written.getvalue().removesuffix("\n")


def received_from(
    crm: Crm,
    folder: Path,
    mended: Mended = NOTHING_MENDED,
    *,
    watched: bool = True,
    write: bool = True,
) -> Received:
    """Write a CRM as files and read what is right in them; it was watched until THROUGH, or nobody says."""
    if write:
        crm.write(folder)
    through = THROUGH if watched else None
    return tables_folder.receive(folder, observed_through=through, mended=mended)
