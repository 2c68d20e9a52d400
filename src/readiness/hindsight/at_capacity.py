"""What fewer calls would have met, had a forecast said whom to call first of those handed over in fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.hindsight.groups import Counts, counts
from readiness.hindsight.kept_back import Among
from readiness.history.outcomes import STOP, WON
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.first_calls import Line, line, reached, taken
from readiness.judging.gains import (
    CryWolf,
    CryWolfEstimates,
    Weekly,
    chosen_weekly,
    cry_wolf_estimates,
    worth,
)
from readiness.judging.judgement import MODEL

SHARES: Final = (0.25, 0.5, 0.75)
"""Of the calls that were made, so many are supposed to be left."""

STEPS: Final = 20
"""Points of each curve, equally far apart."""

FEWEST_ENDS: Final = 30
"""With fewer sales and stops together nothing is told: a handful more could turn it round."""

FEWEST_OF_A_KIND: Final = 10
"""So many sales, and so many stops, a cry-wolf rate rests on at least."""


@dataclass(frozen=True, slots=True)
class GivenToSales:
    """n leads handed over in fact, what became of them from there on, and what forecasts said of them then.

    ``weight`` is how many leads each stands for. A forecast is any number, the higher the sooner a lead
    is called; `MODEL` must be among them. ``weekly`` says in which week each was handed over and how many a
    week sales can take; None where that tells nothing, for leads drawn by lot or some of many.
    """

    among: Among
    cohort: Cohort
    weight: Floats
    forecasts: Mapping[str, Floats]
    weekly: Weekly | None = None

    def __len__(self) -> int:
        return len(self.cohort)

    def where(self, rows: Ints) -> GivenToSales:
        """Return these leads, in this order; weeks are not whole any more."""
        forecasts = {name: forecast[rows] for name, forecast in self.forecasts.items()}
        return GivenToSales(self.among, self.cohort.where(rows), self.weight[rows], forecasts)


@dataclass(frozen=True, slots=True)
class Capacity:
    """As many calls as sales can make, made in the model's order.

    ``share`` of all calls, or of each week's as many as sales can take (``weekly``). ``rate`` is the cry-wolf
    rate among those called, ``before`` among as many called as they came, of whom each is called with the
    same chance, and ``gap`` the one minus the other. ``sales`` and ``stops`` are the shares of all sales and
    stops among those called, ``sales_before`` of the sales as they came; ``stops_avoided`` is how many stops
    fewer there are than as they came.
    """

    share: float
    calls: float
    weekly: int | None
    before: Figure
    rate: Figure
    gap: Figure
    sales_before: float | None
    sales: Figure
    stops: Figure
    stops_avoided: Figure


@dataclass(frozen=True, slots=True)
class Reached:
    """So many first calls in a forecast's order find that share of all sales, and of all stops."""

    forecast: str
    share: float
    calls: float
    sales: Figure
    stops: Figure


@dataclass(frozen=True, slots=True)
class AtCapacity:
    """What became of all that were handed over, and what fewer calls in the model's order would have met."""

    among: Among
    of: int
    """How many hand-overs there were; of very many, ``hand_overs`` of them are drawn and looked at."""
    hand_overs: int
    worth: float
    """As many of equal weight would weigh as surely as these."""
    counts: Counts
    sales: float
    """How many sales there were, each weighted: what ``Capacity.sales`` is a share of."""
    stops: float
    as_it_was: CryWolf
    capacities: tuple[Capacity, ...]
    """At each of `SHARES`, then by the week if in any week there were more than sales can take."""
    weekly_capacity: int | None
    curves: tuple[Reached, ...]

    @property
    def enough(self) -> bool:
        """Whether there are enough sales and stops to tell anything by."""
        return self.counts.won + self.counts.stop >= FEWEST_ENDS and self.counts.won >= FEWEST_OF_A_KIND

    @property
    def enough_stops(self) -> bool:
        """Whether a cry-wolf rate can be told."""
        return self.enough and self.counts.stop >= FEWEST_OF_A_KIND


def at_capacity(
    given: GivenToSales, resamples: Resamples, *, horizon_days: float, of: int | None = None
) -> AtCapacity:
    """Say what fewer calls would have met within the horizon, had the model said whom to call first.

    Only leads that sales was really given count: of others nobody knows what a call would have brought.
    Calls made as the leads came meet sales and stops as often as all calls did; so the rate of all is what
    the model's order is compared with, at whatever capacity. All intervals are of 95 %, from the same
    draws of whole leads. What is not known yet is weighed out, and never a "no".

    Parameters
    ----------
    given : GivenToSales, n leads
    resamples : Resamples
        A row for each of them.
    horizon_days : float
    of : int, optional
        From how many the leads were drawn; default: they are all there are.

    Returns
    -------
    AtCapacity
        Without leads no figure; without any stop no cry-wolf rate.
    """
    calls = _Calls(given, resamples, horizon_days)
    order = line(given.forecasts[MODEL], given.weight)
    shares = [calls.of_share(order, share) for share in SHARES] if len(given) else []
    weekly = calls.weekly()
    return AtCapacity(
        among=given.among,
        of=len(given) if of is None else of,
        hand_overs=len(given),
        worth=worth(given.weight),
        counts=counts(given.cohort, horizon_days),
        sales=float(calls.won.sum()),
        stops=float(calls.stop.sum()),
        as_it_was=calls.everybody.figures(),
        capacities=(*shares, *([] if weekly is None else [weekly])),
        weekly_capacity=None if given.weekly is None else given.weekly.capacity,
        curves=tuple(
            point
            for name, forecast in given.forecasts.items()
            for point in _curve(name, line(forecast, given.weight), calls.won, calls.stop, resamples)
        ),
    )


