"""The parts of a draft that say what happened to leads: activities, answers, hand-overs."""

from __future__ import annotations

from typing import Final

from readiness.counting import are, counted
from readiness.crm.mapping.suggesting.casting import answer_columns, handover_columns
from readiness.crm.mapping.suggesting.conditions import not_deleted, together
from readiness.crm.mapping.suggesting.names import Means, plain, singular
from readiness.crm.mapping.suggesting.notebook import Notebook
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, evidence, missing_rows, percent
from readiness.crm.mapping.suggesting.roles import Cast, Part, Role
from readiness.crm.mapping.suggesting.words import act_of, decision_of, direction_of
from readiness.crm.mapping.suggesting.writing import Flow, Line, Value

Feed = tuple[Line, ...]

_MOST_TYPES: Final = 40


def activities(cast: Cast, notes: Notebook) -> list[Feed]:
    """Draft the feeds of activities: a file each, and the columns of dates of the leads' own file."""
    feeds = [_activities(part, cast, notes) for part in cast.of(Role.ACTIVITIES)]
    wide = _wide(cast, notes)
    return feeds + ([wide] if wide else [])


def answers(cast: Cast, notes: Notebook) -> list[Feed]:
    """Draft the feeds of answers: a history each."""
    feeds = []
    for part in cast.of(Role.ANSWERS):
        field, value = answer_columns(part.sheet) or ("", "")
        lines = [
            *lead_of(part, cast, notes),
            _when("answered_at", part, notes),
            Line("field", field, evidence(part.sheet.profiles[field])),
            Line("value", value),
        ]
        feeds.append(_feed(part, lines, {"field": field, "answered_at": part.date or ""}))
        notes.decided.append(f"{part.sheet.path} is a history: dated answers")
    return feeds


def handovers(cast: Cast, notes: Notebook) -> list[Feed]:
    """Draft the feeds of hand-overs: a file each."""
    feeds = []
    for part in cast.of(Role.HANDOVERS):
        found = handover_columns(part.sheet)
        if found is None:
            continue
        handed, decided, decision = found
        words = {word: decision_of(word) for word, _ in part.sheet.profiles[decision].common}
        strange = [word for word, ours in words.items() if ours is None]
        why = (
            notes.ask(f"{', '.join(strange)} in {decision} is no decision that we know; taken for none")
            if strange
            else ""
        )
        reason = next((each.name for each in part.sheet.profiles.values() if each.says(Means.REASON)), None)
        for column in (handed, decided):
            notes.reads(part.sheet, column)
        lines = [
            *lead_of(part, cast, notes),
            Line("handed_over_at", handed),
            Line("decided_at", decided),
            Line("decision", Flow({"column": decision, "values": Flow(words)}), why),
            Line("reason", reason if reason else Flow({"constant": "not kept"})),
        ]
        feeds.append(_feed(part, lines, {"handed_over_at": handed}))
        notes.decided.append(f"{part.sheet.path} holds hand-overs")
    return feeds


def lead_of(part: Part, cast: Cast, notes: Notebook) -> list[Line]:
    """Say whose a row is; rows of leads that are not there are left out, and asked about."""
    found = part.link
    if found is None or cast.key is None:
        return []
    if found.key == cast.key.name and found.met == found.rows and not cast.where:
        return [Line("lead_id", found.column, "every one of them is a lead")]
    spec: dict[str, Value] = {"column": found.column, "lookup": Flow([found.key]), "unmatched": "leave_out"}
    lost = found.rows - found.met
    why = f"{found.met:,} of {counted(found.rows, 'row')} name a lead by {found.key}"
    if lost:
        verb = "names" if lost == 1 else "name"
        notes.asked.append(
            f"{lost:,} of {counted(found.rows, 'row')} of {part.sheet.path} {verb} no lead of "
            f"{cast.leads.path} and {are(lost)} left out"
        )
    return [Line("lead_id", Flow(spec), why)]


def same_leads(cast: Cast) -> list[Line]:
    """Say that of the leads' own file only rows that are leads count."""
    return [Line("where", cast.where, "as for the leads")] if cast.where else []


def undeleted(part: Part) -> list[Line]:
    """Say that rows marked as deleted do not count."""
    conditions, rows = not_deleted(part.sheet)
    return [Line("where", together(conditions), f"{rows:,} deleted rows are left out")] if conditions else []


def _when(ours: str, part: Part, notes: Notebook) -> Line:
    notes.reads(part.sheet, part.date)
    return Line(ours, part.date, evidence(part.sheet.profiles[part.date or ""]))


