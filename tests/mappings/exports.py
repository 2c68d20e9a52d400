"""Short ways to write a CRM's export down in a test, and to say what became of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from readiness import shipped
from readiness.crm import mapping
from readiness.crm.intake import Received
from readiness.crm.records import DIRECTIONS, OUTCOMES, iso
from readiness.crm.tables import Tables

Row: TypeAlias = Mapping[str, str]


def write(folder: Path, **files: Sequence[Row]) -> Path:
    """Write files of an export, ``leads=[{…}]`` to ``leads.csv``, and return their folder.

    A column that one row has and another has not is empty there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def imported(name: str, source: Path) -> Received:
    """Import an export by a shipped mapping."""
    return mapping.apply(mapping.load(shipped.mapping(name)), [source])


def accepted(name: str, source: Path) -> Tables:
    """Import an export that has no faults."""
    received = imported(name, source)
    assert received.faults == (), [str(fault) for fault in received.faults]
    return received.tables


def day(at: int) -> str:
    """Say on which day an instant lies; empty if there is none."""
    return (iso(at) or "")[:10]


def lead_ids(tables: Tables) -> list[str]:
    """Return the ids of the leads."""
    ids: list[str] = tables.leads.lead_id.tolist()
    return ids


def activities(tables: Tables) -> list[tuple[str, str, str, str]]:
    """Return (lead, day, type, direction) of each activity, sorted."""
    rows = tables.activities
    return sorted(
        (tables.leads.lead_id[lead], day(at), type_ or "", DIRECTIONS[way])
        for lead, at, type_, way in zip(
            rows.lead.tolist(),
            rows.occurred_at.tolist(),
            rows.type.texts().tolist(),
            rows.direction.tolist(),
            strict=True,
        )
    )


def answers(tables: Tables) -> list[tuple[str, str, str, str | None]]:
    """Return (lead, day, field, value) of each answer, sorted."""
    rows = tables.answers
    return sorted(
        zip(
            tables.leads.lead_id[rows.lead].tolist(),
            map(day, rows.answered_at.tolist()),
            rows.field.texts().tolist(),
            rows.value.texts().tolist(),
            strict=True,
        )
    )


def ends(tables: Tables) -> list[tuple[str, str, str]]:
    """Return (lead, day, outcome) of each outcome, sorted; no day: undated."""
    rows = tables.outcomes
    return sorted(
        (tables.leads.lead_id[lead], day(at), OUTCOMES[end])
        for lead, at, end in zip(
            rows.lead.tolist(), rows.occurred_at.tolist(), rows.outcome.tolist(), strict=True
        )
    )


def attribute(tables: Tables, name: str) -> list[str | None]:
    """Return the texts of an attribute."""
    column = tables.leads.attributes[name]
    texts: list[str | None] = column.texts().tolist()  # type: ignore[union-attr]
    return texts
