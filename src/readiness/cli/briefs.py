"""Leads read aloud in the terminal: who does what by when, why, and what to ask."""

from __future__ import annotations

from typing import Final

from readiness.cli.screen import for_programs, note, say, verbatim
from readiness.scoring import Scored, brief

_STYLES: Final = {"First": "bold red", "Now": "bold"}
"""What is to be done stands out; what somebody has waited for too long stands out most."""


def show(scored: Scored, *, as_json: bool = False) -> None:
    """Print the briefing of every row; for programs, the assessments with their briefings."""
    assessments = [scored.assessment(row) for row in range(len(scored))]
    if as_json:
        for_programs([{**each.to_dict(), "briefing": brief(each).to_dict()} for each in assessments])
        return
    for number, assessment in enumerate(assessments):
        briefing = brief(assessment)
        if number:
            say()
        verbatim(briefing.heading, "bold")
        for label, text in briefing.lines:
            note(label, text, style=_STYLES.get(label, ""))
