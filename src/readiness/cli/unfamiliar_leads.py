"""Says when most leads of a file are unlike those the model learned from: the scores mean little then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from readiness.agreement.wording import listed
from readiness.artefact import Provenance
from readiness.cli.models import data_words
from readiness.counting import counted
from readiness.history.familiarity import Oddity, Unfamiliar, lacking, surplus, unfamiliar
from readiness.scoring import Scored

_MOST: Final = 0.5
"""From this share of the scored leads on an attribute is told; below, each lead's own warnings tell it."""
_NAMED: Final = 4
"""So many attributes or columns are named; how many more there are is counted."""

_WORDS: Final[Mapping[Oddity, str]] = {
    "missing": "unknown here, and hardly ever there",
    "unlearned": "with values that it has not learned from",
    "beyond": "outside the numbers that it has learned from",
}


def remarks(scored: Scored, learned: Provenance) -> list[str]:
    """Return what is told of columns that are not there, and of attributes that are odd in most leads.

    Parameters
    ----------
    scored : Scored
    learned : Provenance
        Of the model that scored.
    """
    return [*_columns(scored), *_leads(scored, learned)]


def figures(scored: Scored) -> list[dict[str, Any]]:
    """Return for programs in how many scored leads each attribute is odd; none where no model scored."""
    return [{"attribute": each.group, "is": each.oddity, "leads": each.rows} for each in _found(scored)]


def _columns(scored: Scored) -> list[str]:
    if scored.model is None:
        return []
    gone = lacking(scored.tables, scored.model.plan)
    if not gone:
        return []
    new = surplus(scored.tables, scored.model.plan)
    renamed = f" {_few(new)} it does not know: has a column another name now?" if new else ""
    return [f"The model reads {_few(gone)}, of which the leads have no column.{renamed}"]


def _leads(scored: Scored, learned: Provenance) -> list[str]:
    leads = int((~np.isnan(scored.score)).sum())
    most: dict[Oddity, list[str]] = {}
    for each in _found(scored):
        if each.rows > _MOST * leads:
            most.setdefault(each.oddity, []).append(each.group)
    if not most:
        return []
    told = "; ".join(f"{_WORDS[oddity]}: {_few(groups)}" for oddity, groups in most.items())
    data = data_words(learned.data_fingerprint, learned.data_end)
    return [
        f"Most of these {counted(leads, 'lead')} are unlike those that the model learned from – {told}. "
        f"It learned from data {data}: if those were not of this CRM, train on these tables; until then the "
        "scores mean little."
    ]


def _found(scored: Scored) -> tuple[Unfamiliar, ...]:
    if scored.model is None or scored.matrix is None:
        return ()
    return unfamiliar(scored.model.plan, scored.matrix[~np.isnan(scored.score)])


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return listed([*names[:_NAMED], f"{more} more"] if more > 0 else names)
