"""Reports that the store keeps: as training wrote them, as somebody did last; and how they are published."""

from __future__ import annotations

import fcntl
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from readiness.artefact import manifest
from readiness.artefact.published_reports import (
    MOST_BYTES,
    NUMBERS,
    PAGE,
    REPORTS,
    PublishedReport,
    publish_reports,
    published_reports,
)
from readiness.crm.records import Instant, instant, iso
from readiness.errors import ArtefactError, StoreError
from readiness.registry.kept import MODEL, Version
from readiness.registry.store import Store, boundary

REPORT_PATH: Final = "report"
FINISHED_PATH: Final = "finished_reports"
TRAINED_TAG: Final = "readiness.report"
FINISHED_TAG: Final = "readiness.finished_report"
_WHAT: Final = "report"
_LONGEST: Final = 300
_LOCK: Final = ".publishing"


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A report that could not be published, and why."""

    version: str
    because: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published of reports now, the newest version first, and what had to be left out."""

    reports: tuple[PublishedReport, ...]
    left_out: tuple[Unpublished, ...]


def keep_trained(store: Store, run_id: str, documents: Mapping[str, bytes]) -> str:
    """Keep the report that training wrote with its run; return the name by which it is checked."""
    with tempfile.TemporaryDirectory() as aside:
        sealed = manifest.seal(documents, Path(aside))
        store.client.log_artifacts(run_id, str(sealed), REPORT_PATH)
        return sealed.name


def keep_finished(store: Store, version: Version, documents: Mapping[str, bytes]) -> None:
    """Keep a report that somebody wrote with its version, in place of the one written before.

    What training told stays beside it. The tag comes last: a kill leaves the one before.
    """
    with tempfile.TemporaryDirectory() as aside:
        sealed = manifest.seal(documents, Path(aside))
        store.client.log_artifacts(version.run_id, str(sealed), f"{FINISHED_PATH}/{sealed.name}")
        store.client.set_model_version_tag(MODEL, version.version, FINISHED_TAG, sealed.name)


def as_trained(store: Store, version: Version) -> Mapping[str, bytes]:
    """Return the files of the report that training wrote; none where it wrote none.

    Raises
    ------
    ArtefactError
        If what the store keeps is damaged.
    StoreError
        If it cannot be read.
    """
    if version.report is None:
        return _unsealed(store, version)
    return _downloaded(store, version, REPORT_PATH, version.report)


def publish(store: Store, versions: Iterable[Version], to: Path, *, at: Instant) -> Publication:
    """Put the newest report of each version where the service finds it; the others are removed there.

    One that is whole there already is not fetched again, and keeps the instant at which it was published
    first: the same reports give the same bytes.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    with _alone(to):
        return _publish(store, versions, to, at)


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """Wait until nobody else publishes there: who ends first would clear away what is not listed yet."""
    with (to / _LOCK).open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _publish(store: Store, versions: Iterable[Version], to: Path, at: Instant) -> Publication:
    before = _published_before(to)
    first_at = {each.sealed: each.published_at for each in before}
    found, left_out = [], []
    for version in versions:
        try:
            documents = _newest(store, version, to / REPORTS)
            told = _described(store, version, documents) if documents else None
        except (ArtefactError, StoreError) as error:
            left_out.append(Unpublished(version.version, str(error)))
            if isinstance(error, StoreError):
                # The store may answer next time: what is published of it stays.
                found += [each for each in before if each.version == version.version]
            continue
        if told is not None:
            sealed = manifest.seal(documents, to / REPORTS).name
            found.append(_published(told, sealed, first_at.get(sealed) or iso(at) or ""))
    publish_reports(to, found)
    return Publication(tuple(found), tuple(left_out))


def _published_before(to: Path) -> tuple[PublishedReport, ...]:
    try:
        return published_reports(to)
    except ArtefactError:
        return ()  # it is written anew


def _newest(store: Store, version: Version, published: Path) -> Mapping[str, bytes]:
    """Return the files of a version's newest report; of one that is published whole, those that are there."""
    name = version.finished_report or version.report
    if name is None:
        return _fit(as_trained(store, version))
    with suppress(ArtefactError):
        return manifest.read(published / name, name=name, what=_WHAT).documents
    path = f"{FINISHED_PATH}/{name}" if version.finished_report else REPORT_PATH
    return _fit(_downloaded(store, version, path, name))


def _fit(documents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the files if a service can show them.

    Raises
    ------
    ArtefactError
        If not.
    """
    if documents and PAGE not in documents:
        raise ArtefactError(f"The report has no page ({PAGE}). Write it again: readiness report VERSION")
    for file, content in documents.items():
        if len(content) > MOST_BYTES:
            raise ArtefactError(
                f"{file} of the report has {len(content):,} bytes; expected at most {MOST_BYTES:,}. "
                "Write it again: readiness report VERSION"
            )
    return documents


def _downloaded(store: Store, version: Version, path: str, name: str) -> Mapping[str, bytes]:
    with _boundary(store, version), tempfile.TemporaryDirectory() as aside:
        found = Path(store.client.download_artifacts(version.run_id, path, aside))
        return manifest.read(found, name=name, what=_WHAT).documents


def _unsealed(store: Store, version: Version) -> Mapping[str, bytes]:
    """Return the report of an earlier readiness, which kept a page and its numbers without a manifest."""
    found = {}
    with _boundary(store, version), tempfile.TemporaryDirectory() as aside:
        for entry in store.client.list_artifacts(version.run_id, REPORT_PATH):
            file = {".html": PAGE, ".json": NUMBERS}.get(Path(entry.path).suffix)
            if file is not None:
                found[file] = Path(
                    store.client.download_artifacts(version.run_id, entry.path, aside)
                ).read_bytes()
    return found


def _described(store: Store, version: Version, documents: Mapping[str, bytes]) -> Mapping[str, Any]:
    """Say of a report what a list shows; its page and its numbers stay as they are."""
    with _boundary(store, version):
        run = store.client.get_run(version.run_id)
    told = _told(documents.get(NUMBERS, b""))
    return {
        "model": MODEL,
        "version": version.version,
        "bundle": version.bundle,
        "title": _text(told.get("title")) or "Report",
        # The version stands beside it in every list.
        "subtitle": _text(told.get("subtitle")).removesuffix(f" · version {version.version}"),
        "trained_at": iso(run.info.start_time * 1000),
        "judged_from": _instant(run.data.params.get("judged_at")),
        "learned_until": _instant(run.data.params.get("data_end")),
    }


def _published(told: Mapping[str, Any], sealed: str, published_at: str) -> PublishedReport:
    return PublishedReport(**told, sealed=sealed, published_at=published_at)


def _told(numbers: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(numbers)
    except ValueError:
        return {}  # an earlier readiness kept other numbers, or none
    return told if isinstance(told, dict) else {}


def _text(told: object) -> str:
    return told[:_LONGEST] if isinstance(told, str) else ""


def _instant(parameter: str | None) -> str | None:
    try:
        return iso(instant(parameter or ""))
    except ValueError:
        return None  # the store keeps texts alone: None is written out


def _boundary(store: Store, version: Version) -> AbstractContextManager[None]:
    return boundary(f"asked for the report of version {version.version}", store.shown)
