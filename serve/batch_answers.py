"""The verdicts of a batch, row by row: what was scored, what was refused and why; the counts add up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from fastapi import Request

from serve.answered import Answered, answered
from serve.assessing import Verdict
from serve.batch_reading import JSON, JSON_LINES, Row
from serve.problems import Problem, invalid
from serve.request_body import first_accepted
from serve.schemas import ScoreRequest

_COPY: Final = "This row repeats row {first}, which is scored; send each lead once."
_CONFLICT: Final = (
    "This lead stands in rows {rows}, which differ; send it once, with all that is known of it."
)
_SHOWN: Final = 5


def told_apart(rows: Sequence[Row]) -> tuple[dict[int, ScoreRequest], dict[int, Problem]]:
    """Say which rows can be assessed, and why the others cannot; both by place.

    A lead that stands twice is assessed once if its rows are the same; if they differ nobody can know
    which is true, and all of them are refused.

    Parameters
    ----------
    rows : n rows
        As `batch_reading.read` returned them.
    """
    refused = _repeated(rows)
    refused |= {place: row for place, row in enumerate(rows) if isinstance(row, Problem)}
    asked = {
        place: row for place, row in enumerate(rows) if isinstance(row, ScoreRequest) and place not in refused
    }
    return asked, refused


def _repeated(rows: Sequence[Row]) -> dict[int, Problem]:
    by_lead: dict[str, dict[int, ScoreRequest]] = defaultdict(dict)
    for place, row in enumerate(rows):
        if isinstance(row, ScoreRequest):
            by_lead[row.lead.lead_id][place] = row
    refused: dict[int, Problem] = {}
    for rows_of in (each for each in by_lead.values() if len(each) > 1):
        refused |= repeated([*rows_of], alike=len({as_written(row) for row in rows_of.values()}) == 1)
    return refused


def as_written(row: ScoreRequest) -> str:
    """Return what is compared where a lead stands twice: to Python, true is 1."""
    return row.model_dump_json()


def repeated(places: Sequence[int], *, alike: bool) -> dict[int, Problem]:
    """Say which of the rows of one lead are refused: all but the first if they are alike, else all."""
    first, *more = places
    if alike:
        copy = invalid([("lead.lead_id", _COPY.format(first=first + 1))])
        return dict.fromkeys(more, copy)
    named = ", ".join(str(place + 1) for place in places[:_SHOWN])
    said = _CONFLICT.format(rows=f"{named}…" if len(places) > _SHOWN else named)
    return dict.fromkeys(places, invalid([("lead.lead_id", said)]))


def form(request: Request) -> str:
    """Return in which of the two forms the sender wants the answer: the first that it names.

    Raises
    ------
    Problem
        406 if it accepts neither JSON nor JSON lines.
    """
    forms = dict.fromkeys(("", "*/*", "application/*", JSON), JSON) | {each: each for each in JSON_LINES}
    wanted = first_accepted(request, forms)
    if wanted is None:
        raise Problem("not-acceptable", f"It answers as {JSON} or, one row a line, as {JSON_LINES[0]}.")
    return wanted


def answers(verdicts: Sequence[Verdict], new_id: Callable[[], str]) -> list[Answered | Problem]:
    """Write each assessment as `POST /v1/score` would answer it; refusals stay as they are."""
    return [verdict if isinstance(verdict, Problem) else answered(verdict, new_id()) for verdict in verdicts]


def counts(verdicts: Sequence[Answered | Problem]) -> dict[str, int]:
    """Count the rows: received = scored + refused."""
    scored = sum(isinstance(verdict, Answered) for verdict in verdicts)
    return {"received": len(verdicts), "scored": scored, "refused": len(verdicts) - scored}


def written(verdicts: Sequence[Answered | Problem], media: str) -> bytes:
    """Write the verdicts in one of the forms of `form`; JSON lines end with the counts."""
    rows = (row_told(number, verdict) for number, verdict in enumerate(verdicts, start=1))
    if media in JSON_LINES:
        return b"".join(line + b"\n" for line in (*rows, encoded(counts(verdicts))))
    head = encoded(counts(verdicts)).removesuffix(b"}")
    return head + b',"rows":[' + b",".join(rows) + b"]}"


def row_told(number: int, verdict: Answered | Problem) -> bytes:
    """Write what is said of one row, counted from 1, as JSON."""
    if isinstance(verdict, Answered):
        return b'{"row":%d,"status":"scored","assessment":%b}' % (number, verdict.content)
    return encoded({"row": number, "status": "refused", "problem": verdict.told()})


def encoded(value: object) -> bytes:
    """Return a value as JSON, in one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
