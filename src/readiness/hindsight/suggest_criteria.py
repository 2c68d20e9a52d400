"""Which values of attributes and answers go together with being won, and which with being told to stop."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.conditions import MET, NOT_MET, UNKNOWN, Signs, fold
from readiness.agreement.document import Agreement
from readiness.crm.records import SUPPRESSION_FLAGS
from readiness.crm.tables import Coded, Ints, Tables
from readiness.hindsight.proposals import Edit, amended
from readiness.hindsight.replay import Adviser
from readiness.hindsight.suggest_evidence import LEAST_LEADS, Evidence, proven, tells
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
    known: float
    """At which share of the states it is known whether it is true."""


def traits(material: Material, agreement: Agreement) -> list[Trait]:
    """Compare leads of each kind with the others, by the value known at each state.

    Each word of a column with few words, and each of a few thresholds of a number.
    """
    asked = [
        (field, condition)
        for field in fields(material.tables)
        for condition in _conditions(material.tables, field)
    ]
    if not asked:
        return []
    met = _met(material, agreement, asked)
    found = [
        tells(column == MET, column != UNKNOWN, material.states_known, material.state_leads)
        for column in met.T
    ]
    known = (met != UNKNOWN).mean(axis=0).tolist()
    return [
        Trait(field, condition, evidence, sure, share)
        for (field, condition), evidence, sure, share in zip(asked, found, proven(found), known, strict=True)
    ]


def _met(material: Material, agreement: Agreement, asked: Sequence[tuple[str, dict[str, Any]]]) -> Signs:
    """Say of each state whether it meets each condition, as the rules of fit read it."""
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
    return Adviser(probe).advise(material.tables, material.states)[0].fit.met


def failing(material: Material, agreement: Agreement) -> dict[str, Evidence]:
    """Return, by criterion of the profile, what became of those known to fail it beside those who do not."""
    met = Adviser(agreement).advise(material.tables, material.states)[0].fit.met
    known, lead = material.states_known, material.state_leads
    return {
        criterion.name: tells(column == NOT_MET, column != UNKNOWN, known, lead)
        for criterion, column in zip(agreement.profile.criteria, met.T, strict=True)
    }


def fields(tables: Tables) -> list[str]:
    """Return what may be asked of a lead: source, attributes, answers, but not whether it may be called."""
    names = ["source", *tables.leads.attributes, *tables.answers.field.levels]
    distinct = {fold(name): name for name in reversed(names)}
    return sorted(name for folded, name in distinct.items() if folded not in SUPPRESSION_FLAGS)


def _conditions(tables: Tables, field: str) -> list[dict[str, Any]]:
    column = tables.leads.source if field == "source" else tables.leads.attributes.get(field)
    if isinstance(column, np.ndarray):
        return [{"at_most": number} for number in _thresholds(column[~np.isnan(column)])]
    answers = tables.answers
    rows = np.flatnonzero(np.isin(answers.field.codes, _codes(answers.field, field)))
    said = [_counted(answers.value.take(rows), answers.lead[rows].astype(np.int64))]
    if column is not None:
        said.insert(0, _counted(column, np.arange(len(column))))
    words: dict[str, tuple[str, int]] = {}
    for word, leads in itertools.chain.from_iterable(said):
        # Words that differ in case only are one, as first spelt.
        spelt, before = words.get(fold(word), (word, 0))
        words[fold(word)] = (spelt, before + leads)
    if len(words) > MOST_WORDS:
        return []
    return [{"any_of": [spelt]} for _, (spelt, leads) in sorted(words.items()) if leads >= LEAST_LEADS]


def _codes(column: Coded, field: str) -> list[int]:
    return [code for code, level in enumerate(column.levels) if fold(level) == fold(field)]


def _counted(column: Coded, lead: Ints) -> list[tuple[str, int]]:
    """Return each word of a column and how many leads have it."""
    pairs = np.unique(np.stack([column.codes.astype(np.int64), lead]), axis=1)
    counted = zip(*np.unique(pairs[0], return_counts=True), strict=True)
    return [
        (column.levels[code], int(leads))
        for code, leads in counted
        if code >= 0 and column.levels[code].strip()
    ]


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
