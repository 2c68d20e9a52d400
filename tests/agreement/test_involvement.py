"""Whether a salesperson of ours was in touch, as the agreement says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from readiness.agreement import sentences
from readiness.agreement.differences import differences
from readiness.agreement.recital import recite
from readiness.agreement.verdicts import evaluate
from readiness.errors import AgreementError
from readiness.history import snapshots
from readiness.history.desk import desk
from tests import builders
from tests.agreement.agreements import FITTING, agreement, judge
from tests.agreement.worlds import CUTOFF, World, worlds
from tests.builders import activity, answer, at, handover, lead
from tests.oracles.agreement import SlowAgreement

UNSTATED = agreement()
STATED = agreement(handover__sales_activities=["Demo", "call"])
READY = [activity(98, "demo"), activity(99, "reply")]
SOON = [answer(97, "when", "this month")]
WARNING = "somebody else has probably sold to it already"


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_the_rule_equals_a_slow_loop_over_each_lead_alone(world: World) -> None:
    tables, cutoff = world.tables(), builders.at(CUTOFF)
    for by in (UNSTATED, STATED):
        found = evaluate(tables, snapshots.at(tables, cutoff), by).salesperson
        for row, each in enumerate(world.leads):
            assert (
                bool(found[row])
                is SlowAgreement(by, each, world.activities, world.answers, cutoff).salesperson()
            )


@pytest.mark.parametrize(
    ("kind", "channel", "involved"),
    [
        ("call_attempt", "phone", True),
        ("linkedin_message", None, True),
        ("hologram", "Sales", True),
        ("lead_magnet", "head office", True),
        ("email_sent", "email", False),
        ("sequence_step", "E-Mail", False),
        ("Newsletter", None, False),
        ("webinar_invited", "webinar", False),
        ("touch", "social-ads", False),
    ],
)
def test_unstated_what_goes_out_to_many_at_once_is_no_salespersons_work(kind, channel, involved) -> None:
    assert bool(judge([activity(90, kind, "outbound", channel=channel)]).salesperson[0]) is involved


def test_unstated_what_the_lead_does_is_no_salespersons_work() -> None:
    assert not judge([activity(90, "meeting", "inbound")]).salesperson[0]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_named_activity_counts_whichever_side_began_and_however_it_is_spelt(direction: str) -> None:
    assert judge([activity(90, "DEMO", direction)], by=STATED).salesperson[0]


def test_where_the_agreement_names_activities_nothing_else_counts() -> None:
    assert not judge([activity(90, "visit_by_us", "outbound")], by=STATED).salesperson[0]
    assert not judge([activity(90, "hologram", "outbound")], by=STATED).salesperson[0]


@pytest.mark.parametrize(("day", "involved"), [(99.999, True), (100, False)], ids=["before", "at the cutoff"])
@pytest.mark.parametrize("by", [UNSTATED, STATED], ids=["unstated", "stated"])
def test_only_what_lies_before_the_cutoff_counts(by, day, involved) -> None:
    assert bool(judge([activity(day, "call", "outbound")], by=by).salesperson[0]) is involved


def test_however_long_ago_it_counts() -> None:
    assert judge([activity(0.5, "call", "outbound")], day=390).salesperson[0]


def test_without_activities_nobody_was_in_touch() -> None:
    assert not judge().salesperson[0]
    assert not judge(day=None).salesperson[0]


def test_no_snapshots_are_no_error() -> None:
    tables = builders.tables([])
    assert evaluate(tables, snapshots.at(tables, at(100)), STATED).salesperson.tolist() == []


def test_a_mail_does_not_silence_the_warning_and_a_call_does() -> None:
    mailed = judge([*READY, activity(90, "email_sent", "outbound")], SOON, **FITTING)
    called = judge([*READY, activity(90, "call", "outbound")], SOON, **FITTING)
    assert WARNING in sentences.category(mailed, 0)["because"]
    assert WARNING not in sentences.category(called, 0)["because"]


@pytest.mark.parametrize(
    ("decision", "decided", "warned"),
    [
        ("accepted", 90, False),
        ("handed_back", 90, False),
        ("declined", 90, True),
        ("accepted", 100, True),
        (None, None, True),
    ],
)
def test_a_hand_over_that_sales_accepted_counts_once_it_is_known(decision, decided, warned) -> None:
    tables = builders.tables(
        [lead(**FITTING)], READY, SOON, handovers=[handover(80, decided, decision)] if decision else []
    )
    looks = snapshots.at(tables, at(100))
    verdicts = evaluate(tables, looks, UNSTATED)
    told = sentences.category(verdicts, 0, desk(tables, looks))
    assert told["name"] == "sales_ready_buyer"
    assert (WARNING in told["because"]) is warned


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(AgreementError, match="sales_activities"):
        agreement(handover__sales_activities=[])


def test_it_is_read_aloud_and_a_change_of_it_is_told() -> None:
    (change,) = differences(UNSTATED, STATED)
    assert (
        change.sentence
        == "A salesperson was in touch if there was `Demo` or `call`, not anything outbound but mailings."
    )
    (paragraph,) = (
        each.text
        for section in recite(STATED)
        for each in section.paragraphs
        if each.text.startswith("A salesperson of ours was in touch")
    )
    assert "if the CRM holds any of `Demo` or `call`, or if sales accepted it." in paragraph


def test_an_activity_that_is_named_twice_is_refused() -> None:
    with pytest.raises(AgreementError, match="CALL"):
        agreement(handover__sales_activities=["call", "CALL"])
