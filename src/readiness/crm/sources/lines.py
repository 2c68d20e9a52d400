"""On which line of a file a row stands, looked up only when somebody asks."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from readiness.crm.sources.dialect import Dialect
from readiness.crm.sources.text import open_text


@dataclass(slots=True)
class Lines:
    """On which line of a CSV file a row starts: quoted line breaks and blank lines are counted.

    The file is read again for it, once, and only if somebody asks: rows without fault need no line.
    """

    path: Path
    encoding: str
    dialect: Dialect
    skipped: int = 0
    """Lines before the header."""
    replacing: bool = False
    """What is no text in that encoding is replaced."""
    ragged: Sequence[int] = ()
    """Records left out of the rows, as their number in the file, ascending; the header is record 1."""
    _jumps: tuple[list[int], list[int]] | None = None
    """From which record on how many lines more than records were passed."""
    _ahead: list[int] = field(default_factory=list)
    _last: int = 1

    def of_row(self, row: int) -> int:
        """Return the line on which a row of the table starts."""
        if not self._ahead and self.ragged:
            self._ahead = [number - 2 - before for before, number in enumerate(self.ragged)]
        return self.of_record(row + 2 + bisect_right(self._ahead, row))

    def of_record(self, record: int) -> int:
        """Return the line on which a record of the file starts."""
        if self._jumps is None:
            self._jumps = self._scan()
        records, more = self._jumps
        return record + more[bisect_right(records, record) - 1]

    def know_that_lines_are_records(self) -> None:
        """Spare the second reading: no line is blank, and no cell goes on in the next one."""
        self._jumps = [0], [self.skipped]

    def last(self) -> int:
        """Return the line on which the last record starts that can be told apart."""
        if self._jumps is None:
            self._jumps = self._scan()
        return self._last

    def _scan(self) -> tuple[list[int], list[int]]:
        records, more = [0], [self.skipped]
        with open_text(self.path, self.path.name, self.encoding, replacing=self.replacing) as stream:
            stream.skip_lines(self.skipped)
            text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")
            reader = csv.reader(text, delimiter=self.dialect.separator, quotechar=self.dialect.quote)
            record, line = 0, 1 + self.skipped
            try:
                for cells in reader:
                    if cells:
                        record += 1
                        if line - record != more[-1]:
                            records.append(record)
                            more.append(line - record)
                        self._last = line
                    line = reader.line_num + 1 + self.skipped
            except csv.Error:
                # A cell too long for this reader: from there on records are told by their number.
                self._last = line
                records.append(record + 1)
                more.append(line - record - 1)
        return records, more
