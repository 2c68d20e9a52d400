"""A summary as one HTML file that needs nothing else, and as JSON beside it."""

from __future__ import annotations

import json
from pathlib import Path

from readiness.reports import charts
from readiness.reports.drawing import NARROW, WIDE, images
from readiness.reports.html import rendered, written
from readiness.reports.summary import Summary


def render(summary: Summary) -> str:
    """Return the report as an HTML page: charts and style inside, nothing loaded, no scripts."""
    return rendered(
        "report.html.j2",
        {
            "summary": summary,
            "charted": (
                summary.importance,
                summary.insights[0],
                summary.calibration,
                summary.gains,
                summary.categories,
                summary.parts,
                *summary.insights[1:],
            ),
            "tabled": {each.name for each in (summary.parts, *summary.insights) if each.table.rows},
            "wide": images(charts.draw(summary, WIDE)),
            "narrow": images(charts.draw(summary, NARROW)),
        },
    )


def write(summary: Summary, path: Path) -> Path:
    """Write the page to ``path`` and its numbers beside it, ending in ``.json``; return the page's path.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    numbers = json.dumps(summary.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    return written(path, {path.with_suffix(".json"): numbers + "\n", path: render(summary)})
