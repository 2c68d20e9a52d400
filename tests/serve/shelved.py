"""Reports published for a service, as `readiness pull` does it, without a registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from readiness import artefact
from readiness.artefact import Pointer, manifest
from readiness.artefact.published_reports import REPORTS, PublishedReport, publish_reports
from tests.serve.conftest import NAME_A

CSV = b"forecast,won\n0.1,0.12\n"


def files(said: str) -> dict[str, bytes]:
    """Return the files of a small report that says this."""
    return {
        "report.html": f"<p>{said}</p>".encode(),
        "report.json": f'{{"title": "{said}"}}'.encode(),
        "report-trust-calibration.csv": CSV,
        "report-trust-skill.csv": b"name,gain\n",
    }


def seal(folder: Path, version: str, documents: Mapping[str, bytes], **rest: str | None) -> PublishedReport:
    """Put a report's files where they are published; it is listed by `publish`."""
    fields: dict[str, str | None] = {
        "sealed": manifest.seal(documents, folder / REPORTS).name,
        "version": version,
        "bundle": NAME_A,
        "title": "Lead readiness",
        "subtitle": "A sale within 90 days · data until 1 June 2026",
        "trained_at": "2026-06-02T07:30:00Z",
        "judged_from": "2026-02-01T00:00:00Z",
        "learned_until": "2026-06-01T00:00:00Z",
        "published_at": "2026-06-02T08:00:00Z",
    }
    return PublishedReport.model_validate({**fields, **rest})


def publish(folder: Path, versions: Sequence[int], champion: int | None = None) -> Path:
    """Publish a report of each of these versions, one of them the champion's; return the folder."""
    folder.mkdir(exist_ok=True)
    publish_reports(folder, [seal(folder, str(each), files(f"Report {each}")) for each in versions])
    if champion is not None:
        artefact.point(folder, Pointer(name=NAME_A, version=str(champion)))
    return folder


def file_of(folder: Path, said: str, file: str) -> Path:
    """Return where a file of the report that says this lies."""
    return folder / REPORTS / manifest.seal(files(said), folder / REPORTS).name / file
