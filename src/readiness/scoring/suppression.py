"""Who must never be called: the one place that decides it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from readiness.crm.records import STOP_CALLING, SUPPRESSION_FLAGS, YES_WORDS
from readiness.crm.stated import number_in
from readiness.crm.tables import Attribute, Coded, Flags, Tables
from readiness.history import events
from readiness.history.outcomes import Ended
from readiness.history.snapshots import Snapshots
from readiness.scoring.suppression_keys import Kind, LeadKeys

_NOT_READ: dict[Kind, str] = {
    "email": "an e-mail address that cannot be read",
    "phone": "a phone number that cannot be dialled as it is written (its country may be missing)",
    "company_domain": "a company domain that cannot be read",
}


@dataclass(frozen=True, slots=True)
class Suppressions:
    """What a list of suppressions says of n leads, or why it says nothing."""

    never: Flags
    """Of each lead, in the order of the tables: whether it is on the list. None is while it is unread."""
    unread: str | None = None
    """Why the list could not be read, in a sentence; nobody is handed over then. None: it was read."""
    lacking: tuple[tuple[str, Flags], ...] = ()
    """By what some leads could not be looked up, in words, and which leads those are."""

    def remarks(self, lead: int) -> tuple[str, ...]:
        """Say what whoever relies on the answer on this lead should know, in sentences."""
        return tuple(
            f"The suppressions were looked up without {what}." for what, leads in self.lacking if leads[lead]
        )


def looked_up(keys: LeadKeys, suppressed: AbstractSet[bytes]) -> Suppressions:
    """Return who of the leads is suppressed, given all keys that are (or those of theirs that are)."""
    lacking = tuple((_NOT_READ[kind], leads) for kind, leads in keys.unread if kind in _NOT_READ)
    return Suppressions(keys.among(suppressed), lacking=lacking)


def not_looked_up(tables: Tables, because: str) -> Suppressions:
    """Say that nobody knows who of the leads is suppressed, and why."""
    return Suppressions(np.zeros(len(tables.leads), dtype=np.bool_), because)


def suppressed(
    tables: Tables, snapshots: Snapshots, ended: Ended, suppressions: Suppressions | None = None
) -> Flags:
    """Say for each snapshot whether the lead must never be called.

    A lead is suppressed when it told us to stop before the cutoff (or at an unknown date), when an
    attribute or the newest answer before the cutoff named in ``SUPPRESSION_FLAGS`` (do_not_call and
    the spellings that CRMs use for it) says yes, or when it is on the list of suppressions, whatever
    the cutoff. A missing flag says nothing.

    Parameters
    ----------
    tables, snapshots, ended : n rows, of the same leads
    suppressions : Suppressions, of the leads of the tables, optional
        None: there is no list besides the tables.

    Returns
    -------
    Flags, n rows
        In the order of the snapshots.
    """
    stop: Flags = ended.outcome == STOP_CALLING
    if suppressions is not None:
        stop = stop | suppressions.never[snapshots.lead]
    for name, attribute in tables.leads.attributes.items():
        if _is_flag(name):
            stop = stop | _says_yes(attribute)[snapshots.lead]
    answers = tables.answers
    flags = np.flatnonzero([_is_flag(field) for field in answers.field.levels])
    if not len(flags):
        return stop
    yes = _says_yes(answers.value)
    past = events.before(answers.starts, answers.answered_at, snapshots.lead, snapshots.cutoff)
    for field in flags:
        row = events.newest(answers.field.codes == field, past.low, past.high)
        stop = stop | ((row >= 0) & yes[np.maximum(row, 0)])
    return stop


def _is_flag(name: str) -> bool:
    return name.lower() in SUPPRESSION_FLAGS


def _says_yes(attribute: Attribute) -> Flags:
    if not isinstance(attribute, Coded):
        set_: Flags = np.nan_to_num(attribute) != 0
        return set_
    yes = np.array([*map(_is_yes, attribute.levels), False], dtype=np.bool_)
    said: Flags = yes[attribute.codes]
    return said


def _is_yes(level: str) -> bool:
    # A number means the same whether its column holds numbers only, or another lead's word as well.
    return level.strip().lower() in YES_WORDS or bool(number_in(level))
