"""Opens a bundle in a process of its own, so that a text which kills LightGBM kills only that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from readiness.artefact.bundle import open_bundle
from readiness.errors import ArtefactError, ReadinessError

REFUSED: Final = 3
"""The exit code with which a child says that it refused the bundle; the reason is on its stderr."""

_SECONDS: Final = 120.0


def try_in_child(path: Path, *, name: str, seconds: float = _SECONDS) -> None:
    """Open a bundle in a child process and return when that went well.

    Parameters
    ----------
    path, name : as for ``open_bundle``
    seconds : float
        How long the child may take.

    Raises
    ------
    ArtefactError
        If the child refused the bundle, died of it or did not end in time.
    """
    # -P: a folder called readiness in the working directory must not be run in the product's place.
    command = [sys.executable, "-P", "-m", "readiness.artefact", str(path), name]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module; no shell
            command, capture_output=True, text=True, encoding="utf-8", timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ArtefactError(
            f"{path} was not open after {seconds:g} s in a process of its own. "
            "Look at the machine's load, then fetch the bundle again"
        ) from error
    if child.returncode == REFUSED:
        raise ArtefactError(child.stderr.strip())
    if child.returncode != 0:
        end = f"signal {-child.returncode}" if child.returncode < 0 else f"exit code {child.returncode}"
        last = "".join(f" It said last: {line}." for line in child.stderr.strip().splitlines()[-1:])
        raise ArtefactError(
            f"{path} killed the process that opened it ({end}). It was not loaded here.{last} "
            "Fetch it again from the registry, or train again"
        )


def answer(arguments: list[str]) -> int:
    """Open the bundle that the arguments (path, name) say, as the child does, and return its exit code."""
    path, name = arguments
    try:
        open_bundle(Path(path), name=name)
    except ReadinessError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0
