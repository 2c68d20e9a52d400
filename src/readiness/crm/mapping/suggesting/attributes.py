"""Which columns describe a lead, and which must be kept out, each with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

import numpy as np

from readiness.crm import cells
from readiness.crm.contract import CONTRACT, faulty_headers
from readiness.crm.mapping.suggesting.names import Means, known_as, plain
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet, evidence
from readiness.crm.stated import number_in

_SENTINELS: Final = (-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0)


_OFTEN: Final = 0.5
"""From this share of the rows on with a name that comes again and again, names are learned from."""


def _afterwards(each: Profile) -> str:
    return f"leak: what is called so is known only later ({evidence(each)})" if each.says(Means.LEAK) else ""


_RULES: Final[tuple[Callable[[Profile], str], ...]] = (
    # An opt-out that is empty so far stays: once it says yes, the lead must not be called.
    lambda each: "empty" if not each.filled and not each.says(Means.OPTED_OUT) else "",
    lambda each: "says who somebody is" if each.personal else "",
    lambda each: "the same in every row" if each.distinct == 1 and each.filled == each.rows else "",
    _afterwards,
    lambda each: "changes later: says when somebody last looked" if each.says(Means.CHANGED) else "",
    lambda each: "an id" if each.kind is Kind.KEY else "",
    lambda each: "an address on the web" if each.kind is Kind.URL else "",
    lambda each: "free text" if each.kind is Kind.TEXT else "",
    lambda each: "a date; as text it says nothing that comes again" if each.kind is Kind.DATE else "",
    lambda each: (
        "who sells is decided later, and by what was seen of the lead" if each.says(Means.OWNER) else ""
    ),
    lambda each: (
        "calendar: says when it was, not who; take this line out if it describes the lead"
        if each.says(Means.CALENDAR)
        else ""
    ),
    # Hundreds of values are learned from too, if most leads share theirs with others.
    lambda each: (
        f"{each.distinct:,} different names, most of them too rare to learn from"
        if each.kind is Kind.LABEL and each.shared < _OFTEN * each.filled
        else ""
    ),
)
"""Why a column is no attribute; the first reason that holds is told."""


def kept_out(each: Profile) -> str:
    """Return why a column must not describe a lead, or nothing if it may."""
    return next((reason for rule in _RULES if (reason := rule(each))), "")


def missed(profiles: Collection[Profile], reasons: Mapping[str, str]) -> str:
    """Name the columns of names and texts that are kept out, with the reason; or nothing.

    Somebody may have counted on these. That ids, dates and who somebody is are kept out surprises nobody.
    """
    told = [
        f"{each.name} ({reasons[each.name]})"
        for each in profiles
        if each.kind in (Kind.LABEL, Kind.TEXT) and not each.personal and each.name in reasons
    ]
    return f"kept out: {', '.join(told)}" if told else ""


def sentinel(sheet: Sheet, each: Profile) -> float | None:
    """Return the number that stands for "none" in a column of numbers, such as 999, or None.

    It is the greatest or the least, in at least one row in a hundred, and far from all others: three
    times as far from zero as any, or the only one below zero.
    """
    if each.kind is not Kind.NUMBER or each.distinct < 3:
        return None
    for text, times in each.common:
        value = number_in(text)
        if value not in _SENTINELS or times < 0.01 * each.filled:
            continue
        others = cells.numbers(sheet.texts(each.name)).values
        others = others[~np.isnan(others) & (others != value)]
        alone = value < 0 and len(others) and others.min() >= 0
        if alone or (value > 0 and len(others) and np.abs(others).max() * 3 <= value):
            return value
    return None


def asked_as(each: Profile, taken: Collection[str]) -> str | None:
    """Return the name by which agreements ask for what a column holds, where it bears another one."""
    ours = known_as(each.name)
    if ours is None or ours == each.name or ours in taken or each.kind in (Kind.KEY, Kind.YES_NO):
        return None
    return ours


def renamed(names: Collection[str], columns: Collection[str]) -> dict[str, str]:
    """Return new names for attributes whose own are those of columns of ours, or almost.

    Parameters
    ----------
    names : of the attributes
    columns : of ours that the mapping fills
    """
    faults = faulty_headers("leads", [*columns, *names])
    close = [fault.column for fault in faults if fault.code in ("misnamed_column", "repeated_column")]
    close += [name for name in names if any(fault.seen == f"a column {name!r}" for fault in faults)]
    close += [name for name in names if name in CONTRACT["leads"].all]
    return {name: f"crm_{plain(name)}" for name in names if name in close}
