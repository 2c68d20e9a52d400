"""The agreement that a person names on the command line: a file, or one that ships."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness import shipped
from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.errors import AgreementError

NAMED: Final = "FILE|NAME"
"""How help calls what may be typed for an agreement."""

AgreementFile = Annotated[
    Path | None,
    typer.Option(
        "--agreement", metavar=NAMED, help="An agreement, or the name of a shipped one; default: standard."
    ),
]


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement, the text it was read from, which a bundle keeps, and where that stands."""

    agreement: Agreement
    text: str
    path: Path


def agreed_in(named: Path | None) -> Agreed:
    """Read the agreement that a person named: a file, or else one that ships; the standard one by default.

    A file wins over a shipped agreement of the same name, and a folder does not.

    Raises
    ------
    AgreementError
        If there is neither, or the file cannot be read or contradicts itself.
    """
    path = shipped.agreement() if named is None else _path(named)
    text = reading.text_of(path)
    return Agreed(reading.parse(text, name=path.name), text, path)


def _path(named: Path) -> Path:
    ships = shipped.agreements()
    if not named.is_file() and str(named) in ships:
        return ships[str(named)]
    if not named.exists():
        raise AgreementError(
            f"There is no file {named}, and no agreement of this name ships. "
            f"Name an existing YAML file, or one of {', '.join(ships)}."
        )
    return named
