"""How the members are fitted and taken together: all choices are made on leads that they did not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.learning.base_hazards import BaseHazards, Bases, fit_bases
from readiness.learning.blend import SPREAD, UNDATED_SPREAD, blend, earned
from readiness.learning.choices import Choices
from readiness.learning.ensemble import Ensemble, without
from readiness.learning.hazard_logistic import HazardLogistic
from readiness.learning.hazard_trees import Growth, HazardTrees, fit_trees
from readiness.learning.lessons import Lessons
from readiness.learning.logistic_fit import fit_logistic
from readiness.learning.points_card import CardHazards
from readiness.learning.pull import EXPECTED_STRENGTH, Pull, pulled, shares, strength_of, unseen_card
from readiness.learning.recalibration import Checked, Recalibration, check
from readiness.learning.strata import settle
from readiness.learning.target_statistics import TargetStatistics, fit_statistics
from readiness.progress import Progress


@dataclass(frozen=True, slots=True)
class FittedMembers:
    """All members together, the logistic one alone (a baseline without a second fit), the choices."""

    together: Ensemble
    logistic: Ensemble | None
    choices: Choices


def fit_ensemble(
    lessons: Lessons,
    growths: Sequence[Growth],
    penalties: Sequence[float],
    progress: Progress,
    chosen: Choices | None = None,
    lasting: Callable[[Choices], float] | None = None,
) -> FittedMembers:
    """Fit a member of trees for each growth, a logistic one if there are penalties, and their weights.

    With ``chosen`` nothing is cross-validated: rounds, penalty and weights are taken from there. Otherwise
    ``lasting``, if given, says of what was chosen how much of it counts for later leads (`rehearsal`).

    Raises
    ------
    ModelError
        If what was chosen is for other members than these.
    """
    if chosen:
        _refuse_choices_for_others(chosen, len(growths), len(growths) + bool(penalties))
    fold = None if chosen else lessons.fold
    bases = fit_bases(lessons.X, lessons.rows, lessons.ends, lessons.intervals, fold, lessons.stratified_by)
    strata = bases.whole.strata
    statistics, taught = _taught(lessons, bases.whole, chosen)
    # One thread of linear algebra: with more, sums would be split by their number.
    with threadpool_limits(1, user_api="blas"):
        members = _members(taught, bases, growths, penalties, progress, chosen)
        weights = np.array(chosen.weights) if chosen else _weights(members, lessons)
        said = None if chosen else _said(members.unseen, weights)
        strength, pull, said = _pull(lessons, bases, said, chosen)
        checked = chosen.checked if chosen else _check(lessons, bases, said)
    progress("fitting the members", 1.0)
    alone = None
    if members.logistic:
        alone = Ensemble((), members.logistic, np.ones(1), strata, lessons.card, statistics=statistics)
    choices = Choices(
        members.rounds,
        members.penalty,
        tuple(weights.tolist()),
        strength,
        checked,
        strengths=statistics.found if statistics else {},
        lasting=chosen.lasting if chosen else 1.0,
    )
    if lasting is not None and chosen is None:
        progress("rehearsing on earlier leads", 0.0)
        choices = replace(choices, lasting=lasting(choices))
        progress("rehearsing on earlier leads", 1.0)
    mending = _mending(choices, bases.whole.offset)
    together = Ensemble(
        members.trees, members.logistic, weights, strata, lessons.card, pull, mending, statistics
    )
    return FittedMembers(
        together=_settled(together, lessons, bases.whole.offset),
        logistic=_settled(alone, lessons, bases.whole.offset) if alone else None,
        choices=choices,
    )


def _mending(choices: Choices, level: Floats) -> Recalibration | None:
    """Return what makes the log-hazards as bold as unseen and later leads say; None if they are already."""
    found, share = choices.checked, choices.lasting
    if (found is None or found.slope is None or found.shift is None) and share == 1.0:
        return None
    slope, shift = (
        (np.ones(len(level)), np.zeros(len(level)))
        if found is None or found.slope is None or found.shift is None
        else (np.array(found.slope), np.array(found.shift))
    )
    return Recalibration(level, share * slope, share * shift)


def _taught(
    lessons: Lessons, base: BaseHazards, chosen: Choices | None
) -> tuple[TargetStatistics | None, Lessons]:
    """Put what ended elsewhere at each value in the place of columns with very many."""
    found = fit_statistics(
        lessons.X,
        lessons.levels,
        lessons.rows,
        lessons.ends,
        base,
        above=lessons.statistics_above,
        fold=lessons.fold,
        leads=lessons.leads,
        chosen=chosen.strengths if chosen else None,
    )
    if found is None:
        return None, lessons
    taught = replace(lessons, X=found.X, levels=found.statistics.levels(lessons.levels))
    return found.statistics, taught


@dataclass(frozen=True, slots=True)
class _Members:
    """Fitted one by one; ``unseen`` is what each says of leads held out from it, causes × thinned rows."""

    trees: tuple[HazardTrees, ...]
    rounds: tuple[int, ...]
    logistic: HazardLogistic | None
    penalty: float | None
    unseen: tuple[Floats, ...]


def _members(
    lessons: Lessons,
    bases: Bases,
    growths: Sequence[Growth],
    penalties: Sequence[float],
    progress: Progress,
    chosen: Choices | None,
) -> _Members:
    count, ends, thinned, fold = len(growths) + bool(penalties), lessons.ends, lessons.thinned, lessons.fold
    X = without(lessons.X, lessons.card)
    levels = np.delete(lessons.levels, () if lessons.card is None else lessons.card)
    grown = []
    for number, growth in enumerate(growths):
        progress("growing trees", number / count)
        known = chosen.rounds[number] if chosen else None
        grown.append(fit_trees(X, levels, thinned, ends, bases, fold=fold, growth=growth, rounds=known))
    straight = None
    if penalties:
        progress("fitting the logistic model", len(growths) / count)
        straight = fit_logistic(
            X,
            levels,
            lessons.rows,
            ends,
            bases,
            thinned=thinned,
            fold=fold,
            penalties=(chosen.penalty,) if chosen and chosen.penalty is not None else penalties,
        )
    unseen = [each.unseen for each in grown] + ([straight.unseen] if straight else [])
    return _Members(
        trees=tuple(each.member for each in grown),
        rounds=tuple(each.rounds for each in grown),
        logistic=straight.member if straight else None,
        penalty=straight.penalty if straight else None,
        unseen=tuple(each for each in unseen if each is not None),
    )


def _weights(members: _Members, lessons: Lessons) -> Floats:
    unseen, rows, ends = members.unseen, lessons.thinned, lessons.ends
    spread, per_lead = SPREAD if lessons.timed else UNDATED_SPREAD, lessons.snapshots_per_lead
    weights = blend(unseen, rows, ends, snapshots_per_lead=per_lead, spread=spread)
    if members.logistic is None or not lessons.timed:
        return weights
    share = earned(_said(unseen, weights), unseen[-1], rows, ends, lessons.leads[rows.snapshot])
    alone = np.zeros_like(weights)
    alone[-1] = 1.0
    return share * weights + (1.0 - share) * alone


def _said(unseen: Sequence[Floats], weights: Floats) -> Floats:
    """Return what the members together say of leads held out from them."""
    total: Floats = np.zeros_like(unseen[0])
    for weight, each in zip(weights, unseen, strict=True):
        total += weight * each
    return total


def _pull(
    lessons: Lessons, bases: Bases, said: Floats | None, chosen: Choices | None
) -> tuple[float | None, Pull | None, Floats | None]:
    """Find how far the card pulls, on leads that neither it nor the members saw, and fit it on all.

    The last is what is then said of unseen leads; None with choices, for then nothing was held out.
    """
    if lessons.card is None:
        return None, None, said
    points, rows, ends, thinned = lessons.X[:, lessons.card], lessons.rows, lessons.ends, lessons.thinned
    events = lessons.ended()
    strength = EXPECTED_STRENGTH if chosen is None or chosen.strength is None else chosen.strength
    if said is not None:
        card = unseen_card(points, rows, ends, bases, lessons.fold, thinned)
        card += bases.unseen_added(thinned, lessons.fold)
        per_lead = lessons.snapshots_per_lead
        strength = strength_of(said, card, thinned, ends, events, snapshots_per_lead=per_lead)
        said = pulled(said, card, shares(strength, events))
    pull = Pull(CardHazards.of(points, rows, ends, bases.whole.offset), shares(strength, events))
    return strength, pull if strength > 0.0 else None, said


def _check(lessons: Lessons, bases: Bases, said: Floats | None) -> Checked | None:
    """Check on unseen leads how bold the log-hazards are; the strata's levels stay as they are."""
    if said is None:
        return None
    thinned = lessons.thinned
    added = bases.unseen_added(thinned, lessons.fold)
    return check(
        said - added,
        bases.unseen_offset(thinned, lessons.fold),
        added,
        thinned,
        lessons.ends,
        lessons.fold[thinned.snapshot],
        ended=int(lessons.ended().sum()),
        snapshots_per_lead=lessons.snapshots_per_lead,
    )


def _settled(members: Ensemble, lessons: Lessons, offset: Floats) -> Ensemble:
    if members.strata is None:
        return members
    levels = settle(members.strata, lessons.X, lessons.rows, lessons.ends, offset, members.log_hazards)
    return replace(members, strata=levels)


def _refuse_choices_for_others(chosen: Choices, growths: int, members: int) -> None:
    if (len(chosen.rounds), len(chosen.weights)) != (growths, members):
        raise ModelError(
            f"choices for {len(chosen.weights)} members do not fit a recipe of {members}; fit without them"
        )
