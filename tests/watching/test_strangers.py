"""Values that a model never met."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.training_run.watching.strangers import Stranger, said, strangers
from tests.builders import lead, tables

PLAN = FeaturePlan(
    (Feature("country", "category", "Country", "attribute:category", "country", levels=("DE", "New York")),),
    min_leads=10,
)


def found(*countries: str | None, rows: int | None = None) -> tuple[Stranger, ...]:
    leads = tables([lead(f"L-{place}", country=country) for place, country in enumerate(countries)]).leads
    chosen = np.arange(len(countries) if rows is None else rows)
    return strangers(leads, chosen, PLAN).get("country", ())


@pytest.mark.parametrize(("count", "named"), [(9, False), (10, True)])
def test_a_value_is_named_only_where_ten_leads_share_it(count, named):
    assert bool(found("DE", *["FR"] * count)) is named


def test_only_the_leads_asked_about_count():
    assert not found(*["FR"] * 12, rows=9)


def test_a_value_spelt_like_one_that_is_known_is_named_beside_it():
    (only,) = found(*["new-york"] * 10)
    assert only == Stranger("new-york", 10, "New York")


def test_known_and_missing_values_are_no_strangers():
    assert found(*["DE"] * 20, *[None] * 20) == ()


def test_the_three_most_frequent_are_named_the_first_in_the_alphabet_first():
    many = [value for value, count in zip("abcd", (10, 12, 10, 10), strict=True) for _ in range(count)]
    assert [each.value for each in found(*many)] == ["b", "a", "c"]


def test_of_no_lead_and_of_numbers_there_is_none():
    assert strangers(tables([lead(country=3.0)]).leads, np.zeros(0, dtype=np.int64), PLAN) == {}
    assert strangers(tables([lead(country=3.0)]).leads, np.arange(1), PLAN) == {}


def test_without_strangers_nothing_is_said():
    assert said(()) == ""
