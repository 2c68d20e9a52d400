"""The members taken together: the mean of their log-hazards, weighted by what unseen leads said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Floats, Ints
from readiness.errors import ModelError
from readiness.learning.blend import blend
from readiness.learning.choices import Choices
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import HazardLogistic
from readiness.learning.hazard_trees import Growth, HazardTrees, fit_trees
from readiness.learning.logistic_fit import fit_logistic
from readiness.learning.person_periods import PersonPeriods, base_log_hazards
from readiness.learning.points_card import CardHazards
from readiness.learning.pull import Pull, shares, strength_of, unseen_card
from readiness.learning.strata import Strata, fit_strata, settle
from readiness.progress import Progress


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Members of trees, perhaps a logistic one, and their weights in this order, summing to one.

    ``strata``, where there are any, add to what the members say. ``card`` is the column of X that holds
    the points of the points card, which the members do not read; ``pull`` draws them to the card.
    """

    trees: tuple[HazardTrees, ...]
    logistic: HazardLogistic | None
    weights: Floats
    strata: Strata | None = None
    card: int | None = None
    pull: Pull | None = None

    def log_hazards(self, X: Floats) -> Floats:
        """Return log-hazards against the reference, causes × intervals × n."""
        read = without(X, self.card)
        parts = [member.log_hazards(read) for member in self.trees]
        if self.logistic is not None:
            parts.append(self.logistic.log_hazards(read))
        total = self._mean(parts)
        if self.pull is not None:
            total = self.pull.of(total, X[:, self.card])
        if self.strata is not None:
            total += self.strata.log_hazards(X)[:, None, :]
        return total

    def contributions(self, X: Floats, intervals: int) -> Floats:
        """Return what each feature, and last the interval itself, adds to each cause's log-hazard.

        Causes × the first ``intervals`` × n × (p + 1); up to a constant per cause and interval, a row's
        sum is its log-hazard.
        """
        read = without(X, self.card)
        parts = [member.contributions(read, intervals) for member in self.trees]
        if self.logistic is not None:
            flat = self.logistic.contributions(read)
            with_interval = np.concatenate((flat, np.zeros((*flat.shape[:2], 1))), axis=2)
            parts.append(np.repeat(with_interval[:, None], intervals, axis=1))
        total = self._mean(parts)
        if self.card is not None:
            total = np.insert(total, self.card, 0.0, axis=3)
        if self.pull is not None:
            total *= (1.0 - self.pull.share)[:, None, None, None]
            said = self.pull.card.log_hazards(X[:, self.card])[:, :intervals]
            total[..., self.card] = self.pull.share[:, None, None] * said
        if self.strata is not None:
            total[..., self.strata.column] += self.strata.log_hazards(X)[:, None, :]
        return total

    def _mean(self, parts: Sequence[Floats]) -> Floats:
        total: Floats = self.weights[0] * parts[0]
        for weight, part in zip(self.weights[1:], parts[1:], strict=True):
            total += weight * part
        return total

    def to_parts(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Take the members apart into JSON-able values and the texts of their trees."""
        parts = {
            "weights": self.weights.tolist(),
            "offsets": [member.offset.tolist() for member in self.trees],
            "logistic": self.logistic.to_json() if self.logistic is not None else None,
            "strata": self.strata.to_json() if self.strata is not None else None,
            "card": self.card,
            "pull": self.pull.to_json() if self.pull is not None else None,
        }
        return parts, {_file(number): member.text for number, member in enumerate(self.trees)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any], files: Mapping[str, str], ends: Ends) -> Self:
        """Put together what `to_parts` took apart; ``ends`` are those of the log-hazards."""
        trees = tuple(
            HazardTrees(files[_file(number)], np.array(offset, dtype=np.float64))
            for number, offset in enumerate(parts["offsets"])
        )
        logistic = HazardLogistic.from_json(parts["logistic"]) if parts["logistic"] else None
        strata = Strata.from_json(parts["strata"]) if parts["strata"] else None
        pull = Pull.from_json(parts["pull"], ends) if parts.get("pull") else None
        weights = np.array(parts["weights"], dtype=np.float64)
        return cls(trees, logistic, weights, strata, parts.get("card"), pull)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the members learn from: snapshots in canonical order, and their person-periods.

    ``thinned`` are the rows that teach the trees and on which choices are made; ``fold`` and ``leads`` are
    the fold and the lead of each snapshot; ``card`` is the column of the points, which no member reads.
    """

    X: Floats
    levels: Ints
    rows: PersonPeriods
    thinned: PersonPeriods
    ends: Ends
    intervals: int
    fold: Ints
    leads: Ints
    stratified_by: int | None = None
    card: int | None = None

    @property
    def snapshots_per_lead(self) -> float:
        """How often a lead stands among the snapshots."""
        return len(self.X) / (int(self.leads.max()) + 1)

    def ended(self) -> Floats:
        """Return how many leads ended by each cause."""
        rows, of = self.rows, self.leads[self.rows.snapshot]
        counts = [np.unique(of[rows.event == cause]).size for cause in self.ends.causes]
        return np.array(counts, dtype=np.float64)


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
) -> FittedMembers:
    """Fit a member of trees for each growth, a logistic one if there are penalties, and their weights.

    With ``chosen`` nothing is cross-validated: rounds, penalty and weights are taken from there.

    Raises
    ------
    ModelError
        If what was chosen is for other members than these.
    """
    members = len(growths) + bool(penalties)
    if chosen:
        _refuse_choices_for_others(chosen, len(growths), members)
    rounds: list[int] = []
    trees: list[HazardTrees] = []
    unseen: list[Floats | None] = []
    logistic, penalty = None, None
    ends = lessons.ends
    offset = base_log_hazards(lessons.rows, ends.reference, ends.causes, lessons.intervals)
    thinned, fold = lessons.thinned, lessons.fold
    X = without(lessons.X, lessons.card)
    levels = np.delete(lessons.levels, () if lessons.card is None else lessons.card)
    strata = start = None
    if lessons.stratified_by is not None:
        strata = fit_strata(lessons.X, lessons.stratified_by, lessons.rows, ends, offset)
        start = strata.log_hazards(lessons.X)
    # One thread of linear algebra: with more, sums would be split by their number.
    with threadpool_limits(1, user_api="blas"):
        for number, growth in enumerate(growths):
            progress("growing trees", number / members)
            known = chosen.rounds[number] if chosen else None
            grown = fit_trees(
                X, levels, thinned, ends, offset, fold=fold, growth=growth, rounds=known, start=start
            )
            trees.append(grown.member)
            rounds.append(grown.rounds)
            unseen.append(grown.unseen)
        if penalties:
            progress("fitting the logistic model", len(growths) / members)
            tried = (chosen.penalty,) if chosen and chosen.penalty is not None else penalties
            found = fit_logistic(
                X,
                levels,
                lessons.rows,
                ends,
                offset,
                thinned=thinned,
                fold=fold,
                penalties=tried,
                hold_out=chosen is None,
                start=start,
            )
            logistic, penalty = found.member, found.penalty
            unseen.append(found.unseen)
        weights = np.array(chosen.weights) if chosen else _weights(unseen, lessons)
        strength, pull = _pull(lessons, offset, start, weights, unseen, chosen)
    progress("fitting the members", 1.0)
    card = lessons.card
    alone = Ensemble((), logistic, np.ones(1), strata, card) if logistic else None
    return FittedMembers(
        together=_settled(Ensemble(tuple(trees), logistic, weights, strata, card, pull), lessons),
        logistic=_settled(alone, lessons) if alone else None,
        choices=Choices(tuple(rounds), penalty, tuple(weights.tolist()), strength),
    )


