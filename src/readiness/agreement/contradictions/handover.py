"""Terms of hand-over that cannot be kept together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from readiness.agreement.document import Agreement
from readiness.agreement.handover_terms import Handover, Returns
from readiness.yaml_document import Contradiction

_HOURS: Final = 24


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return what cannot be kept of what the two sides promise each other."""
    terms = agreement.handover
    required = len(set(terms.bant_required))
    if terms.bant_at_least < required:
        yield Contradiction(
            ("handover", "bant_at_least"),
            f"{terms.bant_at_least}",
            f"at least {required}, as many as `bant_required` names",
            "Raise it, or require fewer.",
        )
    for at, name in enumerate(terms.first_in_line):
        if name not in terms.categories:
            yield Contradiction(
                ("handover", "first_in_line", at),
                name,
                "a category that may pass at all",
                "Add it to `categories`, or remove it here.",
            )
    for at, (one, other) in enumerate(pairwise(terms.follow_up_after_days), start=1):
        if one >= other:
            yield Contradiction(
                ("handover", "follow_up_after_days", at),
                f"{other:g} after {one:g}",
                "more days from attempt to attempt",
                "Put them in rising order, each once.",
            )
    if terms.returns is not None:
        yield from _too_soon(terms, terms.returns)


def _too_soon(terms: Handover, returns: Returns) -> Iterator[Contradiction]:
    last = max(terms.follow_up_after_days, default=0.0)
    if returns.unreached_after_days < last:
        yield Contradiction(
            ("handover", "returns", "unreached_after_days"),
            f"{returns.unreached_after_days:g}",
            f"at least {last:g}, the day of sales' last attempt in `follow_up_after_days`",
            "Raise it, or drop the late attempts.",
        )
    if returns.undecided_after_days * _HOURS < terms.response_hours:
        yield Contradiction(
            ("handover", "returns", "undecided_after_days"),
            f"{returns.undecided_after_days:g}",
            f"at least {terms.response_hours / _HOURS:g}, for sales has {terms.response_hours:g} hours to "
            "respond",
            "Raise it, or shorten `response_hours`.",
        )
