"""JSON lines: one object a line, objects within it flattened to columns such as ``address.city``."""

from __future__ import annotations

import io
import json
from array import array
from collections.abc import Iterator, Mapping
from itertools import repeat
from pathlib import Path
from typing import Any, Final, Never

from readiness.crm.frames import Origin
from readiness.crm.sources.columns import table_of
from readiness.crm.sources.layout import Layout
from readiness.crm.sources.text import TextStream, open_text
from readiness.errors import DataError, Fault

_MOST_FAULTS: Final = 100
_EXPECTED: Final = "one JSON object a line"


def read_json_lines(path: Path, label: str, layout: Layout) -> Origin:
    """Read a file of JSON lines, or one JSON array of objects. Files ending in ``.gz`` are unpacked.

    Numbers, texts, true and false stay what they are; nothing is taken for a date here. A field that an
    object lacks is missing, as null is. Columns are in the order in which they first appear.

    Returns
    -------
    Origin
        ``line`` is the line of the file; in an array the position from 1. Blank lines are none.

    Raises
    ------
    DataError
        If lines are no JSON objects or name a field twice, or hold lists; such lines are named.
    StoreError
        If it cannot be opened.
    """
    with open_text(path, label, layout.encoding) as stream:
        stream.skip_lines(layout.skip_rows)
        an_array = stream.head().lstrip().startswith("[")
        numbered = _of_array(stream) if an_array else _of_lines(stream, layout.skip_rows)
        columns, lines = _columns(label, numbered)
    table, notes = table_of(label, list(columns), list(columns.values()), lines.__getitem__)
    return Origin(table, lines.__getitem__, notes=notes)


def _of_lines(stream: TextStream, skipped: int) -> Iterator[tuple[int, Any]]:
    text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8")
    for line, written in enumerate(text, skipped + 1):
        if not written.isspace():
            yield line, _parsed(written)


def _of_array(stream: TextStream) -> Iterator[tuple[int, Any]]:
    records = _parsed(stream.read().decode())
    yield from enumerate(records, 1) if isinstance(records, list) else [(1, records)]


def _parsed(written: str) -> Any:  # noqa: ANN401 - anything that JSON can hold
    """Return what is written, or the ValueError that says why it is no JSON."""
    try:
        return json.loads(written, object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return error


def _columns(
    label: str, numbered: Iterator[tuple[int, Any]]
) -> tuple[dict[str, list[object]], Mapping[int, int] | array[int]]:
    columns: dict[str, list[object]] = {}
    lines, faults = array("q"), list[Fault]()
    for line, record in numbered:
        seen = _put(record, "", columns, len(lines)) if isinstance(record, dict) else _called(record)
        lines.append(line)
        if seen is not None:
            remedy = "Correct the line, or export the file again."
            faults.append(Fault(label, line, None, seen, _EXPECTED, remedy, "unreadable_line"))
            if len(faults) == _MOST_FAULTS:
                break
    if faults:
        raise DataError(faults)
    for cells in columns.values():
        cells.extend(repeat(None, len(lines) - len(cells)))
    return columns, lines


def _put(record: Mapping[str, object], prefix: str, columns: dict[str, list[object]], row: int) -> str | None:
    """Put an object's fields into their columns; say what is wrong with it, if anything."""
    for name, value in record.items():
        if isinstance(value, dict):
            wrong = _put(value, f"{prefix}{name}.", columns, row)
            if wrong is not None:
                return wrong
            continue
        cells = columns.setdefault(prefix + name, [])
        if len(cells) > row:
            return f"the field {prefix + name!r} twice"
        cells.extend(repeat(None, row - len(cells)))
        cells.append(value)
    return None


def _called(record: object) -> str:
    if isinstance(record, _TwiceError):
        return f"the field {record.args[0]!r} twice"
    return "an array" if isinstance(record, list) else "something else"


class _TwiceError(ValueError):
    """A field stands twice in one object."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return fields


def _no_number(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")
