"""Joins bring columns by a key, and every key without counterpart is told with the nearest there is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.mapping.joining import _all_pairs
from readiness.errors import DataError
from tests.crm.mappings import applied, rows

SALES = "id,created,from,product\n1,2026-01-01,web,GTXPro\n2,2026-01-02,web,GTX Pro\n3,2026-01-03,web,\n"
PRODUCTS = "product,series,price\nGTX Pro,GTX,4821\nMG Special,MG,55\n"
JOINED = """
name: mine
files: {{sales: {{path: sales.csv}}, products: {{path: products.csv}}}}
leads:
  file: sales
  columns: {{lead_id: id, created_at: created, source: from}}
  exclude: {{product: a key}}
  join: [{{file: products, on: product{more}}}]
"""


def _series(more: str, folder: Path) -> tuple[list[str | None], list[str], list[str]]:
    received = applied(JOINED.format(more=more), folder, sales=SALES, products=PRODUCTS)
    attributes = received.tables.leads.attributes
    name = next(name for name in attributes if name.endswith("series"))
    return (
        attributes[name].texts().tolist(),  # type: ignore[union-attr]
        [note for note in received.notes if "products" in note],
        [fault.code for fault in received.faults],
    )


def test_an_unmatched_key_is_told_with_its_rows_and_the_nearest_key(tmp_path: Path) -> None:
    assert _series("", tmp_path) == (
        [None, "GTX", None],
        [
            "sales.csv: 2 of 3 rows have no row in products.csv: "
            "'GTXPro' (1 row; nearest is 'GTX Pro'); no product (1 row)."
        ],
        [],
    )


def test_a_stated_repair_of_keys_matches_them(tmp_path: Path) -> None:
    series, notes, _ = _series(", match: {GTXPro: GTX Pro}", tmp_path)

    assert series == ["GTX", "GTX", None]
    assert notes == ["sales.csv: 1 of 3 rows has no row in products.csv: no product (1 row)."]


def test_rows_without_counterpart_may_be_refused(tmp_path: Path) -> None:
    received = applied(JOINED.format(more=", unmatched: refuse"), tmp_path, sales=SALES, products=PRODUCTS)

    told = [(fault.table, fault.row, fault.column, fault.seen, fault.code) for fault in received.faults]
    assert told == [
        ("sales.csv", 2, "product", "'GTXPro'", "unmatched_key"),
        ("sales.csv", 4, "product", "nothing", "unmatched_key"),
    ]
    assert [fault.remedy for fault in received.faults] == [
        "Did you mean 'GTX Pro'? Add the row to that file, or name the key it is written with there under "
        "`match` in the mapping.",
        "Add the row to that file, or name the key it is written with there under `match` in the mapping.",
    ]
    assert received.tables.leads.lead_id.tolist() == ["2"]


def test_rows_without_counterpart_may_be_left_out(tmp_path: Path) -> None:
    received = applied(JOINED.format(more=", unmatched: leave_out"), tmp_path, sales=SALES, products=PRODUCTS)

    assert received.tables.leads.lead_id.tolist() == ["2"]
    assert "sales.csv (leads): 2 of 3 rows left out: no row in products.csv (2)." in received.notes


def test_only_the_columns_taken_come_along_under_their_prefix(tmp_path: Path) -> None:
    received = applied(
        JOINED.format(more=", take: [series], prefix: product_"), tmp_path, sales=SALES, products=PRODUCTS
    )

    assert list(received.tables.leads.attributes) == ["product_series"]


def test_an_optional_file_that_is_not_there_brings_nothing(tmp_path: Path) -> None:
    text = JOINED.format(more=", take: [series]").replace("products.csv}", "products.csv, optional: true}")

    received = applied(text + "  attributes: {line: series}\n", tmp_path, sales=SALES)

    assert received.tables.leads.attributes["line"].texts().tolist() == [None] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            ", key: nr",
            r"mine.yaml, row 8, column \d+: saw `leads.join.0.key`: no column 'nr' in products.csv",
        ),
        (", take: [seris]", r"`leads.join.0.take`: no column 'seris' in products.csv, but 'series'"),
        (", prefix: cre, take: [ated]", r"no column 'ated' in products.csv"),
    ],
)
def test_what_a_join_names_must_be_there(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        applied(JOINED.format(more=more), tmp_path, sales=SALES, products=PRODUCTS)


def test_a_name_that_two_files_have_must_be_settled(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"a column 'price' twice, with products.csv; expected each name once"
    ):
        applied(
            JOINED.format(more=""),
            tmp_path,
            sales=SALES.replace("product\n", "product,price\n"),
            products=PRODUCTS,
        )


LINKED = """
name: mine
files: {leads: {path: leads.csv}, calls: {path: calls.csv}, links: {path: links.csv}}
leads: {file: leads, columns: {lead_id: id, created_at: created, source: from}, others: drop}
activities:
  - file: calls
    join: [{file: links, on: call_id, many: true, take: [contact_id]}]
    columns:
      lead_id: {column: contact_id, lookup: [id, email], unmatched: leave_out}
      occurred_at: at
      type: {constant: call}
      direction: {constant: outbound}
