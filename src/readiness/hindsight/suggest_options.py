"""What an agreement could say instead of what it says: BANT, known share and criteria of the profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np

from readiness.agreement.conditions import fold
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import PIECES, Agreement
from readiness.hindsight.proposals import END, Edit, Option, listed
from readiness.hindsight.suggest_criteria import Trait, readable
from readiness.hindsight.suggest_evidence import Evidence

BANT: Final = "handover.bant"
KNOWN: Final = "profile.known_at_least"

_KNOWN_SHARES: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
_RANGE_STEPS: Final = (0.5, 1.5, 2.5, 4.0)
_MOST_SETS: Final = 4

_LOOSE: Final = (
    Edit(("handover", "bant_at_least"), 0),
    Edit(("handover", "bant_required"), []),
    Edit(("profile", "known_at_least"), 0.0),
)


def loosened(agreement: Agreement) -> list[Edit]:
    """Return the edits after which neither BANT nor the profile keeps anybody back."""
    edits = list(_LOOSE)
    for criterion in agreement.profile.criteria:
        edits += _dropped(criterion)
    return edits


def as_it_is(agreement: Agreement) -> dict[str, tuple[Edit, ...]]:
    """Return, by slot, the edits that put one condition of the loosened agreement back as it is."""
    terms = agreement.handover
    held: dict[str, tuple[Edit, ...]] = {
        BANT: _bant_edits(terms.bant_at_least, terms.bant_required),
        KNOWN: (Edit(("profile", "known_at_least"), agreement.profile.known_at_least),),
    }
    for criterion in agreement.profile.criteria:
        if criterion.rank == "must":
            held[_slot(criterion)] = (Edit(("profile", "criteria", criterion.name, "rank"), "must"),)
        elif criterion.rank == "must_not":
            content = criterion.model_dump(mode="json", exclude_defaults=True)
            held[_slot(criterion)] = (Edit(("profile", "criteria", END), content),)
    return held


def options(
    agreement: Agreement, traits: Sequence[Trait], failing: Mapping[str, Evidence]
) -> dict[str, list[Option]]:
    """Return, by slot, what could be said instead; each option's edits are those of the real document.

    A criterion is offered to be given up only if those who fail it do not surely worse than the others, and
    enough of them are known; one is offered anew only for what surely goes with stops.
    """
    offered: dict[str, list[Option]] = {BANT: list(_bant(agreement)), KNOWN: list(_known(agreement))}
    for criterion in agreement.profile.criteria:
        if criterion.rank != "should":
            offered[_slot(criterion)] = list(_of_criterion(criterion, failing[criterion.name]))
    for option in _ruled_out(agreement, traits):
        offered.setdefault(option.slot, []).append(option)
    return {slot: found for slot, found in offered.items() if found}


def told(evidence: Evidence, whom: str) -> str:
    """Say what became of the leads of whom something is true, beside the others."""
    return (
        f"of {evidence.leads:,} {whom}, {evidence.won:.1%} were won and {evidence.stop:.1%} told us to stop; "
        f"of the others {evidence.won_else:.1%} and {evidence.stop_else:.1%}: {_ratio(evidence)}"
    )


def _ratio(evidence: Evidence) -> str:
    return f"{evidence.times:.2g} times as many sales for each stop ({evidence.low:.2g}–{evidence.high:.2g})"


def _slot(criterion: Criterion) -> str:
    return f"profile.{criterion.name}"


def _dropped(criterion: Criterion) -> tuple[Edit, ...]:
    if criterion.rank == "must":
        return (Edit(("profile", "criteria", criterion.name, "rank"), "should"),)
    if criterion.rank == "must_not":
        return (
            Edit(("profile", "criteria", criterion.name), None),
            Edit(("questions", criterion.name), None),
        )
    return ()


def _bant_edits(count: int, required: Sequence[str]) -> tuple[Edit, ...]:
    return (
        Edit(("handover", "bant_at_least"), count),
        Edit(("handover", "bant_required"), list(required)),
    )


def _bant(agreement: Agreement) -> Iterator[Option]:
    terms = agreement.handover
    now = (terms.bant_at_least, frozenset(terms.bant_required))
    sets = [frozenset(terms.bant_required), frozenset[str]()]
    sets += [frozenset(terms.bant_required) | {piece} for piece in PIECES]
    for required in dict.fromkeys(sets):
        # One step at a time: what a far laxer agreement would bring, the leads of a stricter one can't tell.
        for count in (terms.bant_at_least - 1, terms.bant_at_least):
            if len(required) <= count and (count, required) != now:
                named = [piece for piece in PIECES if piece in required]
                before = _asked(terms.bant_at_least, terms.bant_required)
                yield Option(
                    BANT,
                    _bant_edits(count, named),
                    f"BANT: {_asked(count, named)} instead of {before}",
                    "",
                )


def _asked(count: int, named: Sequence[str]) -> str:
    among = f", {listed(named)} among them" if named else ""
    return f"{count or 'nothing'} of the four confirmed{among}"


def _known(agreement: Agreement) -> Iterator[Option]:
    now = agreement.profile.known_at_least
    for share in _KNOWN_SHARES:
        if abs(share - now) > 0.05:
            yield Option(
                KNOWN,
                (Edit(("profile", "known_at_least"), share),),
                f"`known_at_least`: {now:g} → {share:g}",
                "",
            )


def _of_criterion(criterion: Criterion, failing: Evidence) -> Iterator[Option]:
    slot, name = _slot(criterion), criterion.name
    if failing.enough and failing.high >= 1:
        weaker = "a should instead of a must" if criterion.rank == "must" else "no longer ruled out"
        yield Option(slot, _dropped(criterion), f"`{name}`: {weaker}", told(failing, "leads that fail it"))
    if criterion.rank == "must" and criterion.at_least:
        for step in _RANGE_STEPS:
            number = readable(criterion.at_least * step)
            yield Option(
                slot,
                (Edit(("profile", "criteria", name, "at_least"), number),),
                f"`{name}`: at least {number:g} instead of {criterion.at_least:g}",
                "",
            )


def _ruled_out(agreement: Agreement, traits: Sequence[Trait]) -> Iterator[Option]:
    """Offer a must-not for what surely goes with stops: the worst word, then the worst two."""
    taken = {fold(word) for c in agreement.profile.criteria if c.rank != "should" for word in c.reads}
    bad = [
        trait for trait in traits if trait.sure and trait.evidence.high < 1 and fold(trait.field) not in taken
    ]
    for field, group in groupby(
        sorted(bad, key=lambda t: (t.field, t.evidence.times)), key=lambda t: t.field
    ):
        found = list(group)
        if "at_most" in found[0].condition:
            for trait in found[:_MOST_SETS]:
                yield _must_not(agreement, field, trait.condition, [trait])
            continue
        for size in dict.fromkeys([*range(1, min(len(found), _MOST_SETS) + 1), len(found)]):
            words = [word for trait in found[:size] for word in trait.condition["any_of"]]
            yield _must_not(agreement, field, {"any_of": words}, found[:size])


def _must_not(agreement: Agreement, field: str, condition: dict[str, Any], found: Sequence[Trait]) -> Option:
    taken = {fold(c.name) for c in agreement.profile.criteria} | set(PIECES)
    name = field.replace("_", " ")
    while fold(name) in taken:
        name = f"{name} ruled out"
    what = listed(condition["any_of"]) if "any_of" in condition else f"{condition['at_most']:g} or less"
    worst = found[int(np.argmax([trait.evidence.leads for trait in found]))]
    whom = worst.condition["any_of"][0] if "any_of" in worst.condition else what
    return Option(
        f"profile.{name}",
        (
            Edit(
                ("profile", "criteria", END),
                {"name": name, "rank": "must_not", "reads": [field], **condition},
            ),
        ),
        f"new must-not `{name}`: `{field}` is {what}",
        told(worst.evidence, f"leads with “{whom}”"),
    )
