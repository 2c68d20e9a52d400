"""Which published bundle is the champion: a small file beside the bundles, swapped at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from readiness.errors import ArtefactError, NoChampionError, StoreError
from readiness.whole_files import write_file

POINTER: Final = "champion.json"
_MOST_BYTES: Final = 4096


class Pointer(BaseModel):
    """The champion's bundle, by name, and its version in the registry.

    The bundle lies beside the pointer, in the folder that its name says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[0-9a-f]{64}$")
    version: str = Field(pattern=r"^[0-9]{1,9}$")
    model: str = "readiness"


def point(folder: Path, pointer: Pointer) -> None:
    """Make this bundle the published champion; a reader sees the old pointer or the new one.

    Raises
    ------
    StoreError
        If the pointer cannot be written.
    """
    try:
        write_file(folder / POINTER, (pointer.model_dump_json(indent=1) + "\n").encode())
    except OSError as error:
        raise StoreError(f"{folder / POINTER} cannot be written: {error.strerror}") from error


def champion(folder: Path) -> Pointer:
    """Return which bundle is the published champion.

    Raises
    ------
    NoChampionError
        If none was published there yet.
    ArtefactError
        If the pointer is not one that this version can read.
    """
    path = folder / POINTER
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise NoChampionError(
            f"No champion is published in {folder}. Promote a model, then run `readiness pull`"
        ) from error
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return Pointer.model_validate_json(raw)
    except ValidationError as error:
        raise ArtefactError(f"{path} is damaged. Run `readiness pull` to write it anew") from error
