from __future__ import annotations

import json
from dataclasses import replace

import pytest

from readiness.errors import ModelError
from readiness.history.feature_plan import Feature, FeaturePlan, assemble

SIZE = Feature("size", "number", "Size", "attribute:number", "size")
TRADE = Feature("trade", "category", "Trade", "attribute:category", "trade", levels=("a", "b"))


def assembled(*features: Feature, exclude: tuple[str, ...] = ()) -> FeaturePlan:
    return assemble(features, min_leads=10, columns=["trade", "size"], exclude=exclude)


def test_a_plan_survives_being_written_and_read() -> None:
    made = assembled(
        SIZE, TRADE, Feature("x_7d", "number", "X", "activity:count", days=7.0), exclude=("leak",)
    )
    again = FeaturePlan.from_json(made.to_json())
    assert again == made
    assert hash(again) == hash(made)
    assert (again.names, again.to_json()) == (made.names, made.to_json())


def test_a_plan_keeps_between_which_numbers_leads_lay_and_writes_nothing_where_it_does_not_know() -> None:
    known = assembled(replace(SIZE, low=0.0, high=1240.0))
    assert FeaturePlan.from_json(known.to_json()) == known
    assert hash(known) != hash(assembled(SIZE))
    assert '"low"' not in assembled(SIZE).to_json()


def test_an_empty_plan_is_a_plan() -> None:
    assert len(FeaturePlan.from_json(assembled().to_json())) == 0


def test_a_plan_of_an_unknown_format_is_refused() -> None:
    content = json.loads(assembled(SIZE).to_json())
    with pytest.raises(ModelError, match="has format 99; this version reads format 1"):
        FeaturePlan.from_json(json.dumps({**content, "format": 99}))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "features": [{"name": "x"}]}']
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="The feature plan cannot be read"):
        FeaturePlan.from_json(text)


def test_codes_beyond_the_levels_are_unseen_and_missing() -> None:
    assert (TRADE.unseen, TRADE.missing) == (2, 3)


def test_one_behaviour_is_one_group() -> None:
    made = assembled(
        Feature("a_7d", "number", "Visits", "activity:count", "visit", "inbound", 7.0),
        Feature("a_30d", "number", "Visits", "activity:count", "visit", "inbound", 30.0),
        Feature("b", "number", "Visits", "attribute:number", "visits"),
    )
    assert made.groups == ("Visits", "Visits 2")
    assert made.group_columns() == {"Visits": (0, 1), "Visits 2": (2,)}


def test_a_column_and_the_later_answers_to_its_question_are_one_group() -> None:
    later = Feature("answer_size", "number", "Size (answer)", "answer:number", "size")
    other = Feature("answer_need", "number", "Need (answer)", "answer:number", "need")
    made = assembled(SIZE, later, other)
    assert made.groups == (SIZE.group, "Need (answer)")
    assert made.group_columns()[SIZE.group] == (0, 1)


def test_numbers_in_later_answers_are_usual_where_those_of_the_column_are() -> None:
    later = Feature("answer_size", "number", "Size (answer)", "answer:number", "size")
    age = Feature("days_since_answer_size", "number", "Size (answer)", "answer:since", "size")
    made = assembled(replace(SIZE, low=0.0, high=1240.0), later, age)
    assert [(each.low, each.high) for each in made.features] == [(0.0, 1240.0)] * 2 + [(None, None)]
    alone = assembled(replace(SIZE, low=0.0, high=1240.0), later, exclude=("Size",))
    assert [(each.low, each.high) for each in alone.features] == [(None, None)]


def test_answers_whose_column_is_left_out_keep_a_group_of_their_own() -> None:
    column = Feature("size_then", "number", "Size", "attribute:number", "size")
    later = Feature("answer_size", "number", "Size (answer)", "answer:number", "size")
    assert assembled(column, later, exclude=("size_then",)).groups == ("Size (answer)",)
    assert assembled(column, later, exclude=("Size",)).groups == ("Size (answer)",)


def test_names_that_clash_are_numbered() -> None:
    made = assembled(SIZE, Feature("size", "number", "Size (answer)", "answer:number", "size"))
    assert made.names == ("size", "size_2")


def test_what_is_excluded_is_not_among_the_columns() -> None:
    assert assembled(SIZE, TRADE, exclude=("size",)).columns == ("trade",)
    assert assembled(SIZE, TRADE, exclude=("size",)).names == ("trade",)
