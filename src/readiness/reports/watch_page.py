"""A watch as one HTML page that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from readiness.reports.html import rendered, written
from readiness.reports.watch_summary import WatchPage


def render(page: WatchPage) -> str:
    """Return the page as HTML: style inside, nothing loaded, no scripts."""
    return rendered("watch.html.j2", {"page": page})


def write(page: WatchPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(page)})
