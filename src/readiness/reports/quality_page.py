"""A data-quality page as one HTML file that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from readiness.artefact.manifest import write_file
from readiness.errors import StoreError
from readiness.reports.quality import QualityPage
from readiness.reports.quality_remarks import KINDS


def render(page: QualityPage) -> str:
    """Return the page as HTML: style and charts inside, nothing loaded, no scripts."""
    text = _template().render(page=page, kinds=KINDS)
    # A percent sign that starts a line of its own is misread.
    return text.replace(" %", "\u00a0%")


def write(page: QualityPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, render(page).encode())
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. Check the path and its rights"
        ) from error
    return path


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("readiness.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = _cell
    return environment.get_template("quality.html.j2")


def _cell(share: float | None) -> str:
    """Write a share without decimals and sign, as a heat map has room for."""
    return "–" if share is None else f"{100 * share:.0f}"
