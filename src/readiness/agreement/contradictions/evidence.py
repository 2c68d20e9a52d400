"""Evidence that proves a point and its opposite, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from readiness.agreement.conditions import fold
from readiness.agreement.contradictions.overlap import evidence_of_both
from readiness.agreement.contradictions.profile import says_nothing, unmeetable
from readiness.agreement.document import PIECES, RELATIONS, Agreement
from readiness.agreement.evidence_lists import EvidenceList, evidence_lists
from readiness.yaml_document import Contradiction, Loc

_REFERRALS: Final[Loc] = ("sources", "referrals")

OPPOSITES: Final[tuple[tuple[Loc, Loc], ...]] = (
    *((("bant", piece, "confirmed_by"), ("bant", piece, "denied_by")) for piece in PIECES),
    (("stages", "consideration", "signifiers"), ("stages", "moves_back")),
    (("stages", "decision", "signifiers"), ("stages", "moves_back")),
    (("bant", "timeframe", "denied_by"), ("near_timeframe",)),
    ((*_REFERRALS, "outcomes", "won"), (*_REFERRALS, "outcomes", "stop")),
    *(
        ((*_REFERRALS, "relations", one), (*_REFERRALS, "relations", other))
        for at, one in enumerate(RELATIONS)
        for other in RELATIONS[at + 1 :]
    ),
)
"""Lists of evidence that nothing may stand in both of."""

_KEPT_APART: Final = "evidence that proves one of the two only"


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return the evidence that proves two opposite points, or that nothing can ever give."""
    lists = {listed.loc: listed for listed in evidence_lists(agreement)}
    for one, other in OPPOSITES:
        yield from _of_both(lists[one], lists[other])
    for listed in lists.values():
        for at, piece in enumerate(listed.evidence):
            if says_nothing(piece, agreement.unknown):
                yield unmeetable((*listed.loc, at, "any_of"))
    yield from _noise(agreement, lists)
    yield from _dubious_relations(agreement)


def _of_both(one: EvidenceList, other: EvidenceList) -> Iterator[Contradiction]:
    pairs = product(one.evidence, enumerate(other.evidence))
    for first, (at, second) in pairs:
        shared = evidence_of_both(first, second)
        if shared is not None:
            yield Contradiction(
                (*other.loc, at),
                f"{shared}, which shows that {other.proves}, and elsewhere that {one.proves}",
                _KEPT_APART,
                "Take it out of one of the two.",
            )


def _noise(agreement: Agreement, lists: Mapping[Loc, EvidenceList]) -> Iterator[Contradiction]:
    noise = {fold(kind) for kind in agreement.interest.noise}
    for listed in lists.values():
        for at, piece in enumerate(listed.evidence):
            for number, kind in enumerate(piece.activities):
                if fold(kind) in noise:
                    yield Contradiction(
                        (*listed.loc, at, "activities", number),
                        f"`{kind}`, which `interest.noise` says means nothing",
                        f"an activity that shows that {listed.proves}",
                        "Take it out of one of the two.",
                    )


def _dubious_relations(agreement: Agreement) -> Iterator[Contradiction]:
    dubious = {fold(name) for name in agreement.sources.dubious}
    for relation in RELATIONS:
        for at, piece in enumerate(agreement.sources.referrals.relations.of(relation)):
            if piece.folded_reads != ("source",):
                continue
            for number, word in enumerate(piece.any_of):
                if fold(word) in dubious:
                    yield Contradiction(
                        (*_REFERRALS, "relations", relation, at, "any_of", number),
                        f"the source `{word}`, which is dubious",
                        "a source that is dubious or makes a referral, not both",
                        "Take it out of one of the two.",
                    )
