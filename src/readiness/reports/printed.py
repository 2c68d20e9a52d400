"""What pages print as it stands: a table of texts, a figure with its label, a question with its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures as they are printed: columns, and rows of texts.

    ``texts`` are the positions of further columns, beside the first, that hold words rather than figures.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its label, as printed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section(Generic[P]):
    """One question that a manager asks: the answer in a sentence, and the points of its chart.

    Without points there is no chart; where there should be one, the sentence says why.
    """

    name: str
    question: str
    sentence: str
    points: tuple[P, ...]
    table: Table
