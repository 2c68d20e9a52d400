from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import coded
from readiness.history import levels, profile_features
from tests.builders import lead, tables


def test_columns_are_read_with_their_missing() -> None:
    column = coded(["4", None, "x"])
    assert levels.numbers_of(column).tolist()[0] == 4
    assert np.isnan(levels.numbers_of(column)[1:]).all()
    assert levels.instants_of(coded(["2026-03-14", None])).tolist()[1] == NO_INSTANT
    assert levels.categories_of(column, ("4",)).tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    ("texts", "numbers", "dates"),
    [
        (["1", "2", None], True, False),
        (["2026-01-01", None], False, True),
        (["1", "n/a"], False, False),
        ([None], False, False),
        ([], False, False),
    ],
    ids=["numbers", "dates", "mixed", "all missing", "no rows"],
)
def test_a_column_is_what_all_its_texts_are(texts: list[str | None], numbers: bool, dates: bool) -> None:
    assert levels.states_numbers(coded(texts)) == numbers
    assert levels.names_dates(coded(texts)) == dates


def test_levels_that_only_other_rows_hold_do_not_count() -> None:
    column = coded(["1", "x"]).take(np.array([0]))
    assert levels.states_numbers(column)


def test_a_level_is_shared_by_leads_and_not_by_rows() -> None:
    column = coded(["a", "a", "a", "b", "b"])
    lead = np.array([0, 0, 0, 1, 2], dtype=np.int32)
    assert levels.shared_levels(column, lead, 2) == ("b",)


def test_of_too_many_levels_the_most_shared_stay_in_alphabetical_order() -> None:
    column = coded(["c", "c", "a", "b", "b"])
    lead = np.arange(5, dtype=np.int32)
    assert levels.shared_levels(column, lead, 1, most=2) == ("b", "c")


def test_hundreds_of_levels_stay_and_more_than_a_thousand_do_not() -> None:
    texts = [f"city {number:04}" for number in range(levels.MOST_LEVELS + 1)]
    kept = levels.shared_levels(coded(texts), np.arange(len(texts), dtype=np.int32), 1)
    assert kept == tuple(texts[:-1])


_SENTENCES = [f"Call {number} said they want a demo" for number in range(12)]


@pytest.mark.parametrize(
    ("texts", "free"),
    [
        ([], False),
        ([None], False),
        (["Wants a demo soon"], True),
        (_SENTENCES, True),
        ([*_SENTENCES, *["no comment so far"] * 12], True),
        ([*_SENTENCES, *["no comment so far"] * 13], False),
        ([f"Call {number} now" for number in range(12)], False),
        (["Head of Sales and Marketing"] * 12, False),
    ],
    ids=["nothing", "missing", "one lead", "sentences", "half its own", "fewer", "three words", "one title"],
)
def test_free_text_is_several_words_and_mostly_a_leads_own(texts: list[str | None], free: bool) -> None:
    assert levels.is_free_text(coded(texts)) == free


def test_numbers_are_no_free_text() -> None:
    assert not levels.is_free_text(np.array([1.0, np.nan]))


def test_free_text_is_no_feature_though_some_leads_share_one() -> None:
    texts = [*_SENTENCES, *["no comment so far"] * 12]
    leads = [
        lead(f"L-{number}", note=text, title="Head of Sales", created=number)
        for number, text in enumerate(texts)
    ]
    known = tables(leads, through=90).leads
    rows = np.arange(len(known), dtype=np.int64)
    assert [each.name for each in profile_features.features(known, rows, True, 10) if each.of] == [
        "source",
        "title",
    ]
    assert profile_features.free_texts(known) == ("note",)
