"""What a changed agreement would have done to later leads, beside the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY, Instant, days
from readiness.crm.tables import Floats, Ints, Tables
from readiness.hindsight.replay import NeverCall
from readiness.hindsight.suggest_curve import equal_sales, lines
from readiness.hindsight.suggest_ladder import Looker
from readiness.hindsight.suggest_material import known_of
from readiness.history import splits
from readiness.history.outcomes import STOP, WON
from readiness.history.snapshots import every_week
from readiness.judging import bootstrap
from readiness.judging.bootstrap import Estimate, Figure, Resamples

REPLICATES: Final = 1_000
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Effect:
    """A changed agreement beside the one in force, on the same later leads.

    ``equal_now``, ``equal`` and their difference ``change`` are cry-wolf rates where both hand over equally
    many leads that are won: each at the highest line for interest that brings as many as the agreement in
    force does, or where no line of the changed one brings as many, as many as that can. The other figures
    stand at the lines as written: ``missed`` are leads won within the horizon that only the agreement in
    force hands over, ``gained`` those that only the changed one does.
    """

    change: Figure
    equal_now: Figure
    equal: Figure
    rate_now: Figure
    rate: Figure
    won_now: int
    won: int
    missed: int
    gained: int
    stop_now: int
    stop: int
    a_week_now: float
    a_week: float

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        figures = {
            name: getattr(self, name).to_dict()
            for name in ("change", "equal_now", "equal", "rate_now", "rate")
        }
        counts = ("won_now", "won", "missed", "gained", "stop_now", "stop", "a_week_now", "a_week")
        return {**figures, **{name: getattr(self, name) for name in counts}}


@dataclass(frozen=True, slots=True)
class Curve:
    """Sales and stops of each lead at each of some lines, from the highest line to the lowest.

    Columns are lines; ``written`` is the column of the line that the document writes.
    """

    won: Floats
    stop: Floats
    handed_over: Floats
    written: int
    winners: Ints
    """The leads handed over at the written line and won within the horizon after it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Later leads, looked at each week, and what became of them within the horizon after each look.

    Only looks that could be followed for a whole horizon count. ``won`` and ``stop`` are what a hand-over at
    the look weighs: one where the end came within the horizon, more for what censoring hides.
    """

    looker: Looker
    won: Floats
    stop: Floats
    resamples: Resamples
    """Draws of the later leads; ``position`` is by lead of the tables, -1 for those created before."""
    weeks: float

    def curve(self, agreement: Agreement) -> Curve:
        """Replay an agreement at many lines for interest at once."""
        ladder = self.looker.ladder(agreement)
        line = agreement.interest.high_from
        asked = lines(ladder, line, agreement.interest.any_from)
        shape = (self.resamples.counts.shape[1], len(asked))
        won, stop, over = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for column, each in enumerate(asked):
            rows = ladder.handed_over(each)
            where = self.resamples.position[self.looker.snapshots.lead[rows]]
            for table, terms in ((won, self.won[rows]), (stop, self.stop[rows]), (over, np.ones(len(rows)))):
                table[:, column] = np.bincount(where, terms, shape[0])
        as_written = ladder.handed_over(line)
        winners = self.looker.snapshots.lead[as_written[self.won[as_written] > 0]].astype(np.int64)
        return Curve(won, stop, over, int(np.searchsorted(-asked, -line)), winners)


def later(
    tables: Tables,
    agreement: Agreement,
    instant: Instant,
    *,
    never_call: NeverCall | None,
    seed: int,
    replicates: int = REPLICATES,
) -> Later:
    """Lay out the leads created at or after an instant, to judge by.

    Parameters
    ----------
    tables : Tables
        The whole history.
    agreement : Agreement
        Its horizon counts.
    """
    looks = every_week(tables, until=tables.observed_through)
    followed = looks.cutoff <= tables.observed_through - days(agreement.horizon_days)
    young = splits.later_leads(tables, instant)
    looks = looks.where(followed & young[looks.lead])
    known = known_of(tables, looks, agreement)
    leads = np.flatnonzero(young)
    drawn = bootstrap.draw(leads, replicates=replicates, seed=seed)
    position = np.full(len(young), -1, dtype=np.int64)
    position[leads] = drawn.position
    last = int(looks.cutoff.max(initial=instant))
    return Later(
        looker=Looker(tables, looks, never_call),
        won=known.weight * known.happened(WON),
        stop=known.weight * known.happened(STOP),
        resamples=Resamples(drawn.counts, position),
        weeks=max((last - instant) / MICROSECONDS_PER_DAY / 7.0, 1.0),
    )


def effect(later: Later, one: Curve, other: Curve, *, seed: int) -> Effect:
    """Judge a changed agreement, the other, beside the one in force.

    Intervals come from drawing leads; of stops there are few, so each draw also adds half a stop's worth of
    doubt (a gamma variate of shape ½, as Jeffreys' prior has it) to those that only one of the two brings:
    else an agreement that happened to avoid all it could would look sure to.

    Returns
    -------
    Effect
        Figures are None where the leads don't say.
    """
    doubt = np.random.default_rng(seed).standard_gamma(_HALF, (2, len(later.resamples.counts)))
    doubt = np.concatenate([np.zeros((2, 1)), doubt], axis=1)
    everyone = np.concatenate([np.ones((1, later.resamples.counts.shape[1])), later.resamples.counts])
    fair = equal_sales(
        _through(everyone, one.won),
        _through(everyone, one.stop),
        one.written,
        _through(everyone, other.won),
        _through(everyone, other.stop),
    )
    equal_now = _rate(fair.stop_now + doubt[0], fair.target)
    equal = _rate(fair.stop + doubt[1], fair.target)
    return Effect(
        change=_figure(equal - equal_now),
        equal_now=_figure(equal_now),
        equal=_figure(equal),
        rate_now=_written(one, everyone, doubt[0]),
        rate=_written(other, everyone, doubt[1]),
        won_now=len(one.winners),
        won=len(other.winners),
        missed=len(np.setdiff1d(one.winners, other.winners)),
        gained=len(np.setdiff1d(other.winners, one.winners)),
        stop_now=_count(one.stop[:, one.written]),
        stop=_count(other.stop[:, other.written]),
        a_week_now=float(one.handed_over[:, one.written].sum()) / later.weeks,
        a_week=float(other.handed_over[:, other.written].sum()) / later.weeks,
    )


def _through(counts: Floats, table: Floats) -> Floats:
    used = np.flatnonzero(table.any(axis=1))
    # einsum without BLAS adds in one fixed order: the same bytes whatever the number of threads.
    sums: Floats = np.einsum("bl,lk->bk", counts[:, used], table[used], optimize=False)
    return sums


def _written(curve: Curve, counts: Floats, doubt: Floats) -> Figure:
    column = slice(curve.written, curve.written + 1)
    won, stop = _through(counts, curve.won[:, column])[:, 0], _through(counts, curve.stop[:, column])[:, 0]
    return _figure(_rate(stop + doubt, won))


def _rate(stop: Floats, won: Floats) -> Floats:
    both = stop + won
    rate: Floats = np.divide(stop, both, out=np.full(len(both), np.nan), where=won > 0)
    return rate


def _figure(values: Floats) -> Figure:
    return Estimate(float(values[0]), values[1:]).figure()


def _count(weights: Floats) -> int:
    return int(np.count_nonzero(weights))
