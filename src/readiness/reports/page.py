"""A model's report as one HTML file that needs nothing else, and its numbers beside it as JSON and CSV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from readiness.reports.drawing import NARROW, WIDE, inlined
from readiness.reports.html import part, rendered, written
from readiness.reports.model_report import ModelReport
from readiness.reports.report_section import ReportSection, Told


def render(report: ModelReport) -> str:
    """Return the report as an HTML page: charts, style and tables inside, nothing loaded, no scripts."""
    addresses = {name: table.address() for name, table in report.numbers().items()}
    bodies = {
        section.name: part(
            section.template,
            {"section": section, "told": told, "addresses": addresses, "drawn": _drawn(section, told)},
        )
        for section, told in report.sections()
    }
    return rendered("report.html.j2", {"report": report, "bodies": bodies})


def _drawn(section: ReportSection[Any], told: Told) -> dict[str, dict[str, Markup]]:
    """Draw each chart for a desk and for a phone; text keeps its size on both."""
    drawn: dict[str, dict[str, Markup]] = {}
    for kind, width in (("wide", WIDE), ("narrow", NARROW)):
        for name, picture in section.charts(told, width).items():
            svg = inlined(picture, f"{section.name}-{name}-{kind}")
            drawn.setdefault(name, {})[kind] = Markup(svg)  # noqa: S704 - its texts are escaped
    return drawn


def write(report: ModelReport, path: Path) -> Path:
    """Write the page to ``path`` and its numbers beside it; return the page's path.

    ``report.html`` has ``report.json`` and a CSV file a table, ``report-trust-calibration.csv``, beside it.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    numbers = json.dumps(report.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    tables = {
        path.with_name(f"{path.stem}-{name}.csv"): table.csv() for name, table in report.numbers().items()
    }
    return written(path, {path.with_suffix(".json"): numbers + "\n", path: render(report), **tables})
