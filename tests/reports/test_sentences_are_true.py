"""Whatever a report says of trust, drivers and segments is found again in the CSV that can be downloaded."""

from __future__ import annotations

import re

import pytest

from readiness.judging.judgement import FORECASTS
from readiness.reports.drivers_section import Drivers
from readiness.reports.fairness_section import Fairness
from readiness.reports.trust_section import Trust
from tests.reports import examples
from tests.reports.csv_tables import Row, rows, share

JUDGED = ("skilled", "unskilled", "undated", "few")
WITH_AGES = ("skilled", "unskilled", "few")


def table(name: str, of: str) -> list[Row]:
    return rows(examples.report(name).numbers(), of)


def trust(name: str) -> Trust:
    told = examples.report(name).told["trust"]
    assert isinstance(told, Trust)
    return told


def drivers(name: str) -> Drivers:
    told = examples.report(name).told["drivers"]
    assert isinstance(told, Drivers)
    return told


def fairness(name: str) -> Fairness:
    told = examples.report(name).told["fairness"]
    assert isinstance(told, Fairness)
    return told


def figure(name: str, what: str, forecast: str = FORECASTS["model"]) -> Row:
    first = table(name, "trust-verdict")[0]["judged_on"]
    (found,) = [
        row
        for row in table(name, "trust-figures")
        if (row["judged_on"], row["forecast"], row["figure"]) == (first, forecast, what)
    ]
    return found


def times(text: str) -> str:
    ratio = float(text)
    return f"{ratio:.2f}" if ratio < 0.995 else f"{ratio:.1f}"


def above_zero(low: str) -> bool:
    return low != "" and float(low) > 0


@pytest.mark.parametrize("name", JUDGED)
def test_skill_is_claimed_where_both_lower_bounds_are_above_zero(name: str) -> None:
    (row,) = table(name, "trust-verdict")

    claimed = above_zero(row["lower_999"]) and above_zero(row["lower_999_overall"])
    assert (
        (row["claimed"] == "True") == claimed == trust(name).sentence.startswith("The model knows something")
    )
    if claimed:
        assert f"on {int(row['leads']):,} leads" in trust(name).sentence


@pytest.mark.parametrize("name", JUDGED)
def test_the_highlights_stand_in_the_csv(name: str) -> None:
    (row,), told = table(name, "trust-verdict"), [fact.value for fact in trust(name).highlights]

    assert told[:2] == [f"{int(row['leads']):,}", f"{int(row['won']):,}"]
    assert told[2] == f"{share(figure(name, 'won_top_reached')['value'])} %"
    assert told[3] == f"{float(figure(name, 'won_top_lift')['value']):.1f} ×"


@pytest.mark.parametrize("name", WITH_AGES)
def test_how_often_each_forecast_picks_the_right_lead(name: str) -> None:
    by_name = {row["forecast"]: row for row in table(name, "trust-ranking")}
    model, card, base = (by_name[each] for each in ("Model", "Points card", "Base rate per age"))
    said = trust(name).ranking.sentence

    ends = f"{100 * float(model['low']):.0f}–{100 * float(model['high']):.0f}"
    assert f"the won one higher {100 * float(model['right']):.0f} times in 100 (95 % interval {ends})" in said
    assert f"the points card {100 * float(card['right']):.0f} times" in said
    assert f"the base rate per age {100 * float(base['right']):.0f} times" in said


@pytest.mark.parametrize("name", JUDGED)
def test_of_100_leads_with_such_a_score_so_many_were_won(name: str) -> None:
    points = table(name, "trust-calibration")
    high, low, said = points[-1], points[0], trust(name).calibration.sentence
    telling = [row for row in points if row["low"] and float(row["low"]) < float(row["high"])]
    held = [row for row in telling if float(row["low"]) <= float(row["forecast"]) <= float(row["high"])]

    assert said.startswith(
        f"Of 100 leads scored near {share(high['forecast'])}, {share(high['observed'])} were"
    )
    assert f"of 100 scored near {share(low['forecast'])}, {share(low['observed'])}" in said
    assert f"Of {len(telling)} groups of scores" in said
    assert f"agree within the interval in {len(held)}." in said


@pytest.mark.parametrize("name", JUDGED)
def test_how_far_scores_are_off_stands_beside_what_chance_makes(name: str) -> None:
    found, chance = figure(name, "won_ece"), figure(name, "won_ece", "a perfectly calibrated model")
    said = trust(name).calibration.sentence

    assert f"is {share(found['value'])} in 100 from what happened" in said
    assert f"make {share(chance['value'])}, and hardly ever more than {share(chance['high'])}" in said
    assert ("it is not only chance" in said) == (float(found["value"]) > float(chance["high"]))


