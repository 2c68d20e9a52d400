"""Rows that stand twice, and leads that are probably one person: counts only, never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.identities import normalised_emails, normalised_phones
from readiness.crm.tables import Coded, Flags, Ints, Tables, Texts

FEWEST_DIGITS: Final = 7
"""Fewer digits are an extension, or no number; and two numbers that are one end in the same so many."""


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

    E-mail addresses and telephone numbers are compared as `identities` writes them; a leading ``00`` is
    a ``+``. A number that names no country is compared by its digits.
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
            for name, form in (("email", normalised_emails), ("phone", _one_phone))
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
        values = _ranks(column)
        group = _ranks(group * (int(values.max(initial=0)) + 1) + values)
    return len(group) - len(np.unique(group))


def _ranks(column: NDArray[Any]) -> Ints:
    return np.unique(column, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _numbered(texts: Texts) -> Ints:
    found = pa.array(texts, pa.large_string()).dictionary_encode().indices.fill_null(-1)
    return np.asarray(found, dtype=np.int64)


def _texts(texts: Texts) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _one_phone(texts: Any) -> Any:  # noqa: ANN401
    digits = pc.replace_substring_regex(texts, r"\D", "")
    ends = pc.utf8_slice_codeunits(digits, -FEWEST_DIGITS)
    long = pc.greater_equal(pc.utf8_length(digits), FEWEST_DIGITS)
    # Reading a number takes long, so only those are read that end like another one.
    seen = pc.value_counts(ends.filter(long).combine_chunks())
    again = seen.field(0).filter(pc.greater(seen.field(1), 1))
    there = pc.and_(long, pc.is_in(ends, value_set=again))
    alike = pc.replace_substring_regex(texts.filter(there), r"^\s*00", "+")
    return pc.coalesce(normalised_phones(alike), digits.filter(there))


def _repeats(texts: Any) -> int:  # noqa: ANN401
    known = texts.drop_null().filter(pc.not_equal(texts.drop_null(), ""))
    return len(known) - int(pc.count_distinct(known).as_py())
