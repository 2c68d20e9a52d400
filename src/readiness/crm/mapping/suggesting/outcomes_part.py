"""The part of a draft that says how leads ended, and which must not be called any more."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.counting import counted
from readiness.crm.cells import Column
from readiness.crm.mapping.suggesting.conditions import missing, not_deleted, one_of, together
from readiness.crm.mapping.suggesting.ending import Ending, OptOut, opt_outs, where
from readiness.crm.mapping.suggesting.event_parts import Feed, lead_of, same_leads, undeleted
from readiness.crm.mapping.suggesting.notebook import Notebook
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet, missing_rows, percent
from readiness.crm.mapping.suggesting.roles import Cast, Part, Role
from readiness.crm.mapping.suggesting.writing import Flow, Line, Value
from readiness.crm.tables import Flags, Floats


def dates_of_ends(cast: Cast) -> bool:
    """Say whether anything dates how leads ended: without that, time teaches nothing."""
    own = cast.ending is not None and cast.ending.date is not None
    return own or any(part.date is not None for part in cast.of(Role.OUTCOMES))


def draft(cast: Cast, dated: bool, notes: Notebook) -> list[Feed]:
    """Draft the feeds of outcomes."""
    feeds: list[Feed] = []
    for part in cast.of(Role.OUTCOMES):
        feeds += _of_part(part, cast, dated, notes)
    if cast.ending is not None:
        feeds.append(_own(cast, cast.ending, dated, notes))
        others = [ending.column for ending in cast.endings[1:]]
        if others:
            notes.asked.append(
                f"{', '.join(others)} may also say how leads ended; {cast.ending.column} is used"
            )
    feeds += [_opt_out(cast, each, dated, notes) for each in opt_outs(cast.leads)]
    if not any(_wins(feed) for feed in feeds):
        notes.missing.append(
            f"nothing says which leads were won: no model can be trained. {_perhaps(cast.leads)}"
        )
    if not any("stop_calling" in str(feed) for feed in feeds):
        notes.missing.append("nothing says who told you to stop calling: stop_risk cannot be forecast")
    return feeds


def _perhaps(sheet: Sheet) -> str:
    few = [each.name for each in sheet.those(Kind.YES_NO, Kind.WORD) if 2 <= each.distinct <= 8]
    said = f" ({', '.join(few[:8])} come into question)" if few else ""
    return f"If a column does{said}, draft again and name it with --outcome"


def labels(cast: Cast) -> Floats | None:
    """Return for each row of the leads 1.0 if it was won, 0.0 if it ended otherwise, NaN if it is open.

    None where nothing says it, or only by way of a third file.
    """
    leads = cast.leads
    if cast.ending is not None:
        won, ended = _ends(leads, cast.ending)
        return np.where(won, 1.0, np.where(ended, 0.0, np.nan))
    found = np.full(len(leads), np.nan)
    for part in cast.of(Role.OUTCOMES):
        link = part.link
        if part.ending is None or part.through is not None or link is None or link.key not in leads.profiles:
            continue
        keys, texts = leads.texts(link.key), part.sheet.texts(link.column)
        won, ended = (_among(keys, texts.filter(pa.array(rows))) for rows in _ends(part.sheet, part.ending))
        found = np.where(won, 1.0, np.where(ended & np.isnan(found), 0.0, found))
    return None if np.isnan(found).all() else found


def _ends(sheet: Sheet, ending: Ending) -> tuple[Flags, Flags]:
    won = where(sheet, ending.column, [word for word, end in ending.words.items() if end == "closed_won"])
    return won, where(sheet, ending.column, [word for word, end in ending.words.items() if end is not None])


def _among(keys: Column, named: Column) -> Flags:
    found: Flags = pc.is_in(keys, value_set=pc.unique(named.drop_null()).cast(pa.large_string())).to_numpy()
    return found


def _wins(feed: Feed) -> bool:
    return "closed_won" in str(feed)


def _own(cast: Cast, ending: Ending, dated: bool, notes: Notebook) -> Feed:
    columns = [Line("lead_id", cast.key.name)] if cast.key is not None else []
    columns += _dated(cast.leads, ending.date, ending.ended(), ending.date_filled, dated, notes)
    columns.append(_words(cast.leads, ending, notes))
    return (Line("file", cast.leads.name), *same_leads(cast), Line("columns", tuple(columns)))


def _dated(
    sheet: Sheet, date: str | None, ended: int, filled: int, dated: bool, notes: Notebook
) -> list[Line]:
    if not dated:
        return []
    if date is None:
        notes.missing.append(
            f"no date says when leads of {sheet.path} ended: undated ends teach nothing about time"
        )
        return []
    notes.reads(sheet, date)
    if filled < ended:
        notes.missing.append(
            f"{ended - filled:,} of {ended:,} ended rows of {sheet.path} have no {date}: they teach nothing"
        )
    return [Line("occurred_at", date, f"{percent(filled, ended)} of the ended rows have it")]


def _words(sheet: Sheet, ending: Ending, notes: Notebook) -> Line:
    counted = ", ".join(f"{word} {ending.rows[word]:,}" for word in list(ending.words)[:8])
    notes.decided.append(f"{ending.column} in {sheet.path} says how leads ended: {counted}")
    why = counted
    if ending.guessed:
        why = notes.ask(
            f"is {ending.column} how leads ended? Nothing says so but that it comes last and holds yes and no"
        )
    elif ending.unknown:
        why = notes.ask(
            f"what does {', '.join(ending.unknown)} in {ending.column} mean? Taken for open (null)"
        )
    elif ending.yes_no:
        words = [word for word, end in ending.words.items() if end != "closed_won"]
        no = f"{', '.join(words)} in {ending.column}"
        lost = "closed_lost" in ending.words.values()
        rather = (
            "; write null where leads may still be won" if lost else f", for such rows have no {ending.date}"
        )
        notes.assumed.append(f"{no} means {'closed_lost' if lost else 'still open'}{rather}")
    return Line("outcome", Flow({"column": ending.column, "values": Flow(dict(ending.words))}), why)


def _opt_out(cast: Cast, each: OptOut, dated: bool, notes: Notebook) -> Feed:
    columns = [Line("lead_id", cast.key.name)] if cast.key is not None else []
    if dated and each.date is not None:
        notes.reads(cast.leads, each.date)
        columns.append(Line("occurred_at", each.date))
    elif dated and each.rows:
        notes.missing.append(
            f"{each.column} has no date: {counted(each.rows, 'lead')} will not be called, but teach nothing"
        )
    lines = [Line("file", cast.leads.name, f"told us to stop: {counted(each.rows, 'row')}")]
    if not each.yes and not each.no:
        lines.append(Line("where", together([cast.where, f"not {missing(each.column)}"])))
        columns.append(Line("outcome", Flow({"constant": "stop_calling"})))
    else:
        words: dict[str, Value] = dict.fromkeys(each.yes, "stop_calling") | dict.fromkeys(each.no, None)
        lines += same_leads(cast)
        columns.append(Line("outcome", Flow({"column": each.column, "values": Flow(words)})))
    if each.rows:
        notes.decided.append(f"{each.column} means stop_calling ({counted(each.rows, 'lead')})")
    # Who opts out of several things tells us to stop once.
    once = [Line("one_a_lead", "first")] * (cast.key is not None)
    return (*lines, Line("columns", tuple(columns)), *once)


def _of_part(part: Part, cast: Cast, dated: bool, notes: Notebook) -> list[Feed]:
    """Draft the feeds of a file that says how leads ended, directly or through another one."""
    source = part.through[0] if part.through is not None else part.sheet
    own_rows = part.through is not None and part.sheet is cast.leads
    key = cast.key.name if cast.key is not None else ""
    lead = [Line("lead_id", key)] if own_rows else lead_of(part, cast, notes)
    if part.ending is None:
        stop = "opted out" in part.because
        return [_every_row(part, lead, "stop_calling" if stop else "closed_won", dated, notes)]
    ending = part.ending
    head = [Line("file", part.sheet.name, part.because)]
    condition = cast.where if own_rows else together(not_deleted(part.sheet)[0])
    if part.through is not None:
        found = part.through[1]
        take = [ending.column] + ([part.date] if part.date else [])
        join = [
            Line("file", source.name),
            Line("on", found.column),
            Line("key", found.key),
            Line("take", Flow(take)),
        ]
        names = set(part.sheet.profiles) & set(take)
        prefix = "their_" if names else ""
        join += [Line("prefix", prefix)] * bool(prefix)
        head.append(Line("join", (tuple(join),)))
        if prefix:
            ending = _prefixed(ending, prefix)
    columns = [*lead, *_dated(source, part.date, part.ending.ended(), part.ending.date_filled, dated, notes)]
    columns = [
        Line("occurred_at", ending.date, line.why) if line.key == "occurred_at" else line for line in columns
    ]
    words = _words(source, part.ending, notes)
    columns.append(
        Line("outcome", Flow({"column": ending.column, "values": Flow(dict(ending.words))}), words.why)
    )
    return _once(part, head, columns, ending, condition, notes)


def _prefixed(ending: Ending, prefix: str) -> Ending:
    date = prefix + ending.date if ending.date else None
    return Ending(
        prefix + ending.column, ending.words, ending.rows, ending.score, ending.yes_no, ending.unknown, date
    )


def _once(
    part: Part, head: list[Line], columns: list[Line], ending: Ending, condition: str, notes: Notebook
) -> list[Feed]:
    """Let a lead be won once: what is won again later is no end of this lead."""
    without = []
    if (
        part.link is not None
        and part.sheet.profiles.get(part.link.column)
        and missing_rows(part.sheet, part.link.column)
    ):
        without = [Line("rows_without", Flow({"lead_id": "leave_out"}), "rows that name no lead")]
    if not _won_twice(part):
        only = [Line("where", condition)] * bool(condition)
        return [(*head, *only, Line("columns", tuple(columns)), *without)]
    won = one_of(ending.column, [word for word, end in ending.words.items() if end == "closed_won"])
    notes.assumed.append(
        f"a lead that was won several times in {part.sheet.path} counts as won the first time"
    )
    first = Line("where", together([condition, won]))
    rest = Line("where", together([condition, f"not ({won})"]))
    body = (Line("columns", tuple(columns)), *without)
    return [(*head, first, *body, Line("one_a_lead", "first")), (*head, rest, *body)]


def _won_twice(part: Part) -> bool:
    if part.ending is None or part.link is None or part.link.column not in part.sheet.profiles:
        return False
    if part.through is not None:
        return part.through[1].rows > 0
    won = where(
        part.sheet,
        part.ending.column,
        [word for word, end in part.ending.words.items() if end == "closed_won"],
    )
    leads = part.sheet.texts(part.link.column).filter(won).drop_null()
    return len(leads) > int(pc.count_distinct(leads).as_py())


def _every_row(part: Part, lead: list[Line], outcome: str, dated: bool, notes: Notebook) -> Feed:
    columns = list(lead)
    if dated:
        notes.reads(part.sheet, part.date)
        columns.append(Line("occurred_at", part.date))
    columns.append(Line("outcome", Flow({"constant": outcome})))
    notes.assumed.append(f"every row of {part.sheet.path} means {outcome}")
    needed = [part.link.column if part.link else "", part.date or ""]
    gaps = {
        ours: "leave_out"
        for ours, theirs in zip(("lead_id", "occurred_at"), needed, strict=True)
        if theirs and missing_rows(part.sheet, theirs)
    }
    lines = [Line("file", part.sheet.name, part.because), *undeleted(part), Line("columns", tuple(columns))]
    lines += [Line("rows_without", Flow(gaps))] * bool(gaps)
    return (*lines, Line("one_a_lead", "first"))
