"""One of the sections of a model's report: what it tells, and how that is drawn, printed and handed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from readiness.reports.numbers import Numbers


class Told(Protocol):
    """What the ``summarise`` of a section returns: a frozen dataclass of plain values.

    Its fields hold texts, numbers, None, and tuples, mappings or frozen dataclasses of these, so that it can
    be kept as JSON and read again. No personal data but lead ids, and these in examples only.
    """

    @property
    def sentence(self) -> str:
        """The answer in one sentence that is computed from the section's numbers."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before believing the section; shown on top of the page."""


T = TypeVar("T", bound=Told)


def no_charts(_told: Told, _width: int) -> Mapping[str, str]:
    """Draw nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class ReportSection(Generic[T]):
    """A section's place on the page.

    Attributes
    ----------
    name : str
        Its anchor, its key in the JSON, and how its files begin; a plain word.
    question : str
        Its heading.
    kind : type
        The frozen dataclass that holds what it tells.
    template : str
        A Jinja partial that prints everything below heading and sentence. It is given ``told``, and
        imports the macros of ``report_macros.html.j2`` with context: ``chart(name, in_words)``,
        ``table(printed.Table, caption)``, ``question(printed.Section, name)``, and ``numbers(name)``, the
        link with which a table of ``numbers`` is downloaded.
    numbers : told → tables by name
        Everything that the section's sentences and charts say, as raw values.
    charts : told, width → SVG texts by name
        Drawn with ``drawing``; ``WIDE`` for a desk, ``NARROW`` for a phone.
    """

    name: str
    question: str
    kind: type[T]
    template: str
    numbers: Callable[[T], Mapping[str, Numbers]]
    charts: Callable[[T, int], Mapping[str, str]] = no_charts
