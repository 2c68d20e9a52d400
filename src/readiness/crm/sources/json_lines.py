"""JSON lines: one object a line, objects within it flattened to columns such as ``address.city``."""

from __future__ import annotations

import io
import json
from array import array
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any, Final, Never

from readiness.counting import counted
from readiness.crm.frames import Origin
from readiness.crm.sources.columns import table_of
from readiness.crm.sources.layout import Layout
from readiness.crm.sources.text import TextStream, despite_its_encoding, open_text
from readiness.errors import DataError, Fault

_MOST_FAULTS: Final = 100
_EXPECTED: Final = "one JSON object a line"
_CODE: Final = "unreadable_line"


def scan_json_lines(path: Path, label: str, layout: Layout) -> Origin:
    """Read a file of JSON lines, or one JSON array of objects. Files ending in ``.gz`` are unpacked.

    Numbers, texts, true and false stay what they are; nothing is taken for a date here. A list becomes a text
    as JSON writes it, which a note tells. A field that an object lacks is missing, as null is. Columns are in
    the order in which they first appear.

    Returns
    -------
    Origin
        ``line`` is the line of the file; in an array the position from 1. Blank lines are none. Lines that
        are no JSON objects, or name a field twice, are in ``faults``; the others are read.

    Raises
    ------
    DataError
        If no line can be read.
    StoreError
        If it cannot be opened.
    """

    def scan(encoding: str | None, replacing: bool) -> Origin:
        with open_text(path, label, encoding, replacing=replacing) as stream:
            stream.skip_lines(layout.skip_rows)
            an_array = stream.head().lstrip().startswith("[")
            numbered = _of_array(stream) if an_array else _of_lines(stream, layout.skip_rows)
            columns, lines, faults = _columns(label, numbered)
        table, notes = table_of(label, list(columns), list(columns.values()), lines.__getitem__)
        return Origin(table, lines.__getitem__, notes=notes, faults=tuple(faults))

    return despite_its_encoding(scan, layout.encoding)


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
) -> tuple[dict[str, list[object]], array[int], list[Fault]]:
    columns: dict[str, list[object]] = {}
    lines, faults = array("q"), list[Fault]()
    for line, record in numbered:
        fields = _fields(record)
        if isinstance(fields, str):
            remedy = "Correct the line, or export the file again."
            if len(faults) < _MOST_FAULTS:
                faults.append(Fault(label, line, None, fields, _EXPECTED, remedy, _CODE))
            elif len(faults) == _MOST_FAULTS:
                faults.append(Fault(label, None, None, "1 more line", _EXPECTED, remedy, _CODE))
            else:
                more = faults[-1].rows + 1
                faults[-1] = replace(faults[-1], seen=counted(more, "more line"), rows=more)
            continue
        for name, value in fields.items():
            cells = columns.setdefault(name, [])
            cells.extend(repeat(None, len(lines) - len(cells)))
            cells.append(value)
        lines.append(line)
    if faults and not lines:
        raise DataError(faults)
    for cells in columns.values():
        cells.extend(repeat(None, len(lines) - len(cells)))
    return columns, lines, faults


def _fields(record: object) -> dict[str, object] | str:
    """Return an object's fields, those of objects within it under longer names; or what is wrong with it."""
    if not isinstance(record, dict):
        return _called(record)
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    fields: dict[str, object] = {}
    for name, value in _flat(record, ""):
        if name in fields:
            return f"the field {name!r} twice"
        fields[name] = value
    return fields


def _flat(record: dict[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


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