def called_first(given: GivenToSales, share: float) -> Floats:
    """Return how much of each lead is among that share of the calls, made in the model's order; 0 to 1."""
    order = line(given.forecasts[MODEL], given.weight)
    return taken(order, share * float(given.weight.sum()))


class _Calls:
    """Leads given to sales, and what calling some of them would have met; the same draws for all."""

    def __init__(self, given: GivenToSales, resamples: Resamples, horizon_days: float) -> None:
        self.given, self.resamples, self.horizon = given, resamples, horizon_days
        known = known_at(given.cohort, horizon_days)
        each = given.weight * known.weight
        self.won, self.stop = each * known.happened(WON), each * known.happened(STOP)
        self.everybody = self.ends(np.ones(len(given)))

    def ends(self, part: Floats) -> CryWolfEstimates:
        rows = np.flatnonzero(part > 0)
        return cry_wolf_estimates(
            self.given.cohort.where(rows),
            horizon_days=self.horizon,
            resamples=self.resamples.where(rows),
            weight=(self.given.weight * part)[rows],
        )

    def of_share(self, order: Line, share: float) -> Capacity:
        part = taken(order, share * float(self.given.weight.sum()))
        return self.compared(part, np.full(len(part), share), self.everybody, share)

    def weekly(self) -> Capacity | None:
        """Return what as many a week as sales can take would meet; None where there never were more."""
        weekly = self.given.weekly
        if weekly is None:
            return None
        lead = self.given.cohort.lead
        # Equal forecasts share a week's calls equally: so called as they came.
        came = chosen_weekly(np.zeros(len(lead)), lead, weekly)
        if (came >= 1.0).all():
            return None
        part = chosen_weekly(self.given.forecasts[MODEL], lead, weekly)
        share = float(part.sum()) / len(part)
        return self.compared(part, came, self.ends(came), share, weekly.capacity)

    def compared(
        self,
        part: Floats,
        came: Floats,
        before: CryWolfEstimates,
        share: float,
        weekly: int | None = None,
    ) -> Capacity:
        won, stop, sums = self.won, self.stop, self.resamples.sums
        first = self.ends(part)
        avoided = Estimate(
            float((stop * came).sum()) - float((stop * part).sum()), sums(stop * came) - sums(stop * part)
        )
        return Capacity(
            share=share,
            calls=share * float(self.given.weight.sum()),
            weekly=weekly,
            before=before.rate.share_figure(before.decided),
            rate=first.rate.share_figure(first.decided),
            gap=(first.rate - before.rate).figure(),
            sales_before=float((won * came).sum() / won.sum()) if won.any() else None,
            sales=self.resamples.ratio(Ratio(won * part, won)).share_figure(worth(won)),
            stops=self.resamples.ratio(Ratio(stop * part, stop)).share_figure(worth(stop)),
            stops_avoided=avoided.figure() if stop.any() else Figure(None, None, None),
        )


def _curve(name: str, order: Line, won: Floats, stop: Floats, resamples: Resamples) -> tuple[Reached, ...]:
    shares = np.arange(1, STEPS + 1) / STEPS
    calls = shares * float(order.behind[-1])
    sales, stops = (_reached_shares(order, terms, calls, resamples) for terms in (won, stop))
    points = zip(shares.tolist(), calls.tolist(), sales, stops, strict=True)
    return tuple(Reached(name, *point) for point in points) if len(order.step) else ()


def _reached_shares(order: Line, terms: Floats, calls: Floats, resamples: Resamples) -> list[Figure]:
    """Return which share of all such ends each number of first calls finds."""
    total, cases = float(terms.sum()), worth(terms)
    if not total > 0:
        return [Figure(None, None, None)] * len(calls)
    found = np.minimum(reached(order, terms, calls) / total, 1.0)
    figures = []
    for value, k in zip(found.tolist(), calls.tolist(), strict=True):
        drawn = resamples.ratio(Ratio(terms * taken(order, k), terms))
        figures.append(Estimate(value, drawn.replicates).share_figure(cases))
    return figures
