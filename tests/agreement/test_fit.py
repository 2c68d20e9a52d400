"""Fit: what the buyer profile says of a lead, and what it leaves open."""

import numpy as np
import pytest

from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN, FITS
from tests.agreement.agreements import FITTING, agreement, judge
from tests.builders import activity, answer


def test_a_lead_that_meets_every_must_fits() -> None:
    fit = judge(**FITTING).fit

    assert fit.state[0] == FITS
    assert fit.share[0] == 1
    assert fit.known_share[0] == 1


def test_a_must_that_is_not_met_fails_whatever_else_is_known_and_done() -> None:
    verdicts = judge([activity(99, "demo")], **{**FITTING, "size": 9})

    assert verdicts.fit.state[0] == FIT_FAILS


def test_a_must_not_that_is_so_fails() -> None:
    assert judge(**FITTING, role="PhD Student").fit.state[0] == FIT_FAILS


def test_a_must_not_that_is_unknown_is_not_held_against_the_lead() -> None:
    fit = judge(**FITTING, role=None).fit

    assert fit.state[0] == FITS
    assert fit.known_share[0] == 1


def test_a_must_that_is_unknown_is_never_no_but_leaves_fit_open() -> None:
    fit = judge(industry="software", country="DE").fit

    assert fit.state[0] == FIT_UNKNOWN
    assert fit.share[0] == 1


def test_a_should_that_is_not_met_lowers_the_share_by_its_weight_but_fails_nothing() -> None:
    fit = judge(**{**FITTING, "industry": "mining"}).fit

    assert fit.state[0] == FITS
    assert fit.share[0] == 3 / 4  # size weighs 2, industry 1, country 1


def test_fit_is_unknown_while_too_little_of_the_weight_is_known() -> None:
    strict = agreement(profile__known_at_least=0.6)

    fit = judge(size=50, by=strict).fit

    assert fit.known_share[0] == 2 / 4
    assert fit.state[0] == FIT_UNKNOWN


def test_of_a_lead_of_which_nothing_is_known_the_share_is_missing_and_not_zero() -> None:
    fit = judge().fit

    assert np.isnan(fit.share[0])
    assert fit.known_share[0] == 0
    assert fit.state[0] == FIT_UNKNOWN


def test_a_lead_of_which_nothing_is_known_does_not_fit_even_where_nothing_needs_to_be_known() -> None:
    industry = {"name": "industry", "rank": "should", "reads": ["industry"], "any_of": ["software"]}
    by = agreement(profile={"criteria": [industry], "known_at_least": 0.0}, questions=[])

    assert judge(by=by).fit.state[0] == FIT_UNKNOWN
    assert judge(by=by, industry="mining").fit.state[0] == FITS


@pytest.mark.parametrize("value", ["unknown", " Unknown ", "", None, "a few dozen"])
def test_a_word_that_says_nothing_and_a_text_without_a_number_are_unknown(value: str | None) -> None:
    size = {"name": "size", "rank": "must", "reads": ["size"], "at_least": 10}
    by = agreement(profile__criteria=[size], questions=[])

    assert judge(size=value, by=by).fit.state[0] == FIT_UNKNOWN


@pytest.mark.parametrize(
    ("value", "state"),
    [("50", FITS), (50.0, FITS), ("10", FITS), ("9.99", FIT_FAILS), (" big ", FITS), ("Small", FIT_FAILS)],
)
def test_a_value_is_met_as_a_number_in_the_range_or_as_one_of_the_words(
    value: str | float, state: int
) -> None:
    assert judge(**{**FITTING, "size": value}).fit.state[0] == state


def test_the_newest_answer_counts_and_wins_over_the_attribute() -> None:
    answers = [answer(1, "size", "50"), answer(50, "size", "5"), answer(100, "size", "500")]

    fit = judge(answers=answers, **FITTING).fit

    assert fit.state[0] == FIT_FAILS  # the answer of day 100 stands at the cutoff and is not seen


def test_a_newest_answer_that_says_nothing_makes_it_unknown() -> None:
    assert judge(answers=[answer(50, "size", "unknown")], **FITTING).fit.state[0] == FIT_UNKNOWN


def test_any_of_the_names_will_do_and_case_does_not_matter() -> None:
    assert judge(People="50", INDUSTRY="Software").fit.state[0] == FITS


def test_an_attribute_counts_from_creation_and_not_before() -> None:
    assert judge(**FITTING, day=0).fit.state[0] == FITS
    assert judge(**FITTING, day=-1).fit.state[0] == FIT_UNKNOWN
