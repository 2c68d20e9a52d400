"""A small mapping, an export that it reads, and what came of others."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from readiness.crm import mapping
from readiness.crm.intake import Received
from readiness.crm.records import DIRECTIONS, OUTCOMES, iso

PLAIN = """
name: plain
files:
  deals:
    path: deals.csv
    separator: ";"
    missing: ["?"]
    dates: ["%d.%m.%Y", "%d.%m.%Y %H:%M"]
    zone: Europe/Berlin
    decimal: ","
leads:
  file: deals
  columns: {lead_id: Id, created_at: Opened, source: {constant: trade_show_bowl}}
  attributes: {company_size: {column: Staff}}
  exclude: {Closed: the date of the outcome}
outcomes:
  - file: deals
    columns:
      lead_id: Id
      occurred_at: Closed
      outcome: {column: State, values: {yes: closed_won, no: closed_lost, Open: null}}
"""
DEALS = """Id;Opened;Staff;Revenue;State;Closed
1; 14.03.2026 ;1.200;1.234,5;yes;01.04.2026 09:30
2;15.03.2026 08:00;?;7;no;2026-04-02T10:00:00Z
3;16.03.2026;12;0,5;Open;
"""


def applied(text: str, folder: Path, **files: str) -> Received:
    """Carry out a mapping on CSV files of these contents, by their names without ending."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return mapping.apply(mapping.parse(text, name="mine.yaml"), [folder])


def rows(received: Received, table: str) -> list[tuple[object, ...]]:
    """Return the rows of an event table: its lead's id, its day, and what it says."""
    tables = received.tables
    events = getattr(tables, table)
    said = {
        "activities": lambda: (events.type.texts(), np.array(DIRECTIONS)[events.direction]),
        "answers": lambda: (events.field.texts(), events.value.texts()),
        "outcomes": lambda: (np.array(OUTCOMES)[events.outcome],),
    }[table]()
    at = events.answered_at if table == "answers" else events.occurred_at
    days = [(iso(when) or "")[:10] for when in at.tolist()]
    return list(
        zip(tables.leads.lead_id[events.lead].tolist(), days, *(each.tolist() for each in said), strict=True)
    )
