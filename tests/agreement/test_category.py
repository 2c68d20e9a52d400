"""The six kinds of lead: the whole grid has exactly one answer, in the order agreed on."""

import itertools

import pytest

from readiness.agreement.category import (
    RULES,
    SOURCE_DUBIOUS,
    SOURCE_ORDINARY,
    SOURCE_REFERRAL,
    SOURCE_UNKNOWN,
    condition,
    decide,
)
from readiness.agreement.document import CATEGORIES
from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN, FITS
from readiness.agreement.interest import INTEREST_HIGH, INTEREST_LITTLE, INTEREST_NONE
from readiness.agreement.stage import AWARENESS, CONSIDERATION, DECISION
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import Activity
from tests.agreement.agreements import FITTING, judge
from tests.builders import activity, answer
from tests.oracles.agreement import category_by_definition

GRID = list(
    itertools.product(
        (FIT_FAILS, FIT_UNKNOWN, FITS),
        (INTEREST_NONE, INTEREST_LITTLE, INTEREST_HIGH),
        (SOURCE_UNKNOWN, SOURCE_DUBIOUS, SOURCE_ORDINARY, SOURCE_REFERRAL),
        (AWARENESS, CONSIDERATION, DECISION),
        (False, True),
    )
)
HIGH = [activity(99, "demo")]
LITTLE = [activity(80, "demo")]
SOON = [answer(95, "when", "this month")]


def name(verdicts: Verdicts) -> str:
    return CATEGORIES[verdicts.category[0]]


@pytest.mark.parametrize("cell", GRID, ids=str)
def test_every_cell_of_the_grid_has_the_category_of_its_definition(
    cell: tuple[int, int, int, int, bool],
) -> None:
    assert RULES[decide(*cell)].category == category_by_definition(*cell)


def test_every_rule_can_be_reached_and_no_code_stands_twice() -> None:
    assert {decide(*cell) for cell in GRID} == set(range(len(RULES)))
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_every_category_can_be_reached() -> None:
    assert {rule.category for rule in RULES} == set(CATEGORIES)


@pytest.mark.parametrize("source", ["list", "friend", None])
@pytest.mark.parametrize("did", [[], LITTLE, HIGH])
def test_a_lead_that_fails_a_must_is_unworthy_whatever_its_activity_and_source(
    source: str | None, did: list[Activity]
) -> None:
    assert name(judge(did, SOON, source=source, size=1)) == "unworthy"


def test_no_interest_from_a_dubious_source_is_dubious_even_if_it_fits() -> None:
    assert name(judge(source="list", **FITTING)) == "dubious"


def test_no_interest_and_unknown_fit_is_dubious_whatever_the_source() -> None:
    assert name(judge(source="friend")) == "dubious"
    assert name(judge(source=None)) == "dubious"


@pytest.mark.parametrize("did", [LITTLE, HIGH])
def test_interest_with_unknown_fit_is_unqualified_suitability(did: list[Activity]) -> None:
    assert name(judge(did, source="list")) == "unqualified_suitability"


@pytest.mark.parametrize("did", [[], LITTLE])
def test_a_fitting_lead_with_little_interest_or_none_is_unqualified_interest(did: list[Activity]) -> None:
    assert name(judge(did, **FITTING)) == "unqualified_interest"


def test_a_fitting_interested_lead_in_decision_with_a_near_timeframe_is_a_sales_ready_buyer() -> None:
    assert name(judge(HIGH, SOON, **FITTING)) == "sales_ready_buyer"


def test_a_fitting_interested_lead_that_lacks_stage_or_timeframe_is_sales_worthy() -> None:
    replies = [activity(99, "reply"), activity(98, "reply"), activity(97, "reply")]

    assert name(judge(HIGH, **FITTING)) == "sales_worthy"
    assert name(judge(replies, SOON, **FITTING)) == "sales_worthy"


def test_a_source_that_the_agreement_does_not_name_is_ordinary() -> None:
    sources = [
        judge(source=source).source[0] for source in ("LIST", "friend", "carrier pigeon", "unknown", None)
    ]

    assert sources == [SOURCE_DUBIOUS, SOURCE_REFERRAL, SOURCE_ORDINARY, SOURCE_UNKNOWN, SOURCE_UNKNOWN]


def test_each_rule_has_a_condition_of_its_own_and_of_any_lead_exactly_one_holds() -> None:
    conditions = [condition(position) for position in range(len(RULES))]

    for cell in itertools.product(range(3), range(3), range(4), range(3), range(2)):
        holding = [
            position
            for position, each in enumerate(conditions)
            if all(value in values for value, values in zip(cell, each, strict=True))
        ]
        assert holding == [decide(*cell[:4], bool(cell[4]))], cell
