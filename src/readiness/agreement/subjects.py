"""What can be asked of a lead: a question for each criterion of the profile and each BANT piece."""

from __future__ import annotations

from readiness.agreement.document import PIECES, Agreement, Question
from readiness.agreement.vocabulary import PIECES_SAID


def subjects(agreement: Agreement) -> tuple[Question, ...]:
    """Return a question for everything that can be missing: profile criteria in order, then BANT.

    Where the agreement states none, the criterion's own name makes one, to be asked by inside sales.
    """
    stated = {question.about: question for question in agreement.questions}
    names = [*(criterion.name for criterion in agreement.profile.criteria), *PIECES]
    return tuple(
        stated.get(name)
        or Question(about=name, ask=f"What can you tell us about {_said(name)}?", channel="inside_sales")
        for name in names
    )


def _said(name: str) -> str:
    return next((said for piece, said in PIECES_SAID.items() if piece == name), name)
