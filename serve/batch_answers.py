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
    for places, alike in ((list(each), each.values()) for each in by_lead.values() if len(each) > 1):
        first, *more = places
        # As they are written: to Python, true is 1.
        if len({row.model_dump_json() for row in alike}) == 1:
            said = _COPY.format(first=first + 1)
            refused |= {place: invalid([("lead.lead_id", said)]) for place in more}
        else:
            named = ", ".join(str(place + 1) for place in places[:_SHOWN])
            said = _CONFLICT.format(rows=f"{named}…" if len(places) > _SHOWN else named)
            refused |= {place: invalid([("lead.lead_id", said)]) for place in places}
    return refused


def form(request: Request) -> str:
    """Return in which of the two forms the sender wants the answer: the first that it names.

    Raises
    ------
    Problem
        406 if it accepts neither JSON nor JSON lines.
    """
    accepted = [
        part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")
    ]
    for each in accepted:
        if each in ("", "*/*", "application/*", JSON):
            return JSON
        if each in JSON_LINES:
            return each
    raise Problem("not-acceptable", f"It answers as {JSON} or, one row a line, as {JSON_LINES[0]}.")


def answers(verdicts: Sequence[Verdict], new_id: Callable[[], str]) -> list[Answered | Problem]:
    """Write each assessment as `POST /v1/score` would answer it; refusals stay as they are."""
    return [verdict if isinstance(verdict, Problem) else answered(verdict, new_id()) for verdict in verdicts]


def counts(verdicts: Sequence[Answered | Problem]) -> dict[str, int]:
    """Count the rows: received = scored + refused."""
    scored = sum(isinstance(verdict, Answered) for verdict in verdicts)
    return {"received": len(verdicts), "scored": scored, "refused": len(verdicts) - scored}


def written(verdicts: Sequence[Answered | Problem], media: str) -> bytes:
    """Write the verdicts in one of the forms of `form`; JSON lines end with the counts."""
    rows = (_row(number, verdict) for number, verdict in enumerate(verdicts, start=1))
    if media in JSON_LINES:
        return b"".join(line + b"\n" for line in (*rows, _encoded(counts(verdicts))))
    head = _encoded(counts(verdicts)).removesuffix(b"}")
    return head + b',"rows":[' + b",".join(rows) + b"]}"


def _row(number: int, verdict: Answered | Problem) -> bytes:
    if isinstance(verdict, Answered):
        return b'{"row":%d,"status":"scored","assessment":%b}' % (number, verdict.content)
    return _encoded({"row": number, "status": "refused", "problem": verdict.told()})


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
