"""The page as HTML: escaped, without scripts, with one style sheet whose hash the browser checks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

_STYLE: Final = "page.css"
_STYLE_OF_REPORTS: Final = "reports.css"
"""What the list of reports has beside the style of every page."""


def rendered(values: Mapping[str, object]) -> str:
    """Return the page with these values in it; whatever they hold comes back as text."""
    return _environment().get_template("page.html.j2").render(**values, style=_style(_STYLE))


def refusal(title: str, detail: str, *, needs_key: bool) -> str:
    """Return the page that says why nothing is shown; a browser cannot send the key that some pages need."""
    template = _environment().get_template("refusal.html.j2")
    return template.render(title=title, detail=detail, needs_key=needs_key, style=_style(_STYLE))


def reports(values: Mapping[str, object]) -> str:
    """Return the list of the published reports."""
    style = _style(_STYLE, _STYLE_OF_REPORTS)
    return _environment().get_template("reports.html.j2").render(**values, style=style)


def headers() -> Mapping[str, str]:
    """Return what a browser is told: run nothing, load nothing, and use the page's own style alone."""
    return _headers(_STYLE)


def headers_of_reports() -> Mapping[str, str]:
    """Return the same for the list of the published reports."""
    return _headers(_STYLE, _STYLE_OF_REPORTS)


@cache
def _headers(*styles: str) -> Mapping[str, str]:
    digest = base64.b64encode(hashlib.sha256(_style(*styles).encode()).digest()).decode()
    allowed = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {"Content-Security-Policy": "; ".join(allowed)}


@cache
def _style(*names: str) -> str:
    environment = _environment()
    assert environment.loader is not None  # noqa: S101 - it was given one below
    return "".join(environment.loader.get_source(environment, name)[0] for name in names)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("serve.page"),
        # Set, not guessed by the ending of a template's name.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
