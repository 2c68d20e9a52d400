"""What the salesperson should know first."""

from __future__ import annotations

import pytest

from readiness.agreement import sentences
from readiness.crm.records import Answer
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.builders import activity, answer

BY = agreement(
    sources__referrals={
        "sources": ["friend"],
        "named_in": ["referred_by"],
        "relations": {
            "customer": [{"reads": ["referrer_type"], "any_of": ["customer"]}],
            "partner": [{"reads": ["referrer_type"], "any_of": ["partner"]}],
            "employee": [{"reads": ["referrer_type"], "any_of": ["employee"]}],
            "other": [{"reads": ["referrer_type"], "any_of": ["neighbour"]}],
        },
        "outcomes": {
            "won": [{"reads": ["referrer_outcome"], "any_of": ["closed_won"]}],
            "stop": [{"reads": ["referrer_outcome"], "any_of": ["stop_calling"]}],
        },
    },
    stages__consideration__sales_does="Shows how others solved it.",
)
REPLIES = [activity(day, "reply") for day in (97, 98, 99)]


def known(*answers: Answer, source: str = "friend", **attributes: str) -> str:
    rows = [*answers, answer(95, "authority", "decides"), answer(95, "budget", "approved")]
    verdicts = judge(REPLIES, rows, source=source, by=BY, **FITTING, **attributes)
    told = sentences.advice(verdicts, advised(verdicts), 0)
    assert told["action"] == "hand_over"
    return str(told["know_first"])


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({}, "Came by referral."),
        ({"referred_by": "Ada Lovelace"}, "Referred by: Ada Lovelace."),
        ({"referrer_type": "customer"}, "Referred by a customer."),
        (
            {"referrer_type": "customer", "referrer_outcome": "closed_won"},
            "Referred by a customer who bought.",
        ),
        (
            {"referrer_type": "customer", "referrer_outcome": "closed_won", "referred_by": "Ada"},
            "Referred by a customer who bought: Ada.",
        ),
        (
            {"referrer_type": "customer", "referrer_outcome": "stop_calling"},
            "Referred by a customer who told us to stop calling.",
        ),
        ({"referrer_type": "partner"}, "Referred by a partner of ours."),
        ({"referrer_type": "employee"}, "Referred by a colleague of ours."),
        ({"referrer_type": "neighbour"}, "Referred by somebody who is no customer."),
        ({"referrer_outcome": "closed_won"}, "Referred by somebody who bought."),
        ({"referred_by": "unknown"}, "Came by referral."),
    ],
)
def test_sales_is_told_first_who_referred_the_lead_and_how_they_stand_to_us(
    attributes: dict[str, str], said: str
) -> None:
    assert known(**attributes).startswith(said)


def test_who_referred_it_may_have_been_said_later_and_the_newest_word_before_the_cutoff_counts() -> None:
    rows = [answer(day, "referred_by", who) for day, who in ((3, "Ada"), (9, "Grace"), (100, "Joan"))]

    assert known(*rows, referred_by="Edsger").startswith("Referred by: Grace.")
    assert known(*rows, answer(99, "referred_by", None)).startswith("Came by referral.")


def test_a_lead_that_nobody_referred_is_told_nothing_of_it() -> None:
    assert "eferr" not in known(source="web_form", referred_by="Ada")


def test_a_lead_of_which_there_is_nothing_to_tell_is_told_nothing() -> None:
    assert known(source="web_form") == "None"
