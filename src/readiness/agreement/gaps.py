"""Which sets of answers could do at all: what stands between a lead and a hand-over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice
from typing import Final

import numpy as np

from readiness.agreement.asking import Askable
from readiness.agreement.bant import BANT_CONFIRMED
from readiness.agreement.conditions import UNKNOWN
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN
from readiness.agreement.interest import INTEREST_HIGH
from readiness.agreement.stage import CONSIDERATION, DECISION
from readiness.agreement.verdicts import Verdicts
from readiness.crm.tables import Flags, Ints

FREE_AT_MOST: Final = 12
"""So many answers are combined freely, the cheapest first, beside those that no set can do without."""
SETS_AT_MOST: Final = 1_000
"""So many sets are tried for a lead, the smallest first."""

Set = tuple[int, ...]
"""Positions of candidates, ascending."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a lead back: at least so many of the targets must be answered anew.

    A target is the candidates whose field it reads; an answer to any other field leaves it as it is.
    """

    targets: tuple[Set, ...]
    at_least: int


@dataclass(frozen=True, slots=True)
class Open:
    """What may be asked of the leads of one kind, and the gaps that an answer would have to close."""

    candidates: Set
    gaps: tuple[Gap, ...]


def kinds(verdicts: Verdicts, rows: Ints, returned: Flags, known: Askable) -> tuple[list[Open], Ints]:
    """Sort leads into kinds of which the same may be asked, and the same stands in the way.

    Parameters
    ----------
    verdicts : Verdicts, n rows
    rows : Ints, k
        The rows looked at.
    returned : Flags, n
        Who came back from sales, and is not handed over again unless a key signifier comes.
    known : Askable

    Returns
    -------
    list of Open, and Ints, k
        The kinds, and each row's position among them.
    """
    columns = [
        verdicts.fit.met[rows],
        verdicts.bant.state[rows],
        verdicts.fit.state[rows, None],
        verdicts.interest.level[rows, None],
        verdicts.stage.stage[rows, None],
        verdicts.near[rows, None],
        returned[rows, None],
    ]
    state = np.concatenate(columns, axis=1, dtype=np.int8, casting="unsafe")
    _, first, kind = np.unique(state, axis=0, return_index=True, return_inverse=True)
    found = [_open(verdicts, int(rows[row]), bool(returned[rows[row]]), known) for row in first]
    return found, kind.reshape(-1).astype(np.int64)


def _open(verdicts: Verdicts, row: int, returned: bool, known: Askable) -> Open:
    if verdicts.fit.state[row] == FIT_FAILS:
        # What fails the profile stays so: a must that is known to fail is not asked again.
        return Open((), ())
    criteria = np.flatnonzero(verdicts.fit.met[row] == UNKNOWN).tolist()
    pieces = np.flatnonzero(verdicts.bant.state[row] != BANT_CONFIRMED).tolist()
    stage, near = int(verdicts.stage.stage[row]), bool(verdicts.near[row])
    asked = [known.of_criterion[column] for column in criteria] + [known.of_piece[each] for each in pieces]
    asked += [known.of_stage[level - 1] for level in (CONSIDERATION, DECISION) if stage < level]
    asked += [] if near else [known.of_near]
    candidates = tuple(sorted({each for each in asked if each >= 0}))
    gaps = (
        *_fit_gaps(verdicts, row, criteria, known),
        *_category_gaps(verdicts, row, stage, near, known),
        *_bant_gaps(verdicts.agreement, pieces, known),
        *([Gap((known.reads_stage,), 1)] if returned else []),
    )
    return Open(candidates, gaps)


def _fit_gaps(verdicts: Verdicts, row: int, unknown: Sequence[int], known: Askable) -> Iterator[Gap]:
    if verdicts.fit.state[row] != FIT_UNKNOWN:
        return
    criteria = verdicts.agreement.profile.criteria
    for column in unknown:
        if criteria[column].rank == "must":
            yield Gap((known.reads_criterion[column],), 1)
    weighed = tuple(
        known.reads_criterion[column] for column in unknown if criteria[column].rank != "must_not"
    )
    yield Gap(weighed, 1)


def _category_gaps(verdicts: Verdicts, row: int, stage: int, near: bool, known: Askable) -> Iterator[Gap]:
    if verdicts.interest.level[row] < INTEREST_HIGH:
        yield Gap((known.reads_facts,), 1)
    if "sales_worthy" not in verdicts.agreement.handover.categories:
        if stage < DECISION:
            yield Gap((known.reads_stage,), 1)
        if not near:
            yield Gap((known.reads_near,), 1)


def _bant_gaps(agreement: Agreement, open_: Sequence[int], known: Askable) -> Iterator[Gap]:
    terms = agreement.handover
    lacking = int(terms.bant_at_least) - (len(PIECES) - len(open_))
    if lacking > 0:
        yield Gap(tuple(known.reads_piece[piece] for piece in open_), lacking)
    for name in terms.bant_required:
        if PIECES.index(name) in open_:
            yield Gap((known.reads_piece[PIECES.index(name)],), 1)


@lru_cache(maxsize=4096)
def sets(open_: Open, cost: tuple[int, ...]) -> tuple[Set, ...]:
    """Return the sets of candidates that touch every gap: the smallest first, then the cheapest.

    Parameters
    ----------
    open_ : Open
    cost : of every candidate, in their order

    Returns
    -------
    tuple of Set
        At most `SETS_AT_MOST`; empty where no answers can close the gaps.
    """
    targets = [
        (tuple(set(target) & set(open_.candidates) for target in gap.targets), gap.at_least)
        for gap in open_.gaps
    ]
    needed = {min(found[0]) for found, _ in targets if len(found) == 1 and len(found[0]) == 1}
    rest = sorted(set(open_.candidates) - needed, key=lambda each: (not _touches(each, targets), cost[each]))
    free = sorted(rest[:FREE_AT_MOST])
    return tuple(islice(_closing(needed, free, targets, cost), SETS_AT_MOST))


_Targets = Sequence[tuple[tuple[set[int], ...], int]]


def _touches(candidate: int, targets: _Targets) -> bool:
    return any(candidate in target for found, _ in targets for target in found)


def _closing(needed: set[int], free: Sequence[int], targets: _Targets, cost: Sequence[int]) -> Iterator[Set]:
    for size in range(len(free) + 1):
        sized = [tuple(sorted((*needed, *chosen))) for chosen in combinations(free, size)]
        sized.sort(key=lambda chosen: (sum(cost[each] for each in chosen), chosen))
        for chosen in sized:
            if chosen and _closes(set(chosen), targets):
                yield chosen


def _closes(chosen: set[int], targets: _Targets) -> bool:
    return all(
        sum(not target.isdisjoint(chosen) for target in found) >= at_least for found, at_least in targets
    )
