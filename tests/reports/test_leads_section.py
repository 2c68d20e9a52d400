"""Where the leads are, told to a manager; each sentence is recomputed from the CSV."""

from __future__ import annotations

import functools
import json
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.hindsight.leads_now import LeadsNow, leads_now
from readiness.reports import drawing, leads_wording
from readiness.reports.leads_section import SECTION, Leads, draw, numbers, summarise
from readiness.reports.page import render
from readiness.scoring import suppressed
from tests import builders
from tests.hindsight.small import SMALL
from tests.reports import examples
from tests.reports.csv_tables import Row, rows, share
from tests.undated_leads import won_where_large_in_the_north


@functools.cache
def found() -> LeadsNow:
    return leads_now(
        simulate.world(500, 4).tables, load(shipped.agreement()), never_call=suppressed, replicates=40
    )


@functools.cache
def told() -> Leads:
    return summarise(examples.judgement("skilled"), found())


def table(name: str) -> list[Row]:
    return rows(numbers(told()), name)


def total(chosen: list[Row], column: str = "leads") -> int:
    return sum(int(row[column]) for row in chosen)


def test_the_first_sentence_counts_ready_leads_and_those_that_wait() -> None:
    now = [row for row in table("standing") if row["when"] == "now"]
    everybody, ready = total(now), total([row for row in now if row["ready"] == "True"])
    with_sales = [row for row in table("waiting") if row["group"] == "with sales"]
    late = total([row for row in with_sales if row["late"] == "True"])
    assert told().sentence.startswith(f"Of {everybody:,} open leads on ")
    assert f", {ready} ({share(str(ready / everybody))} %) are ready for sales" in told().sentence
    assert f"of the {total(with_sales)} that are with sales, {late} ha" in told().sentence


def test_the_months_sentence_compares_the_first_month_with_the_last() -> None:
    months = [row for row in table("standing") if row["when"] != "now"]
    section = told().standing
    assert section is not None
    for when in (months[0]["when"], months[-1]["when"]):
        there = [row for row in months if row["when"] == when]
        ready = total([row for row in there if row["ready"] == "True"])
        assert f"{ready} of {total(there)}" in section.sentence


def test_the_fates_sentence_names_who_is_won_most_and_least() -> None:
    enough = [row for row in table("fates") if int(row["leads"]) >= 30 and row["won"]]
    most, least = (pick(enough, key=lambda row: float(row["won"])) for pick in (max, min))
    section = told().fates
    assert section is not None
    assert f"“{most['category']}” on the first of a month, {share(most['won'])} in 100" in section.sentence
    assert f"of “{least['category']}”, {share(least['won'])}" in section.sentence


def test_the_moves_sentence_is_what_the_moves_add_up_to() -> None:
    ready = {row["category"] for row in table("standing") if row["ready"] == "True"}
    kinds = {row["category"] for row in table("standing")}
    moves = table("moves")
    below = [row for row in moves if row["before"] not in ready]
    above = [row for row in moves if row["before"] in ready]
    rises = total([row for row in below if row["after"] in ready]) / total(below)
    falls = total([row for row in above if row["after"] in kinds - ready]) / total(above)
    section = told().moves
    assert section is not None
    assert f"on the first of a month, {share(str(rises))} %" in section.sentence
    assert f"of those that were ready, {share(str(falls))} %" in section.sentence
    assert f"({total(moves):,} looks at leads, over" in section.sentence


def test_the_gaps_sentence_names_the_piece_missing_most_often() -> None:
    ready = [row for row in table("gaps") if row["ready"] == "True"]
    missing = {
        piece: total([row for row in ready if row["piece"] == piece], "unknown")
        for piece in dict.fromkeys(row["piece"] for row in ready)
    }
    most = max(missing, key=lambda piece: missing[piece])
    section = told().gaps
    assert section is not None
    assert f"{most} is not known of {missing[most]}, no other piece of more" in section.sentence


def test_the_waiting_sentence_counts_whom_nobody_followed_up() -> None:
    waits = table("waiting")
    section = told().waiting
    assert section is not None
    for group in ("with sales", "ready, but never handed over"):
        rows_of = [row for row in waits if row["group"] == group]
        nobody = total([row for row in rows_of if row["waiting"] != "followed up"])
        assert f"with {nobody} of {total(rows_of)} lead" in section.sentence


def test_without_open_leads_it_says_so() -> None:
    nobody = summarise(examples.judgement("skilled"), leads_now(builders.tables([]), SMALL))
    assert nobody.sentence == leads_wording.NO_LEADS
    assert not {"standing", "fates", "moves", "gaps", "waiting"} & set(draw(nobody, drawing.WIDE))


def test_of_undated_leads_it_says_what_cannot_be_known() -> None:
    undated = leads_now(won_where_large_in_the_north(), SMALL, replicates=5)
    section = summarise(examples.judgement("undated"), undated)
    assert section.moves is not None
    assert section.waiting is not None
    assert section.moves.sentence == section.waiting.sentence == leads_wording.UNTIMED


def test_what_is_told_is_read_again_as_it_was_kept() -> None:
    kept = json.dumps(TypeAdapter(Leads).dump_python(told()), allow_nan=False)
    assert TypeAdapter(SECTION.kind).validate_python(json.loads(kept)) == told()


@pytest.mark.slow
def test_the_section_stands_on_the_page_with_all_its_charts() -> None:
    report = examples.report("skilled")
    page = render(replace(report, told={**report.told, "leads": told()}))
    for name in ("standing", "fates", "moves", "gaps", "waiting", "categories"):
        assert f'download="leads-{name}.csv"' in page
    assert set(draw(told(), drawing.NARROW)) == {
        "standing",
        "fates",
        "moves",
        "gaps",
        "waiting",
        "categories",
    }
