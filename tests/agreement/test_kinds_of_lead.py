"""The six kinds of lead by their definitions, under the agreement that ships with the product."""

import pytest

from readiness import shipped
from readiness.agreement import sentences
from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.category import RULES
from readiness.agreement.document import CATEGORIES
from readiness.agreement.reading import load
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import Activity, AttributeValue
from tests.agreement.agreements import FITTING, judge
from tests.builders import activity, answer

SHIPPED = load(shipped.agreement())
BUYER: dict[str, AttributeValue] = {
    "company_size": 120, "industry": "logistics", "country": "DE", "seniority": "manager",
}  # fmt: skip
BUSY = [activity(day, "demo_requested") for day in (96, 98)] + [activity(99, "pricing_page_view")]
CALLED = activity(90, "call_attempt", "outbound")
SOON = [answer(97, "timeframe", "this month")]

CATEGORY_CODES_EVER_USED = {
    "UW1": "unworthy", "DU1": "dubious", "DU2": "dubious",
    "US1": "unqualified_suitability", "US2": "unqualified_suitability",
    "UI1": "unqualified_interest", "UI2": "unqualified_interest", "SR1": "sales_ready_buyer",
    "SW1": "sales_worthy", "SW2": "sales_worthy", "SW3": "sales_worthy",
}  # fmt: skip
"""A code that goes out of use stays here, so that it is never given to another rule."""
ADVICE_CODES_EVER_USED = {
    "NC1": "never_call", "NC2": "never_call", "EN1": "hold", "EN2": "hold", "WS1": "hold", "WS2": "hold",
    "UW1": "hold", "RT1": "nurture", "RT2": "nurture", "RT3": "nurture", "RT4": "nurture",
    "DU1": "nurture", "QU1": "qualify", "SI1": "sell_interest", "NP1": "nurture", "ST1": "hold",
    "SU1": "hold", "HO4": "hand_over", "SC1": "nurture", "SC2": "nurture", "QU2": "qualify", "NB1": "nurture",
    "HO1": "hand_over", "HO2": "hand_over", "HO3": "hand_over",
}  # fmt: skip


def shipped_judge(*did: Activity, source: str | None = "web_form", **attributes: AttributeValue) -> Verdicts:
    return judge(did, source=source, by=SHIPPED, **attributes)


def kind(verdicts: Verdicts) -> str:
    return CATEGORIES[verdicts.category[0]]


def because(verdicts: Verdicts) -> str:
    return str(sentences.category(verdicts, 0)["because"])


@pytest.mark.parametrize("source", ["bought_list", "trade_show_bowl"])
@pytest.mark.parametrize("did", [[], [activity(50, "email_opened")], [activity(40, "web_visit")]])
def test_a_name_from_a_bought_list_or_a_fish_bowl_with_hardly_any_history_is_dubious(
    source: str, did: list[Activity]
) -> None:
    verdicts = shipped_judge(*did, source=source)

    assert kind(verdicts) == "dubious"
    assert f"doubtful source ({source.replace('_', ' ')})" in because(verdicts)


def test_a_lead_that_does_not_fit_the_buyer_profile_is_unworthy_however_active() -> None:
    verdicts = shipped_judge(*BUSY, **{**BUYER, "company_size": 3})

    assert kind(verdicts) == "unworthy"
    assert because(verdicts) == (
        "Does not fit the buyer profile: company size is 3 and must be at least 20. "
        "Its interest does not change that."
    )


def test_a_lead_that_fits_but_shows_no_interest_is_unqualified_interest_and_not_no_good() -> None:
    none, little = shipped_judge(**BUYER), shipped_judge(activity(95, "content_download"), **BUYER)

    assert kind(none) == kind(little) == "unqualified_interest"
    assert "has shown no interest of its own. That is no reason to write it off" in because(none)
    assert "It shows only a little interest so far (downloaded a paper 5 days ago)" in because(little)
    assert because(little).endswith("That is no reason to write it off: interest can still be won.")


def test_an_interested_lead_whose_fit_is_not_yet_known_is_unqualified_suitability() -> None:
    verdicts = shipped_judge(*BUSY, country="DE")

    assert kind(verdicts) == "unqualified_suitability"
    assert because(verdicts).endswith(
        "Whether it fits is open: company size, industry and seniority are unknown."
    )


def test_a_lead_that_fits_and_is_highly_interested_is_sales_worthy() -> None:
    verdicts = shipped_judge(*BUSY, CALLED, **{**BUYER, "country": "BR"})

    assert kind(verdicts) == "sales_worthy"
    assert because(verdicts).startswith(
        "Fits the buyer profile on 3 of 4 known criteria. It shows high interest "
        "(3 signs in the last 14 days, the newest: looked at our prices a day ago)"
    )


@pytest.mark.parametrize(("contact", "warned"), [([CALLED], False), ([], True)])
def test_who_is_about_to_decide_is_a_sales_ready_buyer_and_without_our_contact_sold_by_someone_else(
    contact: list[Activity], warned: bool
) -> None:
    verdicts = judge([*BUSY, *contact], SOON, by=SHIPPED, **BUYER)

    assert kind(verdicts) == "sales_ready_buyer"
    assert ("somebody else has probably sold to it already" in because(verdicts)) is warned


def test_no_code_was_ever_given_to_another_rule() -> None:
    assert {rule.code: rule.category for rule in RULES}.items() <= CATEGORY_CODES_EVER_USED.items()
    assert {rule.code: rule.action for rule in ADVICE_RULES}.items() <= ADVICE_CODES_EVER_USED.items()


_REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
_REACHED = {
    "UW1": judge(size=1),
    "DU1": judge(source="list", **FITTING),
    "DU2": judge(),
    "US1": judge([activity(99, "demo")]),
    "US2": judge([activity(80, "demo")]),
    "UI1": judge(**FITTING),
    "UI2": judge([activity(80, "demo")], **FITTING),
    "SR1": judge([activity(99, "demo")], [answer(95, "when", "this month")], **FITTING),
    "SW1": judge([activity(99, "demo")], **FITTING),
    "SW2": judge(_REPLIES, **FITTING),
    "SW3": judge([*_REPLIES, activity(99.5, "postponed")], **FITTING),
}


def test_every_rule_is_reached_by_some_lead_and_has_a_sentence_of_its_own() -> None:
    assert {code: RULES[verdicts.rule[0]].code for code, verdicts in _REACHED.items()} == {
        rule.code: rule.code for rule in RULES
    }
    assert len({because(verdicts) for verdicts in _REACHED.values()}) == len(RULES)


def test_a_sentence_cites_the_leads_own_facts() -> None:
    did = [activity(90, "form_submitted"), activity(96, "web_visit"), CALLED]

    text = because(judge(did, [answer(90, "budget", "approved")], by=SHIPPED, **{**BUYER, "country": "BR"}))

    assert "on 3 of 4 known criteria" in text
    assert "the newest: visited our pages 4 days ago" in text
    assert "udget was confirmed on 1 April (when it filled in a contact form)" in text
