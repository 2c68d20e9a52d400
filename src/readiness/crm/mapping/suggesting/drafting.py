"""A first mapping, drafted from the names and values of an export's files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from readiness.counting import counted
from readiness.crm.mapping.suggesting import event_parts, files_part, leads_part, outcomes_part
from readiness.crm.mapping.suggesting.casting import cast
from readiness.crm.mapping.suggesting.dating import Order
from readiness.crm.mapping.suggesting.event_parts import Feed
from readiness.crm.mapping.suggesting.familiar import shipped_for
from readiness.crm.mapping.suggesting.files import deeper, open_files
from readiness.crm.mapping.suggesting.linking import nearest
from readiness.crm.mapping.suggesting.names import Means, plain
from readiness.crm.mapping.suggesting.notebook import Notebook
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet
from readiness.crm.mapping.suggesting.roles import Cast, Role
from readiness.crm.mapping.suggesting.writing import Line, comment, yaml
from readiness.crm.sources import Database
from readiness.errors import DataError, Fault
from readiness.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A drafted mapping, and in words what it rests on."""

    text: str
    """YAML that `mapping.parse` reads."""
    decided: tuple[str, ...]
    assumed: tuple[str, ...]
    asked: tuple[str, ...]
    """What only somebody who knows the CRM can decide."""
    missing: tuple[str, ...]
    """What is not in the files, and what cannot be done without it."""
    unused: tuple[str, ...]
    shipped: tuple[str, ...]
    """Names of the mappings that ship with the product and read such files already."""


def suggest(
    sources: Sequence[Path | Database],
    *,
    name: str = "my_crm",
    zone: str | None = None,
    order: Order = "either",
    outcome: str | None = None,
    progress: Progress = silent,
) -> Suggestion:
    """Draft a mapping for files that nobody has described yet.

    Parts, keys, dates, ends, opt-outs and columns that know the outcome are told by names and by
    values; each guess stands beside its evidence, and what cannot be told is asked, not guessed.

    Parameters
    ----------
    sources : paths and databases
        Files, folders whose files are all read, or databases; of a workbook every sheet is read, of a
        database every table and view.
    name : str
        What the mapping is called.
    zone : str, optional
        The zone of times that name none; without it UTC is assumed, and asked about.
    order : {"day first", "month first", "either"}
        Which of the two stands first in dates that can be read both ways and that nothing else decides.
    outcome : str, optional
        The column that says how leads ended; without it names and words tell.

    Raises
    ------
    DataError
        If a file cannot be read, all such are listed; or if no file has the column ``outcome``.
    StoreError
        If there is no such file.
    """
    opened, empty = open_files(sources, progress)
    progress("drafting the mapping", 0.9)
    notes, first = Notebook(zone=zone, order=order), Notebook()
    inner = deeper(sources)
    if inner:
        first.asked.append(f"is the export in a folder within the one given? {', '.join(inner)}: not read")
    sheets = [each.sheet for each in opened]
    _must_be_there(outcome, sheets)
    parts = cast(sheets, outcome)
    _must_hold_leads(parts.leads)
    dated = _dated(parts, first)
    condition, why = leads_part.where(parts, dated, first)
    parts = replace(parts, where=condition)
    tables = _events(parts, dated, notes)
    elsewhere = {each.name for each in notes.used.get(parts.leads.name, ())}
    leads = leads_part.draft(parts, dated, first, why, elsewhere)
    notes.follow(first)
    _what_is_missing(parts, dated, tables, notes)
    unused = _unused(parts, dated, {part.sheet.name for part in leads.joined})
    # No name that a mapping gives a file holds a blank.
    unused |= {f" {label}": (label, because) for label, because in empty.items()}
    files = files_part.draft(opened, unused, notes)
    lines = [
        Line("name", name),
        Line("about", f"Drafted from {counted(len(files), 'file')}; not yet looked at."),
        *files_part.zone(sheets, notes),
        Line("files", files),
        Line("leads", leads.lines),
    ]
    lines += [Line(table, tuple(feeds)) for table, feeds in tables.items() if feeds]
    return Suggestion(
        text=_head(notes, unused) + yaml(lines).rstrip("\n") + "\n",
        decided=tuple(dict.fromkeys(notes.decided)),
        assumed=tuple(dict.fromkeys(notes.assumed)),
        asked=tuple(dict.fromkeys(notes.asked)),
        missing=tuple(dict.fromkeys(notes.missing)),
        unused=tuple(f"{path}: {because}" for path, because in unused.values()),
        shipped=tuple(shipped_for(sheets)),
    )


