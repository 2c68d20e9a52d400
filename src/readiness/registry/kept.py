"""What the store keeps of one version: its bundle and its report, brought out and checked."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from readiness import artefact
from readiness.registry.promotions import ChallengeSummary
from readiness.registry.store import Store, boundary
from readiness.whole_files import write_file

MODEL: Final = "readiness"
MODEL_PATH: Final = "model"
REPORT_PATH: Final = "report"


@dataclass(frozen=True, slots=True)
class Version:
    """A model that the registry keeps; ``bundle`` is its bundle's name, ``aliases`` what it is now.

    ``challenge`` is what its last challenge came to; None where it was never challenged.
    """

    version: str
    bundle: str
    run_id: str
    aliases: tuple[str, ...]
    challenge: ChallengeSummary | None = None


def fetch_bundle(store: Store, version: Version, to: Path) -> Path:
    """Bring a version's bundle to ``to/<name>/``, checked by its name, and return that path.

    Raises
    ------
    ArtefactError
        If what the store keeps is damaged.
    StoreError
        If the files cannot be read or written.
    """
    with _boundary(store, version), tempfile.TemporaryDirectory() as aside:
        place = f"{MODEL_PATH}/data/{version.bundle}"
        path = store.client.download_artifacts(version.run_id, place, aside)
        return artefact.copy(Path(path), name=version.bundle, folder=to)


def fetch_report(store: Store, version: Version, page: Path) -> tuple[Path, ...]:
    """Bring a version's report to ``page``, its numbers beside it; return what was written.

    Each file is swapped at once: a reader sees the old one or the new one.

    Returns
    -------
    tuple of Path
        Empty where the version was recorded without a report.

    Raises
    ------
    StoreError
        If the files cannot be read or written.
    """
    written = []
    with _boundary(store, version), tempfile.TemporaryDirectory() as aside:
        for entry in store.client.list_artifacts(version.run_id, REPORT_PATH):
            path = Path(store.client.download_artifacts(version.run_id, entry.path, aside))
            target = page.with_suffix(path.suffix)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_file(target, path.read_bytes())
            written.append(target)
    return tuple(written)


def _boundary(store: Store, version: Version) -> AbstractContextManager[None]:
    return boundary(f"asked for the files of version {version.version}", store.shown)
