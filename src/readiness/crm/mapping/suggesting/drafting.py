"""A first mapping, drafted from the names and values of an export's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from readiness.counting import counted
from readiness.crm.mapping.suggesting import event_parts, leads_part, outcomes_part
from readiness.crm.mapping.suggesting.casting import cast
from readiness.crm.mapping.suggesting.dating import Order, Writing
from readiness.crm.mapping.suggesting.event_parts import Feed
from readiness.crm.mapping.suggesting.familiar import shipped_for
from readiness.crm.mapping.suggesting.files import Opened, deeper, open_files
from readiness.crm.mapping.suggesting.linking import nearest
from readiness.crm.mapping.suggesting.notebook import Notebook, formats_of, order_elsewhere
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet
from readiness.crm.mapping.suggesting.roles import Cast, Role
from readiness.crm.mapping.suggesting.writing import Flow, Line, comment, yaml
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
    files = _files(opened, unused, notes)
    lines = [
        Line("name", name),
        Line("about", f"Drafted from {counted(len(files), 'file')}; not yet looked at."),
        *_zone(sheets, notes),
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
            notes.missing.append("no date says when leads began")
        notes.missing.append(
            "without dates there is no forecast over time, no curve, and no test on later leads"
        )
    elif not tables["activities"]:
        notes.missing.append(
            "nothing tells what leads did: interest is judged by what the leads' columns say"
        )


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


def _files(opened: Sequence[Opened], unused: dict[str, tuple[str, str]], notes: Notebook) -> tuple[Line, ...]:
    sheets = [each.sheet for each in opened]
    return tuple(
        Line(each.sheet.name, _file(each, sheets, notes)) for each in opened if each.sheet.name not in unused
    )


def _file(each: Opened, sheets: list[Sheet], notes: Notebook) -> tuple[Line, ...]:
    sheet = each.sheet
    told = "; ".join([counted(len(sheet), "row"), *(note.rstrip(".") for note in each.notes)])
    *place, last = each.place
    lines = [*place, replace(last, why=told)]
    if each.encoding is not None:
        question = (
            f"do letters of {sheet.path} look right? Its bytes are no UTF-8, and likely {each.encoding}"
        )
        lines.append(Line("encoding", each.encoding, notes.ask(question)))
    markers = sorted({marker for one in sheet.profiles.values() for marker in one.markers})
    if markers:
        columns = [one.name for one in sheet.profiles.values() if one.markers]
        why = f"in {len(columns)} columns" if len(columns) > 1 else f"in {columns[0]}"
        if any(marker.casefold() == "na" for marker in markers):
            why = notes.ask(
                f'{why} of {sheet.path} NA is read as "not known"; take it out if it is a word of yours'
            )
        lines.append(Line("missing", Flow(markers), why))
        notes.assumed.append(f"{', '.join(markers)} in {sheet.path} stands for nothing")
    if any(one.comma for one in sheet.those(Kind.NUMBER)):
        lines.append(Line("decimal", ",", "numbers are written with a decimal comma"))
    return (*lines, *_dates(sheet, sheets, notes))


def _dates(sheet: Sheet, sheets: list[Sheet], notes: Notebook) -> list[Line]:
    used = [one for one in notes.used.get(sheet.name, []) if one.writing is not None]
    writings = [one.writing for one in used if one.writing is not None]
    lines: list[Line] = []
    if any(writing.order == "either" for writing in writings):
        lines.append(_ordered(sheet, sheets, writings, notes))
    elif formats_of(writings):
        because = next((writing for writing in writings if writing.because), None)
        why = f"{because.order}: {because.because}" if because else ""
        lines.append(Line("dates", Flow(formats_of(writings)), why))
    zoneless = [writing for writing in writings if writing.zoneless]
    if zoneless and all(writing.utc for writing in zoneless):
        lines.append(Line("zone", "UTC", "the times say so"))
    return lines


def _zone(sheets: Sequence[Sheet], notes: Notebook) -> list[Line]:
    """Say in which zone times are that name none; where nobody said it, ask."""
    without = []
    for sheet in sheets:
        writings = [one.writing for one in notes.used.get(sheet.name, ()) if one.writing is not None]
        zoneless = [writing for writing in writings if writing.zoneless]
        if zoneless and not all(writing.utc for writing in zoneless):
            without.append(sheet.path)
    if not without:
        return []
    if notes.zone is not None:
        return [Line("zone", notes.zone, "as you said")]
    question = f"in which zone are the times of {', '.join(without)}? They name none; taken for UTC"
    return [Line("zone", "UTC", notes.ask(question))]


def _ordered(sheet: Sheet, sheets: list[Sheet], writings: list[Writing], notes: Notebook) -> Line:
    order, shown = order_elsewhere(sheet, sheets)
    why = f"{order}: {shown}"
    if order == "either" and notes.order in ("day first", "month first"):
        order, why = notes.order, f"{notes.order}: as you said"
    if order == "either":
        order = "day first"
        names = ", ".join(
            one.name for one in notes.used[sheet.name] if one.writing and one.writing.order == "either"
        )
        why = notes.ask(
            f"is 3/4 the third of April or the fourth of March? No date in {names} of {sheet.path} tells; "
            "taken for day first. "
            "If the month is first, exchange %d and %m"
        )
    else:
        notes.decided.append(f"dates of {sheet.path} are {why}")
    return Line("dates", Flow(formats_of([writing.turned(order) for writing in writings])), why)


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
