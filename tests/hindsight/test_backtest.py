"""A backtest as a whole: weeks, figures, sentences."""

from __future__ import annotations

import json

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.backtest import Backtest, backtest
from readiness.hindsight.replay import Adviser
from readiness.history.outcomes import Ended, label
from readiness.history.snapshots import Snapshots, every_week
from readiness.judging.cohort import Cohort
from tests.agreement.agreements import agreement
from tests.builders import lead, outcome, tables
from tests.hindsight.small import ADVISER, Crm
from tests.oracles.judging import incidence


def run(made: Tables, adviser: Adviser = ADVISER, leads: Flags | None = None) -> Backtest:
    return backtest(made, adviser, leads=leads, replicates=50)


def test_hand_overs_are_counted_by_the_week_that_begins_with_the_look() -> None:
    crm = Crm().lead(6).lead(10.9).lead(12).lead(26)
    weeks = run(crm.tables(through=30)).weeks
    assert weeks is not None
    # From the week of day −3 on; they are handed over on the days 11, 11 and 18; day 32 comes too late.
    assert weeks.handed_over.tolist() == [0, 0, 2, 1, 0]
    assert weeks.mean.value == pytest.approx(3 / (30 / 7))


@pytest.mark.parametrize(("through", "weeks"), [(32, 5), (32.001, 6)], ids=["up to Monday", "into Monday"])
def test_the_last_week_is_that_of_the_last_instant_watched(through: float, weeks: int) -> None:
    found = run(Crm().lead(6).tables(through=through)).weeks
    assert found is not None
    assert len(found.start) == weeks


def test_weeks_above_sales_capacity_are_counted() -> None:
    crm = Crm()
    for _ in range(11):
        crm.lead(6)
    for _ in range(10):
        crm.lead(13)
    weeks = run(crm.tables(through=30)).weeks
    assert weeks is not None
    assert (weeks.above_capacity, weeks.capacity) == (1, 10)


def test_the_rules_alone_advise_unless_a_model_is_asked_and_that_is_said() -> None:
    said = run(Crm().lead(6).tables()).sentences["standing"]
    assert said.startswith("The rules alone advised")
    assert said.endswith("Whether a lead must never be called was not looked up.")


def test_what_cannot_be_known_is_said() -> None:
    said = run(Crm().lead(6).tables()).sentences
    assert said["kept_back"].startswith("Which good leads it would have kept back can't be known")
    assert said["cry_wolf"].startswith("The cry-wolf rate can't be known: of nobody")
    said = run(Crm().lead(6).lead(None, (5, "stop_calling")).tables(through=30)).sentences
    assert said["cry_wolf"].startswith(
        "The cry-wolf rate is not known: of none of the leads it would have handed over"
    )


def test_why_the_others_were_kept_back_is_told_by_their_last_look() -> None:
    crm = Crm().lead(6).lead().lead().lead(6, pieces=1).lead(size=2)
    found = run(crm.tables(through=12))
    assert dict(found.standing.kept_by) == {"SI1": 2, "UW1": 1, "QU2": 1}
    assert found.sentences["kept_by"].startswith(
        "It would have kept back 4 leads; by their last look: fits, but shows too little interest (SI1) 2; "
    )


def test_every_sentence_says_of_whom_it_speaks_whichever_comes_before_it() -> None:
    made = simulate.world(400, 1, options=simulate.WorldOptions(random_handovers=0.005)).tables
    said = run(made, Adviser(load(shipped.agreement()))).sentences
    assert not [name for name, sentence in said.items() if "of these" in sentence.lower()]
    told = ["fates", "declined", "practice", "kept_by"]
    assert [name for name in said if name in told] == told
    assert all("of the leads it would have handed over" in said[name].lower() for name in told[:3])


