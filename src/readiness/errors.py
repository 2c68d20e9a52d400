"""Every error that readiness raises on purpose.

ReadinessError
├── DataError            the input breaks the tables' contract; carries every fault found
├── AgreementError       the agreement cannot be read, or contradicts itself
├── ModelError           something is wrong with a model
│   ├── NoChampionError  nobody has promoted a model yet
│   ├── NoSkillError     a model that was not shown to know anything was to be promoted
│   ├── ChallengeError   a challenger that did not pass its gates was to be promoted
│   ├── ArtefactError    a bundle is damaged, incomplete or not ours
│   └── FeatureError     the features given are not those the model was trained on
└── StoreError           a store (files, tracking server, database) cannot be reached or written
    ├── StoreBusyError         somebody else holds it just now
    ├── StoreReadOnlyError     it may be read and not written
    ├── StoreMissingError      it is not there, or lacks its tables
    ├── StoreUnreachableError  it does not answer
    ├── StoreNewerError        a newer version of the code made it
    ├── StoreEncodingError     it cannot hold every letter that a name may have
    └── StoreSecretError       the secret is not the one with which its keys were made

"Not known yet", "do not promote", "no skill was found" and "too little data to learn from" are
results, not errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from readiness.counting import counted


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
    rows: int = 1
    """How many rows it speaks of: one, unless it counts those that are not told one by one."""

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


def alike(faults: Iterable[Fault]) -> list[list[Fault]]:
    """Group faults by kind (table, column, check), the kinds in the order of their first fault."""
    kinds: dict[tuple[str, str | None, str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.table, fault.column, fault.code, fault.expected), []).append(fault)
    return list(kinds.values())


def told(like: Sequence[Fault]) -> str:
    """Say one kind of fault in a line: its first one, and how many rows more have it."""
    more = sum(fault.rows for fault in like) - like[0].rows
    return f"{like[0]} (and {counted(more, 'row')} like it)" if more else str(like[0])


class DataError(ReadinessError):
    """The input breaks the tables' contract; all faults are reported at once.

    Parameters
    ----------
    faults : sequence of Fault, at least one
        In the order table, row, column. The message counts them, shows the first one of each kind with the
        number of rows that have it, twenty kinds at most, and counts the other kinds.
    """

    SHOWN = 20

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        kinds = alike(self.faults)
        lines = [told(like) for like in kinds[: self.SHOWN]]
        if len(kinds) > self.SHOWN:
            lines.append(f"… and {counted(len(kinds) - self.SHOWN, 'more kind', 'more kinds')} of fault")
        count = counted(sum(fault.rows for fault in self.faults), "fault")
        of_kinds = f", of {counted(len(kinds), 'kind')}" if 1 < len(kinds) < len(self.faults) else ""
        super().__init__("\n".join([f"{count} in the data{of_kinds}", *lines]))


class AgreementError(ReadinessError):
    """The agreement cannot be read, or contradicts itself; names the line and the remedy."""


class ModelError(ReadinessError):
    """Something is wrong with a model."""


class NoChampionError(ModelError):
    """Nobody has promoted a model yet."""


class NoSkillError(ModelError):
    """A model that was not shown to know anything was to be promoted; says what its judgement found."""


class ChallengeError(ModelError):
    """A challenger that did not pass its gates was to be promoted; names them, and what may be done."""


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


class StoreBusyError(StoreError):
    """Somebody else holds the store just now; the same may well succeed in a few seconds."""


class StoreReadOnlyError(StoreError):
    """The store may be read and not written."""


class StoreMissingError(StoreError):
    """The store is not there, or lacks its tables."""


class StoreUnreachableError(StoreError):
    """The store does not answer."""


class StoreNewerError(StoreError):
    """A newer version of the code made the store, and this one does not know its form."""


class StoreEncodingError(StoreError):
    """The store cannot hold every letter that a name may have."""


class StoreSecretError(StoreError):
    """The secret is missing, or not the one with which the store's keys were made."""
