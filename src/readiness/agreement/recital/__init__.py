"""An agreement read aloud: every rule in plain sentences, one section after the other."""

from __future__ import annotations

from readiness.agreement.document import Agreement
from readiness.agreement.phrases import day
from readiness.agreement.recital.behaviour import interest, stages
from readiness.agreement.recital.handing_over import handover, labels, nurture, points_card, questions
from readiness.agreement.recital.kinds import kinds
from readiness.agreement.recital.profile import bant, near_timeframe, profile, sources
from readiness.agreement.recital.section import Paragraph, Section

__all__ = ["Paragraph", "Section", "heading", "recite"]


def recite(agreement: Agreement) -> tuple[Section, ...]:
    """Return the agreement in plain sentences, in the order in which a document has its sections.

    Every rule is told, none is explained away: what a section says is what the rules do.

    Parameters
    ----------
    agreement : Agreement

    Returns
    -------
    tuple of Section
        Names of columns, answers and activities of the CRM stand between `backticks`.
    """
    tell = (
        profile,
        interest,
        sources,
        stages,
        bant,
        near_timeframe,
        kinds,
        handover,
        nurture,
        questions,
        points_card,
        labels,
    )
    return tuple(section for part in tell if (section := part(agreement)).paragraphs)


def heading(agreement: Agreement) -> tuple[str, ...]:
    """Return what stands above the sections: from when it holds, who signed, what changed, which it is."""
    signed = agreement.signatures
    lines = [
        f"Valid from {day(agreement.valid_from)}.",
        f"Signed for sales by {signed.sales.by} on {day(signed.sales.on)}, for marketing by "
        f"{signed.marketing.by} on {day(signed.marketing.on)}.",
    ]
    if agreement.changes:
        lines.append(f"What changed: {agreement.changes}")
    return (*lines, f"Fingerprint: {agreement.fingerprint}")
