"""Files written aside and then put in place, so that a folder is never half new and half old unseen.

Nothing of a folder changes until all its new files are complete in the staging folder. Then a marker
that names them is set, they are moved one by one, and the marker is removed. Killed before the marker, the
folder is as it was; killed after it, readers refuse the folder and `finish` moves what is left.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

STAGING: Final = ".readiness-staging"
MARKER: Final = ".readiness-unfinished"
_SETTING: Final = ".readiness-setting"


def replace_files(folder: Path, write: Callable[[Path], None], names: Collection[str]) -> None:
    """Replace a folder's files, all or none of them.

    Parameters
    ----------
    write : from an empty folder
        Writes the new files into it.
    names : file names
        Those that may stand in the folder; one of them that was not written is removed. Others are
        left alone.

    Raises
    ------
    OSError
        If something cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staging = folder / STAGING
    if not finish(folder):
        # What it names is lost; from now on it must not take the new files for them.
        (folder / MARKER).write_text("{}", "utf-8")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    write(staging)
    new = sorted(path.name for path in staging.iterdir())
    setting = folder / _SETTING
    setting.write_text(json.dumps({"new": new, "old": sorted(set(names) - set(new))}), "utf-8")
    os.replace(setting, folder / MARKER)
    finish(folder)


def unfinished(folder: Path) -> bool:
    """Say whether replacing the folder's files was interrupted."""
    return (folder / MARKER).exists()


def finish(folder: Path) -> bool:
    """Finish what was interrupted, and say whether the folder is whole now.

    Returns
    -------
    bool
        False where the files that the marker names are in neither place: they must be written again.

    Raises
    ------
    OSError
        If something cannot be moved.
    """
    marker, staging = folder / MARKER, folder / STAGING
    if not marker.exists():
        return True
    try:
        said = json.loads(marker.read_text("utf-8"))
        new, old = [Path(name).name for name in said["new"]], [Path(name).name for name in said["old"]]
    except (ValueError, KeyError, TypeError):
        return False
    if not all((staging / name).exists() or (folder / name).exists() for name in new):
        return False
    for name in new:
        if (staging / name).exists():
            os.replace(staging / name, folder / name)
    for name in old:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)
    marker.unlink()
    return True
