"""Interest: points that halve with time, caps, noise, negative behaviours, cold leads."""

import numpy as np
import pytest

from readiness.agreement.interest import INTEREST_HIGH, INTEREST_LITTLE, INTEREST_NONE
from readiness.crm.records import NO_INSTANT
from tests.agreement.agreements import agreement, judge
from tests.builders import activity, answer, at


def test_points_halve_with_every_half_life_after_the_day_of_the_activity() -> None:
    shown = judge([activity(89.0, "reply"), activity(79.9, "reply")]).interest

    assert shown.points[0] == 4 / 2 + 4 / 4  # half-life 10 days, counted from days 90 and 80


def test_on_its_own_day_an_activity_is_worth_all_its_points() -> None:
    assert judge([activity(99.1, "reply")], day=99.9).interest.points[0] == 4


def test_an_activity_may_have_a_half_life_of_its_own() -> None:
    assert judge([activity(79, "demo")]).interest.points[0] == 12 / 2  # 20 days


def test_the_third_visit_of_a_day_is_worth_nothing_when_two_count() -> None:
    day = [activity(89, "visit"), activity(89, "visit"), activity(89.5, "visit")]

    assert judge(day).interest.points[0] == 2 * 0.5
    assert judge(day).interest.inbound_recent[0] == 3


def test_the_cap_begins_anew_each_day_and_for_each_type_and_lead() -> None:
    parts = (0, 0.2, 0.4, 1)  # three on one day, of which two count, and one on the next
    rows = [activity(88 + part, kind) for part in parts for kind in ("visit", "reply")]

    points = judge(rows).interest.points[0]

    assert points == pytest.approx((1 + 4) * (2 * 2**-1.1 + 2**-1.0))


def test_what_we_did_and_noise_and_unnamed_types_are_worth_nothing() -> None:
    rows = [activity(99, "reply", "outbound"), activity(99, "open"), activity(99, "hologram")]

    shown = judge(rows).interest

    assert shown.points[0] == 0
    assert shown.level[0] == INTEREST_NONE
    assert shown.last_inbound[0] == -1


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_negative_behaviour_takes_points_away_but_never_below_none(direction: str) -> None:
    reply, leave = activity(99, "reply"), activity(99, "unsubscribe", direction)

    assert judge([reply, leave]).interest.points[0] == 0
    assert judge([reply]).interest.points[0] > 0


def test_interest_is_none_little_or_high_by_the_two_lines() -> None:
    levels = [judge([activity(day, "demo")]).interest.level[0] for day in (99, 79, 29)]

    assert levels == [INTEREST_HIGH, INTEREST_LITTLE, INTEREST_NONE]  # 12, 6 and 1.06 points


def test_interest_on_the_line_counts_as_above_it() -> None:
    by = agreement(interest__high_from=6)

    assert judge([activity(79, "demo")], by=by).interest.level[0] == INTEREST_HIGH


def test_what_is_older_than_the_cold_line_counts_for_nothing() -> None:
    by = agreement(interest__cold_after_days=20, interest__any_from=0.001)

    just, over = judge([activity(79, "demo")], by=by), judge([activity(78.9, "demo")], by=by)

    assert just.interest.level[0] == INTEREST_LITTLE
    assert over.interest.level[0] == INTEREST_NONE
    assert over.interest.last_inbound_days[0] == pytest.approx(21.1)


def test_an_activity_at_the_cutoff_is_not_seen() -> None:
    shown = judge([activity(100, "demo")]).interest

    assert shown.points[0] == 0
    assert np.isnan(shown.last_inbound_days[0])


def test_a_fact_shows_interest_without_any_activity_and_without_dates() -> None:
    assert judge(rfp="Yes").interest.level[0] == INTEREST_HIGH
    assert judge(rfp="Yes", day=None).interest.level[0] == INTEREST_HIGH
    assert judge(rfp="No", day=None).interest.level[0] == INTEREST_NONE


@pytest.mark.parametrize(
    ("ours", "theirs", "dialogue"),
    [(90, 91, True), (91, 90, False), (90, 90, False), (60, 95, False), (None, 95, False), (95, None, False)],
    ids=["they answered", "we wrote last", "at the same instant", "long ago", "only they", "only we"],
)
def test_dialogue_means_that_they_acted_after_we_did_within_the_window(
    ours: float | None, theirs: float | None, dialogue: bool
) -> None:
    rows = [] if ours is None else [activity(ours, "mail", "outbound")]
    rows += [] if theirs is None else [activity(theirs, "reply")]

    assert bool(judge(rows).interest.dialogue[0]) is dialogue


def test_recent_activities_are_counted_in_their_window() -> None:
    rows = [activity(day, "visit") for day in (85.9, 86, 99)]

    assert judge(rows).interest.inbound_recent[0] == 2


@pytest.mark.parametrize(
    ("did", "cutoff", "passed"),
    [(79.0, 100, 0), (78.9, 100, 1), (49.0, 100, 1), (48.9, 100, 2), (99.0, 200, 2), (98.9, 200, 3)],
    ids=["warm", "just cooling", "still cooling", "cool", "still counting", "cold"],
)
def test_a_lead_cools_line_by_line_with_the_days_since_the_day_of_its_last_sign(
    did: float, cutoff: float, passed: int
) -> None:
    assert judge([activity(did, "demo")], day=cutoff).interest.cooling[0] == passed  # 20, 50, 100 days


def test_a_lead_is_cold_since_its_last_sign_ceased_to_count_and_not_before() -> None:
    just, over = (judge([activity(did, "demo")], day=200).interest for did in (99.0, 98.9))

    assert (just.points[0] > 0, just.cold_since[0]) == (True, NO_INSTANT)
    assert (over.points[0], over.cold_since[0]) == (0, at(199))


def test_noise_and_what_we_did_keep_no_lead_warm_and_who_never_acted_does_not_cool() -> None:
    quiet = [activity(99, "open"), activity(99, "reply", "outbound")]

    assert judge([activity(60, "demo"), *quiet]).interest.cooling[0] == 1
    assert judge(quiet).interest.cooling[0] == -1
    assert judge().interest.cold_since[0] == NO_INSTANT
    assert judge(rfp="yes", day=None).interest.cooling[0] == -1


def test_the_trend_is_interest_now_less_interest_as_it_was_seen_so_many_days_ago() -> None:
    seen_then, not_seen_then = (
        judge([activity(day, "reply")]).interest.trend[0] for day in (70 - 1 / 86_400e6, 70)
    )

    assert seen_then == 4 * 2**-3.0 - 4  # 30 days ago: three half-lives
    assert not_seen_then == 4 * 2**-2.9 - 0


def test_a_fact_counts_in_the_trend_from_the_day_it_was_known() -> None:
    assert judge(answers=[answer(90, "rfp", "yes")]).interest.trend[0] == 10
    assert judge(answers=[answer(60, "rfp", "yes")]).interest.trend[0] == 0


@pytest.mark.parametrize(("day", "there"), [(30.0, True), (30 - 1 / 86_400e6, False)])
def test_a_lead_that_was_not_there_yet_has_no_trend(day: float, there: bool) -> None:
    trend = judge(rfp="yes", day=day).interest.trend[0]

    assert trend == 0 if there else np.isnan(trend)
    assert np.isnan(judge([activity(10, "demo")], day=20).interest.trend[0])


def test_without_dates_there_is_no_trend() -> None:
    assert np.isnan(judge(rfp="yes", day=None).interest.trend[0])
