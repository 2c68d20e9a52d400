"""A report tells what looking into the model found, and what was not asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.history.measured import Measured
from readiness.judging.bootstrap import Figure
from readiness.judging.dependence import Dependence, Point
from readiness.judging.insight import Insight
from readiness.judging.selection import Apart, Selection
from readiness.judging.together import Together
from readiness.reports import insight_sections, insight_wording
from readiness.reports.points import of_shape
from tests.reports import examples

FOUND = examples.INSIGHT
NOTHING = Insight()


def selection(**changes: object) -> Selection:
    assert FOUND.selection is not None
    return replace(FOUND.selection, **changes)  # type: ignore[arg-type]


def test_the_shape_names_where_the_mean_score_is_highest_and_lowest() -> None:
    section = insight_sections.shape(FOUND)
    assert (
        "Replies, in the last 14 days: 20 of 100 at 3 times, 4 at 0 times; "
        "Source: 10 of 100 at not known, 2 at bought list." in section.sentence
    )
    assert section.table.rows[0] == ("Replies, in the last 14 days: 0 times", "4", "3–5")
    assert section.table.rows[-1] == ("Source: not known", "10", "5–20")


def test_a_score_that_nothing_moves_is_told_once() -> None:
    same = (Point(0.0, Figure(0.39, None, None)), Point(3.0, Figure(0.39, None, None)))

    assert "Replies: 39 of 100, whatever it is." in insight_wording.shaped([Dependence("Replies", "r", same)])


def test_values_that_read_alike_are_drawn_once() -> None:
    nothing = Figure(0.04, 0.03, 0.05)
    acts = Dependence("Acts", "acts", (Point(0.0, nothing), Point(0.0001, nothing)), Measured("", "act"))
    assert [point.value for point in of_shape((acts,))] == ["0 acts"]
    assert of_shape(()) == ()


def test_what_tells_of_the_same_thing_is_named_only_where_it_surely_matters() -> None:
    assert insight_wording.together(FOUND.together).endswith("together they are: Replies with Web visits.")
    unsure = (Together(("Replies", "Web visits"), Figure(0.0, -0.01, 0.01)),)
    assert insight_wording.together(unsure) == insight_wording.together(()) == ""


def test_steadiness_counts_those_that_are_among_the_ten_four_times_in_five() -> None:
    assert "1 of these 2 would have been among the ten most important" in insight_wording.steady(
        FOUND.stability
    )
    assert insight_wording.steady(()) == ""


def test_what_was_not_asked_says_how_to_ask_it() -> None:
    section = insight_sections.more_leads(NOTHING)
    assert "train with --thorough" in section.sentence
    assert section.table.rows == ()
    assert insight_sections.more_leads(FOUND).table.rows[0] == ("500", "0.2100", "0.2000 to 0.2200")


def test_selection_says_by_what_leads_differ_and_what_nobody_can_know() -> None:
    section = insight_sections.selection(FOUND)
    assert "told from one to be scored 78 times in 100 (50 is chance), most by Lead age." in section.sentence
    assert "a lead that was never handed over cannot be told from one that was." in section.sentence
    assert "cannot be known from these data, only from calling a random few" in section.sentence
    assert "recorded nowhere" in section.sentence
    assert [row[1] for row in section.table.rows] == ["all together", "Lead age", "all together", "Source"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"with_propensity": 12}, "is recorded for 12 hand-overs."),
        ({"handed_over": 0, "called": None}, "No hand-over is recorded"),
        ({"scored": Apart(9, 900, Figure(None, None, None), ())}, "there are too few of one kind"),
    ],
    ids=["recorded", "no hand-over", "too few"],
)
def test_selection_says_what_the_data_hold(changes: dict[str, object], says: str) -> None:
    assert says in insight_wording.chosen(selection(**changes))


def test_the_page_tells_all_of_it_and_the_numbers_too() -> None:
    text = examples.rendered("skilled")
    for told in (
        "How does the score go with what drives it?",
        "Would more leads help?",
        "Are the leads it learned from like those it scores?",
        "Among the ten, of resampled models",
    ):
        assert told in text


def test_a_model_that_nobody_looked_into_says_so() -> None:
    assert insight_wording.chosen(None) == "This was not looked into."
    assert insight_sections.shape(NOTHING).sentence.startswith("This could not be shown")
    assert examples.rendered("unjudged")