@pytest.mark.parametrize("name", WITH_AGES)
def test_the_model_beats_those_from_whom_its_gap_is_surely_above_zero(name: str) -> None:
    for one in trust(name).comparisons:
        better = one.sentence.partition(" better than ")[2].partition(";")[0].partition(".")[0]
        for row in table(name, "trust-skill"):
            if row["judged_on"] != one.name or row["forecast"] == FORECASTS["model"]:
                continue
            called = {"the base rate per age": "the age of a lead alone"}.get(
                row["forecast"], row["forecast"]
            )
            assert (called in better) == above_zero(row["low"])


@pytest.mark.parametrize("name", JUDGED)
def test_what_was_not_found_is_counted_right(name: str) -> None:
    found = table(name, "drivers-importance")
    unsure = [row for row in found if not above_zero(row["low"])]

    said = " ".join(trust(name).not_found)
    assert f"For {len(unsure)} of {len(found)} behaviours and attributes" in said
    assert ("Nothing was found" in said) == (table(name, "trust-verdict")[0]["claimed"] == "False")


def test_the_selection_sentence_is_true() -> None:
    (row,), said = table("skilled", "trust-chosen"), trust("skilled").selection.sentence
    scored = next(each for each in table("skilled", "trust-selection") if each["by"] == "all together")

    assert f"one to be scored {share(scored['told_apart'])} times in 100" in said
    assert f"{int(row['handed_over']):,} of {int(row['leads']):,} leads were handed over" in said


@pytest.mark.parametrize("name", JUDGED)
def test_warnings_hold_what_the_csv_holds(name: str) -> None:
    (row,), warned = table(name, "trust-verdict"), " ".join(trust(name).warnings)
    bias = figure(name, "won_bias")
    sure = above_zero(bias["low"]) or (bias["high"] != "" and float(bias["high"]) < 0)

    assert (f"Only {row['won']} of the {int(row['snapshots']):,} snapshots" in warned) == (
        int(row["won"]) < 50
    )
    assert (f"scores are {share(str(abs(float(bias['value']))))} in 100 too" in warned) == sure


def test_the_score_rests_most_on_what_is_surely_missed_most() -> None:
    found = table("skilled", "drivers-importance")
    assert found == sorted(found, key=lambda row: -float(row["increase"]))

    for row in found[:2]:
        assert above_zero(row["low"])
        said = f"{row['name']} ({row['step']}: {times(row['times'])} × as likely)"
        assert said in drivers("skilled").sentence


def test_the_number_that_can_be_shown_to_matter_is_counted_from_the_intervals() -> None:
    found = table("skilled", "drivers-importance")
    sure = [row for row in found if above_zero(row["low"])]

    told = drivers("skilled").importance.sentence
    assert told.startswith(f"Of {len(found)} behaviours and attributes, {len(sure)} can be shown to matter")
    steady = [row for row in found if row["in_top"] and float(row["in_top"]) >= 0.8]
    asked = [row for row in found if row["in_top"]]
    assert f"{len(steady)} of these {len(asked)} would have been among the ten" in told


def test_kinds_are_told_by_their_intervals() -> None:
    found, said = table("skilled", "drivers-themes"), drivers("skilled").themes.sentence
    sure = [row["name"].lower() for row in found if above_zero(row["low"])]

    assert said.startswith(f"The forecast would be worst without {sure[0]}, then without {sure[1]}.")
    assert "Without profile alone it is not shown" in said


def test_the_shape_names_the_highest_and_the_lowest_mean_score() -> None:
    found = [row for row in table("skilled", "drivers-shape") if row["moved"].startswith("Replies")]
    high, low = (choose(found, key=lambda row: float(row["score"])) for choose in (max, min))

    said = f"{share(high['score'])} of 100 at {high['value']}, {share(low['score'])} at {low['value']}"
    assert said in drivers("skilled").shape.sentence


@pytest.mark.parametrize("name", WITH_AGES)
def test_segments_that_are_off_are_counted_from_their_intervals(name: str) -> None:
    told = [row for row in table(name, "fairness-parts") if row["bias_low"] and row["auc_low"]]
    off = [row for row in told if float(row["bias_low"]) > 0 or float(row["bias_high"]) < 0]
    said = fairness(name).sentence

    if not told:
        assert said.startswith("This could not be judged")
    elif not off:
        assert said.startswith(f"In none of the {len(told)} segments")
    else:
        worst = max(off, key=lambda row: abs(float(row["bias"])))
        assert said.startswith(f"Of {len(told)} segments that can be judged, scores are off in {len(off)},")
        assert f"{share(str(abs(float(worst['bias']))))} in 100 too" in said


@pytest.mark.parametrize("name", WITH_AGES)
def test_segments_too_small_to_judge_are_counted_from_what_is_empty(name: str) -> None:
    found = table(name, "fairness-parts")
    small = [row for row in found if not (row["bias_low"] and row["auc_low"])]

    counted = re.match(r"(\d+) segments? of (\d+) (?:is|are) too small", fairness(name).small)
    expected = (str(len(small)), str(len(found))) if small else None
    assert (counted.groups() if counted else None) == expected
