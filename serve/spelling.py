"""What a request calls by a name that nobody in use reads, or writes as nobody can read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from readiness.agreement.conditions import fold
from readiness.agreement.document import Agreement
from readiness.crm.records import SUPPRESSION_FLAGS
from readiness.crm.stated import number_in
from readiness.history.feature_plan import FeaturePlan
from serve.schemas import ScoreRequest
from serve.store import InUse

_TOLD: Final = 10
"""So many names of a kind are told; a request may hold thousands."""


def unread(request: ScoreRequest, in_use: InUse) -> tuple[str, ...]:
    """Warn of names that the model does not know, and of text where it reads a number.

    A typo in either changes the score and shows nowhere else. An activity type or answer field that the
    agreement names is read by its rules and needs no warning, unless the model knows it in another
    spelling. Without a model nothing is said.

    Returns
    -------
    tuple of str
        Columns first, then activity types, then answer fields, each by name; then what is no number.
    """
    if in_use.model is None:
        return ()
    plan, agreement = in_use.model.plan, in_use.agreement
    knows = _known(plan)
    columns = sorted(request.lead.attributes.keys() - knows.columns)
    types = _strange({row.type for row in request.activities}, knows.types, agreement)
    fields = _strange({row.field for row in request.answers}, knows.fields, agreement)
    return (
        *_told("column", columns),
        *_told("activity type", types),
        *_told("answer field", fields),
        *(
            f"The model reads a number in {name}; what was sent is none, and counts as not known."
            for name in _no_numbers(request, knows, agreement)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    columns: frozenset[str]
    types: frozenset[str]
    fields: frozenset[str]
    number_columns: frozenset[str]
    number_fields: frozenset[str]


@lru_cache(maxsize=16)
def _known(plan: FeaturePlan) -> _Known:
    of = {
        measure: frozenset(each.of for each in plan.features if each.measure.startswith(measure))
        for measure in ("activity:", "answer:", "attribute:number", "answer:number")
    }
    columns = frozenset({*plan.columns, *plan.excluded}) | SUPPRESSION_FLAGS
    return _Known(
        columns=columns,
        types=of["activity:"] | frozenset(plan.excluded),
        # An answer may be the newer value of a column.
        fields=of["answer:"] | columns,
        number_columns=of["attribute:number"],
        number_fields=of["answer:number"],
    )


def _strange(given: Iterable[str], known: frozenset[str], agreement: Agreement) -> list[str]:
    """Return what the model does not know, unless the agreement names it and the model no other way."""
    unknown = [name for name in given if name not in known]
    if not unknown:
        return []
    spelt_otherwise = {fold(name) for name in known}
    named = agreement.words - spelt_otherwise
    return sorted(name for name in unknown if fold(name) not in named)


def _told(kind: str, names: list[str]) -> Iterator[str]:
    for name in names[:_TOLD]:
        yield f"The model does not know the {kind} {name}; check its spelling."
    if len(names) > _TOLD:
        yield f"The model does not know {len(names) - _TOLD} more: {kind}s that are not listed here."


def _no_numbers(request: ScoreRequest, knows: _Known, agreement: Agreement) -> list[str]:
    columns = [
        (name, value) for name, value in request.lead.attributes.items() if name in knows.number_columns
    ]
    answers = [(row.field, row.value) for row in request.answers if row.field in knows.number_fields]
    return sorted(
        {
            name
            for name, value in (*columns, *answers)
            if isinstance(value, str) and number_in(value) is None and fold(value) not in agreement.unknown
        }
    )
