"""Referrals: by label or by relation, from the lead's own columns and answers only."""

import pytest

from readiness.agreement.category import SOURCE_DUBIOUS, SOURCE_ORDINARY, SOURCE_REFERRAL, SOURCE_UNKNOWN
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import REFERRER_OUTCOMES, RELATIONS
from tests.agreement.agreements import agreement, judge
from tests.builders import activity, answer


def relation(verdicts: Verdicts) -> str | None:
    code = int(verdicts.relation[0])
    return None if code < 0 else RELATIONS[code]


def outcome(verdicts: Verdicts) -> str | None:
    code = int(verdicts.referrer_outcome[0])
    return None if code < 0 else REFERRER_OUTCOMES[code]


def test_a_lead_is_a_referral_by_the_label_of_its_source_without_any_relation() -> None:
    verdicts = judge(source="friend")

    assert verdicts.source[0] == SOURCE_REFERRAL
    assert relation(verdicts) is None


@pytest.mark.parametrize("source", ["web_form", "list", None])
def test_a_lead_is_a_referral_by_relation_whatever_its_source_is_called(source: str | None) -> None:
    assert judge(source=source, referrer="customer").source[0] == SOURCE_REFERRAL


def test_a_relation_that_is_unknown_or_that_no_list_names_makes_no_referral() -> None:
    sources = [judge(source=source, referrer="unknown").source[0] for source in ("web_form", "list", None)]

    assert sources == [SOURCE_ORDINARY, SOURCE_DUBIOUS, SOURCE_UNKNOWN]
    assert judge(referrer="neighbour").source[0] == SOURCE_ORDINARY


def test_the_first_relation_that_holds_counts() -> None:
    assert relation(judge(referrer="customer", relation="colleague")) == "customer"
    assert relation(judge(referrer="partner", day=50)) == "partner"
    assert relation(judge(relation="colleague")) == "employee"


def test_a_relation_counts_only_while_its_evidence_lasts() -> None:
    assert relation(judge(referrer="partner", day=60)) == "partner"
    assert relation(judge(referrer="partner", day=60.1)) is None


def test_an_answer_tells_the_relation_from_the_instant_it_was_given() -> None:
    said = [answer(50, "referrer", "customer")]

    assert relation(judge(answers=said, day=50)) is None
    assert relation(judge(answers=said, day=50.001)) == "customer"


def test_of_what_became_of_the_referrer_the_newest_counts_and_of_equally_new_ones_the_stop() -> None:
    assert outcome(judge(became="won")) == "won"
    assert outcome(judge([activity(90, "thanks")], [answer(80, "became", "stop")])) == "won"
    assert outcome(judge([activity(70, "thanks")], [answer(80, "became", "stop")])) == "stop"
    assert outcome(judge(became="won", relation="angry")) == "stop"


def test_without_evidence_nothing_is_said_of_the_referrer() -> None:
    assert (relation(judge()), outcome(judge())) == (None, None)
    plain = agreement(sources={"dubious": ["list"]})
    assert (relation(judge(by=plain)), outcome(judge(became="won", by=plain))) == (None, None)


def test_a_referral_earns_its_points_once_by_label_or_by_relation() -> None:
    points = [
        judge(source="friend").points[0], judge(referrer="customer").points[0],
        judge(source="friend", referrer="customer").points[0],
    ]  # fmt: skip

    assert points == [10, 10, 10]
