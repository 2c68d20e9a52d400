"""What would change it: the smallest set of answers with which a lead would be handed over."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from readiness.agreement.advice import ACTIONS, Advices, advise, fixed, returned
from readiness.agreement.asking import Askable, Candidate, Words, askable
from readiness.agreement.conditions import fold
from readiness.agreement.document import Agreement
from readiness.agreement.gaps import SETS_AT_MOST, Set, kinds, sets
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.desk import Desk
from readiness.history.feature_plan import FeaturePlan
from readiness.history.supposed import Supposed, suppose
from readiness.learning.model import ReadinessModel
from readiness.scoring.predicting import predicted

CASES_AT_ONCE: Final = 4_096
"""Bounds memory; changes no answer."""
_ROUNDS: Final = (0, 4, 32, 256, SETS_AT_MOST)
"""After so many sets of each lead it is seen which leads are done."""

_HAND_OVER: Final = ACTIONS.index("hand_over")


def would_change(
    verdicts: Verdicts, advices: Advices, *, model: ReadinessModel | None, desk: Desk | None
) -> Mapping[int, tuple[Candidate, ...]]:
    """Find for each lead that is kept back the smallest set of answers that would have it handed over.

    A set counts only if evaluating rules and model anew, with these answers given one microsecond before
    the cutoff (in undated tables: with these attributes), advises to hand over. Asked may be what is
    unknown in profile and BANT, what is denied in BANT, and what moves the lead to a later stage or to a
    near timeframe, each with one value that the agreement accepts. Of equally small sets the one that is
    cheapest to ask for counts. At most `gaps.SETS_AT_MOST` sets are tried.

    Parameters
    ----------
    verdicts, advices : n rows
        Of the leads as they are.
    model : ReadinessModel or None
        None: the rules alone.
    desk : Desk, n rows, or None
        As the advice was given.

    Returns
    -------
    Mapping
        By row, the answers; a row without an entry has no such set, or needs none: it is handed over
        already, must not be called, has ended, is with sales, or fails the profile for good.
    """
    rows = np.flatnonzero(~fixed(advices))
    if not len(rows):
        return {}
    plan = None if model is None else model.plan
    known = _askable(_Signed(verdicts.agreement), plan, verdicts.tables.dated)
    open_, kind = kinds(verdicts, rows, returned(advices), known)
    cost = tuple(candidate.cost for candidate in known.candidates)
    of_kind = [sets(each, cost) for each in open_]
    # Most leads have nothing that would help; only the others are gone through one by one.
    hopeful = np.array([bool(each) for each in of_kind], dtype=np.bool_)[kind]
    rows, kind = rows[hopeful], kind[hopeful]
    if not len(rows):
        return {}
    question = _Question(verdicts, model, desk, known.candidates)
    found: dict[int, tuple[Candidate, ...]] = {}
    for low, high in itertools.pairwise(_ROUNDS):
        tried = [of_kind[each][low:high] for each in kind]
        for row, chosen in _first_that_does(rows, tried, question).items():
            found[row] = tuple(known.candidates[each] for each in chosen)
        more = np.array([len(of_kind[each]) > high for each in kind], dtype=np.bool_)
        undone = more & ~np.isin(rows, list(found))
        rows, kind = rows[undone], kind[undone]
        if not len(rows):
            break
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Signed:
    """An agreement that is the same as another of its fingerprint, so that what follows from it is kept."""

    agreement: Agreement

    def __hash__(self) -> int:
        return hash(self.agreement.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Signed) and self.agreement.fingerprint == other.agreement.fingerprint


@lru_cache(maxsize=16)
def _askable(signed: _Signed, plan: FeaturePlan | None, dated: bool) -> Askable:
    return askable(signed.agreement, None if plan is None else _words(plan, dated))


def _words(plan: FeaturePlan, dated: bool) -> Words:
    """Return how the model's data spell fields and words: a supposed answer must be one that it reads."""
    measure = "answer:" if dated else "attribute:"
    words: dict[str, tuple[str, dict[str, str]]] = {}
    for feature in plan.features:
        if feature.measure.startswith(measure):
            _, spellings = words.setdefault(fold(feature.of), (feature.of, {}))
            spellings.update({fold(level): level for level in reversed(feature.levels)})
    return words


def _first_that_does(rows: Ints, tried: Sequence[Sequence[Set]], question: _Question) -> dict[int, Set]:
    """Return by row the first of its sets with which it is handed over."""
    row = np.repeat(rows, [len(each) for each in tried])
    chosen = [one for each in tried for one in each]
    found: dict[int, Set] = {}
    for start in range(0, len(row), CASES_AT_ONCE):
        part = slice(start, start + CASES_AT_ONCE)
        does = question.handed_over(row[part], chosen[part])
        for case in np.flatnonzero(does).tolist():
            found.setdefault(int(row[start + case]), chosen[start + case])
    return found


@dataclass(frozen=True, slots=True)
class _Question:
    """What would be advised if some leads had said something more."""

    verdicts: Verdicts
    model: ReadinessModel | None
    desk: Desk | None
    candidates: Sequence[Candidate]

    def handed_over(self, row: Ints, chosen: Sequence[Set]) -> Flags:
        """Evaluate rules and model anew for each case, and say where the advice is to hand over."""
        said = [self.candidates[each] for one in chosen for each in one]
        case = np.repeat(np.arange(len(chosen)), [len(one) for one in chosen])
        supposed = Supposed(case, [one.field for one in said], [one.value for one in said])
        tables, looks = suppose(self.verdicts.tables, self.verdicts.snapshots.where(row), supposed)
        anew = evaluate(tables, looks, self.verdicts.agreement)
        desk = None if self.desk is None else self.desk.take(row)
        nothing = np.full(len(row), np.nan)
        # The limits on score and stop risk only ever keep back: the model is asked where the rules let pass.
        passing = self._advised(anew, nothing, nothing, desk)
        asked = np.flatnonzero(passing)
        if self.model is None or not len(asked):
            return passing
        still_open = np.ones(len(asked), dtype=np.bool_)
        says = predicted(self.model, tables, looks.where(asked), anew.points[asked], still_open)
        score, stop_risk = nothing.copy(), nothing.copy()
        score[asked], stop_risk[asked] = says.score, says.stop_risk
        return self._advised(anew, score, stop_risk, desk)

    def _advised(self, anew: Verdicts, score: Floats, stop_risk: Floats, desk: Desk | None) -> Flags:
        n = len(anew)
        advices = advise(
            anew,
            agreement=anew.agreement,
            cutoff=anew.snapshots.cutoff,
            score=score,
            stop_risk=stop_risk,
            capacity_score=self.model.capacity_score if self.model else None,
            # Who must not be called or had ended is not asked about.
            suppressed=np.zeros(n, dtype=np.bool_),
            ended_outcome=np.full(n, -1, dtype=np.int8),
            desk=desk,
        )
        handed_over: Flags = advices.action == _HAND_OVER
        return handed_over
