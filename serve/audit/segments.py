"""Files to which entries are appended before their answers leave: three lines each, whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from serve.audit.entry import Entry, Payload, Record, fingerprint_of

_BYTES: Final = ("lead", "asked", "answered", "before", "link")
_LINES: Final = 3
"""The entry, what was asked, what was answered."""


class Segment:
    """A file that only grows, until it is moved to the database.

    What was appended survives the end of the process (``kill -9``), because the machine has it; it is not
    waited until it is on disk, so that a loss of power may take the last moments.

    Parameters
    ----------
    path : Path
        Of a file that does not exist yet; only its owner may read it.
    write : callable, optional
        Writes bytes to a descriptor and returns how many it wrote.

    Raises
    ------
    OSError
        If it cannot be made.
    """

    def __init__(self, path: Path, *, write: Callable[[int, bytes], int] = os.write) -> None:
        self.path = path
        self._write = write
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._agreements: set[str] = set()
        self.size = 0
        self.spoilt = False

    def append(self, records: Sequence[Record], agreement: str, text: str) -> None:
        """Append entries with one write, and before them the agreement they name, once a file.

        Raises
        ------
        OSError
            If not all of it could be written; then none of it is there.
        """
        lines = [_written(record) for record in records]
        if agreement not in self._agreements:
            lines.insert(0, _encoded({"agreement": agreement, "text": text}) + b"\n")
        content = b"".join(lines)
        try:
            written = self._write(self._descriptor, content)
            if written != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            self._undo()
            raise
        self.size += len(content)
        self._agreements.add(agreement)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _undo(self) -> None:
        self.spoilt = True
        with suppress(OSError):
            os.ftruncate(self._descriptor, self.size)
            self.spoilt = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: entries, agreements by fingerprint, and what of it could not be read.

    ``torn`` counts the bytes of a last entry that was not written to its end; ``broken`` says that
    something else than an entry stands in the file, behind the entries given.
    """

    records: tuple[Record, ...]
    agreements: dict[str, str]
    torn: int
    broken: bool


def read(path: Path) -> Read:
    """Read a file of entries, as far as it can be read.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    content = path.read_bytes()
    lines = content.split(b"\n")
    records: list[Record] = []
    agreements: dict[str, str] = {}
    at = 0
    while at < len(lines) - 1:
        try:
            head = json.loads(lines[at])
            if "agreement" in head and "text" in head:
                if fingerprint_of(head["text"]) != head["agreement"]:
                    raise ValueError("not the agreement that it names")
                agreements[head["agreement"]] = head["text"]
                at += 1
                continue
            if at + _LINES > len(lines) - 1:
                break
            record = _record(head, lines[at + 1], lines[at + 2])
            if _written(record) != b"\n".join((*lines[at : at + _LINES], b"")):
                raise ValueError("not as it was written")
            records.append(record)
        except (ValueError, KeyError, TypeError):
            return Read(tuple(records), agreements, 0, broken=True)
        at += _LINES
    torn = len(b"\n".join(lines[at:]))
    return Read(tuple(records), agreements, torn, broken=False)


def _written(record: Record) -> bytes:
    entry = record.entry
    head: dict[str, Any] = {name: getattr(entry, name) for name in Entry.__slots__}
    for name in _BYTES:
        head[name] = head[name].hex() if head[name] is not None else None
    head["asked_salt"], head["answered_salt"] = record.asked.salt.hex(), record.answered.salt.hex()
    return b"%b\n%b\n%b\n" % (_encoded(head), record.asked.content, record.answered.content)


def _record(head: dict[str, Any], asked: bytes, answered: bytes) -> Record:
    salts = bytes.fromhex(head.pop("asked_salt")), bytes.fromhex(head.pop("answered_salt"))
    for name in _BYTES:
        head[name] = None if head[name] is None else bytes.fromhex(head[name])
    if head.keys() != set(Entry.__slots__):
        raise ValueError("not an entry")
    return Record(Entry(**head), Payload(asked, salts[0]), Payload(answered, salts[1]))


def _encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
