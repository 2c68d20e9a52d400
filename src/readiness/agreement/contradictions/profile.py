"""A buyer profile that no lead could fit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from readiness.agreement.conditions import Condition, fold
from readiness.agreement.contradictions.overlap import never_both, takes_all_of
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import Agreement
from readiness.yaml_document import Contradiction, Loc


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return the criteria that exclude each other, or that nothing can meet."""
    criteria = agreement.profile.criteria
    if all(criterion.rank == "must_not" for criterion in criteria):
        yield Contradiction(
            ("profile", "criteria"),
            "must-nots alone, which only rule out, so that their weights sum to nothing",
            "a must or a should, so that a lead can fit",
            "Add one.",
        )
    for (first, one), (second, other) in combinations(enumerate(criteria), 2):
        if one.folded_reads == other.folded_reads:
            yield from _of_pair(one, other, ("profile", "criteria", second))
            yield from _of_pair(other, one, ("profile", "criteria", first))
            if one.rank == other.rank == "must" and never_both(one, other):
                yield Contradiction(
                    ("profile", "criteria", second),
                    f"the must `{other.name}`, which no value meets that meets the must `{one.name}`",
                    "musts that a lead can meet together",
                    "Make one of them a should, or widen it.",
                )
    for at, criterion in enumerate(criteria):
        if criterion.rank == "must" and says_nothing(criterion, agreement.unknown):
            yield unmeetable(("profile", "criteria", at, "any_of"))


def says_nothing(condition: Condition, unknown: frozenset[str]) -> bool:
    """Say whether only words would do that the agreement calls unknown."""
    only_words = not condition.ranged and condition.pattern is None
    return only_words and bool(condition.any_of) and all(fold(word) in unknown for word in condition.any_of)


def unmeetable(loc: Loc) -> Contradiction:
    """Return what is wrong with a condition that asks for words that say nothing."""
    seen = "only words that `unknown_words` calls unknown"
    return Contradiction(loc, seen, "a word that says something", "Change one of them.")


def _of_pair(must: Criterion, must_not: Criterion, loc: Loc) -> Iterator[Contradiction]:
    if must.rank == "must" and must_not.rank == "must_not" and takes_all_of(must_not, must):
        yield Contradiction(
            loc,
            f"the must-not `{must_not.name}`, which forbids all that the must `{must.name}` asks for",
            "a must that a lead can meet",
            "Narrow the must-not, or drop one of the two.",
        )
