"""Who must never be called: the one place that decides it."""

from __future__ import annotations

import numpy as np

from readiness.crm.records import STOP_CALLING, SUPPRESSION_FLAGS, YES_WORDS
from readiness.crm.tables import Attribute, Coded, Flags, Tables
from readiness.history import events
from readiness.history.outcomes import Ended
from readiness.history.snapshots import Snapshots


def suppressed(tables: Tables, snapshots: Snapshots, ended: Ended) -> Flags:
    """Say for each snapshot whether the lead must never be called.

    A lead is suppressed when it told us to stop before the cutoff (or at an unknown date), or when an
    attribute or the newest answer before the cutoff named in ``SUPPRESSION_FLAGS`` (do_not_call and
    the spellings that CRMs use for it) says yes. A missing flag says nothing.

    Returns
    -------
    Flags, n rows
        In the order of the snapshots.
    """
    stop: Flags = ended.outcome == STOP_CALLING
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
    yes = np.array(
        [level.strip().lower() in YES_WORDS for level in attribute.levels] + [False], dtype=np.bool_
    )
    said: Flags = yes[attribute.codes]
    return said
