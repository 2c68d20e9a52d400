"""The published reports: listed, watched, and each file checked when it is read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from readiness import artefact
from readiness.artefact import manifest
from readiness.artefact.manifest import Listed
from readiness.artefact.published_reports import (
    INDEX,
    MOST_BYTES,
    NUMBERS,
    PAGE,
    REPORTS,
    PublishedReport,
    published_reports,
    table_in,
)
from readiness.errors import ArtefactError, ReadinessError
from serve import logs
from serve.watched_file import Sight, sight

_WHAT: Final = "report"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A published report: what is known of it, whether its model is the champion, and its files."""

    about: PublishedReport
    champion: bool
    files: Mapping[str, Listed]

    @property
    def name(self) -> str:
        """What it is called in addresses; the next report of the same version has the same name."""
        return f"version-{self.about.version}"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables of numbers, sorted."""
        return tuple(sorted(table for file in self.files if (table := table_in(file))))

    @property
    def has_numbers(self) -> bool:
        """Whether all its numbers can be had as JSON."""
        return NUMBERS in self.files


@dataclass(frozen=True, slots=True)
class File:
    """A file of a report as it was published; ``sha256`` names its content."""

    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class _Listing:
    reports: tuple[Shelved, ...] = ()
    by_name: Mapping[str, Shelved] = field(default_factory=dict)


class ReportShelf:
    """Watches the list of published reports and the champion's pointer; swaps one reference.

    A report whose manifest is damaged is left out and named in the log. While the list itself cannot be
    read, the one before stays.

    Parameters
    ----------
    published : Path
        Where `readiness pull` publishes.
    """

    def __init__(self, published: Path) -> None:
        self._published = published
        self._listing = _Listing()
        self._seen: tuple[Sight, ...] | None = None
        self._told: set[str] = set()
        # Requests look too, where a file is not what the list says.
        self._looking = threading.Lock()

    @property
    def reports(self) -> tuple[Shelved, ...]:
        """The published reports: the champion's first, then those of the newest models."""
        return self._listing.reports

    def look(self) -> None:
        """Read the list again if it, or the champion, changed."""
        with self._looking:
            # Again where something was published while the list was read.
            while (seen := self._sights()) != self._seen:
                self._seen = seen
                if not self._list():
                    self._seen = None  # what was left out may be whole at the next look
                    break

    def read(self, name: str, file: str) -> File | None:
        """Return a file of a report; None if no such report, or no such file of it, is listed.

        Nothing of either name reaches the disk: only a file that is listed is read, by what is listed.

        Raises
        ------
        ArtefactError
            If it is not the file that was published.
        """
        while True:  # at most once for each list that is published meanwhile
            listing = self._listing
            report = listing.by_name.get(name)
            listed = None if report is None else report.files.get(file)
            if report is None or listed is None:
                return None
            try:
                return self._checked(report, file, listed)
            except ArtefactError as error:
                # Perhaps it was replaced a moment ago.
                self.look()
                if self._listing is listing:
                    logs.event("report_damaged", level=logging.ERROR, report=report.name, because=str(error))
                    raise

    def _sights(self) -> tuple[Sight, ...]:
        return (sight(self._published / INDEX), sight(self._published / artefact.POINTER))

    def _list(self) -> bool:
        """Read the list; say whether all of it could be read."""
        try:
            listed = published_reports(self._published)
        except ReadinessError as error:
            self._tell("reports_unread", because=str(error))
            return False
        before, found = self._listing, self._read(listed)
        self._listing = found
        if before.reports != found.reports:
            logs.event("reports_listed", reports=[each.name for each in self.reports])
        if len(found.reports) < len(listed):
            return False
        self._told.clear()
        return True

    def _tell(self, event: str, *, because: str, **facts: str) -> None:
        """Log a fault once, however often it is met."""
        if because not in self._told:
            self._told.add(because)
            logs.event(event, level=logging.ERROR, **facts, because=because)

    def _checked(self, report: Shelved, file: str, listed: Listed) -> File:
        folder = self._published / REPORTS / report.about.sealed
        if listed.size > MOST_BYTES:
            raise ArtefactError(
                f"{folder / file} has {listed.size:,} bytes; expected {MOST_BYTES:,} at most."
            )
        return File(manifest.document(folder, file, listed, what=_WHAT), listed.sha256)

    def _read(self, listed: tuple[PublishedReport, ...]) -> _Listing:
        champion = self._champion()
        found = []
        for about in listed:
            folder = self._published / REPORTS / about.sealed
            try:
                files = manifest.contents(folder, name=about.sealed, what=_WHAT)
                if PAGE not in files:
                    raise ArtefactError(f"{folder} has no page ({PAGE}).")
            except ArtefactError as error:
                self._tell("report_damaged", report=f"version-{about.version}", because=str(error))
                continue
            found.append(Shelved(about, (about.model, about.version, about.bundle) == champion, files))
        found.sort(key=lambda each: (not each.champion, -int(each.about.version)))
        return _Listing(tuple(found), {each.name: each for each in found})

    def _champion(self) -> tuple[str, str, str] | None:
        try:
            pointer = artefact.champion(self._published)
        except ReadinessError:
            return None  # the model store says so in the log
        return (pointer.model, pointer.version, pointer.name)
