"""A lead to try the page with, in the words that the model and agreement in use know."""

from __future__ import annotations

from typing import Final

from readiness.crm.records import MICROSECONDS_PER_DAY, Instant, iso
from serve.page.questions import Question, Questions

_ATTRIBUTES: Final = {
    "company_size": "120",
    "industry": "logistics",
    "country": "DE",
    "seniority": "director",
}
_ANSWERS: Final = {"need": "clear", "timeframe": "this quarter"}
_DID: Final = (("demo_requested", "inbound", 3), ("email_reply", "inbound", 6), ("email_sent", "outbound", 7))


def example(asked: Questions, received: Instant) -> dict[str, str]:
    """Return what a lead that asked for a demo three days ago would have typed in."""
    values = {"lead_id": "Example lead", "source": "web_form"}
    values |= {f"attribute.{each.name}": _word(each, _ATTRIBUTES) for each in asked.attributes}
    values |= {f"answer.{each.name}": _word(each, _ANSWERS) for each in asked.bant}
    if asked.dated:
        values["created_at"] = _ago(received, 18)
        values |= {f"answered.{each.name}": _ago(received, 3) for each in asked.bant if each.name in _ANSWERS}
        for row, (type_, direction, days) in enumerate(_DID):
            parts = {"type": type_, "direction": direction, "on": _ago(received, days)}
            values |= {f"activity.{row}.{part}": value for part, value in parts.items()}
    return {name: value for name, value in values.items() if value}


def _word(question: Question, words: dict[str, str]) -> str:
    return words.get(question.name, "")


def _ago(received: Instant, days: int) -> str:
    return (iso(received - days * MICROSECONDS_PER_DAY) or "")[:10]
