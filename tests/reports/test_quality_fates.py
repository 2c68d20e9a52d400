"""What became of leads is counted as a learner counts it."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from readiness import shipped
from readiness.agreement import reading
from readiness.crm import simulate
from readiness.crm.quality.jumps import Series
from readiness.crm.quality.months import Months, covering
from readiness.crm.records import MICROSECONDS_PER_DAY, Lead
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.tables import Tables
from readiness.history.splits import NoTestStart
from readiness.learning.little_data import TooLittle
from readiness.reports.quality_fates import Fates, Outlook, SourceFates, fates
from readiness.training_run.forecasts import too_little
from readiness.training_run.material import to_learn_from
from readiness.training_run.settings import TrainingSettings
from tests.builders import answer, at, lead, outcome, tables

HORIZON = 90.0
MICROSECOND = 1 / MICROSECONDS_PER_DAY


def _of(given: Tables) -> tuple[Fates, Outlook]:
    return fates(given, covering(given.leads.created_at), HORIZON)


def _won_of_followed(given: Tables) -> tuple[int, int]:
    found, _ = _of(given)
    return sum(one.won.count for one in found.sources), found.followed


def _one_source(days: list[float], through: float = 400) -> SourceFates:
    """Leads that bought so many days after their first look; where it is negative, they were lost then."""
    leads = [
        Lead(f"L-{n}", at(0), "web", last_known_at=at(-day + 1 / 24) if day < 0 else None)
        for n, day in enumerate(days)
    ]
    ends = [outcome(day + 1 / 24, lead_id=f"L-{n}") for n, day in enumerate(days) if 0 < day < through]
    (source,) = _of(tables(leads, outcomes=ends, through=through))[0].sources
    return source


def test_a_share_counts_for_how_long_each_lead_could_be_followed():
    # Of four at risk one is won on day 10; one is lost on day 20; of two at risk one is won on day 30.
    found = _one_source([10, -20, 30, 1000]).won
    assert found.value == pytest.approx(1 / 4 + 3 / 4 * 1 / 2)
    assert (found.count, found.of) == (2, 3)


def test_a_share_on_few_leads_has_the_exact_binomial_interval():
    found = _one_source([10, 30, 1000, 1000, 1000]).won
    low, high = binomtest(2, 5).proportion_ci(0.95, method="exact")
    assert (found.value, found.low, found.high) == pytest.approx((0.4, low, high))


def test_a_share_on_many_leads_varies_with_the_leads_drawn():
    found = _one_source([10.0] * 40 + [1000.0] * 60).won
    assert (found.low, found.value, found.high) == pytest.approx((0.305, 0.4, 0.495), abs=0.035)


def test_intervals_do_not_depend_on_the_order_of_the_leads():
    leads = [lead(f"L-{n:02d}", source="ab"[n % 2]) for n in range(60)]
    ends = [outcome(5, lead_id=f"L-{n:02d}") for n in range(0, 60, 3)]
    one, other = (_of(tables(each, outcomes=ends))[0].sources for each in (leads, leads[::-1]))
    assert one == other


def test_of_leads_that_nobody_could_follow_no_share_is_known():
    found = _one_source([-20, -30]).won
    assert (found.count, found.of, found.value, found.low, found.high) == (0, 0, None, None, None)


@pytest.mark.parametrize(
    ("won_on", "won"),
    [(1 / 24, 1), (90 + 1 / 24 - MICROSECOND, 1), (90 + 1 / 24, 0), (1 / 24 - MICROSECOND, 0)],
    ids=["at the first look", "within the horizon", "a horizon on", "before the first look"],
)
def test_a_sale_counts_from_the_first_look_for_one_horizon(won_on, won):
    counted, followed = _won_of_followed(tables(outcomes=[outcome(won_on)]))
    assert (counted, followed) == (won, 1 if won_on >= 1 / 24 else 0)


@pytest.mark.parametrize(("through", "followed"), [(90 + 1 / 24, 1), (90 + 1 / 24 - MICROSECOND, 0)])
def test_a_lead_is_followed_if_it_was_watched_for_a_whole_horizon(through, followed):
    # Whether it ended sooner does not matter: else every share would be too high.
    assert _won_of_followed(tables(outcomes=[outcome(5)], through=through)) == (followed, followed)


def test_a_lead_whose_record_was_lost_is_not_followed():
    lost = Lead("L-1", at(0), "web", last_known_at=at(50))
    assert _won_of_followed(tables([lost])) == (0, 0)


def test_sources_are_told_apart_and_a_missing_one_is_named_so():
    leads = [lead("A", source="web"), lead("B", source="web"), lead("C", source=None)]
    ends = [outcome(5, lead_id="A"), outcome(5, "stop_calling", lead_id="C")]
    web, none = _of(tables(leads, outcomes=ends))[0].sources
    assert (web.source, web.leads, web.won.count, web.won.of, web.stop.count) == ("web", 2, 1, 2, 0)
    assert (none.source, none.leads, none.won.count, none.stop.count) == (None, 1, 0, 1)


def test_undated_leads_count_where_they_ended():
    leads = [lead(name, None) for name in "ABC"]
    ends = [outcome(None, lead_id="A"), outcome(None, "closed_lost", lead_id="B")]
    found, outlook = _of(tables(leads, outcomes=ends))
    (source,) = found.sources
    assert (found.horizon_days, found.looked_at, found.followed) == (None, 3, 2)
    assert (source.won.count, source.won.of, found.undated_ends, found.series) == (1, 2, 0, ())
    assert outlook.test is None


def test_leads_whose_end_nobody_dated_are_counted_apart():
    found, _ = _of(tables([lead("A"), lead("B")], outcomes=[outcome(None, lead_id="A")]))
    assert (found.undated_ends, found.looked_at) == (1, 1)


def _answered(days: list[float], *, through: float = 400) -> Series:
    given = tables([lead()], answers=[answer(day) for day in days], through=through)
    return next(one for one in _of(given)[0].series if one.kind == "answer")


@pytest.mark.parametrize(
    ("days", "held"),
    [([30 - MICROSECOND], 1), ([30], 0), ([1, 2, 3], 1), ([40, 1], 1)],
    ids=["in time", "too late", "once a lead", "the first counts"],
)
def test_an_answer_counts_within_thirty_days_of_creation_and_once_a_lead(days, held):
    assert _answered(days).held.sum() == held


@pytest.mark.parametrize(("through", "of"), [(30, 1), (30 - MICROSECOND, 0)])
def test_leads_too_young_to_have_answered_are_not_counted(through, of):
    assert _answered([1], through=through).of.sum() == of


def test_without_leads_nothing_became_of_them():
    found, outlook = fates(tables([]), Months(0, 0), HORIZON)
    assert (found.looked_at, found.followed, found.sources, found.series) == (0, 0, (), ())
    assert outlook.little is not None
    assert outlook.little.missing == {"ended": 50, "won": 10, "ended otherwise than won": 10}


@pytest.mark.parametrize("leads", [40, 150, 400])
@pytest.mark.parametrize("lost", [0.0, 0.4])
def test_enough_is_what_a_training_run_calls_enough(leads, lost):
    given = simulate.world(leads, 3, options=WorldOptions(lost_records=lost)).tables
    material = to_learn_from(given, reading.load(shipped.agreement()), TrainingSettings())
    assert _of(given)[1].little == too_little(material, HORIZON, TrainingSettings())


def test_what_is_missing_is_told_with_how_many_more_and_how_fast_they_come():
    # Nine won and one stopped; of these, ends on day 310 or later are within the last 90 days of 400.
    leads = [lead(f"L-{n}") for n in range(30)]
    ends = [outcome(day, lead_id=f"L-{n}") for n, day in enumerate([5, 6, 7, 8, 309.9, 310, 320, 330, 340])]
    ends.append(outcome(390, "stop_calling", lead_id="L-20"))
    _, outlook = _of(tables(leads, outcomes=ends))
    assert isinstance(outlook.little, TooLittle)
    assert outlook.little.missing == {"ended": 40, "won": 1, "ended otherwise than won": 9}
    assert (outlook.stop_missing, outlook.ended_lately, outlook.won_lately, outlook.stop_lately) == (
        9,
        5,
        4,
        1,
    )
    assert isinstance(outlook.test, NoTestStart)
    assert outlook.test.won == 9
