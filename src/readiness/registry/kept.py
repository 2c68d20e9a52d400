"""What the store keeps of one version: what it is now, and its bundle, brought out and checked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from readiness import artefact
from readiness.artefact import Provenance
from readiness.registry.promotions import ChallengeSummary
from readiness.registry.store import Store, boundary

MODEL: Final = "readiness"
MODEL_PATH: Final = "model"

_DATA_TAG: Final = "readiness.data_fingerprint"
_DATA_END_TAG: Final = "readiness.data_end"


@dataclass(frozen=True, slots=True)
class LearnedFrom:
    """The data a version learned from: their fingerprint, and where they end (ISO 8601); None: undated."""

    fingerprint: str
    data_end: str | None


def learned_tags(provenance: Provenance) -> dict[str, str]:
    """Return the tags by which a version says what it learned from."""
    return {_DATA_TAG: provenance.data_fingerprint, _DATA_END_TAG: provenance.data_end or ""}


def learned_in(tags: Mapping[str, str]) -> LearnedFrom | None:
    """Return what a version learned from by its tags; None where an earlier readiness kept it."""
    if _DATA_TAG not in tags:
        return None
    return LearnedFrom(tags[_DATA_TAG], tags.get(_DATA_END_TAG) or None)


@dataclass(frozen=True, slots=True)
class Version:
    """A model that the registry keeps; ``bundle`` is its bundle's name, ``aliases`` what it is now.

    ``challenge`` is what its last challenge came to; None where it was never challenged. ``report`` and
    ``finished_report`` name the report that training wrote and the one that somebody wrote last, as their
    manifests do; None where there is none, or an earlier readiness kept it. So is ``learned``, the data.
    """

    version: str
    bundle: str
    run_id: str
    aliases: tuple[str, ...]
    challenge: ChallengeSummary | None = None
    report: str | None = None
    finished_report: str | None = None
    learned: LearnedFrom | None = None


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


def _boundary(store: Store, version: Version) -> AbstractContextManager[None]:
    return boundary(f"asked for the files of version {version.version}", store.shown)
