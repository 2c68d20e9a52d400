"""Whether the leads that came lately are like those that a model learned from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.records import Instant, iso
from readiness.crm.tables import Attribute, Floats, Ints, Leads, Tables
from readiness.history import watched
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.levels import categories_of, numbers_of
from readiness.history.profile_features import SOURCE
from readiness.history.snapshots import Schedule, Snapshots
from readiness.history.watched import FIRST_LOOK, look_at_age, looks_between
from readiness.judging.drift import STATED, Shift, shift
from readiness.judging.foreseen import Foreseen, foreseen
from readiness.judging.mixes import Mix, mix_of_numbers
from readiness.learning.model import Prediction
from readiness.training_run.watching.in_use import InUse, some
from readiness.training_run.watching.strangers import Stranger, strangers

FEWEST: Final = 200
"""Below so many new leads nothing is said of how they differ."""

LEAST_DAYS: Final = 14.0
"""The newest stretch that is looked at, where it holds enough leads."""

AGE_DAYS: Final = 7.0
"""The age at which the behaviour of leads is compared."""

_BEGINNING: Final = -(2**62)
_NOT_COMPARED: Final = ("age", "completeness")
"""Alike by construction; and told column by column."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Leads looked at alike, then and now: who they are when they come, or what they do in their first days.

    ``start`` is where the newest stretch begins. ``shifts`` is empty where either side is too small.
    """

    start: Instant
    then: int
    now: int
    shifts: tuple[Shift, ...]

    @property
    def enough(self) -> bool:
        """Whether both sides are large enough to say anything."""
        return min(self.then, self.now) >= FEWEST

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "start": iso(self.start),
            "leads_then": self.then,
            "leads_now": self.now,
            "shifts": [each.to_dict() for each in self.shifts],
        }


@dataclass(frozen=True, slots=True)
class NewLeads:
    """How the leads that came lately differ from those learned from.

    ``stated`` compares what leads state when they come, ``done`` what they had done a week later; ``scores``
    the scores at the first look. ``then`` and ``now``, by ``won`` and ``stop``, are what the model expects of
    its own scores. In the lead columns ``gone`` the model can read nothing any more; of those ``renamed`` at
    least half the values that it knows stand nowhere: how many, and of how many. ``strangers`` are values of
    new leads that it never met.
    """

    stated: Looked
    done: Looked
    scores: Mix | None
    then: dict[str, Foreseen]
    now: dict[str, Foreseen]
    gone: tuple[str, ...]
    renamed: dict[str, tuple[int, int]]
    strangers: dict[str, tuple[Stranger, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "stated": self.stated.to_dict(),
            "done": self.done.to_dict(),
            "scores": None if self.scores is None else self.scores.to_dict(),
            "foreseen": {
                side: {end: each.to_dict() for end, each in of.items()}
                for side, of in (("then", self.then), ("now", self.now))
            },
            "columns_gone": list(self.gone),
            "values_gone": {name: list(counts) for name, counts in self.renamed.items()},
            "values_never_met": {
                name: [each.to_dict() for each in named] for name, named in self.strangers.items()
            },
        }


def new_leads(tables: Tables, used: InUse, *, least_days: float = LEAST_DAYS, seed: int = 0) -> NewLeads:
    """Compare the leads that came lately with those that the model learned from, at the same age.

    The newest stretch is the last two weeks, or as many more days as it takes to hold 200 leads, never
    before the end of the model's data.

    Parameters
    ----------
    tables : Tables
        Dated, cut where one stands, with the leads learned from.
    used : InUse
    least_days : float

    Returns
    -------
    NewLeads
        Without shifts and scores where one side has fewer than 200 leads.
    """
    stated, sides, matrices = _looked(tables, used, FIRST_LOOK, least_days, seed)
    done, _, _ = _looked(tables, used, look_at_age(AGE_DAYS), least_days, seed)
    plan = used.model.plan
    scores: Mix | None = None
    foretold: list[dict[str, Foreseen]] = [{}, {}]
    if stated.enough:
        said = [used.model.predict(matrix) for matrix in matrices]
        foretold = [
            _foretold(each, looks, seed) for each, looks in zip(said, (sides.before, sides.now), strict=True)
        ]
        if not np.isnan(said[0].score).any():
            scores = mix_of_numbers(said[0].score, said[1].score, sides.stretch)
    return NewLeads(
        stated=stated,
        done=done,
        scores=scores,
        then=foretold[0],
        now=foretold[1],
        gone=gone(tables, plan),
        renamed=renamed(tables, plan),
        strangers=strangers(tables.leads, sides.now.lead.astype(np.int64), plan),
    )


def _foretold(said: Prediction, looks: Snapshots, seed: int) -> dict[str, Foreseen]:
    lead = looks.lead.astype(np.int64)
    chances = {"won": said.score, "stop": said.stop_risk}
    return {name: foreseen(chance, lead, seed=seed) for name, chance in chances.items()}


def gone(tables: Tables, plan: FeaturePlan) -> tuple[str, ...]:
    """Name the lead columns that a plan reads and in which no lead has a value that it can read."""
    read = [each for each in plan.features if each.measure.startswith(_READ)]
    return tuple(each.of for each in read if not _readable(tables.leads, each))


def renamed(tables: Tables, plan: FeaturePlan) -> dict[str, tuple[int, int]]:
    """Say of which columns at least half the values that the model knows stand nowhere any more.

    Each value of a plan was shared by ten leads or so: that nobody has it now means that it is spelled
    otherwise, for leads of old as well.

    Returns
    -------
    dict
        By column: how many of its values are gone, and how many the model knows.
    """
    found = {}
    for each in plan.features:
        if each.measure not in _WORDS or not _readable(tables.leads, each):
            continue
        held = np.unique(categories_of(_column(tables.leads, each.of), each.levels))
        lost = len(each.levels) - int(np.count_nonzero(held < each.unseen))
        if 2 * lost >= len(each.levels):
            found[each.of] = (lost, len(each.levels))
    return found


_READ: Final = ("attribute:number", "attribute:category", "source")
_WORDS: Final = ("attribute:category", "source")


def _column(leads: Leads, name: str) -> Attribute:
    return leads.source if name == SOURCE else leads.attributes[name]


def _readable(leads: Leads, feature: Feature) -> bool:
    """Say whether any lead has a value there; of a number, one that is a number."""
    if feature.of != SOURCE and feature.of not in leads.attributes:
        return False
    column = _column(leads, feature.of)
    if feature.kind == "number":
        return bool((~np.isnan(numbers_of(column))).any())
    return bool((categories_of(column, ()) == 0.0).any())


@dataclass(frozen=True, slots=True)
class _Sides:
    """Looks at leads learned from and at those that came lately; ``stretch`` is of the first."""

    before: Snapshots
    now: Snapshots
    start: Instant
    stretch: Ints


def _sides(tables: Tables, used: InUse, schedule: Schedule, least_days: float, seed: int) -> _Sides:
    until = tables.observed_through
    before = some(tables, looks_between(tables, _BEGINNING, used.data_end, schedule), seed=seed)
    since = looks_between(tables, used.data_end, until, schedule)
    start = watched.since_newest(
        since.cutoff, since=used.data_end, until=until, least_days=least_days, count=FEWEST
    )
    now = some(tables, looks_between(tables, start, until, schedule), seed=seed)
    stretch = watched.stretches(before, used.data_end, max(until - start, 1), FEWEST)
    return _Sides(before, now, start, stretch)


def _looked(
    tables: Tables, used: InUse, schedule: Schedule, least_days: float, seed: int
) -> tuple[Looked, _Sides, Sequence[Floats]]:
    sides = _sides(tables, used, schedule, least_days, seed)
    then, count = len(sides.before), len(sides.now)
    if min(then, count) < FEWEST:
        return Looked(sides.start, then, count, ()), sides, ()
    before, now = (used.matrix(tables, side) for side in (sides.before, sides.now))
    columns = _columns(used.model.plan, before, now, stated=schedule == FIRST_LOOK)
    shifts = tuple(
        shift(feature, before[:, place], now[:, place], sides.stretch) for place, feature in columns
    )
    return Looked(sides.start, then, count, shifts), sides, (before, now)


def _columns(
    plan: FeaturePlan, before: Floats, now: Floats, *, stated: bool
) -> Iterator[tuple[int, Feature]]:
    """Return what to compare: at one age many windows hold the same, and the same is asked once."""
    seen = set()
    for place, feature in enumerate(plan.features):
        if feature.measure.startswith(STATED) != stated or feature.measure in _NOT_COMPARED:
            continue
        held = (feature.of, before[:, place].tobytes(), now[:, place].tobytes())
        if stated or held not in seen:
            yield place, feature
        seen.add(held)