def test_leads_left_out_are_told() -> None:
    made = tables([lead("L-1"), lead("L-2")], outcomes=[outcome(None, lead_id="L-1")])
    found = run(made)
    assert found.standing.undated_ends == 1
    assert "1 lead that ended on an unknown day was left out" in found.sentences["left_out"]


def test_only_the_leads_asked_for_count() -> None:
    found = run(Crm().lead(6).lead(6).tables(), leads=np.array([True, False]))
    assert (found.total.handed_over, found.standing.leads, found.standing.other_leads) == (1, 1, 1)


@pytest.mark.parametrize(
    "made",
    [tables([]), tables([lead()]), tables([lead(created=None)], through=None)],
    ids=["none", "one", "undated"],
)
def test_with_no_lead_one_lead_or_no_dates_there_is_a_result(made: Tables) -> None:
    found = run(made)
    assert found.total.handed_over == 0
    json.dumps(found.to_dict(), allow_nan=False)
    assert all(found.sentences.values())


def test_undated_leads_are_judged_by_their_ends_and_the_report_says_that_time_was_not_checked() -> None:
    facts = {"size": 50, "industry": "software", "country": "DE", "rfp": "yes"}
    facts |= {"budget": "approved", "authority": "decides"}
    leads = [lead(f"L-{number}", created=None, **facts) for number in range(3)]
    ends = [outcome(None, "closed_won", lead_id="L-0"), outcome(None, "stop_calling", lead_id="L-1")]
    found = run(tables(leads, outcomes=ends, through=None))
    assert (found.total.handed_over, found.total.cry_wolf.rate.value, found.weeks) == (3, 0.5, None)
    assert found.sentences["looks"].startswith("These leads have no dates")


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_the_leads() -> None:
    crm = (
        Crm().lead(6, (20, "closed_won")).lead(13, (60, "stop_calling")).lead(6).lead(20, (50, "closed_won"))
    )
    once = json.dumps(run(crm.tables()).to_dict())
    crm.leads.reverse()
    assert json.dumps(run(crm.tables()).to_dict()) == once


def test_no_personal_data_stands_in_a_backtest() -> None:
    world = simulate.world(200, 3).tables
    said = json.dumps(run(world, Adviser(agreement(handover__bant_at_least=0))).to_dict())
    emails = world.leads.identities["email"]
    assert not any(str(email) in said for email in emails if email)


def test_an_agreement_that_chooses_by_chance_has_the_base_cry_wolf_rate() -> None:
    # Whoever may not be called is drawn by lot; of the others each is handed over at its first look.
    anyone = agreement(
        profile__known_at_least=0.0,
        profile__criteria=[{"name": "size", "rank": "should", "reads": ["company_size"], "at_least": 0}],
        interest__shown_by=[{"reads": ["source"], "pattern": ".", "points": 50}],
        interest__meaningful={"nothing": {"points": 1}},
        sources__dubious=[],
        handover__bant_at_least=0,
        questions=[],
    )
    world = simulate.world(1500, 5).tables
    drawn = np.random.default_rng(1).random(len(world.leads)) < 0.5

    def by_lot(made: Tables, looks: Snapshots, _ended: Ended) -> Flags:
        names = dict(zip(world.leads.lead_id, drawn, strict=True))
        return np.array([names[made.leads.lead_id[each]] for each in looks.lead], dtype=np.bool_)

    known = ~np.isnan(np.asarray(world.leads.attributes["company_size"], dtype=np.float64))
    found = run(world, Adviser(anyone, never_call=by_lot), leads=known)
    looks = every_week(world, until=world.observed_through)
    first = looks.where(np.unique(looks.lead, return_index=True)[1])
    first = first.where(known[first.lead])
    ends = label(first, world, known_until=world.observed_through)
    won, stop, _ = incidence(Cohort(ends.event, ends.duration, first.lead.astype(np.int64)), 90)
    rate = found.total.cry_wolf.rate
    assert 0.3 < found.total.handed_over / np.count_nonzero(known) < 0.7
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < stop / (won + stop) < rate.high
