"""A file of who must not be called: each line that cannot be read is told by its number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from readiness.crm.tables import Ints
from readiness.errors import DataError, Fault, StoreError
from readiness.scoring import KINDS, Hashing, Kind, suppression_keys

_FIRST_LINE: Final = 2
_COLUMNS: Final = f"columns kind and value, or any of {', '.join(KINDS)}"
_TABLE: Final = "suppressions"


def keys_in(file: Path, hashing: Hashing) -> dict[bytes, Kind]:
    """Return the key of everybody whom a file names, and by what it names them; the first naming counts.

    Parameters
    ----------
    file : Path
        A CSV in UTF-8 with the columns ``kind`` and ``value``, or with any of the columns ``lead_id``,
        ``email``, ``phone`` and ``company_domain``; other columns are left alone, empty cells name nobody.
    hashing : Hashing

    Raises
    ------
    DataError
        If a line cannot be read; all such lines are told, without their values.
    StoreError
        If the file cannot be read, or lacks the columns.
    """
    found: dict[bytes, Kind] = {}
    faults: list[Fault] = []
    for kind, lines, values in _named(_read(file)):
        for line, made in zip(lines.tolist(), suppression_keys(kind, values, hashing), strict=True):
            if made.key is None:
                faults.append(_fault(line, kind, made.refused or ""))
            else:
                found.setdefault(made.key, kind)
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.row or 0))
    return found


def _read(file: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        raise StoreError(f"{file.name} is empty. Give it a header: {_COLUMNS}.") from None
    except (pd.errors.ParserError, UnicodeDecodeError):
        raise StoreError(f"{file.name} cannot be read as a CSV in UTF-8.") from None
    except OSError as error:
        raise StoreError(f"{file.name} cannot be read: {error.strerror}.") from error
    return frame.rename(columns=lambda name: str(name).strip().lower())


def _named(frame: pd.DataFrame) -> Iterator[tuple[Kind, Ints, list[str]]]:
    """Yield for each kind the lines that name somebody by it, and how."""
    lines = np.arange(len(frame), dtype=np.int64) + _FIRST_LINE
    if {"kind", "value"} <= set(frame.columns):
        kinds = frame["kind"].str.strip().str.lower()
        values = frame["value"].str.strip()
        lost = lines[(~kinds.isin(KINDS) & ((kinds != "") | (values != ""))).to_numpy()]
        if len(lost):
            raise DataError(
                [_fault(line, "kind", f"Write one of {', '.join(KINDS)}.") for line in lost.tolist()]
            )
        columns = {kind: values.where(kinds == kind, "") for kind in KINDS}
    else:
        columns = {kind: frame[kind].str.strip() for kind in KINDS if kind in frame.columns}
    if not columns:
        raise StoreError(f"The file of suppressions names nobody: give it the {_COLUMNS}.")
    for kind, column in columns.items():
        there = (column != "").to_numpy()
        yield kind, lines[there], column[there].tolist()


def _fault(line: int, column: str, remedy: str) -> Fault:
    return Fault(_TABLE, line, column, "something else", "what says who must not be called", remedy)
