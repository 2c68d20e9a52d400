"""Where evidence stands in an agreement: every list of it, with the way there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.agreement.conditions import Evidence
from readiness.agreement.document import PIECES, RELATIONS, Agreement
from readiness.agreement.vocabulary import REFERRER_OUTCOMES
from readiness.yaml_document import Loc


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """One list of evidence, any piece of which proves the same point."""

    loc: Loc
    """The keys that lead to it."""
    proves: str
    """The point, so that it can follow "shows that"."""
    evidence: Sequence[Evidence]


def evidence_lists(agreement: Agreement) -> Iterator[EvidenceList]:
    """Return every list of evidence, in the order in which a document has its sections."""
    yield EvidenceList(("interest", "shown_by"), "the lead is interested", agreement.interest.shown_by)
    referrals, way = agreement.sources.referrals, ("sources", "referrals")
    for relation in RELATIONS:
        proves = "somebody else referred the lead" if relation == "other" else f"the referrer is a {relation}"
        proves = proves.replace("a employee", "an employee")
        yield EvidenceList((*way, "relations", relation), proves, referrals.relations.of(relation))
    for outcome in REFERRER_OUTCOMES:
        proves = "the referrer bought" if outcome == "won" else "the referrer told us to stop"
        yield EvidenceList((*way, "outcomes", outcome), proves, referrals.outcomes.of(outcome))
    stages = agreement.stages
    for name, stage in (("consideration", stages.consideration), ("decision", stages.decision)):
        proves = f"the lead is in the {name} stage"
        yield EvidenceList(("stages", name, "signifiers"), proves, stage.signifiers)
    yield EvidenceList(("stages", "moves_back"), "the lead is back in awareness", stages.moves_back)
    for piece in PIECES:
        terms = getattr(agreement.bant, piece)
        yield EvidenceList(("bant", piece, "confirmed_by"), f"{piece} is confirmed", terms.confirmed_by)
        yield EvidenceList(("bant", piece, "denied_by"), f"{piece} is denied", terms.denied_by)
    yield EvidenceList(("near_timeframe",), "the lead decides soon", agreement.near_timeframe)
