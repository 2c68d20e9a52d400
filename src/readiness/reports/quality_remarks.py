"""What a reader of a data-quality page should know or do: one sentence each, computed from the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from readiness.counting import counted, have
from readiness.crm.quality import Quality
from readiness.crm.quality.contents import Contents
from readiness.crm.quality.shares import CHANCE
from readiness.reports.notation import share
from readiness.reports.quality_notation import listed, say

KINDS: Final = {
    "leak": "These columns know the future: nothing is learned until they are left out or waived",
    "learn": "Is there enough to learn from?",
    "mend": "Look at this",
    "know": "Good to know",
    "unchecked": "What could not be checked",
}
"""Kinds of remark in the order in which they are read, each with its heading."""

_LACKING: Final = 0.05
"""So many leads without a source are worth a remark."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence computed from the numbers, and what to do; ``code`` is stable, for programs."""

    code: str
    kind: str
    sentence: str
    remedy: str


def of_contents(quality: Quality) -> Iterator[Remark]:
    """Say what is odd about which rows there are."""
    held = quality.contents
    leads = held.rows["leads"]
    if not leads:
        yield Remark("no_leads", "mend", "There is no lead.", "Check the export and the mapping.")
        return
    yield from _missing_rows(held)
    yield from _ends(held)
    for early in quality.early:
        yield Remark(
            "before_creation",
            "know",
            f"{counted(early.leads, 'lead')} ({share(early.leads / leads)}) {have(early.leads)} "
            f"{early.table} before being created, {counted(early.rows, 'row')} in all.",
            "Fine where the CRM attached earlier visits to a new lead; if created_at is the day of an "
            "import, use the date on which the lead really came.",
        )


def _missing_rows(held: Contents) -> Iterator[Remark]:
    leads = held.rows["leads"]
    if held.rows["activities"] and held.without_activity:
        yield Remark(
            "without_activity",
            "know",
            f"{counted(held.without_activity, 'lead')} ({share(held.without_activity / leads)}) "
            f"{have(held.without_activity)} no activity.",
            "They are scored by their profile alone. If they were called or written to, some file of "
            "activities is missing.",
        )
    if held.without_source >= max(1, _LACKING * leads):
        yield Remark(
            "without_source",
            "mend",
            f"{counted(held.without_source, 'lead')} ({share(held.without_source / leads)}) "
            f"{have(held.without_source)} no source.",
            "Fill it in if the CRM knows it under another name: rules and the model both read it.",
        )
    gaps = [held.months.name(place) for place in _gaps(held.created.tolist())]
    if gaps:
        yield Remark(
            "months_without_leads",
            "mend",
            f"No lead was created in {listed(gaps)}, though some came before and after.",
            "Check whether the export left something out.",
        )
    quiet = [held.months.name(place) for place in _gaps(held.active.tolist())]
    if quiet:
        yield Remark(
            "months_without_activities",
            "mend",
            f"No lead has any activity in {listed(quiet)}, though there are some before and after.",
            "Check whether the export left something out.",
        )


def _ends(held: Contents) -> Iterator[Remark]:
    names = {end.name for end in held.ends}
    if "stop_calling" not in names:
        yield Remark(
            "no_stop_calling",
            "mend",
            "No lead told us to stop calling.",
            "Look for a do-not-call or opt-out flag and its date in the CRM, and map it to stop_calling: "
            "without it there is no stop risk and no cry-wolf rate.",
        )
    undated = sum(end.undated for end in held.ends)
    if held.dated and undated:
        ended = sum(end.rows for end in held.ends)
        yield Remark(
            "undated_ends",
            "unchecked",
            f"{counted(undated, 'outcome')} of {ended:,} {'has' if undated == 1 else 'have'} no date: how "
            "long the lead took, and what was known before its end, cannot be told.",
            "Add the date if the CRM's history has it; until then these leads count as ended and teach "
            "nothing.",
        )


def _gaps(counts: Sequence[int]) -> list[int]:
    """Return the months with nothing between months with something, where chance would leave none empty.

    If as many came at random each month (Poisson), any month would be empty less than once in a
    hundred such pages.
    """
    there = [place for place, count in enumerate(counts) if count]
    if not there:
        return []
    months = range(there[0], there[-1] + 1)
    by_chance = len(months) * math.exp(-sum(counts) / len(months))
    return [place for place in months if not counts[place]] if by_chance < CHANCE else []


def of_copies(quality: Quality) -> Iterator[Remark]:
    """Say what stands more than once."""
    twice = quality.copies
    if twice.rows["leads"]:
        yield Remark(
            "copied_content",
            "mend",
            f"{counted(twice.rows['leads'], 'lead')} {say(twice.rows['leads'])} in every column "
            "but the id what an earlier lead says.",
            "If they are one lead exported twice, keep one: copies of the same lead make a model look better "
            "than it is.",
        )
    others = {table: count for table, count in twice.rows.items() if table != "leads" and count}
    if others:
        parts = listed([f"{count:,} of {table}" for table, count in others.items()])
        yield Remark(
            "copied_rows",
            "mend",
            f"Some rows repeat another one in every column: {parts}.",
            "Check whether an export was added twice; counts of activities are too high by so many.",
        )
    for column, count in twice.shared.items():
        if count:
            yield Remark(
                f"shared_{column}",
                "mend",
                f"{counted(count, 'lead')} {'shares its' if count == 1 else 'share their'} {column} with an "
                "earlier lead, once both are written the same way.",
                "If they are the same person, let the mapping follow them to one lead; a model tested on a "
                "person it has learned from looks better than it is.",
            )
