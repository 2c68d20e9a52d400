"""What does not fit together in an agreement whose parts are each right; everything at once."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.agreement.contradictions import evidence, handover, interest, labels, nurture, profile, repeats
from readiness.agreement.document import Agreement
from readiness.yaml_document import Contradiction

__all__ = ["contradictions"]


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return what an agreement says in one place and denies, or makes impossible, in another.

    Only what is certain is told: a rule that some lead could meet is never called impossible. Each comes
    with its place, what stands there, what could, and what to do; in no particular order.

    Parameters
    ----------
    agreement : Agreement
        Every part of it is right by itself.
    """
    for part in (repeats, profile, interest, evidence, handover, nurture, labels):
        yield from part.contradictions(agreement)
