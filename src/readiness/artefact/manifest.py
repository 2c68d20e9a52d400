"""A sealed folder: every file listed with its size and SHA-256, and named by the hash of that list."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from readiness.errors import ArtefactError, StoreError
from readiness.whole_files import ASIDE, sync_folder

FORMAT: Final = 3
"""The format that this version writes. A reader knows it and, through upgrades, older ones."""

MANIFEST: Final = "manifest.json"
MOST_FILES: Final = 64
MOST_BYTES: Final = 512 * 1024 * 1024
_MOST_MANIFEST_BYTES: Final = 1024 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_FILE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_STALE_SECONDS: Final = 3600
_FETCH: Final = "Fetch it again from the registry, or train again"
_REMEDY: Final = {
    "report": "Publish it again (`readiness pull`), or write it again (`readiness report VERSION`)"
}
"""What to do about what is damaged, by what people call it."""


class Listed(BaseModel):
    """What a manifest says of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, le=MOST_BYTES)


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    format: int
    files: dict[str, Listed] = Field(max_length=MOST_FILES)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a checked folder holds: its format number, its files' bytes, and those of the manifest itself."""

    format: int
    documents: Mapping[str, bytes]
    manifest: bytes


def seal(documents: Mapping[str, bytes], folder: Path) -> Path:
    """Write the documents as ``folder/<name>/`` and return that path.

    The name is the SHA-256 of the manifest, so the same documents always give the same bytes under
    the same name. They are written aside, brought to disk and renamed: a reader sees the whole folder
    or none, whenever the writer is killed.

    Parameters
    ----------
    documents : file name → bytes
        Names in lower case without folders.
    folder : Path
        Made if it does not exist.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    ValueError
        If no reader would take them: too many, too large, or called as no file may be.
    """
    if len(documents) > MOST_FILES or sum(map(len, documents.values())) > MOST_BYTES:
        raise ValueError(f"a sealed folder holds {MOST_FILES} files and {MOST_BYTES:,} bytes at most")
    for file in documents:
        if not _FILE.fullmatch(file) or file == MANIFEST:
            raise ValueError(f"{file!r} cannot be the name of a file in a bundle")
    manifest = _manifest_bytes(documents)
    return _place({**documents, MANIFEST: manifest}, _sha256(manifest), folder)


def read(path: Path, *, name: str, what: str = "bundle") -> Sealed:
    """Check a folder against its name and return its files, parsing nothing but the manifest.

    In this order: a real folder, nothing in it but regular files, few enough and small enough; the
    manifest's SHA-256 is the name; the files are those of the manifest, each with its size and hash.
    The bytes returned are those that were hashed.

    Parameters
    ----------
    path : Path
        The bundle's folder, wherever it was copied to.
    name : str
        The bundle's name as the registry or the pointer keeps it, never as the folder claims it.
    what : str
        What people call what is in it, for messages.

    Raises
    ------
    ArtefactError
        If anything differs. The message names the file and says what to do.
    """
    folder = _Folder(path, what)
    folder.may_be_called(name)
    entries = folder.entries()
    raw, manifest = folder.manifest(name, there=MANIFEST in entries)
    listed = set(manifest.files) | {MANIFEST}
    for file in sorted(listed ^ entries):
        raise folder.refused(file, "is missing" if file in listed else f"does not belong to the {what}")
    documents = {file: folder.document(file, expected) for file, expected in sorted(manifest.files.items())}
    return Sealed(manifest.format, documents, raw)


def contents(path: Path, *, name: str, what: str = "bundle") -> Mapping[str, Listed]:
    """Return what a folder holds by its manifest, which is checked by the name; its files are not read.

    Raises
    ------
    ArtefactError
        If the manifest is not there, or not that of this name.
    """
    folder = _Folder(path, what)
    folder.may_be_called(name)
    _, manifest = folder.manifest(name)
    return manifest.files


def document(path: Path, file: str, expected: Listed, *, what: str = "bundle") -> bytes:
    """Return one file of a folder, checked against what its manifest says of it.

    Raises
    ------
    ArtefactError
        If it is not there, or not the file that was written.
    """
    return _Folder(path, what).document(file, expected)


def copy(path: Path, *, name: str, folder: Path, what: str = "bundle") -> Path:
    """Check a sealed folder and write what was checked as ``folder/<name>/``; return that path.

    Raises
    ------
    ArtefactError
        If the source differs from its name.
    StoreError
        If the target cannot be written.
    """
    sealed = read(path, name=name, what=what)
    return _place({**sealed.documents, MANIFEST: sealed.manifest}, name, folder)


