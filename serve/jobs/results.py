"""What is handed out of a job: its finished rows as JSON lines or CSV, with the list asked once more.

Whoever was put on the list since the row was assessed is `never_call` in what leaves.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from readiness.crm.spreadsheets import harmless
from readiness.scoring import looked_up
from serve.batch_answers import encoded
from serve.database import Job, Part, SuppressionStore
from serve.jobs import part_lines
from serve.jobs.folder import JobFolder
from serve.jobs.part_lines import Line

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "row": ("row",),
    "status": ("status",),
    "lead_id": ("assessment", "lead_id"),
    "action": ("assessment", "advice", "action"),
    "because": ("assessment", "advice", "because"),
    "next_step": ("assessment", "advice", "next_step"),
    "call_by": ("assessment", "advice", "by"),
    "know_first": ("assessment", "advice", "know_first"),
    "ask_next": ("assessment", "advice", "ask_next"),
    "look_again": ("assessment", "advice", "look_again"),
    "score": ("assessment", "score"),
    "stop_risk": ("assessment", "stop_risk"),
    "percentile": ("assessment", "percentile"),
    "category": ("assessment", "category", "name"),
    "category_because": ("assessment", "category", "because"),
    "stage": ("assessment", "stage", "name"),
    "budget": ("assessment", "bant", "budget", "state"),
    "authority": ("assessment", "bant", "authority", "state"),
    "need": ("assessment", "bant", "need", "state"),
    "timeframe": ("assessment", "bant", "timeframe", "state"),
    "cutoff": ("assessment", "cutoff"),
    "horizon_days": ("assessment", "horizon_days"),
    "assessment_id": ("assessment", "assessment_id"),
    "model": ("assessment", "answered_by", "model"),
    "bundle": ("assessment", "answered_by", "bundle"),
    "agreement_sha256": ("assessment", "answered_by", "agreement", "sha256"),
}
_LISTS: Final = ("reasons", "warnings", "problems")


def barred(lines: Sequence[Line], store: SuppressionStore) -> list[bool]:
    """Say of each row whether its lead is on the list now.

    Raises
    ------
    StoreError
        If the list cannot be read: then nothing leaves.
    """
    keys = part_lines.keys_of(lines)
    never: list[bool] = looked_up(keys, store.look_up(keys.distinct())).never.tolist()
    return never


def part_rows(folder: JobFolder, job: Job, part: Part, store: SuppressionStore) -> list[bytes]:
    """Return the rows of a part as JSON, as they may leave now.

    Raises
    ------
    StoreError
        If the part is damaged, or the list cannot be read.
    """
    lines = list(part_lines.read(folder.part(job.id, part)))
    never = barred(lines, store) if lines else []
    return [line.never_called() if stop else line.said for line, stop in zip(lines, never, strict=True)]


def json_lines(rows: Sequence[bytes]) -> bytes:
    """Write rows as JSON lines."""
    return b"".join(row + b"\n" for row in rows)


def json_lines_end(job: Job) -> bytes:
    """Write the counts, the last line: without it, the answer was cut off."""
    counts = {"received": job.rows_done, "scored": job.rows_scored, "refused": job.rows_refused}
    return encoded(counts) + b"\n"


def csv_head() -> bytes:
    """Write the line that names the columns."""
    return _csv([[*_COLUMNS, *_LISTS]])


def csv_lines(rows: Sequence[bytes]) -> bytes:
    """Write rows as CSV: one line a row, texts that a spreadsheet would run made harmless."""
    return _csv([list(_cells(json.loads(row))) for row in rows])


def _cells(row: Mapping[str, Any]) -> Iterator[object]:
    for way in _COLUMNS.values():
        found: Any = row
        for step in way:
            found = None if found is None else found.get(step)
        yield harmless(found)
    assessment = row.get("assessment") or {}
    yield harmless("; ".join(reason["text"] for reason in assessment.get("reasons", ())))
    yield harmless(" ".join(assessment.get("warnings", ())))
    problems = (row.get("problem") or {}).get("errors", ())
    yield harmless("; ".join(f"{each['field']}: {each['problem']}" for each in problems))


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    # Numbers as JSON writes them: Python's shortest decimals, which read back to the same bits.
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()
