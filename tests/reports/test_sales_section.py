"""What a model does for sales, told to a manager; each sentence is recomputed from the CSV."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from readiness.hindsight.at_capacity import at_capacity
from readiness.judging.bootstrap import Figure
from readiness.judging.bootstrap import draw as draws
from readiness.reports import drawing, sales_wording, wording
from readiness.reports.page import render
from readiness.reports.sales_section import SECTION, Sales, draw, numbers, summarise
from tests.hindsight import given_world
from tests.reports import examples, told
from tests.reports.csv_tables import Row, rows, share


def capacity(leads: int, **kind: bool) -> Row:
    """The row of half the calls, among leads handed over."""
    found = rows(numbers(told.sales(leads, **kind)), "capacity")
    return next(row for row in found if row["share"] == "0.5" and row["among"] == "leads handed over")


def test_the_first_sentence_says_what_half_the_calls_find_and_at_which_rate() -> None:
    row = capacity(90)
    assert told.sales(90).sentence == (
        f"Had sales called only half of the {row['hand_overs']} later leads that it was given, those with "
        f"the highest scores, it would have found {share(row['sales'])} % of the sales (95 % interval "
        f"{share(row['sales_low'])}–{share(row['sales_high'])}), where half the calls as they came find "
        f"50 %, at a cry-wolf rate of {share(row['rate'])} % instead of {share(row['rate_before'])} % "
        f"(−{share(row['gap']).removeprefix('-')} points, 95 % interval "
        f"−{share(row['gap_low']).removeprefix('-')} to −{share(row['gap_high']).removeprefix('-')})."
    )


def test_it_says_so_where_hand_overs_were_drawn() -> None:
    found = given_world.found(90)
    drawn = replace(found, at_capacity=(replace(found.at_capacity[0], of=61_000),))
    assert "half of the 90 later leads (drawn at random from 61,000) that" in sales_wording.headline(drawn)


def test_the_figures_of_half_the_calls_follow_from_each_other() -> None:
    row = {name: float(value) for name, value in capacity(90).items() if re.fullmatch(r"-?[\d.e-]+", value)}
    # All 90 were followed to the horizon, so rates and shares are plain counts.
    assert row["rate_before"] == pytest.approx(row["stop"] / (row["won"] + row["stop"]))
    called_won, called_stop = row["sales"] * row["won"], row["stops"] * row["stop"]
    assert row["rate"] == pytest.approx(called_stop / (called_won + called_stop))
    assert row["gap"] == pytest.approx(row["rate"] - row["rate_before"])
    assert row["stops_avoided"] == pytest.approx(row["stop"] / 2 - called_stop)


def test_the_stops_avoided_are_those_of_the_numbers() -> None:
    row, (section, *_) = capacity(90), told.sales(90).capacity
    assert section.sentence.startswith(
        f"Of 90 leads within 90 days {row['won']} were won and {row['stop']} told us to stop. "
    )
    avoided = sales_wording.number(float(row["stops_avoided"]))
    assert f"would have avoided {avoided} more than half the calls as they came" in section.sentence


def test_the_week_sentence_is_that_of_the_numbers() -> None:
    # All 90 leads were given to sales in one week.
    (row,) = [each for each in rows(numbers(told.sales(90)), "capacity") if each["capacity"] == "10 a week"]
    calls, (section, *_) = sales_wording.number(float(row["calls"])), told.sales(90).capacity
    assert section.sentence.endswith(
        f"At the agreed 10 calls a week, the {calls} leads with each week's highest scores hold "
        f"{share(row['sales'])} % of the sales (95 % interval {share(row['sales_low'])}–"
        f"{share(row['sales_high'])}); as many as they came, {share(row['sales_before'])} %."
    )


def test_where_sales_could_take_all_that_came_it_is_said() -> None:
    found = given_world.found(90)
    (one,) = found.at_capacity
    all_taken = replace(one, capacities=one.capacities[:3])
    said = sales_wording.capacity(all_taken, 90.0)
    assert said.endswith("In no week was sales given more leads than the agreed 10.")


def test_the_first_calls_sentence_is_true_of_a_quarter_of_the_calls() -> None:
    (row,) = [
        each
        for each in rows(numbers(told.sales(90)), "first-calls")
        if (each["forecast"], each["share"]) == ("Model", "0.25")
    ]
    (section,) = told.sales(90).first_calls
    assert section.sentence.startswith(
        f"The first {sales_wording.number(float(row['calls']))} calls in the model's order, 25 % of all, "
        f"find {share(row['sales'])} % of the sales"
    )


def test_with_a_handful_of_ends_it_says_what_it_takes_and_draws_nothing() -> None:
    few = told.sales(12)
    assert few.sentence == (
        "What the model would do for sales can't be told yet: of 12 later leads that sales was given, 4 "
        "sales and 4 stops within 90 days are known; to tell anything takes 30 together, 10 of them sales."
    )
    assert not {name for name in draw(few, drawing.WIDE) if name.startswith(("capacity", "first-calls"))}
    assert (
        few.capacity[0].sentence
        == "Of 12 leads within 90 days 4 were won and 4 told us to stop: too few to tell."
    )


def test_a_difference_that_chance_could_bring_is_called_so() -> None:
    found = given_world.found(90)
    (one,) = found.at_capacity
    unsure = tuple(replace(each, gap=Figure(-0.02, -0.1, 0.06)) for each in one.capacities)
    sentence = sales_wording.headline(replace(found, at_capacity=(replace(one, capacities=unsure),)))
    assert sentence.endswith("(−2 points, 95 % interval −10 to +6: chance alone could bring that).")


def test_an_order_that_is_worse_than_none_is_warned_of() -> None:
    assert told.sales(90).warnings == ()
    turned = []
    for each in given_world.given(given_world.world(90)):
        worst = {name: -forecast for name, forecast in each.forecasts.items()}
        resamples = draws(each.cohort.lead, replicates=60, seed=1)
        turned.append(at_capacity(replace(each, forecasts=worst), resamples, horizon_days=90.0))
    found = replace(given_world.found(90), at_capacity=tuple(turned))
    fewer, higher = summarise(examples.judgement("skilled"), found).warnings
    assert fewer.startswith("Among leads handed over, half the calls in the model's order find fewer of")
    assert higher.startswith("Among leads handed over, the cry-wolf rate of half the calls in the model's")


def test_with_few_stops_no_rate_is_told_or_drawn() -> None:
    found = given_world.found(90)
    (one,) = found.at_capacity
    few = replace(found, at_capacity=(replace(one, counts=replace(one.counts, stop=9)),))
    section = summarise(examples.judgement("skilled"), few)
    assert section.sentence.endswith("find 50 %; with 9 stops, no cry-wolf rate can be told.")
    assert not {name for name in draw(section, drawing.WIDE) if name.startswith("capacity")}
    assert {row[4:] for row in section.capacity[0].table.rows} == {("–",) * 3}
    assert "of the stops" not in section.first_calls[0].sentence


def test_without_hand_overs_it_says_what_cannot_be_known() -> None:
    nobody = replace(given_world.found(12), at_capacity=(), kept_back=(), lost=(), by={})
    section = summarise(examples.judgement("skilled"), nobody, told.REFERRALS)
    assert section.sentence == sales_wording.NOBODY
    assert section.kept is not None
    assert section.kept.sentence.startswith("Which good leads it would have kept back can't be known")


@pytest.mark.parametrize(
    ("name", "sentence"), [("unjudged", wording.NOT_JUDGED), ("undated", sales_wording.UNDATED)]
)
def test_what_was_not_judged_or_not_dated_is_said(name: str, sentence: str) -> None:
    assert summarise(examples.judgement(name)).sentence == sentence


def test_good_leads_kept_back_are_those_of_the_numbers_and_only_ids_are_shown() -> None:
    section = told.sales(90)
    kept = rows(numbers(section), "kept")
    whole, by_rule = kept[0], kept[1:]
    assert section.kept is not None
    assert f"kept back {share(whole['share'])} %: {share(whole['sales'])} %" in section.kept.sentence
    assert int(whole["kept"]) == sum(int(row["kept"]) for row in by_rule)
    lost = rows(numbers(section), "lost")
    assert [row["lead_id"] for row in lost][:2] == ["L-0004", "L-0028"]
    assert set(lost[0]) == {"lead_id", "handed_over", "rule", "days"}


def by_part(name: str) -> tuple[str, list[Row]]:
    section = next(each for each in told.sales(180).parts if each.name == f"by-{name}")
    return section.sentence, [row for row in rows(numbers(told.sales(180)), "parts") if row["by"] == name]


def test_the_campaign_sentence_names_the_highest_and_the_lowest_rate() -> None:
    sentence, parts = by_part("campaign")
    high, low = (pick(parts, key=lambda row: float(row["rate"])) for pick in (max, min))
    told_highest = (
        f"the cry-wolf rate is highest for “{high['name']}”, {share(high['rate'])} % (95 % interval "
    )
    assert told_highest in sentence
    assert f"lowest for “{low['name']}”, {share(low['rate'])} %" in sentence


def test_sources_whose_intervals_overlap_are_not_called_better_or_worse() -> None:
    sentence, parts = by_part("source")
    rates = [row for row in parts if int(row["won"]) + int(row["stop"]) >= 10]
    high, low = (pick(rates, key=lambda row: float(row["rate"])) for pick in (max, min))
    assert float(high["rate_low"]) <= float(low["rate_high"])
    assert sentence.startswith(
        f"Among the {len(rates)} sources of which 10 sales and stops or more are known none"
    )


def test_a_referrals_worth_is_told_raw_and_adjusted() -> None:
    referred, others = rows(numbers(told.sales(12)), "referrals")
    section = told.sales(12).referrals
    assert section is not None
    assert f"referred {share(referred['won'])} %" in section.sentence
    assert f"of all others {share(others['won'])} %" in section.sentence
    assert f"{float(referred['adjusted']):.1f}" in section.sentence


def test_hand_overs_left_to_chance_have_figures_of_their_own() -> None:
    both = told.sales(90, by_lot=True)
    assert [each.name for each in both.capacity] == ["capacity-handed_over_anyway", "capacity-random_slice"]
    row = next(
        each
        for each in rows(numbers(both), "capacity")
        if (each["among"], each["share"]) == ("hand-overs left to chance", "0.5")
    )
    assert both.capacity[1].sentence == (
        f"Of 90 hand-overs within 90 days {row['won']} were won and {row['stop']} told us to stop. Half the "
        f"calls in the model's order meet {share(row['stops'])} % of the stops (95 % interval "
        f"{share(row['stops_low'])}–{share(row['stops_high'])}), where half the calls as they came meet 50 "
        f"%. {sales_wording.BY_LOT}"
    )
    assert {row["among"] for row in rows(numbers(both), "capacity")} == {
        "leads handed over",
        "hand-overs left to chance",
    }


def test_what_is_told_is_read_again_as_it_was_kept() -> None:
    kept = json.dumps(TypeAdapter(Sales).dump_python(told.sales(90, by_lot=True)), allow_nan=False)
    assert TypeAdapter(SECTION.kind).validate_python(json.loads(kept)) == told.sales(90, by_lot=True)


@pytest.mark.slow
def test_the_section_stands_on_the_page_with_all_its_charts() -> None:
    report = examples.report("skilled")
    page = render(replace(report, told={**report.told, "sales": told.sales(90)}))
    for name in ("capacity", "first-calls", "kept", "lost", "parts", "referrals", "gains"):
        assert f'download="sales-{name}.csv"' in page
    drawn = draw(told.sales(90), drawing.NARROW)
    assert set(drawn) == {
        "capacity-handed_over_anyway",
        "first-calls-handed_over_anyway",
        "by-source",
        "by-campaign",
        "gains",
    }
