"""The rows of a batch, from JSON, JSON lines or CSV; a row that cannot be read fails itself only."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from readiness.crm.contract import CONTRACT, faulty_headers
from serve import strict_json
from serve.problems import Problem, invalid, of_errors, path
from serve.request_body import parsed
from serve.schemas import ScoreRequest

MOST_LEADS: Final = 10_000
"""A batch holds at most so many; a larger file is sent in parts."""

LONGEST_LINE: Final = 2_000_000
"""A line of JSON, one lead, may hold so many bytes unless told otherwise."""

JSON: Final = "application/json"
JSON_LINES: Final = ("application/x-ndjson", "application/jsonl", "application/ndjson")
CSV: Final = "text/csv"

Row: TypeAlias = "ScoreRequest | Problem"
_Raw: TypeAlias = "object | Problem"

_OTHER_SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_OF_THE_LEAD: Final = CONTRACT["leads"].all


def read(
    body: bytes, media: str, defaults: Mapping[str, object], *, line_bytes: int = LONGEST_LINE
) -> list[Row]:
    """Read the rows of a batch.

    Parameters
    ----------
    body : bytes
    media : str
        One of JSON, JSON_LINES and CSV.
    defaults : mapping
        What holds for every row that does not say otherwise: ``at`` and ``explain``.
    line_bytes : int
        A longer line of JSON is refused unread: it holds one lead, as a request of its own would.

    Returns
    -------
    list of Row, n
        In the order sent: a request, or the 422 with which the row is refused.

    Raises
    ------
    Problem
        400 or 422 if the whole cannot be taken apart into rows, 413 beyond MOST_LEADS rows.
    """
    if media == CSV:
        return _all(_csv_rows(body), defaults, _column)
    raw = _listed(body) if media == JSON else _lines(body, line_bytes)
    return _all(raw, defaults, str)


def _all(raw: Iterator[_Raw], defaults: Mapping[str, object], place: Callable[[str], str]) -> list[Row]:
    rows: list[Row] = []
    for each in raw:
        if len(rows) == MOST_LEADS:
            raise Problem(
                "too-many-leads", f"A batch may hold at most {MOST_LEADS} leads; send the rest in another."
            )
        rows.append(each if isinstance(each, Problem) else _request(each, defaults, place))
    return rows


def _request(raw: object, defaults: Mapping[str, object], place: Callable[[str], str]) -> Row:
    try:
        return ScoreRequest.model_validate(_with(defaults, raw) if isinstance(raw, dict) else raw)
    except ValidationError as error:
        return of_errors(error.errors(include_url=False, include_input=False), named=place)


def _with(defaults: Mapping[str, object], raw: Mapping[str, object]) -> dict[str, object]:
    """Let the defaults stand where a row says nothing of its own; a null says nothing."""
    return {**raw, **{name: value for name, value in defaults.items() if raw.get(name) is None}}


def _listed(body: bytes) -> Iterator[_Raw]:
    document = parsed(body)
    if not isinstance(document, list):
        raise Problem("invalid-json", "Send a JSON list, one object a lead.")
    return iter(document)


def _lines(body: bytes, longest: int) -> Iterator[_Raw]:
    for line in body.split(b"\n"):
        if not line.strip():
            continue
        if len(line) > longest:
            yield invalid([("(the line)", f"This line holds more than {longest} bytes.")])
            continue
        try:
            yield strict_json.parse(line)
        except strict_json.JsonRefusedError as error:
            yield invalid([("(the line)", str(error).replace("The body", "This line"))])


def _csv_rows(body: bytes) -> Iterator[_Raw]:
    """Read CSV as the table of leads is written: a header, then one row a lead; an empty cell is missing."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("invalid-csv", f"The body is not UTF-8 (byte {error.start}).") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(_cells(reader), None)
    if not isinstance(header, list):
        raise Problem("invalid-csv", "The first line must name the columns.")
    if len(header) == 1:
        _refuse_separators(header[0])
    _check(header)
    for cells in _cells(reader):
        yield cells if isinstance(cells, Problem) else _lead_of(header, cells)


def _refuse_separators(line: str) -> None:
    for mark, called in _OTHER_SEPARATORS.items():
        if mark in line:
            raise Problem(
                "invalid-csv", f"The columns are separated by {called}; separate them by commas instead."
            )


def _cells(reader: Any) -> Iterator[list[str] | Problem]:  # noqa: ANN401 - the csv module names no type
    """Return the cells of each line that has any, or why they could not be told apart."""
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                raise Problem("invalid-csv", f"A quote in line {first} is never closed.") from None
            yield invalid([("(the row)", "Its cells cannot be told apart: check its quotes and length.")])
            continue
        if cells:
            yield cells


def _check(header: Sequence[str]) -> None:
    faults = [
        (path((fault.column or "",)), f"Expected {fault.expected}. {fault.remedy}")
        for fault in faulty_headers("leads", header)
    ]
    if "lead_id" not in header:
        faults.append(("lead_id", "This column is required: each answer carries it."))
    if "" in header:
        faults.append(("(a column without a name)", "Name it, or leave it out."))
    if faults:
        raise invalid(faults)


def _lead_of(header: Sequence[str], cells: Sequence[str]) -> _Raw:
    if len(cells) != len(header):
        return invalid(
            [("(the row)", f"It has {len(cells)} cells where the header names {len(header)} columns.")]
        )
    given = {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}
    lead: dict[str, Any] = {name: given.pop(name) for name in _OF_THE_LEAD if name in given}
    return {"lead": {**lead, "attributes": given}}


def _column(field: str) -> str:
    """Name a field as the sender of a CSV knows it: by its column."""
    return field.removeprefix("lead.").removeprefix("attributes.")
