"""What is found wrong with a mapping while it is carried out, and what is worth a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from readiness.counting import counted
from readiness.crm.contract import nearest_name
from readiness.errors import Fault
from readiness.yaml_document import Loc, Places

_SHOWN = 20


@dataclass(slots=True)
class Remarks:
    """Faults of the mapping, each with its line and column there, and notes, in the order found."""

    places: Places
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blamed: list[Loc] = field(default_factory=list)
    """The parts of the mapping in which its faults are."""

    def blame(self, loc: Loc, seen: str, expected: str, remedy: str, code: str) -> None:
        """Note a fault of the mapping."""
        line, column = self.places.of(loc) or (None, None)
        where = None if column is None else str(column)
        name, key = self.places.name or "mapping", self.places.key(loc)
        fault = Fault(name, line, where, f"`{key}`: {seen}", expected, remedy, code)
        self.blamed.append(loc)
        if fault not in self.faults:
            self.faults.append(fault)

    def absent(self, loc: Loc, name: str, label: str, there: Sequence[str]) -> None:
        """Note that the mapping names a column which a file does not have."""
        nearest = nearest_name(name, there)
        instead = f"but {nearest!r}" if nearest else f"only {listed(there)}"
        remedy = "Correct the mapping, or export this column too."
        self.blame(
            loc, f"no column {name!r} in {label}, {instead}", f"a column of {label}", remedy, "missing_column"
        )

    def ambiguous(self, loc: Loc, name: str, label: str) -> None:
        """Note that a column's name stands for several columns."""
        remedy = "Say in the mapping what it is, under columns or attributes, or exclude it with a reason."
        self.blame(
            loc, f"a column {name!r} twice, with {label}", "each name once", remedy, "ambiguous_column"
        )

    def left_out(self, label: str, given: int, reasons: Counter[str]) -> None:
        """Note how many rows of a feed were left out on purpose, and why."""
        left = reasons.total()
        if left:
            told = ", ".join(f"{reason} ({count:,})" for reason, count in reasons.items() if count)
            self.notes.append(f"{label}: {left:,} of {counted(given + left, 'row')} left out: {told}.")


def listed(names: Sequence[str]) -> str:
    """Write names one after the other, the first of many."""
    shown = ", ".join(map(repr, names[:_SHOWN])) or "nothing"
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
