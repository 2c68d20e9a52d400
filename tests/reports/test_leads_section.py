"""Where the leads are, told to a manager; each sentence is recomputed from the CSV."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from readiness.hindsight.ageing import READY, WITH_SALES, Waiting
from readiness.hindsight.leads_now import leads_now
from readiness.reports import drawing, leads_wording
from readiness.reports.leads_section import SECTION, Leads, draw, numbers, summarise
from readiness.reports.page import render
from tests import builders
from tests.hindsight.small import SMALL
from tests.reports import examples, told
from tests.reports.csv_tables import Row, rows, share
from tests.undated_leads import won_where_large_in_the_north


def table(name: str) -> list[Row]:
    return rows(numbers(told.leads()), name)


def total(chosen: list[Row], column: str = "leads") -> int:
    return sum(int(row[column]) for row in chosen)


def test_the_first_sentence_counts_ready_leads_and_those_that_wait() -> None:
    now = [row for row in table("standing") if row["when"] == "now"]
    everybody, ready = total(now), total([row for row in now if row["ready"] == "True"])
    with_sales = [row for row in table("waiting") if row["group"] == "with sales"]
    late = total([row for row in with_sales if row["late"] == "True"])
    assert told.leads().sentence.startswith(f"Of {everybody:,} open leads at the end of ")
    assert f", {ready} ({share(str(ready / everybody))} %) are ready for sales" in told.leads().sentence
    assert f"of the {total(with_sales)} that are with sales, {late} ha" in told.leads().sentence


def test_the_months_sentence_compares_the_first_month_with_the_last() -> None:
    months = [row for row in table("standing") if row["when"] != "now"]
    section = told.leads().standing
    assert section is not None
    for when in (months[0]["when"], months[-1]["when"]):
        there = [row for row in months if row["when"] == when]
        ready = total([row for row in there if row["ready"] == "True"])
        assert f"{ready} of {total(there)}" in section.sentence


def test_the_fates_sentence_names_who_is_won_most_and_least() -> None:
    enough = [row for row in table("fates") if int(row["leads"]) >= 30 and row["won"]]
    most, least = (pick(enough, key=lambda row: float(row["won"])) for pick in (max, min))
    section = told.leads().fates
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
    section = told.leads().moves
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
    section = told.leads().gaps
    assert section is not None
    assert f"{most} is not known of {missing[most]}, no other piece of more" in section.sentence


def test_the_waiting_sentence_counts_whom_nobody_followed_up() -> None:
    waits = table("waiting")
    section = told.leads().waiting
    assert section is not None
    for group in ("with sales", "ready, but never handed over"):
        rows_of = [row for row in waits if row["group"] == group]
        nobody = total([row for row in rows_of if row["waiting"] != "followed up"])
        said = {
            "with sales": f"been in touch with {nobody} of {total(rows_of)} leads since sales was given them",
            "ready, but never handed over": f"Of {total(rows_of)} leads that are ready, but never "
            f"handed over, nobody has been in touch with {nobody}.",
        }
        assert said[group] in section.sentence


def waits(with_sales: tuple[int, int, int], ready: tuple[int, int]) -> str:
    """Say of (leads, followed up, waiting longest) with sales, and of (leads, followed up) never given."""
    ageing = told.leads_found().ageing
    assert ageing is not None
    longest = (*[0] * (len(ageing.stretches) - 1), with_sales[2])
    groups = (
        Waiting(WITH_SALES, with_sales[0], with_sales[1], longest),
        Waiting(READY, ready[0], ready[1], (ready[0] - ready[1], *[0] * (len(ageing.stretches) - 1))),
    )
    found = replace(told.leads_found(), ageing=replace(ageing, groups=groups, never_call=0))
    return leads_wording.waiting(found)


@pytest.mark.parametrize(
    ("with_sales", "ready", "says"),
    [
        ((0, 0, 0), (0, 0), "No open lead is with sales. No ready lead is waiting to be handed over."),
        (
            (1, 0, 1),
            (1, 0),
            "Nobody of ours has been in touch with 1 of 1 lead since sales was given it, for more than 90 "
            "days. Of 1 lead that is ready, but never handed over, nobody has been in touch with 1.",
        ),
        (
            (3, 3, 0),
            (0, 0),
            "Somebody of ours has been in touch with all of 3 leads since sales was given them. No ready "
            "lead is waiting to be handed over.",
        ),
    ],
    ids=["nobody", "one", "all followed up"],
)
def test_who_waits_is_told_whatever_their_number(
    with_sales: tuple[int, int, int], ready: tuple[int, int], says: str
) -> None:
    assert waits(with_sales, ready) == says


def test_where_no_lead_is_ready_none_is_said_to_be() -> None:
    found = told.leads_found()
    nobody = replace(found, passing=("sales_ready_buyer",), gaps=(), ageing=None)

    assert leads_wording.headline(nobody).endswith(", none is ready for sales (sales-ready buyer).")


def test_without_open_leads_it_says_so() -> None:
    nobody = summarise(examples.judgement("skilled"), leads_now(builders.tables([]), SMALL))
    assert nobody.sentence == leads_wording.NO_LEADS
    assert not {"standing", "fates", "moves", "gaps", "waiting"} & set(draw(nobody, drawing.WIDE))


def test_of_undated_leads_it_says_what_cannot_be_known() -> None:
    undated = leads_now(won_where_large_in_the_north(), SMALL, replicates=5)
    section = summarise(examples.judgement("undated"), undated)
    parts = (section.standing, section.moves, section.waiting)
    said = [part.sentence for part in parts if part is not None]
    assert said == [leads_wording.UNTIMED_KINDS, leads_wording.UNTIMED_MOVES, leads_wording.UNTIMED_WAITS]


def test_what_is_told_is_read_again_as_it_was_kept() -> None:
    kept = json.dumps(TypeAdapter(Leads).dump_python(told.leads()), allow_nan=False)
    assert TypeAdapter(SECTION.kind).validate_python(json.loads(kept)) == told.leads()


@pytest.mark.slow
def test_the_section_stands_on_the_page_with_all_its_charts() -> None:
    report = examples.report("skilled")
    page = render(replace(report, told={**report.told, "leads": told.leads()}))
    for name in ("standing", "fates", "moves", "gaps", "waiting", "categories"):
        assert f'download="leads-{name}.csv"' in page
    assert set(draw(told.leads(), drawing.NARROW)) == {
        "standing",
        "fates",
        "moves",
        "gaps",
        "waiting",
        "categories",
    }
