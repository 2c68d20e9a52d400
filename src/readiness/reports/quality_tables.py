"""The figures of a data-quality page as they are printed, table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from readiness.counting import counted
from readiness.crm.intake import Count
from readiness.crm.quality import Quality
from readiness.crm.quality.clock import Clock
from readiness.crm.quality.contents import Contents, Named
from readiness.crm.quality.jumps import Series
from readiness.reports.notation import OUTCOMES, between, share
from readiness.reports.printed import Table
from readiness.reports.quality_fates import ANSWERED_WITHIN_DAYS, Fates, Share
from readiness.reports.quality_hours import office_hours
from readiness.reports.quality_notation import date, days
from readiness.reports.quality_uses import Use

MOST_ROWS: Final = 100
MOST_MONTHS: Final = 18


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: what it answers, a sentence, and its table.

    ``brief`` heads the columns where there is little room; the columns in ``texts`` hold words.
    """

    name: str
    question: str
    sentence: str
    table: Table
    brief: tuple[str, ...]
    texts: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Filled:
    """The share that each row's column has filled in each month; None where no lead came."""

    sentence: str
    months: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]


def parts(
    quality: Quality, counts: Mapping[str, Count], fates: Fates, uses: Mapping[str, Use]
) -> tuple[Part, ...]:
    """Return the page's tables; those without rows are left out."""
    held = quality.contents
    every = (
        _rows(counts),
        _ends(held),
        _sources(fates, held.rows["leads"]),
        _named("activities", "What did leads and we do?", held.activities, held),
        _named("answers", "What was asked and answered?", held.answers, held),
        _columns(quality, uses),
        _clocks(quality.clocks),
    )
    return tuple(_shortened(part) for part in every if part.table.rows)


def _shortened(part: Part) -> Part:
    rows = part.table.rows
    if len(rows) <= MOST_ROWS:
        return part
    says = f"{part.sentence} The first {MOST_ROWS} of {len(rows):,} are shown."
    return replace(part, sentence=says, table=Table(part.table.columns, rows[:MOST_ROWS]))


def _rows(counts: Mapping[str, Count]) -> Part:
    refused = sum(count.refused for count in counts.values())
    return Part(
        "rows",
        "What was read?",
        "Every row that was read is accepted or refused"
        + (f"; {counted(refused, 'row')} refused." if refused else "; none is refused."),
        Table(
            ("Table", "Read", "Accepted", "Refused"),
            tuple(
                (name, f"{count.read:,}", f"{count.accepted:,}", f"{count.refused:,}")
                for name, count in counts.items()
            ),
        ),
        ("Table", "Read", "Accepted", "Refused"),
    )


def _ends_said(held: Contents) -> str:
    """Say how many are open, and of which leads the days are, where there are days."""
    left = held.still_open
    said = "No lead is still open."
    if left:
        said = f"{counted(left, 'lead')} {'is' if left == 1 else 'are'} still open: not known yet, not a no."
    if all(end.median_days is None for end in held.ends):
        return said
    return f"{said} Days are those of the leads that ended{'; slower ones are still open' * bool(left)}."


def _ends(held: Contents) -> Part:
    leads = held.rows["leads"]
    rows = [
        (
            OUTCOMES[end.name],
            f"{end.rows:,}",
            share(end.rows / leads),
            f"{end.undated:,}",
            days(end.quarter_days),
            days(end.median_days),
            days(end.three_quarters_days),
        )
        for end in held.ends
    ]
    if leads:
        rows.append(
            ("Still open", f"{held.still_open:,}", share(held.still_open / leads), "–", "–", "–", "–")
        )
    return Part(
        "outcomes",
        "How did leads end?",
        _ends_said(held),
        Table(
            ("Outcome", "Rows", "Of all leads", "Without date", "A quarter within days", "Half within",
             "Three quarters within"),
            tuple(rows),
        ),
        ("Outcome", "Rows", "Of all", "Undated", "¼ by day", "½ by day", "¾ by day"),
    )  # fmt: skip


