"""What a value must be: ranges, words and patterns, and what none of them can tell."""

import numpy as np
import pytest

from readiness.agreement.conditions import MET, NOT_MET, UNKNOWN, Condition

RANGE = Condition(at_least=10, at_most=20)
WORDS = Condition(any_of=("Big", "5"))
PATTERN = Condition(pattern="head of|chief")


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        (RANGE, "10", MET),
        (RANGE, "20.0", MET),
        (RANGE, "20.1", NOT_MET),
        (RANGE, "a dozen", UNKNOWN),
        (RANGE, "nan", UNKNOWN),
        (WORDS, " BIG", MET),
        (WORDS, "5.0", MET),
        (WORDS, "Small", NOT_MET),
        (PATTERN, "Deputy Head of Sales", MET),
        (PATTERN, "Engineer", NOT_MET),
        (PATTERN, "40", NOT_MET),
    ],
)
def test_a_text_is_judged_by_any_form_and_left_open_where_no_form_can_tell(
    condition: Condition, text: str, expected: int
) -> None:
    assert condition.judge(text) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (RANGE, [MET, NOT_MET, UNKNOWN]),
        (WORDS, [NOT_MET, MET, UNKNOWN]),
        (PATTERN, [UNKNOWN, UNKNOWN, UNKNOWN]),
    ],
)
def test_numbers_are_judged_alike_and_a_missing_one_is_unknown(
    condition: Condition, expected: list[int]
) -> None:
    assert condition.judge_numbers(np.array([15.0, 5.0, np.nan])).tolist() == expected


def test_no_numbers_give_no_judgements() -> None:
    assert RANGE.judge_numbers(np.array([])).tolist() == []


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        (RANGE, "5", "at least 10 and at most 20"),
        (Condition(at_least=10, any_of=("Big",)), "5", "at least 10"),
        (Condition(at_least=10, any_of=("Big",)), "Tiny", "Big"),
        (WORDS, "Tiny", "Big or 5"),
        (PATTERN, "Buyer", "something with “head of|chief” in it"),
    ],
)
def test_what_is_asked_for_is_said_in_the_form_that_the_value_has(
    condition: Condition, text: str, expected: str
) -> None:
    assert condition.in_words(text) == expected
