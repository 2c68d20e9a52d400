"""Which file plays which part: the leads, what happened to them, how they ended, and what is looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow.compute as pc

from readiness.crm.mapping.suggesting.ending import Ending, endings, opt_outs, where
from readiness.crm.mapping.suggesting.linking import Link, link, lookups, own_key
from readiness.crm.mapping.suggesting.names import Means, plain
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet
from readiness.crm.mapping.suggesting.roles import Cast, Part, Role

_LEADLIKE: Final = re.compile(r"(^|_)(leads?|prospects?|interessent\w*|inquir\w*|enquir\w*|anfrage\w*)(_|$)")
_MAYBE: Final = re.compile(
    r"contact|customer|client|subscriber|deal|opportunit|pipeline|kunde|verkauf|campaign_?calls|marketing|people|person"
)
_NOT_LEADS: Final = re.compile(
    r"account|compan|product|user|owner|team|campaign$|list|histor|activit|event|task|email|mail|note|template|stage|"
    r"member|audit|describe|propert|option|form|visit|session|touch|merge|line|order|unsub|engagement|role|program|ticket|label"
)
_SALES: Final = re.compile(
    r"order|sale|purchas|invoice|contract|won|kauf|auftrag|pedido|venta|vente|commande|ordin|naroc"
)
_RECORDS: Final = re.compile(r"merge|delet|audit")
_DOINGS: Final = re.compile(r"activit|event|task|call|email|touch")
_WHEN: Final = re.compile(
    r"activity_?date|occur|timestamp|event_?(date|time)|happen|^date$|^time$|_time$|datum|fecha|when|start|visited|called|"
    r"_on$|sent_at|opened_at|clicked_at"
)
_LONG_AGO: Final = re.compile(r"(^|\D)1([0-8]\d\d|9[0-8]\d)")
"""A year before 1990, before which no CRM begins."""

_NOT_WHEN: Final = re.compile(r"due|end|remind|clos|expir|birth|resched|next|valid|until|fivetran")


def cast(sheets: Sequence[Sheet], outcome: str | None = None) -> Cast:
    """Say which file plays which part; there is at least one file.

    Parameters
    ----------
    outcome : str, optional
        The column that says how leads ended, if somebody named it.
    """
    keys = {sheet.name: own_key(sheet) for sheet in sheets}
    ends = {sheet.name: tuple(endings(sheet, outcome)) for sheet in sheets}
    points = [_points(sheet, sheets, keys[sheet.name], ends[sheet.name]) for sheet in sheets]
    leads = sheets[int(np.argmax(points))]
    others = [sheet for sheet in sheets if sheet is not leads]
    key = keys[leads.name]
    created = created_column(leads, ends[leads.name])
    parts = [_part(sheet, leads, key, ends) for sheet in others]
    parts = _looked_up(parts, leads, key, ends)
    return Cast(leads, key, created, ends[leads.name], tuple(_through(parts, ends)))


def _points(sheet: Sheet, sheets: Sequence[Sheet], key: Profile | None, ends: Sequence[Ending]) -> float:
    name = plain(sheet.name)
    points = (
        4.0 * bool(_LEADLIKE.search(name))
        + 2.5 * bool(_MAYBE.search(name))
        - 4.0 * bool(_NOT_LEADS.search(name))
    )
    ids = [each for each in sheet.profiles.values() if each.says(Means.KEY)]
    # Two ids and little else: such a file ties others together.
    points -= 5.0 * (len(ids) >= 2 and len(sheet.profiles) - len(ids) <= 3)
    points += (key is not None) + 2.0 * (created_column(sheet, ends) is not None) + bool(opt_outs(sheet))
    if ends and not ends[0].guessed:
        points += 2.0 + (ends[0].date is not None)
    if key is not None:
        links = sum(link(other, sheet, key.name) is not None for other in sheets if other is not sheet)
        points += min(links, 4)
    return points


def created_column(sheet: Sheet, ends: Sequence[Ending]) -> Profile | None:
    """Return the date on which a file's rows came to be, or None.

    A date whose name says so and which nearly every row has; else the only date there is, if it is
    always filled and neither an end, a change nor an opt-out.
    """
    closing = {ending.date for ending in ends}
    not_it = (Means.CHANGED, Means.OPTED_OUT, Means.PERSON)
    dates = [each for each in sheet.those(Kind.DATE) if each.name not in closing and not each.says(*not_it)]
    dates = [each for each in dates if not any(_LONG_AGO.search(text) for text, _ in each.common)]
    named = [each for each in dates if each.says(Means.CREATED) and each.filled >= 0.5 * each.rows]
    if named:
        return max(named, key=lambda each: (each.filled, plain(each.name).startswith("creat")))
    rest = [each for each in dates if each.filled == each.rows and not each.says(Means.CLOSED)]
    return rest[0] if len(rest) == 1 else None


def _part(sheet: Sheet, leads: Sheet, key: Profile | None, ends: dict[str, tuple[Ending, ...]]) -> Part:
    found = _named(sheet, leads, key)
    if found is None:
        return Part(sheet, Role.UNUSED, "no column of it names leads")
    if _RECORDS.search(plain(sheet.name)):
        because = "it tells of records, not of leads; `identity: merges` follows leads that were made one"
        return Part(sheet, Role.UNUSED, because, found)
    changed = _happened(sheet, found.column, changes=True)
    if answer_columns(sheet) and changed is not None:
        return Part(sheet, Role.ANSWERS, "a field, a value and a date in each row", found, changed)
    if handover_columns(sheet) is not None:
        return Part(sheet, Role.HANDOVERS, "dates of hand-over and decision", found)
    date = _happened(sheet, found.column)
    ended = _outcomes(sheet, found, date, ends[sheet.name], ends[leads.name])
    if ended is not None:
        return ended
    if date is not None:
        return Part(sheet, Role.ACTIVITIES, "its rows name leads and have a date", found, date)
    return Part(sheet, Role.UNUSED, "its rows name leads, but have no date", found)


def _named(sheet: Sheet, leads: Sheet, key: Profile | None) -> Link | None:
    """Return the column that names leads: by their key, else by their e-mail."""
    if key is None or not len(sheet):
        return None
    found = link(sheet, leads, key.name)
    emails = leads.those(Kind.EMAIL)
    if found is not None or not emails:
        return found
    by_email = link(sheet, leads, emails[0].name)
    return by_email if by_email is not None and by_email.met else None


def _outcomes(
    sheet: Sheet, found: Link, date: str | None, theirs: Sequence[Ending], own: Sequence[Ending]
) -> Part | None:
    """Return a file's part if it says how leads ended, else None.

    Parameters
    ----------
    theirs, own : endings
        Of this file and of the leads' own, the likeliest first.
    """
    name = plain(sheet.name)
    if re.search(r"unsub|opt_?out|abmeld", name) and date is not None:
        return Part(sheet, Role.OUTCOMES, "its name says that leads opted out", found, date)
    says = bool(theirs) and not theirs[0].guessed and not _DOINGS.search(name)
    if says and (not own or own[0].guessed or re.search(r"opportun|deal|outcome", name)):
        ending = theirs[0]
        if ending.date is None and date is not None:
            ending = _dated_by(sheet, ending, date)
        return Part(sheet, Role.OUTCOMES, "its words say how leads ended", found, ending.date, ending)
    if _SALES.search(name) and date is not None and not own:
        return Part(sheet, Role.OUTCOMES, "its name says that every row is a sale", found, date)
    return None


def _dated_by(sheet: Sheet, ending: Ending, date: str) -> Ending:
    """Let the only date that rows of ends have be theirs, if it is not that of a beginning."""
    if sheet.profiles[date].says(Means.CREATED):
        return ending
    words = [word for word, end in ending.words.items() if end is not None]
    filled = pc.is_valid(sheet.texts(date)).to_numpy()
    return replace(ending, date=date, date_filled=int(filled[where(sheet, ending.column, words)].sum()))


def _happened(sheet: Sheet, lead: str, *, changes: bool = False) -> str | None:
    """Return the date on which what a row tells happened; of a history, when a field changed."""
    best: tuple[float, str] | None = None
    for each in sheet.those(Kind.DATE):
        if each.name == lead or not each.filled:
            continue
        name = plain(each.name)
        if changes and each.says(Means.CHANGED) and "sync" not in name:
            name = "timestamp"
        score = (
            3.0 * bool(_WHEN.search(name))
            + 2.0 * each.says(Means.CREATED)
            - 3.0 * (each.says(Means.CHANGED) and name != "timestamp")
        )
        score += each.filled / each.rows - 2.0 * bool(_NOT_WHEN.search(name))
        if best is None or score > best[0]:
            best = (score, each.name)
    return None if best is None or best[0] < 0 else best[1]


def answer_columns(sheet: Sheet) -> tuple[str, str] | None:
    """Return the columns of a history that hold the field and its value."""
    fields = [
        each
        for each in sheet.profiles.values()
        if each.says(Means.FIELD) and each.distinct < max(each.filled, 2)
    ]
    values = [each for each in sheet.profiles.values() if each.says(Means.VALUE)]
    return (fields[0].name, values[0].name) if fields and values else None


def handover_columns(sheet: Sheet) -> tuple[str, str, str] | None:
    """Return the columns of hand-overs: handed over on, decided on, the decision."""
    dates = sheet.those(Kind.DATE)
    handed = [each for each in dates if each.says(Means.HANDED_OVER)]
    decided = [each for each in dates if each.says(Means.DECIDED)]
    decision = [each for each in sheet.those(Kind.WORD, Kind.YES_NO) if each.says(Means.DECISION)]
    return (handed[0].name, decided[0].name, decision[0].name) if handed and decided and decision else None


def _looked_up(
    parts: Sequence[Part], leads: Sheet, key: Profile | None, ends: dict[str, tuple[Ending, ...]]
) -> list[Part]:
    """Have files looked up in which no lead is named, where the leads name their rows."""
    idle = [part.sheet for part in parts if part.role is Role.UNUSED and len(part.sheet)]
    taken = [key.name] if key is not None else []
    found = {other.name: there for other, there in lookups(leads, idle, taken)}
    given = []
    for part in parts:
        there = found.get(part.sheet.name) if part.role is Role.UNUSED else None
        if there is None:
            given.append(part)
            continue
        ending = next((each for each in ends[part.sheet.name] if not each.guessed), None)
        if ending is not None and re.search(r"opportun|deal|sale|outcome|order", plain(part.sheet.name)):
            because = "the leads name its rows, and its words say how leads ended"
            given.append(Part(leads, Role.OUTCOMES, because, there, ending.date, ending, (part.sheet, there)))
        else:
            given.append(Part(part.sheet, Role.LOOKUP, "the leads name its rows, one row a key", there))
    return given


def _through(parts: Sequence[Part], ends: dict[str, tuple[Ending, ...]]) -> list[Part]:
    """Tie a file that says how leads ended to them by a third one that names both."""
    given = list(parts)
    for place, part in enumerate(parts):
        ending = next((each for each in ends[part.sheet.name] if not each.guessed), None)
        key = own_key(part.sheet)
        if part.role is not Role.UNUSED or part.link is not None or ending is None or key is None:
            continue
        for other_place, other in enumerate(parts):
            if other is part or other.link is None or other.role not in (Role.UNUSED, Role.ACTIVITIES):
                continue
            there = link(other.sheet, part.sheet, key.name)
            if there is not None and there.column != other.link.column and len(other.sheet.profiles) <= 8:
                because = f"its words say how leads ended; {other.sheet.path} says whose it is"
                given[place] = Part(
                    other.sheet, Role.OUTCOMES, because, other.link, ending.date, ending, (part.sheet, there)
                )
                given[other_place] = replace(
                    other, role=Role.UNUSED, because=f"used to tie {part.sheet.path} to leads"
                )
                break
    return given
