"""What history has to say of an agreement, sentence by sentence."""

from __future__ import annotations

import pytest

from readiness.hindsight import referral_sentences
from readiness.hindsight.backtest import Backtest, backtest
from readiness.hindsight.compare import compare
from readiness.hindsight.groups import Counts
from readiness.hindsight.replay import Adviser
from readiness.judging.sentences import percent
from tests.agreement.agreements import agreement
from tests.hindsight.histories import history, proposal
from tests.hindsight.planted_parts import agreed, found, of, world, worth
from tests.hindsight.small import ADVISER, Crm


def replayed(crm: Crm) -> Backtest:
    return backtest(crm.tables(), ADVISER, replicates=50)


def test_it_is_told_how_many_leads_pass_each_week_and_how_many_of_them_were_won_stopped_or_are_open() -> None:
    # A demo on day 6 is seen on Monday, day 11; one on day 12 on day 18.
    crm = Crm().lead(6, (20, "closed_won")).lead(6, (30, "stop_calling")).lead(12)
    crm.lead(None, (9, "closed_won"))

    found_ = replayed(crm)

    assert found_.weeks is not None
    assert found_.weeks.handed_over[:4].tolist() == [0, 0, 2, 1]
    assert found_.total.counts == Counts(won=1, stop=1, otherwise=0, still_open=1, too_soon=0)


def test_how_many_sales_declined_stands_beside_the_cry_wolf_rate_and_never_inside() -> None:
    crm = Crm().lead(6, (30, "stop_calling"), given=(15, "declined"))
    crm.lead(6, (20, "closed_won"), given=(15, "accepted")).lead(6, given=(15, "declined"))

    rate = replayed(crm).total.cry_wolf

    assert (rate.rate.value, rate.declined) == (pytest.approx(1 / 2), pytest.approx(2 / 3))


def test_the_cry_wolf_rate_is_told_by_source_and_campaign_and_with_intervals() -> None:
    crm = Crm()
    for number in range(8):
        end = "stop_calling" if number < 2 else "closed_won"
        crm.lead(6, (20 + number, end), source="web_form", campaign="spring")
        crm.lead(6, (20 + number, "closed_won"), source="chat", campaign="autumn")

    by = replayed(crm).breakdowns

    for name, expected in (("source", {"web_form", "chat"}), ("campaign", {"spring", "autumn"})):
        rates = {group.name: group.cry_wolf.rate for group in by[name]}
        assert set(rates) == expected
        assert sorted(rate.value or 0.0 for rate in rates.values()) == [0.0, pytest.approx(1 / 4)]
        assert all((rate.low or 0) <= (rate.value or 0) < (rate.high or 0) for rate in rates.values())


@pytest.mark.parametrize(
    ("propensity", "among"), [(None, "handed_over_anyway"), (0.5, "random_slice")], ids=["anyway", "by lot"]
)
def test_the_good_leads_kept_back_are_told_among_those_handed_over_anyway_or_by_lot(
    propensity: float | None, among: str
) -> None:
    # Both were given to sales; the agreement hands over the first alone, so half of the sales is kept back.
    crm = Crm().lead(6, (60, "closed_won"), given=(15, "accepted"), propensity=propensity)
    crm.lead(None, (60, "closed_won"), given=(15, "accepted"), propensity=propensity)

    told = {each.among: each for each in replayed(crm).kept_back}

    assert told[among].sales.value == pytest.approx(1 / 2)


def test_without_any_hand_over_it_says_that_the_good_leads_kept_back_cannot_be_known() -> None:
    found_ = replayed(Crm().lead(6, (20, "closed_won")).lead(None, (20, "closed_won")))

    assert found_.kept_back == ()
    assert "can't be known" in found_.sentences["kept_back"]


def test_two_agreements_are_compared_with_the_leads_on_which_they_differ_ten_examples_each_way() -> None:
    asks = Adviser(agreement(handover__bant_at_least=1))
    fits = Adviser(agreement(handover__bant_required=["budget"]))
    crm = Crm()
    for _ in range(12):
        crm.lead(6, pieces=1)

    pairs = ((asks, fits), (fits, asks))
    one_way, other_way = (compare(crm.tables(), *pair, replicates=10) for pair in pairs)

    assert (one_way.only_a.handed_over, len(one_way.examples_a), len(one_way.examples_b)) == (12, 10, 0)
    assert (other_way.only_b.handed_over, len(other_way.examples_b), len(other_way.examples_a)) == (12, 10, 0)


def test_of_each_type_it_is_told_how_winning_and_stopping_change_after_it_with_interval_and_count() -> None:
    done = set(world().tables.activities.type.texts().tolist())
    assert {each.type for each in found().types} == done

    for each in found().types:
        for effect in (each.after.won, each.after.stop):
            assert effect.leads > 0
            assert effect.low is not None
            assert effect.high is not None
            assert effect.low < effect.high


def test_it_is_told_of_the_first_time_of_a_repeat_and_of_sequences_of_two() -> None:
    for each in found().types:
        assert (each.after.act.when, each.again.act.when) == ("after", "again")
        assert each.again.won.leads <= each.after.won.leads
    for pair in found().in_order:
        assert (pair.act.when, pair.won.leads > 0) == ("in order", True)
        assert pair.act.follows not in (None, pair.act.type)
    assert found().in_order


def test_beside_each_behaviour_stands_what_the_agreement_says_that_it_is_worth() -> None:
    for each in found().types:
        terms = agreed().interest
        points = terms.worths[each.type].points if each.type in terms.worths else 0.0
        assert each.worth.points == points
    assert of("demo_requested").worth.stage == "decision"


def test_what_is_proposed_is_a_readable_change_of_the_document_in_force_and_says_what_it_would_do() -> None:
    said = proposal()

    assert said.changes
    for change in said.changes:
        assert "`" in change.option.says
        assert change.effect is not None
        assert change.effect.change.value is not None
        assert change.effect.missed >= 0
    assert said.effect is not None
    assert said.effect.change.low is not None
    assert said.learned_until < history(telling=True).observed_through


@pytest.mark.slow
def test_what_a_referral_is_worth_is_told_raw_and_adjusted_with_interval() -> None:
    told = worth()
    sentence = referral_sentences.referral_sentence(told)

    assert told.ratio.low is not None
    assert told.adjusted.low is not None
    assert told.adjusted.high is not None
    assert told.adjusted.low <= world().referral <= told.adjusted.high
    for figure in (told.referred.won.value, told.others.won.value):
        assert figure is not None
        assert percent(figure) in sentence
