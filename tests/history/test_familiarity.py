"""What is told of leads that are unlike those a model learned from: one by one, and of many at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats, Tables
from readiness.history import familiarity, features, snapshots
from readiness.history.familiarity import Unfamiliar
from readiness.history.features import FeaturePlan
from tests.builders import answer, at, lead, tables

LEARNED = tables(
    [
        lead("A", source="customer_referral", company_size=4.0, trade="a", since="2025-01-01", age_years=2.0),
        lead("B", source="web"),
    ],
    [],
    [answer(3, "trade", "b", lead_id="A")],
)
PLAN: FeaturePlan = features.plan(LEARNED, snapshots.at(LEARNED, at(9)), min_leads=1)

SIZES = tables([lead(f"L-{n}", source="web", company_size=float(n)) for n in range(1, 1_001)])
SIZED: FeaturePlan = features.plan(SIZES, snapshots.at(SIZES, at(9)))
SOURCE, SIZE = SIZED.names.index("source"), SIZED.names.index("company_size")


def of(**attributes: Any) -> Tables:  # noqa: ANN401 - passed on
    return tables([lead("A", **attributes)])


def row_of(made: Tables) -> Floats:
    return features.build(made, snapshots.at(made, at(9)), PLAN)[0]


def test_a_row_is_warned_of_what_usually_is_known_and_of_what_was_never_learned() -> None:
    # Every lead of LEARNED has a source; only one of two has a company size.
    assert familiarity.row_warnings(PLAN, row_of(of(source="fax"))) == (
        "Source: a value that the model has not learned from.",
    )
    assert familiarity.row_warnings(PLAN, row_of(of(source=None))) == (
        "Usually known, but not here: Source.",
    )


def test_a_row_with_everything_known_has_no_warning() -> None:
    assert familiarity.row_warnings(PLAN, row_of(LEARNED)) == ()
    assert familiarity.unfamiliar(PLAN, row_of(LEARNED)[None, :]) == ()


@pytest.mark.parametrize(
    ("size", "warned"),
    [(0.0, False), (1240.0, False), (1241.0, True), (-1.0, True), (1e300, True), (float("nan"), False)],
)
def test_a_number_outside_what_was_learned_from_is_warned_of(size: float, warned: bool) -> None:
    row = np.full(len(SIZED), np.nan)
    row[SIZE] = size
    told = [each for each in familiarity.row_warnings(SIZED, row) if "outside" in each]
    assert bool(told) == warned
    if size == 1241.0:
        assert told == ["Company size: 1241 lies outside what the model has learned from (0 to 1240)."]


def test_columns_that_are_gone_or_new_are_named_in_order() -> None:
    made = of(company_size=3.0, trade="a", age_years=2.0, compnay=1.0, also=1.0)
    assert familiarity.lacking(made, PLAN) == ("since",)
    assert familiarity.surplus(made, PLAN) == ("also", "compnay")
    assert familiarity.lacking(LEARNED, PLAN) == familiarity.surplus(LEARNED, PLAN) == ()


def test_a_column_that_was_left_out_is_none_that_is_new() -> None:
    chosen = features.plan(LEARNED, snapshots.at(LEARNED, at(9)), min_leads=1, exclude=["trade"])
    assert familiarity.surplus(LEARNED, chosen) == ()
    assert "trade" not in familiarity.lacking(of(), chosen)


def test_of_many_rows_each_oddity_is_counted_the_most_frequent_first() -> None:
    unseen = float(SIZED.features[SOURCE].unseen)
    matrix = np.zeros((4, len(SIZED)))
    matrix[:, SIZE] = [np.nan, np.nan, 5.0, 9_999.0]
    matrix[:, SOURCE] = [unseen, 0.0, 0.0, 0.0]
    assert familiarity.unfamiliar(SIZED, matrix) == (
        Unfamiliar("Company size", "missing", 2),
        Unfamiliar("Source", "unlearned", 1),
        Unfamiliar("Company size", "beyond", 1),
    )


def test_of_no_rows_nothing_is_odd() -> None:
    assert familiarity.unfamiliar(SIZED, np.zeros((0, len(SIZED)))) == ()


def _told(plan: FeaturePlan, matrix: Floats) -> Counter[tuple[str, str]]:
    """Count what each row alone is warned of: slow, and surely the same."""
    told: Counter[tuple[str, str]] = Counter()
    for row in matrix:
        for sentence in familiarity.row_warnings(plan, row):
            if sentence.startswith("Usually known, but not here: "):
                names = sentence.removeprefix("Usually known, but not here: ").removesuffix(".").split(", ")
                told.update(("missing", name) for name in names)
            else:
                group, _, rest = sentence.partition(": ")
                told[("unlearned" if rest.startswith("a value") else "beyond"), group] += 1
    return told


@given(
    st.lists(
        st.tuples(
            st.sampled_from([float("nan"), -1.0, 0.0, 1.0, 1240.0, 1240.5, 1e9]), st.integers(0, 3).map(float)
        ),
        max_size=6,
    )
)
def test_many_rows_are_told_what_each_alone_is_told(cells: list[tuple[float, float]]) -> None:
    matrix = np.zeros((len(cells), len(SIZED)))
    for place, (size, source) in enumerate(cells):
        matrix[place, SIZE], matrix[place, SOURCE] = size, source
    counted = {(each.oddity, each.group): each.rows for each in familiarity.unfamiliar(SIZED, matrix)}
    assert counted == dict(_told(SIZED, matrix))
