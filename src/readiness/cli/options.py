"""Options that several commands share, in the same words, and what is refused of them before any work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.errors import StoreError

TablesFolder = Annotated[Path, typer.Argument(help="Folder with the tables.", metavar="DIR")]
AsJson = Annotated[bool, typer.Option("--json", help="Say it for a program.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write a page here.", dir_okay=False)]


def may_write(page: Path, option: str = "--out") -> None:
    """Refuse a place for a file whose folder is none, before any work is done for it.

    Raises
    ------
    StoreError
        If a file stands where a folder is needed.
    """
    taken = next((place for place in page.parents if place.exists() and not place.is_dir()), None)
    if taken is not None:
        raise StoreError(
            f"{page} cannot be written: {taken} is a file, not a folder. Choose another {option}."
        )
