"""What a recital is made of: sections, each with a title, sentences and lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two, and perhaps a list after it. Names of the CRM stand between `backticks`."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of the agreement; it fits on a screen."""

    key: str
    """The section of the document that it tells, or ``kinds``: those are the same in every agreement."""
    title: str
    paragraphs: tuple[Paragraph, ...]