def _feed(part: Part, columns: list[Line], needed: dict[str, str]) -> Feed:
    """Put a feed together; rows without what every row must have are left out."""
    lines = [Line("file", part.sheet.name, part.because), *undeleted(part), Line("columns", tuple(columns))]
    if part.link is not None:
        needed = {"lead_id": part.link.column, **needed}
    without = {
        ours: "leave_out" for ours, theirs in needed.items() if theirs and missing_rows(part.sheet, theirs)
    }
    if without:
        told = ", ".join(
            f"{missing_rows(part.sheet, needed[ours]):,} without {needed[ours]}" for ours in without
        )
        lines.append(Line("rows_without", Flow(without), told))
    return tuple(lines)


def _activities(part: Part, cast: Cast, notes: Notebook) -> Feed:
    kinds = part.sheet.those(Kind.WORD, Kind.LABEL)
    types = [
        each for each in kinds if each.says(Means.TYPE) and each.distinct <= _MOST_TYPES and not each.personal
    ]
    column = max(types, key=_telling) if types else None
    lines = [*lead_of(part, cast, notes), _when("occurred_at", part, notes)]
    lines += _typed(part, column, notes) if column is not None else _named(part, notes)
    notes.decided.append(
        f"{part.sheet.path} holds activities" + (f", their type is {column.name}" if column else "")
    )
    return _feed(part, lines, {"occurred_at": part.date or ""})


def _telling(each: Profile) -> tuple[float, int]:
    known = sum(times for word, times in each.common if act_of(word) is not None)
    return known / max(each.filled, 1), each.filled


def _typed(part: Part, column: Profile, notes: Notebook) -> list[Line]:
    acts = {word: act_of(word) for word, _ in column.common}
    words: dict[str, Value] = {
        word: act.type for word, act in acts.items() if act is not None and act.type != word
    }
    name = singular(part.sheet.name)
    gap: dict[str, Value] = {"default": name} if column.filled < column.rows else {}
    lines = [
        Line(
            "type",
            Flow({"column": column.name} | ({"values": Flow(words)} if words else {}) | gap),
            evidence(column),
        )
    ]
    said = _said_direction(part)
    if said is not None:
        return [*lines, said]
    strange = [word for word, act in acts.items() if act is None]
    ways: dict[str, Value] = {word: act.direction if act else "outbound" for word, act in acts.items()}
    why = "inbound: the lead did it; outbound: we did"
    if strange:
        why = notes.ask(
            f"who does {', '.join(strange)} in {part.sheet.path}, the lead (inbound) or we (outbound)?"
        )
    inner: dict[str, Value] = {"column": column.name, "values": Flow(ways)}
    return [*lines, Line("direction", Flow(inner | ({"default": "outbound"} if gap else {})), why)]


def _said_direction(part: Part) -> Line | None:
    for each in part.sheet.those(Kind.WORD):
        words = {word: direction_of(word) for word, _ in each.common}
        if each.says(Means.DIRECTION) and None not in words.values():
            renamed: dict[str, Value] = {word: ours for word, ours in words.items() if word != ours}
            spec: dict[str, Value] = {"column": each.name} | ({"values": Flow(renamed)} if renamed else {})
            spec |= {"default": "outbound"} if each.filled < each.rows else {}
            return Line("direction", Flow(spec) if len(spec) > 1 else each.name, evidence(each))
    return None


def _named(part: Part, notes: Notebook) -> list[Line]:
    act = act_of(part.sheet.name)
    kind = act.type if act is not None else singular(part.sheet.name)
    lines = [Line("type", Flow({"constant": kind}), "by the name of the file")]
    said = _said_direction(part)
    if said is not None:
        return [*lines, said]
    why = "inbound: the lead did it; outbound: we did"
    if act is None:
        why = notes.ask(f"who does what {part.sheet.path} tells, the lead (inbound) or we (outbound)?")
    return [*lines, Line("direction", Flow({"constant": act.direction if act else "outbound"}), why)]


def _wide(cast: Cast, notes: Notebook) -> Feed | None:
    """Draft activities from columns of dates that each name one kind of activity."""
    if cast.key is None:
        return None
    dates = {ending.date for ending in cast.endings} | {cast.created.name if cast.created else None}
    columns: list[Line] = []
    for each in cast.leads.those(Kind.DATE):
        act = act_of(each.name)
        other = each.name in dates or each.says(Means.OPTED_OUT, Means.CREATED) or "sync" in plain(each.name)
        if act is None or other or act.type == plain(each.name):
            continue
        notes.reads(cast.leads, each.name)
        why = f"{percent(each.filled, each.rows)} filled"
        if each.says(Means.CHANGED):
            why += "; only the last time is kept, those before it were overwritten"
        columns.append(Line(each.name, Flow({"type": act.type, "direction": act.direction}), why))
    if not columns:
        return None
    notes.assumed.append(f"each date in {', '.join(line.key for line in columns)} is an activity")
    wide = (Line("cell", "occurred_at"), Line("columns", tuple(columns)))
    lines = [Line("file", cast.leads.name), *same_leads(cast), Line("wide", wide)]
    return (*lines, Line("columns", (Line("lead_id", cast.key.name),)))
