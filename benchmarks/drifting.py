"""A CRM that is steady until a day, and from then on changes in one way; every change known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from readiness.crm.assembly import from_records
from readiness.crm.records import MICROSECONDS_PER_DAY, Activity, Instant, Lead, Outcome, instant
from readiness.crm.tables import Flags, Floats, Tables

FIRST_DAY: Final = instant("2025-01-01T00:00:00Z")
SOURCES: Final = ("web_form", "event", "partner", "list")
COUNTRIES: Final = ("DE", "FR", "US")
SENIORITY: Final = ("junior", "senior", "head")
ENDS: Final = ("closed_won", "stop_calling", "closed_lost")

STEADY_COUNTRIES: Final = (0.5, 0.3, 0.2)
MOVED_COUNTRIES: Final = (0.29, 0.3, 0.41)
"""PSI 0.27: (0.29 − 0.5) ln(0.29 ÷ 0.5) + (0.41 − 0.2) ln(0.41 ÷ 0.2)."""
MOVED_SIZE: Final = 0.52
"""In standard deviations of the logarithm: the index of two normal distributions is the square, 0.27."""

CHANGES: Final = ("quiet", "covariate", "won", "stop", "fit", "buyers", "empty", "respelt")
"""Nothing; two features; half as many won; twice as many stops; what made a sale likelier no longer does;
half as many buy, and others than before; a column that is left empty; a value spelt otherwise."""


def at(day: float) -> Instant:
    """Return the instant so many days after the first."""
    return FIRST_DAY + round(day * MICROSECONDS_PER_DAY)


@dataclass(frozen=True, slots=True)
class Drawn:
    """n leads as they are: ``end_days`` from their creation on, ``cause`` a position in ENDS."""

    day: Floats
    country: Floats
    size: Floats
    seniority: Floats
    source: Floats
    visits: Floats
    empty: Flags
    respelt: Flags
    end_days: Floats
    cause: Floats


def tables(
    change: str, seed: int, *, days: float, changed_from: float, a_day: tuple[float, float] = (15.0, 15.0)
) -> Tables:
    """Draw leads, and what becomes of them within ``days``.

    Parameters
    ----------
    change : str
        One of CHANGES; of leads created from ``changed_from`` on, or, of ends, from that day on. Until then
        the same seed gives the same leads, whatever changes.
    a_day : pair of float
        How many leads come a day, before and after.
    """
    early = np.arange(0.0, changed_from, 1.0 / a_day[0])
    late = np.arange(changed_from, days, 1.0 / a_day[1])
    parts = [
        _draw(day, changed_from, change, np.random.default_rng((seed, 11, part)))
        for part, day in enumerate((early, late))
    ]
    drawn = Drawn(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Drawn)))
    return from_records(
        list(_leads(drawn)),
        list(_visits(drawn, days, np.random.default_rng((seed, 12)))),
        outcomes=list(_ends(drawn, days)),
        observed_through=at(days),
    )


def _draw(day: Floats, changed_from: float, change: str, random: np.random.Generator) -> Drawn:
    leads, late = len(day), day >= changed_from
    country = random.choice(3, leads, p=STEADY_COUNTRIES)
    moved = random.choice(3, leads, p=MOVED_COUNTRIES)
    deviation = random.normal(size=leads)
    if change == "covariate":
        country = np.where(late, moved, country)
        deviation = deviation + MOVED_SIZE * late
    seniority = random.choice(3, leads, p=(0.5, 0.3, 0.2))
    source = random.choice(4, leads, p=(0.5, 0.2, 0.2, 0.1))
    keen = random.normal(size=leads)
    rest = 0.7 * (seniority == 2) + 0.5 * keen
    fits = 1.0 * (country == 0) + 0.6 * deviation + rest
    turned = 1.0 * (country == 1) - 0.6 * deviation + rest
    end_days, cause = _fate(day, (fits, turned), changed_from, change, random)
    return Drawn(
        day=day,
        country=country,
        size=np.round(np.exp(4.0 + deviation)),
        seniority=seniority,
        source=source,
        visits=random.poisson(np.exp(0.3 + 0.5 * keen)),
        empty=random.random(leads) < np.where(late & (change == "empty"), 0.5, 0.1),
        respelt=late & (change == "respelt"),
        end_days=end_days,
        cause=cause,
    )


def _fate(
    day: Floats,
    fit: tuple[Floats, Floats],
    changed_from: float,
    change: str,
    random: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Draw when and how each lead ends: one set of rates a day before the change, another after it.

    ``fit`` is how well a lead fits before it, and after it if others buy then.
    """
    n, (fits, turned) = len(day), fit
    before = np.stack([0.005 * np.exp(fits - 1.1), np.full(n, 0.003), np.full(n, 0.006)], axis=1)
    after = before * np.array([0.5 if change == "won" else 1.0, 2.0 if change == "stop" else 1.0, 1.0])
    if change == "fit":
        after[:, 0] = before[:, 0].mean()
    if change == "buyers":
        after[:, 0] = 0.5 * 0.005 * np.exp(turned - 1.1)
    spent = random.exponential(size=(n, 3))
    until = np.maximum(changed_from - day, 0.0)[:, None]
    early = spent / before
    times = np.where(early < until, early, until + (spent - before * until) / after)
    return times.min(axis=1), times.argmin(axis=1)


def _leads(drawn: Drawn) -> Iterator[Lead]:
    for number in range(len(drawn.day)):
        country = COUNTRIES[int(drawn.country[number])]
        yield Lead(
            f"L-{number:06}",
            at(float(drawn.day[number])),
            SOURCES[int(drawn.source[number])],
            attributes={
                "country": country.lower() if drawn.respelt[number] else country,
                "company_size": None if drawn.empty[number] else float(drawn.size[number]),
                "seniority": SENIORITY[int(drawn.seniority[number])],
            },
        )


def _visits(drawn: Drawn, days: float, random: np.random.Generator) -> Iterator[Activity]:
    for number in range(len(drawn.day)):
        here = min(float(drawn.end_days[number]), days - float(drawn.day[number]))
        for when in random.exponential(5.0, int(drawn.visits[number])).tolist():
            kind = "web_visit" if random.random() < _VISITING else "content_download"
            if when < here:
                yield Activity(f"L-{number:06}", at(float(drawn.day[number]) + when), kind, "inbound")


_VISITING: Final = 0.7


def _ends(drawn: Drawn, days: float) -> Iterator[Outcome]:
    for number in range(len(drawn.day)):
        when = float(drawn.day[number] + drawn.end_days[number])
        if when < days:
            yield Outcome(f"L-{number:06}", at(when), ENDS[int(drawn.cause[number])])
