"""The Maven pipeline through the whole road: a world whose profile columns know nothing."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from readiness import shipped, training_run
from readiness.agreement import reading
from readiness.crm.records import OUTCOMES, instant
from readiness.crm.tables import Tables
from readiness.training_run import TrainingRun, TrainingSettings
from tests.mappings.exports import accepted, attribute, day, ends, imported, write

PRODUCTS = [{"product": "GTX Pro", "series": "GTX", "sales_price": "4821"}]
TEAMS = [{"sales_agent": "Ann", "manager": "Meg", "regional_office": "East"}]


def deal(opportunity_id: str = "A", stage: str = "Won", **cells: str) -> dict[str, str]:
    own = {"opportunity_id": opportunity_id, "sales_agent": "Ann", "product": "GTXPro", "account": "Isdom"}
    dates = {
        "deal_stage": stage,
        "engage_date": "10/20/2016",
        "close_date": "3/1/2017",
        "close_value": "4514",
    }
    return own | dates | cells


def _pipeline(folder: Path, *deals: dict[str, str]) -> Path:
    return write(folder, sales_pipeline=deals, products=PRODUCTS, sales_teams=TEAMS)


def test_the_product_is_found_although_it_is_written_otherwise(tmp_path: Path) -> None:
    tables = accepted("maven_crm", _pipeline(tmp_path, deal()))
    assert attribute(tables, "series") == ["GTX"]
    assert attribute(tables, "manager") == ["Meg"]


def test_a_repaired_key_is_told_with_its_rows(tmp_path: Path) -> None:
    notes = imported("maven_crm", _pipeline(tmp_path, deal(), deal("B"))).notes
    assert "sales_pipeline.csv: `match` took 'GTXPro' for 'GTX Pro' in 2 rows." in notes


def test_a_product_that_nobody_sells_is_named_with_the_nearest(tmp_path: Path) -> None:
    received = imported("maven_crm", _pipeline(tmp_path, deal(), deal("B", product="GTX-Pro")))
    told = [note for note in received.notes if "GTX-Pro" in note]
    assert len(told) == 1, received.notes
    assert "nearest is 'GTX Pro'" in told[0]


def test_a_deal_ends_as_its_stage_says_and_an_open_one_has_no_end(tmp_path: Path) -> None:
    open_ = deal("C", "Engaging", close_date="", close_value="")
    tables = accepted("maven_crm", _pipeline(tmp_path, deal(), deal("B", "Lost"), open_))
    assert ends(tables) == [("A", "2017-03-01", "closed_won"), ("B", "2017-03-01", "closed_lost")]
    assert [day(at) for at in tables.leads.created_at.tolist()] == ["2016-10-20"] * 3


def test_a_deal_that_nobody_has_begun_is_left_out(tmp_path: Path) -> None:
    prospect = deal("B", "Prospecting", engage_date="", close_date="")
    received = imported("maven_crm", _pipeline(tmp_path, deal(), prospect))
    assert received.faults == ()
    assert received.tables.leads.lead_id.tolist() == ["A"]


def test_neither_the_price_paid_nor_the_account_is_an_attribute(tmp_path: Path) -> None:
    tables = accepted("maven_crm", _pipeline(tmp_path, deal()))
    assert set(tables.leads.attributes) == {
        "sales_agent",
        "product",
        "series",
        "sales_price",
        "manager",
        "regional_office",
    }


@pytest.fixture(scope="module")
def maven(real_data: Path) -> Tables:
    return accepted("maven_crm", real_data / "maven-crm")


@pytest.mark.realdata
def test_maven_is_8300_deals_of_which_4238_were_won_and_1589_are_open(maven: Tables, real_data: Path) -> None:
    with (real_data / "maven-crm" / "sales_pipeline.csv").open(encoding="utf-8") as file:
        stages = Counter(row["deal_stage"] for row in csv.DictReader(file))

    found = Counter(OUTCOMES[end] for end in maven.outcomes.outcome.tolist())

    assert len(maven.leads) == stages.total() - stages["Prospecting"] == 8_300
    assert found == {"closed_won": stages["Won"], "closed_lost": stages["Lost"]}
    assert maven.date_only
    assert maven.observed_through == instant("2017-12-31") + 1


@pytest.mark.realdata
def test_no_maven_deal_is_without_its_product(maven: Tables) -> None:
    assert None not in attribute(maven, "series")


@pytest.mark.realdata
@pytest.mark.slow
def test_no_skill_is_found_where_the_profile_knows_nothing(maven: Tables) -> None:
    agreement = reading.load(shipped.agreement())
    settings = TrainingSettings(replicates=50, importance=False)

    run = training_run.train(maven, agreement, settings=settings)

    assert isinstance(run, TrainingRun)
    skill = run.judgement.skill
    assert not skill.claimed
    said = "No skill was found beyond a lead's age, and so none beyond its age and month of creation"
    assert skill.sentence.startswith(said)
