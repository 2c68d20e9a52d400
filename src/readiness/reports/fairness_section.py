"""The section "Is it fair to all segments?": where scores hold, and where they cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from readiness.judging.judgement import Judgement
from readiness.reports import judged_sections
from readiness.reports.numbers import Numbers
from readiness.reports.printed import Section
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class Fairness:
    """The model's figures within each part of the leads."""

    sentence: str
    warnings: tuple[str, ...]
    parts: Section[Any]


def summarise(judgement: Judgement) -> Fairness:
    """Tell the parts of the first of a judgement's sets."""
    parts = judged_sections.parts(judgement.sets[0] if judgement.sets else None)
    return Fairness(parts.sentence, (), parts)


def numbers(_told: Fairness) -> Mapping[str, Numbers]:
    """Return nothing yet."""
    return {}


SECTION: Final = ReportSection(
    "fairness", "Is it fair to all segments?", Fairness, "report_fairness.html.j2", numbers
)
