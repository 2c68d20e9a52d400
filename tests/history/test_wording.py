from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from readiness.crm.records import Activity, Answer
from readiness.crm.tables import Tables
from readiness.history import features, snapshots, wording
from readiness.history.features import FeaturePlan
from tests.builders import activity, answer, at, lead, tables

LEARNED = tables(
    [
        lead("A", source="customer_referral", company_size=4.0, trade="a", since="2025-01-01", age_years=2.0),
        lead("B", source="web"),
    ],
    [
        activity(1, "email_sent", "outbound", lead_id="A", channel="email"),
        activity(2, "email_reply", lead_id="A", channel="email", value=2.0),
    ],
    [
        answer(3, "budget", "approved", lead_id="A"),
        answer(3, "team", "12", lead_id="A"),
        answer(3, "trade", "b", lead_id="A"),
    ],
)
PLAN: FeaturePlan = features.plan(LEARNED, snapshots.at(LEARNED, at(9)), min_leads=1)


BUDGET = answer(99.5, lead_id="A")
TEAM = answer(90, "team", "7", lead_id="A")
TRADE = answer(90, "trade", "b", lead_id="A")


def said(made: Tables, group: str, day: float = 100) -> str:
    return wording.describe(PLAN, group, features.build(made, snapshots.at(made, at(day)), PLAN)[0])


def of(*activities: Activity, answers: tuple[Answer, ...] = (), **attributes: Any) -> Tables:  # noqa: ANN401 - passed on
    return tables([lead("A", **attributes)], activities, answers)


def pair(day: float) -> tuple[Activity, Activity]:
    return (
        activity(day, "email_sent", "outbound", lead_id="A"),
        activity(day + 0.5, "email_reply", lead_id="A", value=2.5),
    )


@pytest.mark.parametrize(
    ("made", "group", "sentence"),
    [
        (of(*pair(90), *pair(95)), "Replies", "Replied once in the last 7 days"),
        (of(*pair(88), *pair(90)), "Replies", "Replied twice in the last 14 days"),
        (of(*pair(1), *pair(2), *pair(3)), "Replies", "Replied 3 times, most recently 96 days ago"),
        (of(), "Replies", "No reply yet"),
        (of(), "Inbound activity", "The lead did nothing yet"),
        (of(*pair(90)), "Inbound activity", "The lead acted once in the last 14 days"),
        (of(), "Email reply (inbound)", "Email reply: never yet"),
        (
            of(*pair(90)),
            "Email reply (inbound)",
            "Email reply: once in the last 30 days",
        ),
        (of(*pair(90)), "Two-way dialogue", "The talk went back and forth once in the last 30 days"),
        (of(), "Two-way dialogue", "No talk back and forth yet"),
        (
            of(*pair(80), *pair(90)),
            "Rhythm of inbound activity",
            "The lead acted on 2 days in the last 30 days; typically 10 days passed between two acts",
        ),
        (
            of(*pair(10), *pair(90)),
            "Rhythm of inbound activity",
            "The lead acted on 1 day in the last 30 days; "
            "over all time, typically 80 days passed between two acts",
        ),
        (of(*pair(90)), "Rhythm of inbound activity", "The lead acted on 1 day in the last 30 days"),
        (of(), "Rhythm of inbound activity", "The lead acted on no day yet"),
        (of(*pair(90)), "Channels used", "Channels used: none so far"),
        (of(company_size=40.0), "Company size", "Company size: 40"),
        (of(company_size=2.25), "Company size", "Company size: 2.25"),
        (of(age_years=3.0), "Age (years)", "Age: 3 years"),
        (of(age_years=1.0), "Age (years)", "Age: 1 year"),
        (of(), "Age (years)", "Age (years): not known"),
        (of(trade="a"), "Trade", "Trade: a"),
        (of(trade="a", answers=(TRADE,)), "Trade", "Trade: b, given 10 days ago"),
        (of(answers=(TRADE,)), "Trade", "Trade: b, given 10 days ago"),
        (of(), "Trade", "Trade: not known"),
        (of(), "Company size", "Company size: not known"),
        (of(source="customer_referral"), "Source", "Source: customer referral"),
        (of(source="fax"), "Source", "Source: a value that is rare"),
        (of(source=None), "Source", "Source: not known"),
        (of(since="2026-03-01"), "Since", "Since: 40 days ago"),
        (of(since="2026-05-01"), "Since", "Since: in 20 days"),
        (of(), "Age of the lead", "The lead is 100 days old"),
        (of(trade="a", company_size=1.0), "Completeness of the profile", "50 % of the profile is known"),
        (of(answers=(BUDGET,)), "Budget (answer)", "Budget: approved, given today"),
        (of(answers=(TEAM,)), "Team (answer)", "Team: 7, given 10 days ago"),
        (of(), "Budget (answer)", "Budget: not given yet"),
        (of(answers=(TEAM,)), "Answers given", "Answers given: 1 in the last 30 days"),
        (of(), "Answers given", "No answers given yet"),
    ],
)  # fmt: skip
def test_a_leads_own_fact_reads_well(made: Tables, group: str, sentence: str) -> None:
    assert said(made, group) == sentence


def test_every_group_of_a_plan_can_be_described() -> None:
    made = of()
    row = features.build(made, snapshots.at(made, at(1)), PLAN)[0]
    assert all(wording.describe(PLAN, group, row) for group in PLAN.groups)


def test_a_group_with_its_counts_excluded_still_tells_when() -> None:
    counts = [name for name in PLAN.names if name.startswith("inbound_email_reply")]
    chosen = features.plan(LEARNED, snapshots.at(LEARNED, at(9)), min_leads=1, exclude=counts)
    made = of(*pair(90))
    row = features.build(made, snapshots.at(made, at(100)), chosen)[0]
    assert wording.describe(chosen, "Email reply (inbound)", row) == "Email reply: 9 days ago"


def test_a_group_that_the_plan_has_not_is_refused() -> None:
    with pytest.raises(KeyError, match="Shoe size"):
        wording.describe(PLAN, "Shoe size", np.zeros(len(PLAN)))


def test_a_longer_window_that_holds_no_more_is_not_told():
    lately = activity(99, channel="web", lead_id="A")
    earlier = activity(20, channel="chat", lead_id="A")
    assert said(of(lately), "Channels used") == "Channels used: 1 in the last 30 days"
    assert said(of(earlier, lately), "Channels used") == "Channels used: 1 in the last 30 days, 2 in all"


def test_a_longer_window_alone_says_that_the_shorter_holds_none():
    earlier = activity(20, channel="chat", lead_id="A")
    assert said(of(earlier), "Channels used") == "Channels used: none in the last 30 days, 1 in all"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((97, 98, 99), "typically 1 day passed"),
        ((98, 98.5, 99), "typically less than a day passed"),
        ((77.4, 87, 96.7), "typically 9.7 days passed"),
        ((76.6, 87, 97.4), "typically 10 days passed"),
    ],
)
def test_the_time_between_acts_is_told_as_a_person_would(days: tuple[float, ...], told: str) -> None:
    acts = [activity(day, lead_id="A") for day in days]
    assert told in said(of(*acts), "Rhythm of inbound activity")
