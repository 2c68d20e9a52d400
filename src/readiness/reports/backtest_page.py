"""A backtest, or a comparison of two agreements, as one HTML page that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from readiness.reports import backtest_charts
from readiness.reports.backtest_summary import HindsightPage
from readiness.reports.drawing import NARROW, WIDE, images
from readiness.reports.html import rendered, written


def render(page: HindsightPage) -> str:
    """Return the page as HTML: charts and style inside, nothing loaded, no scripts."""
    return rendered(
        "hindsight.html.j2",
        {
            "page": page,
            "wide": images(backtest_charts.draw(page, WIDE)),
            "narrow": images(backtest_charts.draw(page, NARROW)),
        },
    )


def write(page: HindsightPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(page)})
