"""Which values of attributes and answers go together with being won, and which with being told to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.conditions import MET, UNKNOWN, fold
from readiness.agreement.document import Agreement
from readiness.crm.records import SUPPRESSION_FLAGS
from readiness.crm.tables import Coded, Ints, Tables
from readiness.hindsight.proposals import Edit, amended
from readiness.hindsight.replay import Adviser
from readiness.hindsight.suggest_evidence import LEAST_LEADS, Evidence, holm, tells
from readiness.hindsight.suggest_material import Material

MOST_WORDS: Final = 25
"""A column with more texts than these says something of single leads, not of kinds of lead."""

_QUANTILES: Final = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8)


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that may be true of a lead: what is known last under a name meets a condition."""

    field: str
    condition: dict[str, Any]
    evidence: Evidence
    sure: bool
    """Whether it tells won from stop, all traits taken together."""


def traits(material: Material, agreement: Agreement) -> list[Trait]:
    """Compare leads of each kind with the others, by the value known at each state.

    Each word of a column with few words, and each of a few thresholds of a number.
    """
    asked = [
        (field, condition)
        for field in fields(material.tables)
        for condition in _conditions(material.tables, field)
    ]
    found = evidence_of(material, agreement, asked)
    return [
        Trait(field, condition, evidence, sure)
        for (field, condition), evidence, sure in zip(asked, found, holm(found), strict=True)
    ]


def evidence_of(
    material: Material, agreement: Agreement, asked: Sequence[tuple[str, dict[str, Any]]]
) -> list[Evidence]:
    """Compare the states that meet each condition with those that are known not to; rules read the values."""
    if not asked:
        return []
    criteria = [
        {"name": f"trait {number}", "rank": "should", "reads": [field], **condition}
        for number, (field, condition) in enumerate(asked)
    ]
    edits = (
        Edit(("profile", "criteria"), criteria),
        Edit(("questions",), []),
        Edit(("nurture", "tracks"), []),
    )
    probe = amended(agreement, edits)
    if probe is None:
        raise ValueError("the traits of the tables make no profile; expected words and numbers")
    met = Adviser(probe).advise(material.tables, material.states)[0].fit.met
    return [
        tells(column == MET, column != UNKNOWN, material.states_known, material.state_leads)
        for column in met.T
    ]


def fields(tables: Tables) -> list[str]:
    """Return what may be asked of a lead: source, attributes, answers, but not whether it may be called."""
    names = ["source", *tables.leads.attributes, *tables.answers.field.levels]
    distinct = {fold(name): name for name in reversed(names)}
    return sorted(name for folded, name in distinct.items() if folded not in SUPPRESSION_FLAGS)


def _conditions(tables: Tables, field: str) -> list[dict[str, Any]]:
    column = tables.leads.source if field == "source" else tables.leads.attributes.get(field)
    if isinstance(column, np.ndarray):
        return [{"at_most": number} for number in _thresholds(column[~np.isnan(column)])]
    words = {} if column is None else _counted(column, np.arange(len(column)))
    answers = tables.answers
    rows = np.flatnonzero(np.isin(answers.field.codes, _codes(answers.field, field)))
    for word, leads in _counted(answers.value.take(rows), answers.lead[rows].astype(np.int64)).items():
        words[word] = words.get(word, 0) + leads
    if len(words) > MOST_WORDS:
        return []
    return [{"any_of": [word]} for word, leads in sorted(words.items()) if leads >= LEAST_LEADS]


def _codes(column: Coded, field: str) -> list[int]:
    return [code for code, level in enumerate(column.levels) if fold(level) == fold(field)]


def _counted(column: Coded, lead: Ints) -> dict[str, int]:
    """Return how many leads have each word; words that differ in case only are one."""
    counts: dict[str, int] = {}
    pairs = np.unique(np.stack([column.codes.astype(np.int64), lead]), axis=1)
    for code, leads in zip(*np.unique(pairs[0], return_counts=True), strict=True):
        if code >= 0 and column.levels[code].strip():
            word = fold(column.levels[code])
            counts[word] = counts.get(word, 0) + int(leads)
    return counts


def _thresholds(values: Any) -> list[float]:  # noqa: ANN401 - a column of numbers
    if len(values) < 2 * LEAST_LEADS:
        return []
    return sorted({readable(float(each)) for each in np.quantile(values, _QUANTILES)})


def readable(number: float) -> float:
    """Round a number to what people write in an agreement: two digits, and no more than needed.

    >>> readable(37.7), readable(1234.0), readable(2.26)
    (38.0, 1200.0, 2.3)
    """
    if number == 0 or not np.isfinite(number):
        return number
    digits = 1 - int(np.floor(np.log10(abs(number))))
    return float(round(number, digits))
