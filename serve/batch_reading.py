"""The rows of a batch, from JSON, JSON lines or CSV; a row that cannot be read fails itself only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from readiness.crm.contract import CONTRACT, faulty_headers
from serve import moments, strict_json
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
Raw: TypeAlias = "object | Problem"
"""A row as it was written, or why it cannot be told apart from the others."""

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
        raw = csv_rows(io.StringIO(_text(body), newline=""))
    else:
        raw = (
            _listed(body) if media == JSON else (line(each, line_bytes) for each in filled(body.split(b"\n")))
        )
    rows: list[Row] = []
    for each in raw:
        if len(rows) == MOST_LEADS:
            raise Problem(
                "too-many-leads", f"A batch may hold at most {MOST_LEADS} leads; send the rest in another."
            )
        rows.append(request(each, defaults, media))
    return rows


def defaults(at: str | None, explain: str | None) -> dict[str, object]:
    """Return what holds for every row that does not say otherwise.

    Raises
    ------
    Problem
        422 if ``at`` is no moment: once, not row by row.
    """
    if at is not None:
        try:
            moments.read(at)
        except PydanticCustomError as error:
            raise invalid([("at", error.message())]) from None
    return {name: value for name, value in (("at", at), ("explain", explain)) if value is not None}


def request(raw: Raw, defaults: Mapping[str, object], media: str) -> Row:
    """Read one row, or say with a 422 why it is refused, each field named as its sender knows it."""
    if isinstance(raw, Problem):
        return raw
    try:
        return ScoreRequest.model_validate(_with(defaults, raw) if isinstance(raw, dict) else raw)
    except ValidationError as error:
        place = str if media in (JSON, *JSON_LINES) else _column
        return of_errors(error.errors(include_url=False, include_input=False), named=place)


def _with(defaults: Mapping[str, object], raw: Mapping[str, object]) -> dict[str, object]:
    """Let the defaults stand where a row says nothing of its own; a null says nothing."""
    return {**raw, **{name: value for name, value in defaults.items() if raw.get(name) is None}}


def _listed(body: bytes) -> Iterator[Raw]:
    document = parsed(body)
    if not isinstance(document, list):
        raise Problem("invalid-json", "Send a JSON list, one object a lead.")
    return iter(document)


def filled(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out lines that hold nothing."""
    return (each for each in lines if each.strip())


def line(written: bytes, longest: int) -> Raw:
    """Read one of the JSON lines; one of more bytes than ``longest`` is refused unread."""
    if len(written) > longest:
        return invalid([("(the line)", f"This line holds more than {longest} bytes.")])
    try:
        return strict_json.parse(written)
    except strict_json.JsonRefusedError as error:
        return invalid([("(the line)", str(error).replace("The body", "This line"))])


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("invalid-csv", f"The body is not UTF-8 (byte {error.start}).") from None


def csv_rows(lines: Iterable[str]) -> Iterator[Raw]:
    """Read CSV as the table of leads is written: a header, then one row a lead; an empty cell is missing.

    Parameters
    ----------
    lines : iterable of str
        Each with its end, as a file opened with ``newline=""`` gives them.

    Raises
    ------
    Problem
        400 or 422 if the columns are not named as they must be, or a quote is never closed.
    """
    reader = csv.reader(lines, strict=True)
    header = next(_cells(reader), None)
    if not isinstance(header, list):
        raise Problem("invalid-csv", "The first line must name the columns.")
    if len(header) == 1:
        _refuse_separators(header[0])
    check_columns(header)
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


def check_columns(header: Sequence[str]) -> None:
    """Refuse columns that do not name what a table of leads must hold.

    Raises
    ------
    Problem
        422 naming each column.
    """
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


def _lead_of(header: Sequence[str], cells: Sequence[str]) -> Raw:
    if len(cells) != len(header):
        return invalid(
            [("(the row)", f"It has {len(cells)} cells where the header names {len(header)} columns.")]
        )
    return lead_of({name: cell for name, cell in zip(header, cells, strict=True) if cell != ""})


def lead_of(given: dict[str, Any]) -> Raw:
    """Return the request that says of a lead what its row in a table says; other columns are attributes."""
    lead: dict[str, Any] = {name: given.pop(name) for name in _OF_THE_LEAD if name in given}
    return {"lead": {**lead, "attributes": given}}


def _column(field: str) -> str:
    """Name a field as the sender of a CSV knows it: by its column."""
    return field.removeprefix("lead.").removeprefix("attributes.")