"""
LEADS = "id,created,from,email\nA,2026-01-01,web,a@x.si\nB,2026-01-02,web,b@x.si\nC,2026-01-01,web,b@x.si\n"


def test_a_link_table_gives_a_row_to_each_lead_it_names(tmp_path: Path) -> None:
    received = applied(
        LINKED,
        tmp_path,
        leads=LEADS,
        calls="call_id,at\n7,2026-02-01\n8,2026-02-02\n9,2026-02-03\n",
        links="call_id,contact_id\n8,B\n7,A\n7,B\n9,Z\n",
    )

    assert rows(received, "activities") == [
        ("A", "2026-02-01", "call", "outbound"),
        ("B", "2026-02-01", "call", "outbound"),
        ("B", "2026-02-02", "call", "outbound"),
    ]
    assert "calls.csv (activities): 1 of 4 rows left out: contact_id is of no lead (1)." in received.notes


def test_a_lead_is_found_by_other_columns_and_the_earliest_of_several(tmp_path: Path) -> None:
    received = applied(
        LINKED,
        tmp_path,
        leads=LEADS,
        calls="call_id,at\n7,2026-02-01\n8,2026-02-02\n",
        links="call_id,contact_id\n7,b@x.si\n8,A\n",
    )

    assert [row[0] for row in rows(received, "activities")] == ["A", "C"]
    assert "leads.csv: 1 lead with the same email as an earlier one, to which the rows go." in received.notes


def test_a_row_of_no_lead_is_refused_unless_the_mapping_says_otherwise(tmp_path: Path) -> None:
    received = applied(
        LINKED.replace(", unmatched: leave_out", ""),
        tmp_path,
        leads=LEADS,
        calls="call_id,at\n7,2026-02-01\n8,2026-02-02\n",
        links="call_id,contact_id\n7,Z\n8,A\n",
    )

    assert [(fault.table, fault.row, fault.code) for fault in received.faults] == [
        ("calls.csv", 2, "unknown_lead")
    ]
    assert received.counts["activities"].read == 2


_KEYS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), max_size=7)


@given(mine=_KEYS, theirs=_KEYS)
@settings(deadline=None, max_examples=100)
def test_all_pairs_of_a_key_are_made_as_two_loops_make_them(
    mine: list[str | None], theirs: list[str | None]
) -> None:
    keys = pa.array(theirs, pa.large_string())
    found = pc.index_in(pa.array(mine, pa.large_string()), value_set=keys, skip_nulls=True)

    rows, at = _all_pairs(found, keys)

    slow: list[tuple[int, int | None]] = []
    for row, key in enumerate(mine):
        partners = [other for other, there in enumerate(theirs) if key is not None and there == key]
        slow += [(row, other) for other in partners] or [(row, None)]
    assert list(zip(rows.tolist(), at.to_pylist(), strict=True)) == slow
