"""A summary as one HTML file that needs nothing else, and as JSON beside it."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from readiness.artefact.manifest import write_file
from readiness.errors import StoreError
from readiness.reports import charts
from readiness.reports.summary import Summary


def render(summary: Summary) -> str:
    """Return the report as an HTML page: charts and style inside, nothing loaded, no scripts."""
    text = _template().render(
        summary=summary,
        charted=(summary.importance, summary.calibration, summary.gains, summary.categories),
        wide=_images(charts.draw(summary, charts.WIDE)),
        narrow=_images(charts.draw(summary, charts.NARROW)),
    )
    # A percent sign that starts a line of its own is misread.
    return text.replace(" %", "\u00a0%")


def write(summary: Summary, path: Path) -> Path:
    """Write the page to ``path`` and its numbers beside it, ending in ``.json``; return the page's path.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    numbers = json.dumps(summary.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path.with_suffix(".json"), (numbers + "\n").encode())
        write_file(path, render(summary).encode())
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. Check the path and its rights"
        ) from error
    return path


@cache
def _template() -> Template:
    # Escaping is set, not guessed: Jinja guesses by the ending of the template's name.
    environment = Environment(
        loader=PackageLoader("readiness.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _images(drawn: dict[str, str]) -> dict[str, str]:
    """Return the charts as addresses that hold the whole picture; so their inner ids cannot collide."""
    return {
        name: "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        for name, svg in drawn.items()
    }
