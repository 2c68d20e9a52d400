"""The part of a draft that brings descriptions of leads from files that are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from readiness.counting import counted
from readiness.crm import cells
from readiness.crm.contract import CONTRACT
from readiness.crm.mapping.suggesting import attributes, leaking
from readiness.crm.mapping.suggesting.linking import Link, is_respelt
from readiness.crm.mapping.suggesting.names import Means, singular
from readiness.crm.mapping.suggesting.notebook import Notebook
from readiness.crm.mapping.suggesting.profiles import Profile, Sheet, percent
from readiness.crm.mapping.suggesting.roles import Cast, Part, Role
from readiness.crm.mapping.suggesting.writing import Flow, Line
from readiness.crm.tables import Floats


@dataclass(frozen=True, slots=True)
class Joins:
    """What is said of joins, the files that are looked up, and the columns that they bring."""

    lines: tuple[tuple[Line, ...], ...]
    parts: tuple[Part, ...]
    taken: tuple[str, ...]


def draft(cast: Cast, taken: set[str], known: Floats | None, notes: Notebook) -> Joins:
    """Draft the joins that bring descriptions of leads from other files.

    A column that knows the outcome, once it stands beside the leads, is not taken.

    Parameters
    ----------
    taken : names
        Columns that the leads have already.
    known : one for each lead, or None
        1 won, 0 otherwise ended, NaN open: see `outcomes_part.labels`.
    """
    there = set(taken)
    joins = Joins((), (), ())
    for part in cast.of(Role.LOOKUP):
        found = part.link
        keep = [
            each
            for each in part.sheet.profiles.values()
            if found and each.name != found.key and not attributes.kept_out(each)
        ]
        if found is None or not keep:
            continue
        leaks = {} if known is None else leaking.by_values(_beside(cast.leads, part), map(_name, keep), known)
        keep = [each for each in keep if each.name not in leaks]
        if leaks:
            notes.decided.append(
                f"kept out, for they seem to know the outcome: {', '.join(leaks)} of {part.sheet.path}"
            )
        if keep:
            clash = [each.name for each in keep if each.name in there]
            ours = clash or any(each.name in CONTRACT["leads"].all for each in keep)
            prefix = f"{singular(part.sheet.name)}_" if ours else ""
            lines = _lines(part, found, keep, leaks, (prefix, clash), notes)
            names = tuple(prefix + each.name for each in keep)
            there |= set(names)
            joins = Joins((*joins.lines, lines), (*joins.parts, part), (*joins.taken, *names))
    return joins


def _lines(
    part: Part,
    found: Link,
    keep: Sequence[Profile],
    leaks: Mapping[str, str],
    prefixed: tuple[str, Sequence[str]],
    notes: Notebook,
) -> tuple[Line, ...]:
    lines = [Line("file", part.sheet.name, f"{percent(found.met, found.rows)} of the keys are there")]
    lines += [Line("on", found.column)] + [Line("key", found.key)] * (found.key != found.column)
    without = "; ".join(f"{name} is a leak: {said}" for name, said in leaks.items())
    lines.append(Line("take", Flow([each.name for each in keep]), without))
    prefix, clash = prefixed
    if prefix:
        lines.append(Line("prefix", prefix, f"{clash[0]} is a column of the leads too" if clash else ""))
    notes.decided.append(f"{part.sheet.path} describes leads by {found.column}")
    return (*lines, *_match(part, notes))


def _name(each: Profile) -> str:
    return each.name


def _beside(leads: Sheet, part: Part) -> Sheet:
    """Return a file that is looked up with a row for each lead, as a join would bring it."""
    found = part.link
    if found is None:
        return part.sheet
    keys = cells.one_chunk(part.sheet.texts(found.key))
    at = pc.index_in(cells.one_chunk(leads.texts(found.column)), value_set=keys, skip_nulls=True)
    return replace(part.sheet, rows=part.sheet.rows.take(at))


def _match(part: Part, notes: Notebook) -> list[Line]:
    if part.link is None:
        return []
    personal = part.sheet.profiles[part.link.key].says(Means.PERSON)
    respelt = {
        key: near for key, _, near in part.link.unmatched if near is not None and is_respelt(key, near)
    }
    rest = [each for each in part.link.unmatched if each[0] not in respelt]
    lines = []
    if respelt:
        rows = sum(times for key, times, _ in part.link.unmatched if key in respelt)
        why = f"{counted(rows, 'row')}; the same but for blanks, signs and capitals"
        lines.append(Line("match", Flow(respelt), why))
        notes.assumed.append(
            f"{', '.join(f'{key} means {near}' for key, near in respelt.items())} ({part.sheet.path})"
        )
    if rest:
        rows = sum(times for _, times, _ in rest)
        named = [
            f"{key!r} ({times:,}" + (f"; nearest {near!r})" if near else ")") for key, times, near in rest[:3]
        ]
        shown = f", such as {', '.join(named)}" if not personal else ""
        verb = "names" if rows == 1 else "name"
        notes.asked.append(
            f"{counted(rows, 'row')} {verb} nothing in {part.sheet.path}{shown}; "
            "repair the keys under `match`"
        )
    return lines