def _manifest_bytes(documents: Mapping[str, bytes]) -> bytes:
    files = {file: {"sha256": _sha256(content), "size": len(content)} for file, content in documents.items()}
    return (json.dumps({"format": FORMAT, "files": files}, indent=1, sort_keys=True) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that is checked, and what people call what is in it."""

    path: Path
    what: str

    def refused(self, file: str, fault: str) -> ArtefactError:
        return ArtefactError(
            f"{self.path / file} {fault}. The {self.what} is damaged or was edited: nothing of it was loaded."
            f" {_REMEDY.get(self.what, _FETCH)}"
        )

    def entries(self) -> set[str]:
        try:
            if not stat.S_ISDIR(self.path.lstat().st_mode):
                raise ArtefactError(
                    f"{self.path} is not a folder; a {self.what} is a real folder, not a file or a link"
                )
            with os.scandir(self.path) as scan:
                names: set[str] = set()
                for entry in scan:
                    if not entry.is_file(follow_symlinks=False):
                        raise self.refused(entry.name, "is a link, a folder or a device, not a file")
                    names.add(entry.name)
                    if len(names) > MOST_FILES + 1:
                        raise self.refused("", f"holds more than {MOST_FILES + 1} files")
        except FileNotFoundError as error:
            raise ArtefactError(
                f"There is no {self.what} at {self.path}. {_REMEDY.get(self.what, _FETCH)}"
            ) from error
        except OSError as error:
            raise ArtefactError(f"{self.path} cannot be read: {error.strerror}") from error
        return names

    def may_be_called(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ArtefactError(f"{name!r} is not the name of a {self.what}; a name is 64 digits 0-9a-f")

    def manifest(self, name: str, *, there: bool = True) -> tuple[bytes, _Manifest]:
        """Return the manifest, as bytes and parsed, if its hash is the name."""
        raw = self.read(MANIFEST, _MOST_MANIFEST_BYTES) if there else b""
        if _sha256(raw) != name:
            fault = f"is {'not that of' if raw else 'missing from'} {self.what} {name[:12]}…"
            raise self.refused(MANIFEST, fault)
        return raw, self._parsed(raw)

    def document(self, file: str, expected: Listed) -> bytes:
        content = self.read(file, expected.size)
        if len(content) != expected.size or _sha256(content) != expected.sha256:
            raise self.refused(file, "is not the file that was written")
        return content

    def read(self, file: str, size: int) -> bytes:
        """Read at most one byte more than expected, without following a link or waiting on a pipe."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with os.fdopen(os.open(self.path / file, flags), "rb") as opened:
                return opened.read(size + 1)
        except OSError as error:
            raise self.refused(file, f"cannot be read ({error.strerror})") from error

    def _parsed(self, raw: bytes) -> _Manifest:
        try:
            manifest = _Manifest.model_validate_json(raw)
        except ValidationError as error:
            raise self.refused(MANIFEST, "is not a manifest that this version can read") from error
        wrong = sorted(file for file in manifest.files if not _FILE.fullmatch(file) or file == MANIFEST)
        if wrong:
            fault = f"lists a file that no {self.what} can have: {wrong[0]!r}"
            raise self.refused(MANIFEST, fault)
        if sum(file.size for file in manifest.files.values()) > MOST_BYTES:
            raise self.refused(MANIFEST, f"lists more than {MOST_BYTES} bytes")
        return manifest


def _place(documents: Mapping[str, bytes], name: str, folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _settle(documents, name, folder)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error.strerror}. Check the path, its rights and the space left"
        ) from error
    return folder / name


def _settle(documents: Mapping[str, bytes], name: str, folder: Path) -> None:
    target = folder / name
    if target.exists() and _intact(target, name):
        return
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder))
    try:
        aside.chmod(0o755)
        for file, content in documents.items():
            with (aside / file).open("wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
        sync_folder(aside)
        _clear_stale(folder, aside)
        _rename(aside, target, name)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    sync_folder(folder)


def _intact(path: Path, name: str) -> bool:
    try:
        read(path, name=name)
    except ArtefactError:
        return False
    return True


def _rename(aside: Path, target: Path, name: str) -> None:
    try:
        aside.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        if _intact(target, name):  # somebody else wrote the same bundle meanwhile
            shutil.rmtree(aside, ignore_errors=True)
            return
        # What stands there is damaged: it moves away first, for no bundle is better than a bad one.
        broken = Path(tempfile.mkdtemp(prefix=ASIDE, dir=target.parent))
        target.rename(broken / target.name)
        aside.rename(target)
        shutil.rmtree(broken, ignore_errors=True)


def _clear_stale(folder: Path, mine: Path) -> None:
    """Remove what writers that were killed left behind; an hour is longer than any write."""
    now = mine.stat().st_mtime
    for other in folder.glob(f"{ASIDE}*"):
        try:
            if now - other.lstat().st_mtime <= _STALE_SECONDS:
                continue
            if other.is_dir() and not other.is_symlink():
                shutil.rmtree(other, ignore_errors=True)
            else:
                other.unlink()
        except FileNotFoundError:
            continue
