"""Rows that were refused: set aside as they were given, mended by people, and put back in their place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pyarrow as pa

from readiness.crm import cells
from readiness.crm.findings import TABLES, Finding
from readiness.crm.frames import ArrowTable, Given, Origin
from readiness.crm.rules import RAGGED_ROW
from readiness.crm.sources.csv_writing import write_csv
from readiness.crm.tables import Flags
from readiness.errors import StoreError

OURS: Final = ("row", "fault_code", "fault", "check", "raw_line")
"""Columns that stand before those of the source; ``raw_line`` only where lines are torn."""

ENDING: Final = ".refused.csv"
_THEIRS: Final = " (theirs)"
_UNSAFE: Final = re.compile(r'[%/\\:*?"<>|\x00-\x1f]')


def set_aside(
    given: Mapping[str, Given], accepted: Mapping[str, Flags], findings: Sequence[Finding]
) -> dict[str, ArrowTable]:
    """Return the rows refused, by table and source, each as it was given and with its faults.

    Returns
    -------
    dict
        By table, or by ``table.source`` where the source has a name of its own: OURS, then the
        cells as they were given, as texts.
    """
    aside: dict[str, ArrowTable] = {}
    for table in (table for table in TABLES if table in given):
        reasons: dict[int, list[Finding]] = defaultdict(list)
        for found in (found for found in findings if found.table == table and found.rule.refuses):
            for row in found.rows.tolist():
                reasons[row].append(found)
        first = 0
        for origin in given[table].origins:
            refused = first + np.flatnonzero(~accepted[table][first : first + len(origin)])
            if len(refused) or origin.ragged:
                name = table if origin.label is None else f"{table}.{origin.label}"
                told = [(origin.original_row(row - first), reasons[row]) for row in refused.tolist()]
                more = _with_reasons(origin, told)
                # One file may feed a table several times: each of its refused rows is kept.
                there = [aside[name], more] if name in aside else [more]
                aside[name] = pa.concat_tables(there, promote_options="default")
            first += len(origin)
    return aside


def write_quarantine(aside: Mapping[str, ArrowTable], folder: Path) -> list[Path]:
    """Write the rows that were refused, one CSV file a table and source, and return the files.

    They end in ``.refused.csv``; those of an earlier quarantine in that folder are deleted. The files
    hold the CRM's personal data.

    Parameters
    ----------
    aside : by name
        See `set_aside`.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"*{ENDING}"):
            old.unlink()
        for name, rows in aside.items():
            written.append(folder / f"{_file_name(name)}{ENDING}")
            write_csv(rows, written[-1])
    except OSError as error:
        raise StoreError(f"The quarantine {folder.name} cannot be written: {error.strerror}.") from error
    return written


def source_of(path: Path) -> str:
    """Return whose rows a file of a quarantine holds: the source's name, or the table's where it has none.

    >>> source_of(Path("leads.deals.csv.refused.csv")), source_of(Path("outcomes.refused.csv"))
    ('deals.csv', 'outcomes')
    """
    table, _, label = unquote(path.name.removesuffix(ENDING)).partition(".")
    return label or table


def their_name(column: str) -> str:
    """Return what the source calls a column of a quarantine.

    >>> their_name("row (theirs)"), their_name("email")
    ('row', 'email')
    """
    plain = column.removesuffix(_THEIRS)
    return plain if plain in OURS else column


def marks(rows: ArrowTable) -> list[str]:
    """Return a short mark of each row's content; a missing cell counts for nothing.

    Same cells under the same names give the same mark, whatever the columns' order.
    """
    total = np.zeros(rows.num_rows, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for name, column in zip(rows.column_names, rows.columns, strict=True):
            text = cells.texts(column)
            values = np.array(text.fill_null("").to_pylist(), dtype=np.object_)
            key = pd.util.hash_array(np.array([name], dtype=np.object_))[0] | np.uint64(1)
            mark = (pd.util.hash_array(values, categorize=False) ^ key) * key
            total += np.where(cells.flags(text.is_valid()), mark, np.uint64(0))
    return [f"{mark:016x}" for mark in total.tolist()]


def _file_name(name: str) -> str:
    return _UNSAFE.sub(lambda sign: f"%{ord(sign[0]):02X}", name)


def _with_reasons(origin: Origin, refused: Sequence[tuple[int, list[Finding]]]) -> ArrowTable:
    ragged = origin.ragged
    lines = [origin.line(row) for row, _ in refused] + [each.line for each in ragged]
    codes = ["; ".join(found.rule.code for found in why) for _, why in refused]
    sentences = [" ".join(_sentence(found, origin) for found in why) for _, why in refused]
    content = {}
    if ragged:
        content["raw_line"] = pa.array([None] * len(refused) + [each.text for each in ragged], pa.string())
    rows = origin.original.take(pa.array([row for row, _ in refused], pa.int64()))
    for name in rows.column_names:
        texts = pa.chunked_array([cells.texts(rows.column(name)).combine_chunks()]).combine_chunks()
        content[name] = pa.concat_arrays([texts, pa.nulls(len(ragged), texts.type)])
    told = {
        "row": pa.array(lines, pa.int64()),
        "fault_code": pa.array(codes + [RAGGED_ROW.code] * len(ragged), pa.string()),
        "fault": pa.array(
            sentences + [f"The row: expected {RAGGED_ROW.expected}. {RAGGED_ROW.remedy}"] * len(ragged),
            pa.string(),
        ),
        "check": pa.array(marks(pa.table(content)), pa.string()),
    }
    theirs = {
        name + _THEIRS if name in OURS and name in rows.column_names else name: column
        for name, column in content.items()
    }
    return pa.table(told | theirs)


def _sentence(found: Finding, origin: Origin) -> str:
    column = "The row" if found.column is None else origin.names.get(found.column, found.column)
    return f"{column}: expected {found.rule.expected}. {found.rule.remedy}"
