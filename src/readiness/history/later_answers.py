"""What each lead answered to one question, first and last, and whether that came after a look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Codes, Flags, Tables
from readiness.history.events import newest, oldest, seen
from readiness.history.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class LaterAnswers:
    """One row a look.

    Parameters
    ----------
    first, last : Codes, n
        The lead's first and last answer, as positions in the answers' values; -1: taken back, or none.
    later : Flags, n
        Whether the last one was given at or after the look.
    before : Flags, n
        Whether any was given before the look.
    """

    first: Codes
    last: Codes
    later: Flags
    before: Flags


def later_answers(tables: Tables, looks: Snapshots, field: str) -> LaterAnswers:
    """Return the first and the last answer to one question; of several at one instant, in the tables' order.

    Parameters
    ----------
    looks : Snapshots, n rows
        At most one a lead.
    field : str
        One of the answers' fields.
    """
    answers = tables.answers
    asked = answers.field.codes == answers.field.levels.index(field)
    past = seen(answers.starts, answers.answered_at, looks.lead, looks.cutoff)
    low, high = answers.starts[looks.lead], answers.starts[looks.lead + 1]
    first, last = oldest(asked, low, high), newest(asked, low, high)
    value = np.append(answers.value.codes, np.int32(-1))
    return LaterAnswers(
        first=value[first],
        last=value[last],
        later=(last >= 0) & ~np.append(past, True)[last],
        before=oldest(asked & past, low, high) >= 0,
    )
