"""The folder of jobs: what was sent and what is finished, each job in a folder of its own.

Whoever a lead is stands here and not in the database: to erase a job's leads is to remove its folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from readiness.crm.records import MICROSECONDS_PER_SECOND, Instant
from readiness.errors import StoreError, StoreMissingError, StoreReadOnlyError
from readiness.whole_files import sync_folder
from serve.database import Part

LEFT_FREE: Final = 200_000_000
"""Bytes of the disk that jobs leave free: the database may lie on the same one."""

_ARRIVING: Final = "arriving-"
_UPLOAD: Final = "upload"
_STALE: Final = 3_600 * MICROSECONDS_PER_SECOND
"""A folder of no job that is older was left behind by a process that was killed."""

_FULL: Final = (
    "There is no room on the disk for files of jobs. Make room, or name another READINESS_JOBS_FOLDER."
)
_DAMAGED: Final = "A file of this job is gone or damaged. Send the leads again."


def bytes_free(folder: Path) -> int:
    """Return how many bytes the disk of a folder has left."""
    return shutil.disk_usage(folder).free


class JobFolder:
    """The files of all jobs.

    Parameters
    ----------
    folder : Path
        Made when the first upload arrives; only its owner reads it.
    free : callable
        Says how many bytes the disk has left.
    """

    def __init__(self, folder: Path, *, free: Callable[[Path], int] = bytes_free) -> None:
        self._folder = folder
        self._free = free

    def arriving(self, job_id: str) -> Arriving:
        """Begin to keep what arrives for a job.

        Raises
        ------
        StoreError
            If the folder cannot be written, or its disk is full.
        """
        return Arriving(self._folder, job_id, self._free)

    def upload(self, job_id: str) -> Path:
        """Return where the upload of a job lies, if it lies here."""
        return self._folder / job_id / _UPLOAD

    def holds(self, job_id: str) -> bool:
        """Say whether the upload of a job lies here: another machine's jobs do not."""
        return self.upload(job_id).is_file()

    def keep(self, job_id: str, number: int, holder: str, content: bytes) -> Part:
        """Write a finished part, on disk before this returns, under a name that no other holder uses.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        # A byte of level 1 costs a tenth of what computing it did; a part is read whole.
        packed = zlib.compress(content, 1)
        path = self._folder / job_id / f"part-{number:06d}-{holder}"
        try:
            self._refuse_full()
            with path.open("wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(error) from error
        return Part(number, path.name, hashlib.sha256(packed).digest())

    def part(self, job_id: str, part: Part) -> bytes:
        """Return what a finished part holds.

        Raises
        ------
        StoreError
            If it is gone, or not what was written.
        """
        try:
            packed = (self._folder / job_id / part.file).read_bytes()
        except OSError as error:
            raise StoreMissingError(_DAMAGED) from error
        if hashlib.sha256(packed).digest() != part.sha256:
            raise StoreMissingError(_DAMAGED)
        return zlib.decompress(packed)

    def forget_upload(self, job_id: str, kept: Collection[Part]) -> None:
        """Remove what a finished job needs no longer: what was sent, and parts that were begun twice."""
        names = {part.file for part in kept}
        with suppress(FileNotFoundError):  # another process removed the whole meanwhile
            for path in list((self._folder / job_id).iterdir()):
                if path.name not in names:
                    path.unlink(missing_ok=True)

    def remove(self, job_id: str) -> None:
        """Remove every file of a job."""
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def sweep(self, jobs: Collection[str], *, at: Instant) -> None:
        """Remove what belongs to none of these jobs and has lain still for an hour."""
        for path in self._left_behind(jobs):
            with suppress(OSError):
                newest = max(each.stat().st_mtime_ns for each in (path, *path.iterdir())) // 1_000
                if newest < at - _STALE:
                    shutil.rmtree(path, ignore_errors=True)

    def _left_behind(self, jobs: Collection[str]) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (path for path in self._folder.iterdir() if path.is_dir() and path.name not in jobs)

    def _refuse_full(self) -> None:
        if self._free(self._folder) < LEFT_FREE:
            raise StoreReadOnlyError(_FULL)


class Arriving:
    """An upload that is arriving; what is not kept in the end is removed."""

    def __init__(self, folder: Path, job_id: str, free: Callable[[Path], int]) -> None:
        self._aside = folder / f"{_ARRIVING}{job_id}"
        self._kept = folder / job_id
        self._free = free
        self._digest = hashlib.sha256()
        self.bytes = 0
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._aside.mkdir(mode=0o700)
            self._file = (self._aside / _UPLOAD).open("xb")
        except OSError as error:
            raise _unwritable(error) from error

    def write(self, content: bytes) -> None:
        """Write what came next.

        Raises
        ------
        StoreError
            If it cannot be written, or would leave the disk too full.
        """
        try:
            if self._free(self._aside) < LEFT_FREE + len(content):
                raise StoreReadOnlyError(_FULL)
            self._file.write(content)
        except OSError as error:
            raise _unwritable(error) from error
        self._digest.update(content)
        self.bytes += len(content)

    @property
    def sha256(self) -> bytes:
        """The digest of what came so far."""
        return self._digest.digest()

    @property
    def path(self) -> Path:
        """Where it lies until it is kept."""
        return self._aside / _UPLOAD

    def close(self) -> None:
        """Bring all of it to the disk.

        Raises
        ------
        StoreError
            If that cannot be done.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            sync_folder(self._aside)
        except OSError as error:
            raise _unwritable(error) from error

    def keep(self) -> None:
        """Put it in its place, on disk before this returns.

        Raises
        ------
        StoreError
            If that cannot be done.
        """
        try:
            self._aside.rename(self._kept)
            sync_folder(self._kept.parent)
        except OSError as error:
            raise _unwritable(error) from error

    def drop(self) -> None:
        """Remove it, if it was not kept."""
        with suppress(OSError):  # the disk may be full of what closing would write
            self._file.close()
        shutil.rmtree(self._aside, ignore_errors=True)


def _unwritable(error: OSError) -> StoreError:
    return StoreReadOnlyError(
        f"The files of jobs cannot be written: {error.strerror}. Make room, or name another "
        "READINESS_JOBS_FOLDER."
    )
