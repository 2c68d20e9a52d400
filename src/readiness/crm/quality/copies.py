"""Rows that stand twice, and leads that are probably one person: counts only, never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.tables import Coded, Flags, Ints, Tables, Texts

FEWEST_DIGITS: Final = 7
"""A telephone number with fewer digits is an extension, or no number."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Rows that repeat another one.

    Parameters
    ----------
    rows : by table
        Rows that say in every column what an earlier row says; of leads: in every column but the id.
    shared : by identity column
        Leads that share it with an earlier lead once both are written the same way.
    """

    rows: dict[str, int]
    shared: dict[str, int]


def copies(tables: Tables) -> Copies:
    """Count what stands more than once.

    Two e-mail addresses are one but for capitals, blanks and the form of their letters (NFKC). Two
    telephone numbers are one if they have the same digits, at least seven; a leading ``00`` is a ``+``.
    """
    leads, a, b, c, d = tables.leads, tables.activities, tables.answers, tables.outcomes, tables.handovers
    of_leads: list[NDArray[Any]] = [leads.created_at, leads.last_known_at, leads.source.codes]
    of_leads += [
        values.codes if isinstance(values, Coded) else values for values in leads.attributes.values()
    ]
    of_leads += [_numbered(texts) for texts in leads.identities.values()]
    return Copies(
        rows={
            "leads": _repeated(of_leads),
            "activities": _beside(
                a.lead, a.occurred_at, a.type.codes, a.direction, a.channel.codes, a.value, a.detail.codes
            ),
            "answers": _beside(b.lead, b.answered_at, b.field.codes, b.value.codes),
            "outcomes": _beside(c.lead, c.occurred_at, c.outcome),
            "handovers": _beside(
                d.lead, d.handed_over_at, d.decided_at, d.decision, d.reason.codes, d.propensity
            ),
        },
        shared={
            name: _repeats(form(_texts(leads.identities[name])))
            for name, form in (("email", _one_email), ("phone", _one_phone))
            if name in leads.identities
        },
    )


def _beside(*columns: NDArray[Any]) -> int:
    """Count rows that equal the row before: the tables' own order lays copies side by side."""
    if len(columns[0]) < 2:
        return 0
    alike = np.ones(len(columns[0]) - 1, dtype=np.bool_)
    for column in columns:
        alike &= _same(column[1:], column[:-1])
    return int(alike.sum())


def _same(one: NDArray[Any], other: NDArray[Any]) -> Flags:
    same: Flags = one == other
    return same | (np.isnan(one) & np.isnan(other)) if one.dtype.kind == "f" else same


def _repeated(columns: list[NDArray[Any]]) -> int:
    """Count rows that equal an earlier row in every column."""
    group: Ints = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values = np.unique(column, return_inverse=True)[1].reshape(-1)
        group = np.unique(group * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1].reshape(
            -1
        )
    return len(group) - len(np.unique(group))


def _numbered(texts: Texts) -> Ints:
    found = _texts(texts).dictionary_encode().indices.fill_null(-1)
    return np.asarray(found, dtype=np.int64)


def _texts(texts: Texts) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pa.array(texts, pa.large_string())


def _one_email(texts: Any) -> Any:  # noqa: ANN401
    return pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_normalize(texts, "NFKC")))


def _one_phone(texts: Any) -> Any:  # noqa: ANN401
    digits = pc.replace_substring_regex(pc.replace_substring_regex(texts, r"\D", ""), r"^00", "")
    return pc.if_else(pc.greater_equal(pc.utf8_length(digits), FEWEST_DIGITS), digits, None)


def _repeats(texts: Any) -> int:  # noqa: ANN401
    known = texts.drop_null().filter(pc.not_equal(texts.drop_null(), ""))
    return len(known) - int(pc.count_distinct(known).as_py())
