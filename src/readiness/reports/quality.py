"""A data-quality page: what is there, what stands out, what there is too little of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain
from typing import Any, Final

import numpy as np

from readiness.counting import counted
from readiness.crm.intake import Received
from readiness.crm.quality import Quality, measure
from readiness.crm.quality.jumps import Jump, jumps
from readiness.crm.quality.months import Months
from readiness.crm.records import NO_INSTANT, iso
from readiness.errors import Fault, told
from readiness.history.features import MIN_LEADS
from readiness.history.outcomes import EVENT_OF_OUTCOME, EventOfOutcome
from readiness.learning.leakage import audit
from readiness.progress import Progress, silent
from readiness.reports import (
    quality_changes,
    quality_hours,
    quality_leaks,
    quality_prospects,
    quality_remarks,
)
from readiness.reports.printed import Fact
from readiness.reports.quality_fates import Fates, Outlook, fates
from readiness.reports.quality_notation import date
from readiness.reports.quality_remarks import KINDS, Remark
from readiness.reports.quality_tables import Filled, Part, filled, parts
from readiness.reports.quality_uses import uses

BARS: Final = 36
"""So many months are drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month's leads: how many came, how many of them have ended, and the bar's heights in percent."""

    month: str
    leads: int
    ended: int
    height: float
    ended_height: float

    @property
    def title(self) -> str:
        """What is said where somebody points at it."""
        return f"{counted(self.leads, 'lead')}, {self.ended:,} ended"


@dataclass(frozen=True, slots=True)
class QualityPage:
    """Everything on the page. ``figures`` are the numbers behind it, for programs."""

    title: str
    subtitle: str
    ready: bool
    verdict: str
    highlights: tuple[Fact, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    remarks: tuple[Remark, ...]
    bars: tuple[Bar, ...]
    drawn: str
    parts: tuple[Part, ...]
    filled: Filled
    small_print: tuple[str, ...]
    figures: Mapping[str, Any]


def summarise(
    received: Received,
    kinds: Sequence[Sequence[Fault]],
    *,
    horizon_days: float,
    event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME,
    progress: Progress = silent,
) -> QualityPage:
    """Put together what there is to say of tables.

    Parameters
    ----------
    received : Received
        The tables that were accepted, and what was refused.
    kinds : sequence of faults alike
        The faults, grouped: of each kind the first is told, and how many there are.
    horizon_days : float, > 0
        How far ahead a score would look.
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.
    """
    tables = received.tables
    quality = measure(tables, shared_by=MIN_LEADS, progress=progress)
    held = quality.contents
    progress("Looking at what became of the leads", 0.0)
    found, outlook = fates(tables, held.months, horizon_days, event_of_outcome)
    progress("Looking for jumps", 0.0)
    jumped = jumps((*quality.series, *found.series), held.months)
    used = uses(tables, quality.columns, MIN_LEADS)
    bars = _bars(held.created, held.ended, held.months)
    leaks = audit(tables, event_of_outcome=event_of_outcome, progress=progress)
    remarks = sorted(
        chain(
            quality_leaks.of_leaks(leaks),
            quality_prospects.of_outlook(held, outlook, found),
            quality_remarks.of_contents(quality),
            quality_changes.of_fuller(quality),
            quality_changes.of_jumps(jumped),
            quality_remarks.of_copies(quality),
            quality_hours.of_clocks(quality.clocks, date_only=held.date_only),
            quality_changes.of_columns(quality, used, MIN_LEADS),
            quality_prospects.of_time(held, [name for name, rows in held.rows.items() if not rows]),
        ),
        key=lambda remark: list(KINDS).index(remark.kind),
    )
    return QualityPage(
        title="Data quality",
        subtitle=_subtitle(quality),
        ready=outlook.little is None and not kinds and not any(leak.blocks for leak in leaks),
        verdict=_verdict(outlook, received, remarks),
        highlights=_highlights(quality),
        faults=tuple(map(told, kinds)),
        notes=received.notes,
        remarks=tuple(remarks),
        bars=bars,
        drawn=_drawn(bars, held.months),
        parts=parts(quality, received.counts, found, used),
        filled=filled(quality, found),
        small_print=_SMALL_PRINT,
        figures=_figures(quality, found, outlook, jumped, remarks)
        | {"leaks": quality_leaks.for_programs(leaks)},
    )


_SMALL_PRINT: Final = (
    "Months and hours are those of UTC. A lead belongs to the month in which it was created.",
    "A share jumps where both sides count at least 30, chance would show such a difference less than once in "
    "a hundred pages (Fisher's exact test, Bonferroni over all months and columns looked at), it changes by "
    "at least 20 points or tenfold, and half of that from one quarter of a year to the next. A slow "
    "drift is no jump.",
    "A column is fuller for ended leads by the same measure, Bonferroni over the attributes.",
    "A column knows the future if it holds what came after the first look at the lead, or what only its end "
    "can have told: training is refused until somebody leaves it out or says that it was known.",
    "Shares of won and stop are cumulative incidences (Aalen–Johansen): a lead that could be followed for a "
    "part of the horizon counts for that part, and what is not known yet is never a no. Their 95 % intervals "
    "come from drawing leads anew; with fewer than five of a kind they are the exact binomial ones. Leads "
    "count as followed if their record was kept for the whole horizon, whether or not they ended sooner.",
    f"A value is rare if fewer than {MIN_LEADS} leads share it: it could tell who they are, so no model "
    "reads it.",
    "Personal data is compared and counted, never shown.",
)


def _subtitle(quality: Quality) -> str:
    held = quality.contents
    if not held.rows["leads"]:
        return "No leads"
    parts = [counted(held.rows["leads"], "lead")]
    if held.dated:
        parts.append(f"created {date(held.first_created)} to {date(held.last_created)}")
        parts.append(f"observed through {date(held.observed_through)}")
    else:
        parts.append("undated")
    return " · ".join(parts)


def _verdict(outlook: Outlook, received: Received, remarks: Sequence[Remark]) -> str:
    refused = sum(count.refused for count in received.counts.values())
    faults = f"{counted(refused, 'row')} refused. " if refused else "No row is refused. "
    look = sum(remark.kind == "mend" for remark in remarks)
    leaks = sum(remark.kind == "leak" for remark in remarks)
    ahead = f" {counted(leaks, 'column')} {'knows' if leaks == 1 else 'know'} the future." if leaks else ""
    things = f" {counted(look, 'thing')} to look at." if look else ""
    learn = "There is enough to learn a score from." if outlook.little is None else outlook.little.sentence
    return f"{faults}{learn}{ahead}{things}"


def _highlights(quality: Quality) -> tuple[Fact, ...]:
    held = quality.contents
    ended = {end.name: end.rows for end in held.ends}
    return (
        Fact("leads", f"{held.rows['leads']:,}"),
        Fact("activities", f"{held.rows['activities']:,}"),
        Fact("closed sales", f"{ended.get('closed_won', 0):,}"),
        Fact("told us to stop", f"{ended.get('stop_calling', 0):,}"),
        Fact("still open", f"{held.still_open:,}"),
    )


def _bars(created: np.ndarray, ended: np.ndarray, months: Months) -> tuple[Bar, ...]:
    there = np.flatnonzero(created)
    if not len(there):
        return ()
    first, last = max(int(there[0]), int(there[-1]) - BARS + 1), int(there[-1])
    most = int(created[first : last + 1].max())
    return tuple(
        Bar(
            months.name(place),
            int(created[place]),
            int(ended[place]),
            round(100 * int(created[place]) / most, 1),
            round(100 * int(ended[place]) / most, 1),
        )
        for place in range(first, last + 1)
    )


def _drawn(bars: Sequence[Bar], months: Months) -> str:
    if not bars:
        return (
            "No lead has a date of creation." if not len(months) else "No lead was created in these months."
        )
    most, least = max(bars, key=lambda bar: bar.leads), min(bars, key=lambda bar: bar.leads)
    return (
        f"Leads created a month, {bars[0].month} to {bars[-1].month}: most in {most.month} ({most.leads:,}), "
        f"fewest in {least.month} ({least.leads:,})."
    )


def _figures(
    quality: Quality, found: Fates, outlook: Outlook, jumped: Sequence[Jump], remarks: Sequence[Remark]
) -> dict[str, Any]:
    figures = {
        "contents": quality.contents,
        "columns": quality.columns,
        "fuller_at_end": quality.fuller,
        "copies": quality.copies,
        "before_creation": quality.early,
        "clocks": quality.clocks,
        "series": (*quality.series, *found.series),
        "jumps": jumped,
        "sources": found.sources,
        "outlook": outlook,
        "remarks": remarks,
    }
    return {name: plain(value) for name, value in figures.items()}


def plain(value: object, name: str = "") -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return figures ready for JSON: arrays as lists, months as their names, instants as ISO 8601."""
    if isinstance(value, Months):
        return list(value.names)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name), each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, int) and (name in _INSTANTS or value == NO_INSTANT):
        return iso(value)
    return value


_INSTANTS: Final = frozenset({"first_at", "last_at", "first_created", "last_created", "observed_through"})
