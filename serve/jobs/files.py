"""The rows of a file of leads, one after the other, however large it is: CSV, JSON lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from serve import batch_reading
from serve.batch_reading import CSV, JSON_LINES, LONGEST_LINE, Raw
from serve.jobs import parquet
from serve.problems import Problem

PARQUET: Final = "application/vnd.apache.parquet"
FORMS: Final = (CSV, PARQUET, *JSON_LINES)

_PARQUET_SIGN: Final = b"PAR1"


class LeadFile:
    """A file of leads.

    Parameters
    ----------
    path : Path
    media : str
        One of FORMS.
    line_bytes : int
        A longer line is refused: it holds one lead, as a request of its own would.
    """

    def __init__(self, path: Path, media: str, *, line_bytes: int = LONGEST_LINE) -> None:
        self._path = path
        self._media = media
        self._longest = line_bytes
        self.read = 0
        """How much was read so far, about, in bytes: for whoever takes no more than so much at once."""

    def refuse_at_sight(self) -> None:
        """Refuse what can be told from the first look: a header that names no lead, a Parquet that is none.

        Raises
        ------
        Problem
            400 or 422.
        """
        if self._media == PARQUET:
            # No more: whoever reads the rest of a damaged one may die of it, and that is not done here.
            with self._path.open("rb") as file:
                ends = file.read(4), file.seek(max(0, self._path.stat().st_size - 4)) and file.read(4)
            if ends != (_PARQUET_SIGN, _PARQUET_SIGN):
                raise Problem("invalid-parquet", parquet.NOT_PARQUET)
        elif self._media == CSV:
            next(self.rows(), None)

    def rows(self) -> Iterator[Raw]:
        """Return each row as it was written, or why it cannot be told apart from the others.

        Raises
        ------
        Problem
            400 or 422 where the file cannot be taken apart into rows.
        """
        if self._media == PARQUET:
            for rows, size in parquet.batches(self._path):
                each = size // max(len(rows), 1)
                for row in rows:
                    self.read += each
                    yield row
        elif self._media == CSV:
            yield from self._csv()
        else:
            yield from self._json_lines()

    def _csv(self) -> Iterator[Raw]:
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            yield from batch_reading.csv_rows(self._lines(file))

    def _lines(self, file: TextIO) -> Iterator[str]:
        number = 0
        try:
            while line := file.readline(self._longest):
                number += 1
                if len(line) == self._longest and line[-1] not in "\r\n":
                    raise Problem("invalid-csv", f"Line {number} is longer than {self._longest} characters.")
                self.read += len(line)
                yield line
        except UnicodeDecodeError:
            raise Problem("invalid-csv", f"The file is not UTF-8, somewhere after line {number}.") from None

    def _json_lines(self) -> Iterator[Raw]:
        with self._path.open("rb") as file:
            while line := file.readline(self._longest + 1):
                whole = line.removesuffix(b"\n")
                self.read += len(line)
                for each in batch_reading.filled([whole]):
                    yield batch_reading.line(each, self._longest)
                while len(line) > self._longest and not line.endswith(b"\n"):
                    line = file.readline(self._longest + 1)


def lead_id(raw: Raw) -> str | None:
    """Return the id of the lead of a row that may still be refused; None where there is none."""
    lead = raw.get("lead") if isinstance(raw, dict) else None
    found = lead.get("lead_id") if isinstance(lead, dict) else None
    return found if isinstance(found, str) else None
