"""What simulated leads told us when we talked: answers that are mostly right, at times wrong or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.simulate.activities import TYPES, Rows
from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.words import ANSWER_VALUES, COMPANY_SIZE
from readiness.crm.tables import Floats, Ints

FIELDS: Final = (*ANSWER_VALUES, COMPANY_SIZE)

# Chance that the field is answered, by the activity in which we talk; the fields as in FIELDS.
_ASKED: Final = {
    "form_submitted": (0.05, 0.15, 0.50, 0.30, 0.10, 0.20),
    "demo_requested": (0.10, 0.20, 0.60, 0.45, 0.25, 0.25),
    "chat": (0.08, 0.08, 0.40, 0.15, 0.15, 0.05),
    "call_answered": (0.30, 0.30, 0.40, 0.35, 0.25, 0.15),
    "meeting": (0.45, 0.45, 0.55, 0.50, 0.35, 0.10),
}
_EDGES: Final = {
    "budget": (0.8, -0.2),
    "authority": (0.6, -0.3),
    "need": (1.2, 0.4, -0.4),
    "timeframe": (1.6, 0.9, 0.3, -0.5),
    "current_solution": (0.7, 0.0, -0.7),
}
"""How high the latent must be for the first value, the second, and so on; the rest is the worst one."""
_WRONG: Final = 0.08
_UNKNOWN: Final = 0.12


@dataclass(frozen=True, slots=True)
class Said:
    """Answers in no particular order: ``value`` is a position in ``words``."""

    lead: Ints
    at: Ints
    field: Ints
    """Position in FIELDS."""
    value: Ints
    words: tuple[str, ...]


def said(buyers: Buyers, company_size: Ints, talks: Rows, random: np.random.Generator) -> Said:
    """Draw what leads answered in the activities in which we talk with them."""
    asked = np.zeros((len(TYPES), len(FIELDS)))
    for name, chances in _ASKED.items():
        asked[TYPES.index(name)] = chances
    rows = np.flatnonzero(asked.sum(axis=1)[talks.type] > 0)
    row, field = np.nonzero(random.random((len(rows), len(FIELDS))) < asked[talks.type[rows]])
    row = rows[row]
    lead, engagement = talks.lead[row], talks.engagement[row]
    sizes = tuple(str(size) for size in np.unique(company_size))
    words = tuple(dict.fromkeys([word for values in ANSWER_VALUES.values() for word in values] + list(sizes)))
    place = {word: number for number, word in enumerate(words)}
    value = np.empty(len(row), dtype=np.int64)
    for number, name in enumerate(FIELDS):
        which = np.flatnonzero(field == number)
        if name == COMPANY_SIZE:
            true = np.searchsorted(np.unique(company_size), company_size[lead[which]])
            value[which] = np.array([place[size] for size in sizes], dtype=np.int64)[true] if sizes else 0
            continue
        latent = _latent(buyers, name, lead[which], engagement[which])
        chosen = _choose(name, latent, random)
        value[which] = np.array([place[word] for word in ANSWER_VALUES[name]], dtype=np.int64)[chosen]
    return Said(lead, talks.at[row], field, value, words)


def _latent(buyers: Buyers, field: str, lead: Ints, engagement: Ints) -> Floats:
    if field == "current_solution":
        return buyers.need[lead]
    if field == "timeframe":
        return buyers.timing[lead] + 0.4 * (engagement - 1.5)
    latent: Floats = getattr(buyers, field)[lead]
    return latent + 0.25 * (engagement - 1.5) if field == "need" else latent


def _choose(field: str, latent: Floats, random: np.random.Generator) -> Ints:
    edges = np.array(_EDGES[field])
    heard = latent + 0.4 * random.standard_normal(len(latent))
    level = (heard[:, None] < edges).sum(axis=1)
    wrong = random.random(len(latent)) < _WRONG
    level = np.where(wrong, random.integers(0, len(edges) + 1, len(latent)), level)
    if ANSWER_VALUES[field][-1] != "unknown":
        return level
    return np.where(random.random(len(latent)) < _UNKNOWN, len(ANSWER_VALUES[field]) - 1, level)
