"""A model's report as one HTML file that needs nothing else, and its numbers beside it as JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from readiness.artefact.published_reports import NUMBERS, PAGE, file_of
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


def documents(report: ModelReport) -> dict[str, bytes]:
    """Return the files of a report by their names: the page, its numbers as JSON, and a CSV file a table."""
    numbers = json.dumps(report.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    tables = {file_of(name): table.csv().encode() for name, table in report.numbers().items()}
    return {NUMBERS: f"{numbers}\n".encode(), PAGE: render(report).encode(), **tables}


def place(files: Mapping[str, bytes], path: Path) -> Path:
    """Write the page among the files to ``path`` and the others beside it; return the page's path.

    ``out/march.html`` has ``march.json`` and a CSV file a table, ``march-trust-calibration.csv``, beside it.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    beside = {
        path.with_name(f"{path.stem}{file.removeprefix(Path(PAGE).stem)}"): content
        for file, content in files.items()
        if file != PAGE
    }
    return written(path, {**beside, path: files[PAGE]})


def write(report: ModelReport, path: Path) -> Path:
    """Draw a report and place its files.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    return place(documents(report), path)
