"""Leads on which two agreements differ, each with both reasons; nothing that says who the lead is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from readiness.agreement import advice_sentences
from readiness.counting import counted
from readiness.crm.records import iso
from readiness.crm.selection import select
from readiness.crm.tables import Ints
from readiness.hindsight.groups import Handed
from readiness.hindsight.replay import Adviser
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON
from readiness.history.snapshots import Snapshots

_ENDS = {WON: "won", STOP: "told us to stop", ENDED: "ended otherwise"}


@dataclass(frozen=True, slots=True)
class Example:
    """A lead that only one of two agreements would have handed over, at the instant when it would have."""

    lead_id: str
    at: str | None
    a: str
    """What agreement A said of it then, and why."""
    b: str
    became: str
    """What became of it."""

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"lead_id": self.lead_id, "at": self.at, "a": self.a, "b": self.b, "became": self.became}


def examples(
    handed: Handed, rows: Ints, advisers: tuple[Adviser, Adviser], *, most: int
) -> tuple[Example, ...]:
    """Pick leads evenly over time and say why each agreement advised as it did.

    Parameters
    ----------
    handed : Handed
        What one of the agreements would have handed over.
    rows : Ints
        Those of them that the other would not.
    advisers : A and B
    most : int
        How many to show, at most.

    Returns
    -------
    tuple of Example
        The earliest hand-over first; the same whatever the order of the leads.
    """
    replay = handed.replay
    names = replay.tables.leads.lead_id[replay.lead[rows]].astype(str)
    rows = rows[np.lexsort((names, replay.at[rows]))]
    if len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]
    if not len(rows):
        return ()
    shown = select(replay.tables, replay.lead[rows].astype(np.int64))
    looks = Snapshots(np.arange(len(rows), dtype=np.int32), replay.at[rows])
    said = []
    for adviser in advisers:
        verdicts, advices = adviser.advise(shown, looks)
        # That no model was asked is said once for all, not behind each sentence.
        advices = replace(advices, scored=np.ones(len(rows), dtype=np.bool_))
        said.append([advice_sentences.because(verdicts, advices, row) for row in range(len(rows))])
    return tuple(
        Example(
            lead_id=str(shown.leads.lead_id[place]),
            at=iso(int(replay.at[row])),
            a=said[0][place],
            b=said[1][place],
            became=_became(handed, row),
        )
        for place, row in enumerate(rows.tolist())
    )


def _became(handed: Handed, row: int) -> str:
    event, duration = int(handed.cohort.event[row]), float(handed.cohort.duration[row])
    if np.isnan(duration):
        return _ENDS.get(event, "no end is known")
    if event == CENSORED:
        return f"open for {counted(round(duration), 'day')}, as far as is known"
    return f"{_ENDS[event]} {counted(round(duration), 'day')} later"
