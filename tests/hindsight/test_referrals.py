"""What a referral is worth, raw and among leads like each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.hindsight.referral_sentences import referral_sentence, relation_sentences
from readiness.hindsight.referrals import NO_REFERRALS, ONLY_REFERRALS, referrals
from tests.builders import answer, at, lead, outcome, tables
from tests.hindsight.planted_parts import agreed, world, worth


def test_the_planted_factor_lies_within_the_interval_of_the_adjusted_ratio() -> None:
    effect = worth().adjusted
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low <= world().referral <= effect.high


def test_a_raw_comparison_makes_too_much_of_a_referral_that_is_given_to_better_leads() -> None:
    assert worth().ratio.value > worth().adjusted.ratio


def test_shares_are_incidences_within_the_horizon() -> None:
    # 2 of 4 referred leads and 1 of 4 others are won within 90 days; one sale comes on day 90, too late.
    leads = [lead(f"R-{n}", source="customer_referral") for n in range(4)] + [
        lead(f"O-{n}") for n in range(4)
    ]
    won = [outcome(10, lead_id="R-0"), outcome(20, lead_id="R-1"), outcome(30, lead_id="O-0")]
    found = referrals(tables(leads, outcomes=[*won, outcome(91, lead_id="O-1")]), agreed())
    assert (found.referred.leads, found.referred.won.value) == (4, 0.5)
    assert (found.others.leads, found.others.won.value) == (4, 0.25)
    assert (found.difference.value, found.ratio.value) == (0.25, 2.0)


def test_an_undecided_lead_is_not_a_no() -> None:
    # One of the two was watched for five days only, so the sale on day 10 is that of the one still seen.
    leads = [
        lead("R-0", source="customer_referral"),
        replace(lead("R-1", source="customer_referral"), last_known_at=at(5)),
    ]
    found = referrals(tables([*leads, lead("O-0")], outcomes=[outcome(10, lead_id="R-0")]), agreed())
    assert found.referred.won.value == 1.0


@pytest.mark.parametrize(
    ("source", "missing"),
    [("web_form", NO_REFERRALS), ("customer_referral", ONLY_REFERRALS), (None, NO_REFERRALS)],
)
def test_without_both_kinds_there_is_nothing_to_compare(source, missing) -> None:
    found = referrals(tables([lead(source=source)]), agreed())
    assert found.missing == missing
    assert referral_sentence(found) == missing


def test_no_leads_are_no_error() -> None:
    assert referrals(tables(leads=[]), agreed()).missing == NO_REFERRALS


def test_a_relation_that_the_lead_tells_makes_a_referral_whatever_the_source() -> None:
    told = [lead("P-0", source="web_form", referrer_type="partner"), lead("O-0")]
    assert referrals(tables(told), agreed()).referred.leads == 1


def test_what_is_answered_after_the_beginning_does_not_make_a_referral() -> None:
    late = tables([lead("P-0"), lead("O-0")], answers=[answer(3, "referrer_type", "partner", lead_id="P-0")])
    assert referrals(late, agreed()).referred.leads == 0


def test_each_relation_that_enough_leads_have_is_told() -> None:
    (customer,) = worth().relations
    assert customer.name == "customer"
    assert relation_sentences(worth())[0].startswith(
        f"Referred by a customer: {customer.share.leads:,} leads, "
    )


def test_two_relations_are_compared_each_with_leads_that_nobody_referred() -> None:
    leads = [lead(f"P-{n}", referrer_type="partner") for n in range(40)]
    leads += [lead(f"E-{n}", referrer_type="employee") for n in range(40)]
    leads += [lead(f"O-{n}") for n in range(80)]
    won = [outcome(10 + n / 10, lead_id=f"P-{n}") for n in range(30)]
    won += [outcome(10 + n / 10, lead_id=f"{kind}-{n}") for kind in "EO" for n in range(10)]
    found = {each.name: each for each in referrals(tables(leads, outcomes=won), agreed()).relations}
    assert list(found) == ["partner", "employee"]
    assert found["partner"].adjusted.ratio > 3 > found["employee"].adjusted.ratio


def test_undated_leads_are_compared_by_how_they_ended() -> None:
    leads = [lead(f"R-{n}", None, "Referral") for n in range(40)] + [
        lead(f"O-{n}", None, "web") for n in range(40)
    ]
    won = [outcome(None, lead_id=f"R-{n}") for n in range(30)] + [
        outcome(None, lead_id=f"O-{n}") for n in range(15)
    ]
    lost = [outcome(None, "closed_lost", lead_id=f"R-{n}") for n in range(30, 40)]
    lost += [outcome(None, "closed_lost", lead_id=f"O-{n}") for n in range(15, 40)]
    found = referrals(tables(leads, outcomes=[*won, *lost], through=None), agreed())
    assert (found.referred.won.value, found.others.won.value, found.horizon_days) == (0.75, 0.375, None)
    assert found.adjusted.ratio == pytest.approx(2.0, rel=0.05)


def test_the_sentence_says_raw_and_adjusted_in_one() -> None:
    said = referral_sentence(worth())
    assert said.startswith("Of leads that were referred ")
    assert "were won within 90 days, of all others " in said
    assert "among leads alike in fit, interest and all else that was known, those referred are won" in said
    assert said.count(". ") == 0
