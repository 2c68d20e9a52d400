"""Every error that readiness raises on purpose.

ReadinessError
├── DataError            the input breaks the tables' contract; carries every fault found
├── AgreementError       the agreement cannot be read, or contradicts itself
├── ModelError           something is wrong with a model
│   ├── NoChampionError  nobody has promoted a model yet
│   ├── ArtefactError    a bundle is damaged, incomplete or not ours
│   └── FeatureError     the features given are not those the model was trained on
└── StoreError           a store (files, tracking server, database) cannot be reached or written

"Not known yet", "do not promote", "no skill was found" and "too little data to learn from" are
results, not errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ReadinessError(Exception):
    """Anything readiness refuses on purpose; catch this to catch them all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: where, what was seen, what was expected, what to do."""

    table: str
    row: int | None
    """Row as its reader counts it: the line of the file, or the position of the record from 1."""
    column: str | None
    seen: str
    expected: str
    remedy: str
    code: str = ""
    """Name of the check that found it, stable between versions; for programs."""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.table,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        return f"{place}: saw {self.seen}; expected {self.expected}. {self.remedy}"


class DataError(ReadinessError):
    """The input breaks the tables' contract; all faults are reported at once.

    Parameters
    ----------
    faults : sequence of Fault, at least one
        In the order table, row, column. The message shows the first twenty and counts the rest.
    """

    SHOWN = 20

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[: self.SHOWN]]
        if len(self.faults) > self.SHOWN:
            lines.append(f"… and {len(self.faults) - self.SHOWN} more")
        noun = "fault" if len(self.faults) == 1 else "faults"
        super().__init__("\n".join([f"{len(self.faults)} {noun} in the data", *lines]))


class AgreementError(ReadinessError):
    """The agreement cannot be read, or contradicts itself; names the line and the remedy."""


class ModelError(ReadinessError):
    """Something is wrong with a model."""


class NoChampionError(ModelError):
    """Nobody has promoted a model yet."""


class ArtefactError(ModelError):
    """A bundle is damaged, incomplete or not ours."""


class FeatureError(ModelError):
    """The features given are not those the model was trained on; the message is a diff."""

    def __init__(self, expected: Sequence[str], seen: Sequence[str]) -> None:
        missing = [name for name in expected if name not in set(seen)]
        surplus = [name for name in seen if name not in set(expected)]
        parts = ["The features differ from those the model was trained on."]
        parts += [f"- {name}" for name in missing] + [f"+ {name}" for name in surplus]
        if not missing and not surplus:
            parts.append("The names agree but their order does not.")
        super().__init__("\n".join(parts))


class StoreError(ReadinessError):
    """A store (files, tracking server, database) cannot be reached or written."""
