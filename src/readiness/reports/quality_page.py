"""A data-quality page as one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from readiness.reports.html import rendered, written
from readiness.reports.quality import QualityPage
from readiness.reports.quality_remarks import KINDS


def render(page: QualityPage) -> str:
    """Return the page as HTML: style and charts inside, nothing loaded, no scripts."""
    return rendered("quality.html.j2", {"page": page, "kinds": KINDS})


def write(page: QualityPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(page)})
