"""What drives readiness is told by kind and in natural units, beside what history and the agreement say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.hindsight.significance import Effect
from readiness.hindsight.signifiers import Signifiers
from readiness.judging.bootstrap import Figure
from readiness.judging.importance import Importance
from readiness.judging.insight import Insight
from readiness.judging.themes import ThemeImportance
from readiness.reports import driver_points, driver_wording, drivers_section
from readiness.reports.driver_points import ThemePoint
from tests.reports import examples, told


def test_the_answer_names_what_matters_most_with_one_step_more() -> None:
    section = drivers_section.summarise(examples.judgement("skilled"))

    assert section.sentence.startswith(
        "The score rests most on Replies (one more in the last 14 days: 1.8 × as likely), Source (“customer "
        "referral” rather than “bought list”: 3.1 × as likely) and "
    )


def test_without_skill_nothing_is_said_to_drive_sales() -> None:
    section = drivers_section.summarise(examples.judgement("unskilled"))

    assert section.sentence.startswith(
        "No skill was found, so nothing here may be taken for what drives sales"
    )


def test_only_what_is_surely_important_is_named() -> None:
    unsure = Insight(importance=(Importance("Region", Figure(0.01, -0.01, 0.03), "up", "f"),))

    points = driver_points.of_drivers(unsure)

    assert driver_wording.drivers(points, claimed=True) == driver_wording.NOTHING_SURE
    assert driver_wording.drivers((), claimed=True) == driver_wording.NOTHING_SURE
    assert driver_wording.shown_to_matter(points).startswith("Of 1 behaviour or attribute, none can be shown")


def test_what_is_sure_is_named_before_what_only_looks_more_important() -> None:
    found = Insight(
        importance=(
            Importance("Region", Figure(0.02, -0.01, 0.05), "up", "f"),
            Importance("Replies", Figure(0.01, 0.005, 0.02), "up", "f"),
        )
    )

    section = driver_wording.drivers(driver_points.of_drivers(found), claimed=True)

    assert section == "As far as can be shown, the score rests most on Replies (more raises it)."


def test_a_model_that_nobody_could_judge_has_no_drivers() -> None:
    section = drivers_section.summarise(examples.judgement("unjudged"))

    assert "could not be judged" in section.sentence
    assert section.themes.points == section.importance.points == ()
    assert drivers_section.draw(section, 640) == {}


def test_kinds_are_named_by_how_sure_it_is_that_they_are_missed() -> None:
    kinds = [
        ThemePoint("Interest", 0.03, 0.02, 0.04, 9),
        ThemePoint("BANT", 0.01, 0.005, 0.02, 4),
        ThemePoint("Profile", 0.01, -0.005, 0.02, 4),
    ]

    assert driver_wording.by_kind(kinds) == (
        "The forecast would be worst without interest, then without BANT. Without profile alone it is not "
        "shown to be worse."
    )
    assert driver_wording.by_kind(kinds[2:]).startswith("Of none of these kinds can it be shown")
    assert driver_wording.by_kind(()) == "This was not asked when this model was made."


def test_a_kind_without_a_figure_is_left_out() -> None:
    nothing = ThemeImportance("timing", Figure(None, None, None), ("Age",))

    assert driver_points.of_themes([nothing]) == ()


def test_acts_stand_beside_what_the_agreement_says_they_are_worth() -> None:
    section = drivers_section.summarise(examples.judgement("skilled"), told.ACTS)
    demo, opened, fax = section.signifiers.points

    assert (demo.act, demo.won_times, demo.in_the_agreement) == ("demo requested", 2.0, "+10 points")
    assert (demo.history_says, demo.agrees) == ("marks a sale", "yes")
    assert (opened.history_says, opened.agrees) == ("meaningless", "no")
    assert (fax.won_times, fax.agrees) == (None, "not known yet")
    assert section.signifiers.sentence.startswith(
        "History agrees with the agreement on 1 of 3 types of activity, says something else on 1, and cannot "
        "tell yet on 1. Email opened earns 10 points, but it makes no difference"
    )


def test_meaningless_acts_are_named_and_where_none_is_known_that_is_said() -> None:
    assert driver_wording.meaningless(told.ACTS).startswith(
        "After email opened, it makes no difference to sales"
    )
    two = told.acts(told.act("fax", told.UNKNOWN), told.act("call", told.UNKNOWN))
    assert driver_wording.meaningless(two).startswith("None of these 2 kinds of act is known to be")
    assert driver_wording.meaningless(told.acts(told.act("fax", told.UNKNOWN))).startswith(
        "The one kind of act is not known"
    )
    assert (
        driver_wording.meaningless(None) == driver_wording.meaningless(told.acts(missing="No dates.")) == ""
    )


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (None, driver_wording.NOT_ASKED),
        (told.acts(missing="These tables have no dates."), "These tables have no dates."),
    ],
    ids=["not asked", "nothing to say"],
)
def test_where_acts_were_not_looked_into_the_section_says_why(found: Signifiers | None, says: str) -> None:
    section = drivers_section.summarise(examples.judgement("skilled"), found)

    assert section.signifiers.sentence == says
    assert section.signifiers.points == section.cautions == ()


def test_an_interval_that_says_nothing_is_neither_drawn_nor_printed() -> None:
    wide = told.act("fax", Effect(0.03, 3e-6, 345.0, 1.0, 3, 0, "too few to tell"))
    section = drivers_section.summarise(examples.judgement("skilled"), told.acts(wide))

    assert section.signifiers.table.rows[0][2] == "–"
    assert "signifiers" not in drivers_section.draw(section, 640)
    assert "signifiers" in drivers_section.draw(
        drivers_section.summarise(examples.judgement("skilled"), told.ACTS), 640
    )


def test_how_steady_importance_is_stands_in_the_table_where_it_was_asked() -> None:
    judgement = examples.judgement("skilled")
    unsteady = replace(judgement, insight=replace(judgement.insight, stability=()))

    assert (
        "Among the ten, of resampled models" in drivers_section.summarise(judgement).importance.table.columns
    )
    assert len(drivers_section.summarise(unsteady).importance.table.columns) == 8
