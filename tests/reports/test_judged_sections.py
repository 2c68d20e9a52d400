"""A report tells the whole judgement: every figure, every part, every gap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.judging.bootstrap import Figure
from readiness.judging.figures import MEANINGS
from readiness.judging.judgement import MODEL, SetJudgement
from readiness.reports import fairness_section, judged_sections, judged_wording
from readiness.reports.wording import warnings
from tests.reports import examples


def shown(name: str = "skilled") -> SetJudgement:
    return examples.judgement(name).sets[0]


AGE = "the age of a lead alone"


def with_figures(**figures: Figure) -> SetJudgement:
    one = shown()
    return replace(one, figures={**one.figures, MODEL: {**one.figures[MODEL], **figures}})


def test_the_gap_to_odoo_s_naive_bayes_is_always_printed() -> None:
    table = judged_sections.comparison(shown(), 90.0).table
    (row,) = [row for row in table.rows if row[0] == "Odoo's naive Bayes"]
    gap = judged_wording.gap(shown(), "naive_bayes")
    assert row[1] == f"{gap.value:+.4f} ({gap.low:+.4f} to {gap.high:+.4f})"
    assert gap.value is not None
    assert gap.value > 0


def test_every_figure_is_listed_with_the_model_s_interval() -> None:
    table = judged_sections.all_figures(shown(), 90.0).table
    assert len(table.rows) == len(MEANINGS)
    assert len(table.columns) == len(table.rows[0]) == 1 + len(shown().figures)
    assert all(" to " in row[1] for row in table.rows)


def test_every_part_has_a_row_and_segments_come_before_categories() -> None:
    section = fairness_section.summarise(examples.judgement("skilled")).parts
    assert [row[0] for row in section.table.rows][:3] == [
        "source: web",
        "source: trade fair",
        "source: list",
    ]
    assert "Sales-ready buyer" in "".join(row[0] for row in section.table.rows)


def test_a_part_whose_scores_are_off_is_named_with_how_much() -> None:
    parts = [replace(part, bias=Figure(0.0, -0.1, 0.1)) for part in shown().parts]
    parts[-1] = replace(parts[-1], bias=Figure(0.08, 0.03, 0.12))
    says = judged_wording.by_part(parts, AGE)
    many = len([part for part in parts if part.auc.low is not None])
    assert says.startswith(f"Scores are off in 1 of {many} segments: source: list (8 in 100 too high).")
    assert f"Scores are off in none of {many - 1} segments." in judged_wording.by_part(parts[:-1], AGE)


def test_scores_that_are_far_off_for_some_leads_are_told_before_anything_is_relied_on() -> None:
    parts = [replace(part, bias=Figure(0.0, -0.1, 0.1)) for part in shown().parts]
    parts[-1] = replace(parts[-1], bias=Figure(-0.1, -0.2, -0.05))
    (said,) = [
        one for one in warnings(examples.judgement("skilled"), replace(shown(), parts=parts)) if "far" in one
    ]
    assert said == "Scores are far off for some leads: source: list (10 in 100 too low)."
    near = replace(parts[-1], bias=Figure(-0.099, -0.2, -0.05))
    unsure = replace(parts[-1], bias=Figure(-0.3, -0.7, 0.01))
    assert judged_wording.far_off([near, unsure]) == judged_wording.far_off(()) == ""


def test_a_part_in_which_nothing_is_gained_is_named() -> None:
    parts = [replace(part, gain=Figure(0.1, 0.05, 0.15)) for part in shown().parts]
    assert "cannot be shown" not in judged_wording.by_part(parts, AGE)
    parts[-2] = replace(parts[-2], gain=Figure(0.1, 0.0, 0.15))
    assert judged_wording.by_part(parts, AGE).endswith(
        "That they tell more than the age of a lead alone does cannot be shown for source: trade fair."
    )


def test_of_a_model_without_skill_no_segment_is_said_to_be_told_more_of() -> None:
    blind = [replace(part, gain=Figure(0.0, -0.1, 0.1)) for part in shown().parts]
    assert "cannot be shown" not in judged_wording.by_part(blind, "")
    told = fairness_section.summarise(examples.judgement("unskilled"))
    assert "That they tell more" not in told.parts.sentence


def test_without_known_outcomes_no_part_is_told_of() -> None:
    assert judged_wording.by_part((), AGE) == (
        "This could not be judged: no segment holds enough known outcomes."
    )


@pytest.mark.parametrize(
    ("ece", "says"),
    [(0.02, "so no fault can be seen"), (0.04, "so it is not only chance")],
    ids=["as chance makes it", "more"],
)
def test_the_calibration_error_stands_beside_what_chance_makes(ece: float, says: str) -> None:
    one = replace(
        with_figures(won_ece=Figure(ece, None, None)),
        ece_if_perfect={"won": Figure(0.02, 0.01, 0.03), "stop": Figure(None, None, None)},
    )
    assert f"is {100 * ece:g} in 100 from what happened" in judged_wording.finer(one)
    assert says in judged_wording.finer(one)


@pytest.mark.parametrize(
    ("slope", "says"),
    [
        (Figure(0.7, 0.6, 0.8), "too bold: high ones too high, low ones too low (calibration slope 0.70)."),
        (Figure(1.3, 1.1, 1.5), "too timid: high ones too low, low ones too high (calibration slope 1.30)."),
        (Figure(-0.08, -0.2, 0.1), "won no more often than leads with low ones (calibration slope −0.08)."),
        (Figure(1.0, 0.9, 1.1), ""),
    ],
    ids=["bold", "timid", "turned round", "right"],
)
def test_scores_are_called_bold_or_timid_only_where_it_is_sure(slope: Figure, says: str) -> None:
    found = judged_wording.finer(with_figures(won_slope=slope))
    assert says in found
    assert ("calibration slope" in found) == bool(says)


def test_what_sales_would_take_in_a_week_is_told_with_what_it_came_to() -> None:
    figures = {"won_weekly_precision": Figure(0.31, 0.2, 0.4), "stop_weekly_share": Figure(0.04, 0.0, 0.1)}
    assert "31 in 100 were won and 4 in 100 told us to stop" in judged_wording.week(with_figures(**figures))
    nobody = replace(with_figures(**figures), events={"closed_won": 40})
    assert "31 in 100 were won; chosen by age alone" in judged_wording.week(nobody)
    nothing = Figure(None, None, None)
    assert judged_wording.week(with_figures(won_weekly_precision=nothing)) == ""


@pytest.mark.parametrize("name", ["skilled", "undated", "few"])
def test_the_page_holds_parts_and_figures(name: str) -> None:
    text = examples.rendered(name)
    assert "Where do the scores hold, and where not?" in text
    assert "All figures" in text


def test_a_model_that_nobody_could_judge_has_no_parts() -> None:
    told = fairness_section.summarise(examples.judgement("unjudged"))
    assert told.parts.table.rows == ()
    assert "could not be judged" in told.sentence
