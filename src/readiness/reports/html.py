"""Pages as HTML files that need nothing else: how they are rendered and written, whatever they say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from readiness.errors import StoreError
from readiness.whole_files import write_file


def rendered(template: str, values: Mapping[str, object]) -> str:
    """Return a page: escaped, and no sign that belongs to a number alone at the beginning of a line."""
    text = _environment().get_template(template).render(values)
    # A sign that starts a line, far from its number, is misread.
    return text.replace(" %", "\u00a0%").replace(" ×", "\u00a0×")


def part(template: str, values: Mapping[str, object]) -> Markup:
    """Return a part of a page, escaped, to be put into another template as it stands."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - escaped by Jinja


def written(path: Path, files: Mapping[Path, str | bytes]) -> Path:
    """Write the files of the page at ``path``, and return that path.

    Raises
    ------
    StoreError
        If one cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for each, content in files.items():
            write_file(each, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. Check the path and its rights"
        ) from error
    return path


@cache
def _environment() -> Environment:
    # Escaping is set, not guessed: Jinja guesses by the ending of the template's name.
    environment = Environment(
        loader=PackageLoader("readiness.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = _share
    environment.filters["marked"] = _marked
    return environment


def _marked(text: str) -> Markup:
    """Set what stands between `backticks`, the names of a CRM, in letters of their own; escape all of it."""
    parts = text.split("`")
    # Of an odd number of backticks the last one is only a sign.
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _share(share: float | None) -> str:
    """Write a share without decimals and sign, as a heat map has room for."""
    return "–" if share is None else f"{100 * share:.0f}"
