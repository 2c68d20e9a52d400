"""The text of a file as UTF-8, whatever it was written in: read in blocks, every byte checked."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final, cast

from readiness.crm.frames import Origin
from readiness.crm.sources.encodings import UTF8, canonical, is_wide, likely, marked
from readiness.crm.sources.kinds import kind_of, unlike, unopened
from readiness.errors import DataError, Fault

HEAD: Final = 1 << 16
"""So many bytes are looked at before a file is read."""

WRONG_ENCODING: Final = "wrong_encoding"

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_AROUND: Final = 1 << 14


class TextStream(io.RawIOBase):
    """A file's text as UTF-8 without its mark; packed files (``.gz``) are unpacked on the way.

    Reading raises DataError at the first byte that is no text in the file's encoding, unless such bytes are
    replaced.
    """

    def __init__(
        self,
        file: IO[bytes],
        label: str,
        encoding: str | None,
        path: Path | None = None,
        *,
        replacing: bool = False,
    ) -> None:
        super().__init__()
        self.label = label
        self.holds_nul = False
        """Whether the text read so far holds a NUL character."""
        self.last = b""
        """The last byte read so far."""
        self.last_sign = b""
        """The last byte read so far that is no blank and no line end."""
        self._file = file
        head = self._taken(HEAD)
        self._refuse_what_is_no_text(head, path)
        self.encoding, mark = self._settled(head, encoding)
        self.marked = bool(mark)
        self._replacing = replacing
        self._decoder = codecs.getincrementaldecoder(self.encoding)("replace" if replacing else "strict")
        self._raw = head[mark:]
        self._pending = b""
        self._lines = 0
        self._ended = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def head(self) -> str:
        """Return the beginning of what was not read yet, in whole lines if it holds any."""
        while len(self._pending) < HEAD and not self._ended:
            self._pending += self._decoded(HEAD)
        text = self._pending.decode(UTF8, errors="ignore")
        cut = max(text.rfind("\n"), text.rfind("\r"))
        return text if self._ended or cut < 0 else text[: cut + 1]

    def skip_lines(self, count: int) -> None:
        """Leave out the next lines."""
        for _ in range(count):
            while (end := _LINE_END.search(self._pending)) is None or end.end() == len(self._pending):
                block = self._decoded(HEAD)
                if not block:
                    break
                self._pending += block
            self._pending = self._pending[end.end() :] if end else b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the text; none at its end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 24), b""))
        block = self._pending or self._decoded(size)
        block, self._pending = block[:size], block[size:]
        if block:
            self.last, self.last_sign = block[-1:], block.rstrip()[-1:] or self.last_sign
        return block

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Read into a buffer, and return how many bytes were read."""
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _decoded(self, size: int) -> bytes:
        """Return about so many bytes more; none at the end only."""
        while not self._ended:
            raw, self._raw = self._raw or self._taken(size), b""
            self._ended = not raw
            try:
                text = self._decoder.decode(raw, not raw)
            except UnicodeDecodeError as error:
                raise self._unreadable(error) from None
            except UnicodeError:
                # Python's UTF-16 and UTF-32 want the mark that says which half comes first.
                raise self._refused(
                    1, f"{self.encoding.upper()} without its mark (BOM)", likely(raw)
                ) from None
            block = raw if self.encoding == UTF8 and not self._replacing else text.encode(UTF8)
            self._lines += block.count(b"\n")
            self.holds_nul |= b"\0" in block
            if block:
                return block
        return b""

    def _taken(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise unlike(self.label, "a packed file (.gz) that is damaged or none", "a whole one") from None

    def _refuse_what_is_no_text(self, head: bytes, path: Path | None) -> None:
        expected = "a text file with a header line"
        if (kind := kind_of(head, path)) is not None:
            raise unlike(self.label, kind, expected)
        mark = marked(head)
        if not head[mark[1] if mark else 0 :].strip():
            raise unlike(self.label, "an empty file", expected)

    def _settled(self, head: bytes, stated: str | None) -> tuple[str, int]:
        mark = marked(head)
        if mark is None and is_wide(head) and (stated is None or canonical(stated) == UTF8):
            raise self._refused(None, "text without a mark that is not UTF-8", likely(head))
        name = canonical(stated) if stated else (mark[0] if mark else UTF8)
        if mark is None:
            return name, 0
        if name not in (mark[0], mark[0][: len("utf-16")]):
            remedy = f"State `encoding: {mark[0]}`, or leave it out."
            seen = f"a mark (BOM) that says {mark[0]}"
            raise DataError([Fault(self.label, 1, None, seen, name, remedy, WRONG_ENCODING)])
        return mark

    def _unreadable(self, error: UnicodeDecodeError) -> DataError:
        sample = error.object[max(0, error.start - _AROUND) : error.start + _AROUND]
        before = codecs.getincrementaldecoder(self.encoding)("ignore").decode(error.object[: error.start])
        line = 1 + self._lines + (before.count("\n") or before.count("\r"))
        return self._refused(line, f"bytes that are no {self.encoding.upper()}", likely(sample))

    def _refused(self, line: int | None, seen: str, guesses: tuple[str, ...]) -> DataError:
        if guesses:
            named = f"`encoding: {guesses[0]}`" + (f" or {guesses[1]}" if len(guesses) > 1 else "")
            remedy = f"Save it as UTF-8, or state its encoding in a mapping; it looks like {named}."
        else:
            remedy = "Save it as UTF-8, or state its encoding in a mapping."
        expected = "one encoding from the first byte to the last: UTF-8, or the one stated"
        return DataError([Fault(self.label, line, None, seen, expected, remedy, WRONG_ENCODING)])


def despite_its_encoding(read: Callable[[str | None, bool], Origin], stated: str | None) -> Origin:
    """Read a text file to its end; where bytes are of another encoding, that is a fault of the file.

    Parameters
    ----------
    read : from an encoding and whether to replace what is no text in it
        Reads the file.
    stated : str, optional
        Its encoding.

    Raises
    ------
    DataError
        If it cannot be read even so, or something else is wrong with it.
    """
    try:
        return read(stated, False)
    except DataError as error:
        if error.faults[0].code != WRONG_ENCODING:
            raise
        refused = error
    for encoding in dict.fromkeys((stated, None)):
        try:
            origin = read(encoding, True)
        except DataError:
            continue
        return replace(origin, faults=(*refused.faults, *origin.faults))
    raise refused


def open_text(path: Path, label: str, encoding: str | None = None, *, replacing: bool = False) -> TextStream:
    """Open a text file.

    Parameters
    ----------
    label : str
        How faults call it.
    encoding : str, optional
        By default what the file's mark says, else UTF-8.
    replacing : bool
        What is no text in that encoding is replaced by a sign for it, instead of being refused.

    Raises
    ------
    DataError
        If it is empty, no text at all, or its mark contradicts the encoding stated.
    StoreError
        If it cannot be opened.
    """
    packed = path.suffix.lower() == ".gz"
    try:
        # The stream closes it.
        file = cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")  # noqa: SIM115
    except OSError as error:
        raise unopened(path, error) from error
    try:
        return TextStream(file, label, encoding, None if packed else path, replacing=replacing)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise unopened(path, error) from error
        raise
