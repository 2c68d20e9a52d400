"""The shipped mappings on the exports they were written for."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from readiness import shipped
from readiness.crm import folder, mapping
from readiness.crm.intake import Received
from readiness.crm.records import CLOSED_WON, OUTCOMES, instant
from readiness.crm.tables import Coded, Tables
from tests.builders import assert_same

pytestmark = pytest.mark.realdata

CLOSED_LOST = OUTCOMES.index("closed_lost")


def _imported(name: str, source: Path) -> Received:
    return mapping.apply(mapping.load(shipped.mapping(name)), [source])


def _texts(tables: Tables, name: str) -> list[str | None]:
    column = tables.leads.attributes[name]
    assert isinstance(column, Coded)
    texts: list[str | None] = column.texts().tolist()
    return texts


def _outcome_of_each_lead(tables: Tables) -> list[int]:
    code = np.full(len(tables.leads), -1)
    code[tables.outcomes.lead] = tables.outcomes.outcome
    ends: list[int] = code.tolist()
    return ends


def test_bohanec_is_448_deals_227_won(bohanec: Path) -> None:
    received = _imported("bohanec", bohanec)
    read = received.tables

    assert (received.counts["leads"].read, received.counts["leads"].refused) == (448, 0)
    assert np.bincount(read.outcomes.outcome, minlength=4).tolist() == [227, 0, 221, 0]
    assert not read.dated
    assert any("nothing about time can be checked" in note for note in received.notes)


def test_bohanec_keeps_every_row_as_it_stands(bohanec: Path) -> None:
    with bohanec.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    read = _imported("bohanec", bohanec).tables

    known = [{name: None if cell == "Unknown" else cell for name, cell in row.items()} for row in rows]
    for name in read.leads.attributes:
        assert _texts(read, name) == [row[name] for row in known], name
    assert read.leads.source.texts().tolist() == [row["Source"] for row in known]
    assert set(read.leads.attributes) == set(rows[0]) - {"Source", "Status"}
    assert [code == CLOSED_WON for code in _outcome_of_each_lead(read)] == [
        row["Status"] == "Won" for row in rows
    ]


def test_bohanec_ids_do_not_depend_on_the_order_of_the_file(bohanec: Path, tmp_path: Path) -> None:
    header, *rows = bohanec.read_text("utf-8").splitlines()
    (tmp_path / "turned.csv").write_text("\n".join([header, *rows[::-1]]), "utf-8")

    one, other = _imported("bohanec", bohanec).tables, _imported("bohanec", tmp_path / "turned.csv").tables

    ends = [
        sorted(zip(each.leads.lead_id.tolist(), _outcome_of_each_lead(each), strict=True))
        for each in (one, other)
    ]
    assert ends[0] == ends[1]
    assert len({lead_id for lead_id, _ in ends[0]}) == 448


def test_bank_marketing_is_41188_calls_4640_sold(bank_marketing: Path) -> None:
    received = _imported("bank_marketing", bank_marketing)
    read = received.tables

    assert (received.counts["leads"].read, received.counts["leads"].refused) == (41_188, 0)
    ends = np.array(_outcome_of_each_lead(read))
    assert np.count_nonzero(ends == CLOSED_WON) == 4_640
    assert np.count_nonzero(ends == CLOSED_LOST) == 36_548


def test_bank_marketing_leaves_out_the_length_of_the_call_and_reads_999_as_never(
    bank_marketing: Path,
) -> None:
    with gzip.open(bank_marketing, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    read = _imported("bank_marketing", bank_marketing).tables

    assert set(read.leads.attributes) == set(rows[0]) - {"duration", "y"}
    assert _texts(read, "pdays") == [None if row["pdays"] == "999" else row["pdays"] for row in rows]
    assert _texts(read, "job") == [None if row["job"] == "unknown" else row["job"] for row in rows]
    assert read.leads.source.levels == ("outbound",)


@pytest.mark.slow
def test_leadforge_gives_dated_leads_activities_and_ends(leadforge_world: Path) -> None:
    received = _imported("leadforge", leadforge_world)
    read = received.tables
    there = {
        name: pd.read_parquet(leadforge_world / "tables" / f"{name}.parquet")
        for name in ("leads", "touches", "sessions", "sales_activities", "opportunities")
    }

    assert {table: count.refused for table, count in received.counts.items()} == dict.fromkeys(
        received.counts, 0
    )
    assert read.leads.lead_id.tolist() == there["leads"]["lead_id"].tolist()
    assert len(read.activities) == sum(
        len(there[name]) for name in ("touches", "sessions", "sales_activities")
    )
    ends = there["opportunities"]["close_outcome"].value_counts()
    assert np.bincount(read.outcomes.outcome, minlength=4).tolist() == [
        ends["closed_won"],
        0,
        ends["closed_lost"],
        0,
    ]
    assert read.date_only


@pytest.mark.slow
def test_leadforge_lead_1_is_what_its_files_say(leadforge_world: Path) -> None:
    read = _imported("leadforge", leadforge_world).tables
    lead = pd.read_parquet(leadforge_world / "tables" / "leads.parquet").iloc[0]
    accounts = pd.read_parquet(leadforge_world / "tables" / "accounts.parquet").set_index("account_id")

    assert read.leads.created_at[0] == instant(lead["lead_created_at"])
    assert read.leads.last_known_at[0] - read.leads.created_at[0] == 90 * 86_400 * 1_000_000
    assert accounts.loc[lead["account_id"], "employee_band"].startswith(str(_texts(read, "company_size")[0]))
    assert set(_texts(read, "company_size")) == {"200", "500", "1000", "2000"}
    assert _outcome_of_each_lead(read)[0] == CLOSED_WON
    assert read.outcomes.occurred_at[0] == instant(lead["conversion_timestamp"])


@pytest.mark.slow
def test_leadforge_leaves_out_what_knows_the_future(leadforge_world: Path) -> None:
    read = _imported("leadforge", leadforge_world).tables

    leaks = {
        "current_stage",
        "is_sql",
        "converted_within_90_days",
        "conversion_timestamp",
        "total_touches_all",
    }
    assert not leaks & set(read.leads.attributes)


@pytest.mark.parametrize("name", ["bohanec", "leadforge_world"])
def test_an_import_survives_its_way_through_files(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    read = _imported(name.removesuffix("_world"), request.getfixturevalue(name)).tables

    folder.write(read, tmp_path)

    assert_same(read, folder.read(tmp_path))
