"""What is allowed in an agreement, but looks like an oversight: names that are nearly the same, and gaps."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from readiness.agreement.conditions import fold
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.evidence_lists import evidence_lists
from readiness.agreement.phrases import named
from readiness.agreement.wording import listed

NEARLY: Final = 0.9
"""From this likeness on two names of some length look like one that was typed twice (0 to 1)."""

_LONG: Final = 6
_NO_LETTER: Final = re.compile(r"[\W_]+")


def worth_a_second_look(agreement: Agreement) -> tuple[str, ...]:
    """Return what people should look at once more before they sign, in sentences.

    Names that differ by a letter, a blank or a hyphen only; activities that move a lead on but earn
    nothing; criteria and BANT pieces that nobody asks for. None of it is refused: a CRM may well use
    both spellings.
    """
    return (*_near_duplicates(agreement), *_worth_nothing(agreement), *_unasked(agreement))


def near_duplicates(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Return pairs of names that look like one, written in two ways.

    >>> list(near_duplicates(["web_visit", "Web visit", "demo_requested", "demo_requestd", "chat"]))
    [('web_visit', 'Web visit'), ('demo_requested', 'demo_requestd')]
    """
    distinct = {fold(name): name for name in reversed([*names])}
    for one, other in combinations([*distinct][::-1], 2):
        if _alike(_NO_LETTER.sub("", one), _NO_LETTER.sub("", other)):
            yield distinct[one], distinct[other]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    # Numbers and short words differ by a letter and mean something else.
    if min(len(one), len(other)) < _LONG or re.sub(r"\d", "", one) == re.sub(r"\d", "", other):
        return False
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEARLY


def _near_duplicates(agreement: Agreement) -> Iterator[str]:
    interest, lists = agreement.interest, [*evidence_lists(agreement)]
    pieces = [piece for each in lists for piece in each.evidence]
    kinds = [*interest.meaningful, *interest.noise, *interest.negative]
    kinds += [kind for piece in pieces for kind in piece.activities]
    kinds += agreement.handover.sales_activities or ()
    reads = [name for criterion in agreement.profile.criteria for name in criterion.reads]
    reads += [name for piece in pieces for name in piece.reads]
    sources = [*agreement.sources.dubious, *agreement.sources.referrals.sources]
    for what, names in (("activities", kinds), ("columns or answers", reads), ("sources", sources)):
        for one, other in near_duplicates(names):
            yield f"The {what} `{one}` and `{other}` look like one, written in two ways. If so, keep one."


def _worth_nothing(agreement: Agreement) -> Iterator[str]:
    worths = agreement.interest.worths
    for name, stage in (
        ("consideration", agreement.stages.consideration),
        ("decision", agreement.stages.decision),
    ):
        kinds = [kind for piece in stage.signifiers for kind in piece.activities if fold(kind) not in worths]
        if kinds:
            yield (
                f"A lead moves to {name} by {named(kinds)}, which earns no points. "
                "If it shows interest, list it under `interest.meaningful`."
            )


def _unasked(agreement: Agreement) -> Iterator[str]:
    asked = {question.about for question in agreement.questions}
    criteria = [each.name for each in agreement.profile.criteria if each.rank != "must_not"]
    missing = [name for name in (*criteria, *PIECES) if name not in asked]
    if missing:
        yield f"Nobody asks for {listed(missing)}. Without a question it stays unknown; write one."