def _must_be_there(outcome: str | None, sheets: Sequence[Sheet]) -> None:
    if outcome is None or any(outcome in sheet.profiles for sheet in sheets):
        return
    there = [name for sheet in sheets for name in sheet.profiles]
    near = nearest(outcome, there)
    seen = f"a column {near!r}" if near else f"the columns {', '.join(map(repr, there))}"
    label = sheets[0].path if len(sheets) == 1 else "the files"
    raise DataError([Fault(label, None, outcome, seen, "this column", "Correct its name.", "missing_column")])


def _must_hold_leads(leads: Sheet) -> None:
    if len(leads) and len(leads.profiles) > 1:
        return
    seen = "a single column" if len(leads) else "no row below its header"
    expected, remedy = (
        "a table with a row for each lead",
        "Export it again, as a table with a header and rows.",
    )
    raise DataError([Fault(leads.path, None, None, seen, expected, remedy, "no_leads")])


def _events(parts: Cast, dated: bool, notes: Notebook) -> dict[str, list[Feed]]:
    outcomes = outcomes_part.draft(parts, dated, notes)
    if not dated:
        return {"outcomes": outcomes}
    return {
        "activities": event_parts.activities(parts, notes),
        "answers": event_parts.answers(parts, notes),
        "outcomes": outcomes,
        "handovers": event_parts.handovers(parts, notes),
    }


def _dated(parts: Cast, notes: Notebook) -> bool:
    """Say whether the draft uses time: leads have a date, and their ends or something else too."""
    if parts.created is None:
        return False
    events = parts.of(Role.ACTIVITIES) + parts.of(Role.ANSWERS)
    if parts.endings and not outcomes_part.dates_of_ends(parts) and not events:
        notes.asked.append(
            f"{parts.created.name} is left out: no date says when leads ended, and undated ends teach nothing"
            " in dated tables; if you have that date, add it as `occurred_at` under `outcomes`, and "
            f"`created_at: {parts.created.name}` under `leads`"
        )
        return False
    return True


def _what_is_missing(parts: Cast, dated: bool, tables: dict[str, list[Feed]], notes: Notebook) -> None:
    if not dated:
        if parts.created is None:
            notes.missing.append("no date says when leads began" + _unreadable(parts.leads))
        notes.missing.append(
            "without dates there is no forecast over time, no curve, and no test on later leads"
        )
    elif not tables["activities"]:
        notes.missing.append(
            "nothing tells what leads did: interest is judged by what the leads' columns say"
        )


def _unreadable(leads: Sheet) -> str:
    """Name the columns that by their names should say when leads began, but hold no dates."""
    names = [
        each.name
        for each in leads.profiles.values()
        if each.kind in (Kind.WORD, Kind.LABEL, Kind.TEXT, Kind.NUMBER, Kind.KEY)
        and each.says(Means.CREATED)
        and _DATED.search(plain(each.name))
    ]
    if not names:
        return ""
    one = names[0] if len(names) == 1 else "one of them"
    return (
        f"; {', '.join(names)} should by name, but what it holds cannot be read as dates: export it as "
        f"2026-01-31 or 2026-01-31 14:05 and draft again, or say under `leads` `created_at: {one}` and under "
        "`files` in `dates:` how it writes them, such as %d.%m.%Y"
    )


_DATED: Final = re.compile(r"date|datum|time|creat|(^|_)(at|on)$|angelegt|erstell|fecha|cread|creaz|criad")
"""Of names that say when something began, those that say that it is a date."""


def _unused(parts: Cast, dated: bool, joined: set[str]) -> dict[str, tuple[str, str]]:
    unused = {}
    through = {part.through[0].name for part in parts.parts if part.through is not None}
    through |= {part.sheet.name for part in parts.of(Role.OUTCOMES)}
    for part in parts.parts:
        name, because = part.sheet.name, part.because
        if name in through or name == parts.leads.name:
            continue
        if part.role is Role.LOOKUP and name not in joined:
            because = "none of its columns describes a lead"
        elif part.role in (Role.ACTIVITIES, Role.ANSWERS, Role.HANDOVERS) and not dated:
            because = "it needs to be known when leads began"
        elif part.role is not Role.UNUSED:
            continue
        unused[name] = (part.sheet.path, because)
    return unused


def _head(notes: Notebook, unused: dict[str, tuple[str, str]]) -> str:
    lines = comment(
        "A first mapping, drafted from names and values of the files; with each guess stands its evidence."
    )
    lines += comment(
        "Lines with DECIDE ask what only somebody who knows the CRM can say; all else is yours to change too."
    )
    if notes.asked:
        lines += ["#", "# To decide:"]
        for question in dict.fromkeys(notes.asked):
            first, *rest = comment(question)
            lines += ["# - " + first[2:], *("#   " + line[2:] for line in rest)]
    if unused:
        lines += ["#", "# Not used:"]
        for path, because in unused.values():
            lines += comment(f"- {path}: {because}")
    return "\n".join(lines) + "\n\n"
