"""What is put into a sentence about a model, and of what too little is known to say anything."""

from __future__ import annotations

import pytest

from readiness.judging import sentences
from readiness.judging.bootstrap import Figure
from readiness.judging.judgement import CategoryOutcome


def _category(name: str, n: int, won: float) -> CategoryOutcome:
    nothing = Figure(0.0, None, None)
    return CategoryOutcome(name, n, n, Figure(won, None, None), nothing, nothing, None)


def test_categories_are_compared_in_words_that_name_their_numbers():
    found = [_category("sales_ready_buyer", 172, 0.4), _category("unworthy", 2528, 0.02)]
    assert sentences.by_category(found, 90) == (
        "Of the category sales ready buyer, 40 % were won within 90 days (n = 172); "
        "of unworthy, 2.0 % (n = 2,528)."
    )


@pytest.mark.parametrize("n", [0, 1, 2, sentences.FEWEST_TOLD - 1])
def test_of_a_handful_of_snapshots_no_share_is_told(n):
    found = [_category("sales_worthy", 401, 0.5), _category("unworthy", n, 0.5)]
    assert sentences.by_category(found, None).startswith("Categories could not be compared")


def test_no_category_at_all_is_not_compared():
    assert sentences.by_category([], None).startswith("Categories could not be compared")


def test_the_gap_to_every_baseline_is_told_with_its_interval() -> None:
    differences = {
        "naive_bayes": {"won_log_loss": Figure(-0.02, -0.03, -0.01)},
        "base_rate": {"won_log_loss": Figure(0.004, None, None)},
    }
    assert sentences.gaps(differences, 90) == (
        "Log-loss gained by the model, above 0 where it is better: +0.0200 over Odoo's naive Bayes "
        "(95 % interval +0.0100 to +0.0300); -0.0040 over the base rate per age."
    )


def test_without_known_outcomes_no_gap_is_told() -> None:
    unknown = {"naive_bayes": {"won_log_loss": Figure(None, None, None)}}
    for differences in (unknown, {}):
        assert sentences.gaps(differences, None).startswith("The model could not be compared")