def _sources(fates: Fates, leads: int) -> Part:
    if fates.horizon_days is None:
        within, says = "", f"Of {counted(fates.followed, 'lead')} that ended."
    else:
        within = f" within {fates.horizon_days:g} days"
        says = (
            f"Of the {fates.looked_at:,} leads that were open at their first look, {fates.followed:,} could "
            f"be followed for {fates.horizon_days:g} days from there."
        )
    rows = tuple(
        (
            one.source or "no source",
            f"{one.leads:,}",
            share(one.leads / leads),
            f"{one.won.of:,}",
            share(one.won.value),
            _interval(one.won),
            share(one.stop.value),
            _interval(one.stop),
        )
        for one in fates.sources
    )
    columns = ("Source", "Leads", "Of all", "Followed", f"Won{within}", "95 % interval",
               f"Told us to stop{within}", "95 % interval")  # fmt: skip
    question = "Where do leads come from, and what becomes of them?"
    brief = ("Source", "Leads", "Of all", "Followed", "Won", "95 %", "Stop", "95 %")
    return Part("sources", question, says, Table(columns, rows), brief)


def _interval(found: Share) -> str:
    text = between(found.low, found.high)
    return text if text == "–" else f"{text} %"


def _named(name: str, question: str, found: Sequence[Named], held: Contents) -> Part:
    leads = held.rows["leads"]
    directed = name == "activities"
    rows = tuple(
        (
            one.name,
            *((one.direction,) if directed else ()),
            f"{one.rows:,}",
            f"{one.leads:,}",
            share(one.leads / leads),
            date(one.first_at),
            date(one.last_at),
        )
        for one in found
    )
    columns = (
        "Activity" if directed else "Field",
        *(("Direction",) if directed else ()),
        "Rows",
        "Leads that have it",
        "Of all leads",
        "First",
        "Last",
    )
    what = "kinds of activity" if directed else "fields"
    says = f"{len(found):,} {what}, those with the most rows first."
    brief = (columns[0], *columns[1:-5], "Rows", "Leads", "Of all", "First", "Last")
    return Part(name, question, says, Table(columns, rows), brief, (0, 1) if directed else (0,))


def _columns(quality: Quality, uses: Mapping[str, Use]) -> Part:
    leads = quality.contents.rows["leads"]
    rows = tuple(
        (
            column.name,
            f"{column.filled:,}",
            share(column.filled / leads),
            "–" if column.role == "identity" else f"{column.distinct:,}",
            f"{column.rare:,}" if uses[column.name].kind in {"category", "text"} else "–",
            uses[column.name].how,
        )
        for column in quality.columns
        if leads
    )
    read = sum(uses[column.name].read for column in quality.columns)
    return Part(
        "columns",
        "What is known of leads at creation?",
        f"A model would read {read:,} of {counted(len(quality.columns), 'column')}.",
        Table(
            ("Column", "Filled", "Of all leads", "Different values", "Leads with a rare one", "Read as"), rows
        ),
        ("Column", "Filled", "Of all", "Values", "Rare", "Read as"),
        (0, 5),
    )


def _clocks(clocks: Sequence[Clock]) -> Part:
    rows = tuple(
        (
            f"{clock.table}, {clock.column}",
            f"{clock.instants:,}",
            f"{clock.dates:,}",
            share(int(clock.on_the_hour.sum()) / clock.times) if clock.times else "–",
            "{:02d}:00–{:02d}:00".format(*office_hours(clock)) if clock.times else "–",
            share(clock.weekend / clock.instants),
        )
        for clock in clocks
    )
    return Part(
        "clock",
        "When do things happen?",
        "Hours are in UTC. By chance, 29 % of all days are Saturdays and Sundays.",
        Table(
            ("Column", "Instants", "Dates without time", "Times at a full hour", "Busiest eight hours",
             "At weekends"),
            rows,
        ),
        ("Column", "Instants", "Dates", "Full hour", "Busiest", "Weekend"),
    )  # fmt: skip


def filled(quality: Quality, fates: Fates) -> Filled:
    """Return how full each column is, and how many leads answer each question, in the last 18 months."""
    months = quality.contents.months
    first = max(0, len(months) - MOST_MONTHS)
    asked = [one for one in fates.series if one.kind == "answer"]
    known = [one for one in quality.series if one.kind in {"source", "attribute", "identity"}]
    named = [(one.name, one) for one in known]
    named += [(f"answer: {one.name}", one) for one in asked]
    return Filled(
        "Percent of the leads created in a month that have a value; of answers, percent of those followed "
        f"for {ANSWERED_WITHIN_DAYS:g} days that answered within them. A dash where there is no such lead.",
        months.names[first:],
        tuple((name, _shares(one, first)) for name, one in named) if len(months) else (),
    )


def _shares(one: Series, first: int) -> tuple[float | None, ...]:
    return tuple(
        held / of if of else None
        for held, of in zip(one.held[first:].tolist(), one.of[first:].tolist(), strict=True)
    )
