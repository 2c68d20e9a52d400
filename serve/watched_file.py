"""Whether a file was replaced since it was looked at last."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

Sight: TypeAlias = tuple[int, ...] | None
"""What tells one state of a file from another; None where there is no file."""


def sight(path: Path) -> Sight:
    """Return what a file looks like from outside; it changes when the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
