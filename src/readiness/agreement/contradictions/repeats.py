"""Names that stand twice where one is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from readiness.agreement.conditions import Condition, Part, fold
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.evidence_lists import evidence_lists
from readiness.yaml_document import Contradiction, Loc

Placed: TypeAlias = tuple[Loc, str]
"""Where a name stands, and the name."""


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return every name that stands twice in a list, or in two lists that exclude each other."""
    for expected, remedy, names in _lists(agreement):
        yield from _repeated(names, expected, remedy)
    for at, criterion in enumerate(agreement.profile.criteria):
        yield from _within(("profile", "criteria", at), criterion, criterion.reads)
        if fold(criterion.name) in PIECES:
            loc: Loc = ("profile", "criteria", at, "name")
            expected = "a name that is not one of the BANT pieces"
            yield Contradiction(loc, f"`{criterion.name}`", expected, "Rename the criterion.")
    for listed in evidence_lists(agreement):
        each_activity = []
        for at, piece in enumerate(listed.evidence):
            yield from _within((*listed.loc, at), piece, piece.reads)
            each_activity += _placed((*listed.loc, at, "activities"), piece.activities)
        expected = "each activity once among what proves the same point"
        yield from _repeated(each_activity, expected, "Keep the one that lasts longest.")


def _lists(agreement: Agreement) -> Iterator[tuple[str, str, list[Placed]]]:
    interest, sources = agreement.interest, agreement.sources
    criteria = _named(("profile", "criteria"), "name", agreement.profile.criteria)
    yield "a name of its own for each criterion", "Rename one.", criteria
    kinds: list[Placed] = [
        *((("interest", "meaningful", name), name) for name in interest.meaningful),
        *_placed(("interest", "noise"), interest.noise),
        *((("interest", "negative", name), name) for name in interest.negative),
    ]
    yield "each activity once in `meaningful`, `noise` or `negative`", "Keep one.", kinds
    cools = _named(("interest", "cools"), "says", interest.cools)
    yield "a word of its own for each line", "Change one.", cools
    labelled = [
        *_placed(("sources", "dubious"), sources.dubious),
        *_placed(("sources", "referrals", "sources"), sources.referrals.sources),
    ]
    yield "each source once: dubious, or a referral", "Keep one.", labelled
    yield (
        "each name once",
        "Keep one.",
        _placed(("sources", "referrals", "named_in"), sources.referrals.named_in),
    )
    yield "each word once", "Keep one.", _placed(("unknown_words",), agreement.unknown_words)
    yield from _promised(agreement)


def _promised(agreement: Agreement) -> Iterator[tuple[str, str, list[Placed]]]:
    handover, tracks = agreement.handover, agreement.nurture.tracks
    yield "each category once", "Keep one.", _placed(("handover", "categories"), handover.categories)
    yield "each piece once", "Keep one.", _placed(("handover", "bant_required"), handover.bant_required)
    work = _placed(("handover", "sales_activities"), handover.sales_activities or ())
    yield "each activity once", "Keep one.", work
    yield "each request once", "Keep one.", _placed(("handover", "requests"), handover.requests)
    reasons = [
        placed
        for at, each in enumerate(handover.returns.reasons if handover.returns else ())
        for placed in _placed(("handover", "returns", "reasons", at, "any_of"), each.any_of)
    ]
    yield "each reason once, for only the first counts", "Keep one.", reasons
    yield "a name of its own for each track", "Rename one.", _named(("nurture", "tracks"), "name", tracks)
    for at, track in enumerate(tracks):
        for key in ("categories", "stages", "missing"):
            yield "it once", "Keep one.", _placed(("nurture", "tracks", at, key), getattr(track, key))
    yield "one question about each", "Keep one.", _named(("questions",), "about", agreement.questions)


def _within(way: Loc, condition: Condition, reads: Sequence[str]) -> Iterator[Contradiction]:
    for key, names in (("reads", reads), ("any_of", condition.any_of)):
        yield from _repeated(_placed((*way, key), names), "it once", "Keep one.")


def _placed(way: Loc, names: Sequence[str]) -> list[Placed]:
    return [((*way, at), name) for at, name in enumerate(names)]


def _named(way: Loc, key: str, parts: Sequence[Part]) -> list[Placed]:
    return [((*way, at, key), getattr(part, key)) for at, part in enumerate(parts)]


def _repeated(names: Iterable[Placed], expected: str, remedy: str) -> Iterator[Contradiction]:
    seen: set[str] = set()
    for loc, name in names:
        if fold(name) in seen:
            yield Contradiction(loc, f"`{name}` again", expected, remedy)
        seen.add(fold(name))
