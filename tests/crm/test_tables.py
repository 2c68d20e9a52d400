"""The five tables as sorted columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm import tables
from readiness.crm.identifiers import identified
from readiness.crm.tables import Coded, Leads, coded

rows = st.tuples(
    st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.sampled_from([0.0, 1.0, float("nan")])
)


@given(st.lists(rows))
def test_sorting_equals_sorting_by_every_key(given_rows: list[tuple[int, int, int, float]]) -> None:
    lead, at, kind, value = (
        (np.array(column) for column in zip(*given_rows, strict=True))
        if given_rows
        else [np.array([], dtype=np.int64) for _ in range(4)]
    )
    levels = Coded(kind.astype(np.int32), ("a", "b"))

    made = tables.activities(
        leads=4,
        lead=lead.astype(np.int32),
        occurred_at=at.astype(np.int64),
        type=levels,
        direction=np.zeros(len(lead), dtype=np.int8),
        value=value.astype(np.float64),
    )

    slowly = sorted(given_rows, key=lambda row: (row[0], row[1], row[2], np.isnan(row[3]), row[3]))
    found = zip(made.lead, made.occurred_at, made.type.codes, made.value, strict=True)
    assert np.array_equal(
        np.array(list(found)).reshape(-1, 4), np.array(slowly).reshape(-1, 4), equal_nan=True
    )
    assert made.starts.tolist() == [sum(row[0] < lead for row in given_rows) for lead in range(5)]


@pytest.mark.parametrize(
    ("texts", "codes", "levels"),
    [
        ([], [], ()),
        ([None], [-1], ()),
        (["b"], [0], ("b",)),
        (["b", None, "a", "b"], [1, -1, 0, 1], ("a", "b")),
    ],
    ids=["none", "missing", "one", "many"],
)
def test_texts_are_coded_by_sorted_levels(
    texts: list[str | None], codes: list[int], levels: tuple[str, ...]
) -> None:
    column = coded(texts)

    assert (column.codes.tolist(), column.levels) == (codes, levels)
    assert [column.at(row) for row in range(len(column))] == column.texts().tolist() == texts


def _leads(*roles: str | None) -> Leads:
    none = np.full(len(roles), tables.NO_INSTANT)
    ids = np.full(len(roles), None, dtype=np.object_)
    return Leads(ids, none, none, coded([None] * len(roles)), {"role": coded(roles)})


def test_ids_from_content_are_the_same_set_whatever_the_order() -> None:
    forth = identified(_leads("a", "b", "a", None)).lead_id.tolist()
    back = identified(_leads(None, "a", "b", "a")).lead_id.tolist()

    assert sorted(forth) == sorted(back)
    assert len(set(forth)) == 4


def test_leads_of_the_same_content_are_counted_in_the_order_asked_for() -> None:
    first, second = identified(_leads("a", "a"), [1, 0]).lead_id

    assert first.endswith("-2")
    assert second.endswith("-1")
    assert first[:-2] == second[:-2]


def test_an_id_that_is_given_is_kept() -> None:
    leads = _leads("a", "b")
    leads.lead_id[0] = "L-1"

    assert identified(leads).lead_id[0] == "L-1"
