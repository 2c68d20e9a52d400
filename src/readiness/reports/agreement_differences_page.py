"""What changed between two agreements, as one HTML page and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from readiness.agreement.differences import Difference, differences
from readiness.agreement.document import Agreement
from readiness.agreement.recital import recite
from readiness.reports.html import rendered, written

_HEAD: Final = "Name, validity and signatures"


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """The changes of one section."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """All that there is to say of a change."""

    title: str
    summary: str
    fingerprints: tuple[str, str]
    sections: tuple[ChangedSection, ...]
    differences: tuple[Difference, ...]


def summarise(old: Agreement, new: Agreement, texts: tuple[str, str]) -> DifferencesPage:
    """Put together what changed.

    Parameters
    ----------
    old, new : Agreement
    texts : two str
        The documents as their people wrote them: where the agreements mean the same, they tell whether
        only comments and spelling changed.
    """
    found = differences(old, new)
    titles = {section.key: section.title for each in (old, new) for section in recite(each)}
    sections: dict[str, list[str]] = {}
    for each in found:
        sections.setdefault(titles.get(each.section, _HEAD), []).append(each.sentence)
    return DifferencesPage(
        title=f"{old.name} {old.version} to {new.name} {new.version}",
        summary=_summary(found, texts),
        fingerprints=(old.fingerprint, new.fingerprint),
        sections=tuple(ChangedSection(title, tuple(told)) for title, told in sections.items()),
        differences=found,
    )


def render(page: DifferencesPage) -> str:
    """Return the page as HTML: style inside, nothing loaded, no scripts."""
    return rendered("agreement_differences.html.j2", {"page": page})


def write(page: DifferencesPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(page)})


def _summary(found: Sequence[Difference], texts: tuple[str, str]) -> str:
    if found:
        counted = "One thing changed" if len(found) == 1 else f"{len(found)} things changed"
        renamed = any(each.key in ("version", "name") for each in found)
        return f"{counted}." if renamed else f"{counted}, but the version did not: give it a new one."
    if texts[0] == texts[1]:
        return "The two are the same, letter by letter."
    return "Only comments, order of keys or spelling changed; the two mean the same."
