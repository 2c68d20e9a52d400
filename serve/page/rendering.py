"""The page as HTML: escaped, without scripts, with one style sheet whose hash the browser checks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

_STYLE: Final = "page.css"


def rendered(values: Mapping[str, object]) -> str:
    """Return the page with these values in it; whatever they hold comes back as text."""
    return _environment().get_template("page.html.j2").render(**values, style=_style())


def refusal(title: str, detail: str) -> str:
    """Return the page that says why nothing is shown."""
    template = _environment().get_template("refusal.html.j2")
    return template.render(title=title, detail=detail, style=_style())


@cache
def headers() -> Mapping[str, str]:
    """Return what a browser is told: run nothing, load nothing, and use the page's own style alone."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    allowed = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {"Content-Security-Policy": "; ".join(allowed)}


@cache
def _style() -> str:
    environment = _environment()
    assert environment.loader is not None  # noqa: S101 - it was given one below
    return environment.loader.get_source(environment, _STYLE)[0]


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
