"""Which finished reports are published: a small index beside the champion's pointer, swapped at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from readiness.errors import ArtefactError, StoreError
from readiness.whole_files import write_file

INDEX: Final = "reports.json"
REPORTS: Final = "reports"
"""The folder beside the index in which each report lies, sealed like a bundle."""

PAGE: Final = "report.html"
NUMBERS: Final = "report.json"
MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one file of a report; pages have three megabytes at most."""

_MOST_INDEX_BYTES: Final = 16 * 1024 * 1024
_TABLE: Final = re.compile(r"report-([a-z0-9][a-z0-9-]{0,79})\.csv")
_OURS: Final = re.compile(r"[0-9a-f]{64}(\.html|\.json)?")


class PublishedReport(BaseModel):
    """One report: the model it is about, where its files lie, and what a list says of it.

    ``sealed`` is the folder's name, the SHA-256 of its manifest. Instants are ISO 8601 in UTC; null where
    the data has no dates, or the report is of an earlier readiness.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sealed: str = Field(pattern=r"^[0-9a-f]{64}$")
    model: str = Field(default="readiness", max_length=100)
    version: str = Field(pattern=r"^[0-9]{1,9}$")
    bundle: str = Field(pattern=r"^[0-9a-f]{64}$")
    title: str = Field(max_length=300)
    subtitle: str = Field(max_length=300)
    trained_at: str | None
    judged_from: str | None
    learned_until: str | None
    published_at: str


class _Index(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal[1] = 1
    reports: tuple[PublishedReport, ...]


def file_of(table: str) -> str:
    """Return the name of the file in which a report keeps a table of its numbers."""
    return f"report-{table}.csv"


def table_in(file: str) -> str | None:
    """Return which table of numbers a file of a report holds; None if it is no such file."""
    found = _TABLE.fullmatch(file)
    return None if found is None else found[1]


def publish_reports(folder: Path, reports: Iterable[PublishedReport]) -> None:
    """Make these the published reports; a reader sees the old list or the new one.

    Their files must lie under ``folder/reports`` already. Those of any other report are removed afterwards.

    Raises
    ------
    StoreError
        If the list cannot be written.
    """
    index = _Index(reports=tuple(reports))
    try:
        write_file(folder / INDEX, (index.model_dump_json(indent=1) + "\n").encode())
    except OSError as error:
        raise StoreError(f"{folder / INDEX} cannot be written: {error.strerror}") from error
    _clear(folder / REPORTS, {each.sealed for each in index.reports})


def published_reports(folder: Path) -> tuple[PublishedReport, ...]:
    """Return the published reports, in the order of the list; none where nothing was published yet.

    Raises
    ------
    ArtefactError
        If the list is not one that this version can read.
    """
    path = folder / INDEX
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_INDEX_BYTES + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return _Index.model_validate_json(raw).reports
    except ValidationError as error:
        raise ArtefactError(f"{path} is damaged. Run `readiness pull` to write it anew") from error


def _clear(folder: Path, listed: set[str]) -> None:
    """Remove the reports that are not listed; what is none of ours stays."""
    with suppress(OSError):  # what cannot be removed is not served either
        for other in list(folder.iterdir()):
            if other.name in listed or not _OURS.fullmatch(other.name):
                continue
            if other.is_dir() and not other.is_symlink():
                shutil.rmtree(other, ignore_errors=True)
            else:
                other.unlink(missing_ok=True)