def _pull(
    lessons: Lessons,
    offset: Floats,
    start: Floats | None,
    weights: Floats,
    unseen: Sequence[Floats | None],
    chosen: Choices | None,
) -> tuple[float | None, Pull | None]:
    """Find how far the card pulls, on leads that neither it nor the members saw, and fit it on all."""
    if lessons.card is None:
        return None, None
    points, rows, ends, thinned = lessons.X[:, lessons.card], lessons.rows, lessons.ends, lessons.thinned
    events = lessons.ended()
    strength = chosen.strength if chosen else None
    if strength is None:
        card = unseen_card(points, rows, ends, offset, lessons.fold)[:, thinned.interval, thinned.snapshot]
        if start is not None:
            card = card + start[:, thinned.snapshot]
        held_out = [each for each in unseen if each is not None]
        members: Floats = sum(w * each for w, each in zip(weights, held_out, strict=True))
        per_lead = lessons.snapshots_per_lead
        strength = strength_of(members, card, thinned, ends, events, snapshots_per_lead=per_lead)
    if strength == 0.0:
        return strength, None
    return strength, Pull(CardHazards.of(points, rows, ends, offset), shares(strength, events))


def without(X: Floats, column: int | None) -> Floats:
    """Return X without a column that no member reads."""
    return X if column is None else np.delete(X, column, axis=1)


def _settled(members: Ensemble, lessons: Lessons) -> Ensemble:
    if members.strata is None:
        return members
    levels = settle(members.strata, lessons.X, lessons.rows, lessons.ends, members.log_hazards)
    return replace(members, strata=levels)


def _refuse_choices_for_others(chosen: Choices, growths: int, members: int) -> None:
    if (len(chosen.rounds), len(chosen.weights)) != (growths, members):
        raise ModelError(
            f"choices for {len(chosen.weights)} members do not fit a recipe of {members}; fit without them"
        )


def _weights(unseen: Sequence[Floats | None], lessons: Lessons) -> Floats:
    held_out = [each for each in unseen if each is not None]
    return blend(held_out, lessons.thinned, lessons.ends, snapshots_per_lead=lessons.snapshots_per_lead)


def default_leaves(edges: Floats) -> tuple[int, ...]:
    """Return the sizes of trees: 8 leaves where time is known, 8 and 16 where it is not."""
    return (8, 16) if math.isinf(edges[-1]) else (8,)


def default_folds(rows: int) -> int:
    """Return how many folds for so many person-periods: few make fits cheap and leads dear."""
    return 10 if rows < 3_000 else 5 if rows < 30_000 else 3


def _file(number: int) -> str:
    return f"trees_{number}.txt"
