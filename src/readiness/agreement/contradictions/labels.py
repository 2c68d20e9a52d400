"""Ends of leads that count twice, or as nothing, and points that count the wrong way."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.agreement.document import Agreement
from readiness.crm.records import OUTCOMES
from readiness.yaml_document import Contradiction


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return what is wrong with the labels and the points card."""
    labels, card = agreement.labels, agreement.points_card
    if labels.won != ("closed_won",):
        yield Contradiction(
            ("labels", "won"), ", ".join(labels.won) or "nothing", "closed_won alone", "Write [closed_won]."
        )
    if "stop_calling" not in labels.stop:
        seen = ", ".join(labels.stop) or "nothing"
        yield Contradiction(("labels", "stop"), seen, "stop_calling among them", "Add stop_calling.")
    placed = [
        (name, ("labels", key, at))
        for key in ("won", "stop", "neutral")
        for at, name in enumerate(getattr(labels, key))
    ]
    for name in OUTCOMES:
        places = [loc for each, loc in placed if each == name]
        for loc in places[1:]:
            yield Contradiction(loc, f"{name} again", "each end once", "Take it out of all lists but one.")
        if not places and name not in ("closed_won", "stop_calling"):
            yield Contradiction(("labels",), f"no {name}", "it under `stop` or `neutral`", "Add it to one.")
    if card.referral < 0:
        expected = "zero or more: a referral costs no points"
        yield Contradiction(("points_card", "referral"), f"{card.referral:g}", expected, "Mend the sign.")
    if card.dubious > 0:
        expected = "zero or less: a dubious source earns none"
        yield Contradiction(("points_card", "dubious"), f"{card.dubious:g}", expected, "Mend the sign.")
