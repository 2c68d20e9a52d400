"""What the leak audit found, as remarks of a data-quality page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from readiness.learning.leakage import Finding
from readiness.reports.quality_remarks import Remark


def of_leaks(findings: Sequence[Finding]) -> Iterator[Remark]:
    """Say of each column what it knows, by what that shows, and what to type."""
    for finding in findings:
        about = f"{finding.column}: " if finding.column else ""
        yield Remark(
            finding.code,
            "leak" if finding.blocks else "mend",
            f"{about}{_sentence(finding.evidence)} {finding.meaning}",
            finding.remedy,
        )


def _sentence(evidence: str) -> str:
    return f"{evidence[:1].upper()}{evidence[1:]}."


def for_programs(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings as a program reads them."""
    return [
        {
            "code": finding.code,
            "column": finding.column or None,
            "blocks": finding.blocks,
            "evidence": finding.evidence,
            "meaning": finding.meaning,
            "remedy": finding.remedy,
            "figures": dict(finding.figures),
        }
        for finding in findings
    ]
