"""What an agreement may define, sentence by sentence, as far as no test beside its rule already says it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN, FITS
from readiness.agreement.reading import load, parse
from readiness.crm.records import NO_INSTANT, Activity, AttributeValue
from readiness.errors import AgreementError
from readiness.scoring import Scored, score
from tests.agreement.agreements import FITTING, TEXT, agreement, judge
from tests.builders import activity, answer, at

SHIPPED = load(shipped.agreement())


@pytest.mark.parametrize("line", range(6), ids=TEXT.splitlines()[:6])
def test_it_is_versioned_named_signed_by_both_sides_on_a_day_and_says_from_when_it_holds(line: int) -> None:
    lines = TEXT.splitlines(keepends=True)

    with pytest.raises(AgreementError, match="expected"):
        parse("".join([*lines[:line], *lines[line + 1 :]]))


@pytest.mark.parametrize("lacking", ["by: Marketing, ", ", on: 2025-12-01"])
def test_a_signature_says_who_and_on_which_day(lacking: str) -> None:
    with pytest.raises(AgreementError, match="`signatures"):
        parse(TEXT.replace(lacking, "", 1))


def scored(by: Agreement) -> Scored:
    verdicts = judge(by=by)
    return score(verdicts.tables, verdicts.snapshots, agreement=by, model=None)


def test_it_has_a_fingerprint_that_every_score_carries() -> None:
    one, other = agreement(), agreement(interest__half_life_days=11)

    carried = [scored(by).assessment(0).to_dict()["answered_by"]["agreement"] for by in (one, other)]

    assert [each["sha256"] for each in carried] == [one.fingerprint, other.fingerprint]
    assert one.fingerprint != other.fingerprint
    assert (carried[0]["name"], carried[0]["version"]) == ("small", "1")


@pytest.mark.parametrize(
    ("condition", "met", "not_met"),
    [
        ({"at_least": 10, "at_most": 500}, 500, 501),
        ({"at_least": 10, "at_most": 500}, 10, 9.9),
        ({"any_of": ["Software", "Logistics"]}, "logistics", "mining"),
        ({"pattern": r"head of|chief"}, "Head of Sales", "Sales trainee"),
        ({"at_most": 3}, 3, 4),
        ({"any_of": ["DE", "NO"]}, "NO", "SE"),
    ],
    ids=["company size", "its lower edge", "industry", "job title", "company age", "country"],
)
@pytest.mark.parametrize("asked", [False, True], ids=["attribute", "answer"])
def test_a_criterion_may_ask_a_range_a_set_or_a_pattern_of_any_attribute_or_answer(
    condition: dict[str, Any], met: AttributeValue, not_met: AttributeValue, asked: bool
) -> None:
    by = agreement(
        profile__criteria=[{"name": "it", "rank": "must", "weight": 1, "reads": ["whatever"], **condition}],
        questions=[],
    )

    def fit(value: AttributeValue) -> int:
        if asked:
            return int(judge(answers=[answer(50, "whatever", str(value))], by=by).fit.state[0])
        return int(judge(by=by, whatever=value).fit.state[0])

    assert [fit(met), fit(not_met), fit("unknown")] == [FITS, FIT_FAILS, FIT_UNKNOWN]


def test_fit_is_the_share_met_of_the_weight_that_is_known_and_how_much_is_known() -> None:
    # Weights: size 2, industry 1, country 1. Known are size and country; met is size alone.
    fit = judge(size=50, country="SE").fit

    assert (fit.share[0], fit.known_share[0]) == (2 / 3, 3 / 4)


def points(*did: Activity, day: float = 100) -> float:
    return float(judge(did, by=SHIPPED, day=day).interest.points[0])


def test_the_tenth_click_of_a_day_is_worth_nothing() -> None:
    clicks = [activity(99 + number / 24, "email_clicked") for number in range(10)]

    assert points(*clicks) == points(*clicks[:9]) == points(*clicks[:2]) > points(*clicks[:1]) > 0


def test_a_repeat_counts_again_the_next_day() -> None:
    both = [activity(98.5, "email_clicked"), activity(98.6, "email_clicked")]

    assert points(*both, activity(99.5, "email_clicked")) > points(*both)


@pytest.mark.parametrize("negative", ["unsubscribe", "careers_page_view", "email_bounced"])
def test_unsubscribing_the_careers_page_and_a_bounce_take_interest_away(negative: str) -> None:
    interested = activity(99, "form_submitted")

    assert 0 <= points(interested, activity(99, negative)) < points(interested)


def test_a_lead_is_cold_after_a_year_unless_another_line_was_agreed_and_cools_sooner() -> None:
    by = parse(TEXT.replace("  cold_after_days: 100\n", ""))

    assert by.interest.cold_after_days == SHIPPED.interest.cold_after_days == 365
    assert [line.after_days for line in SHIPPED.interest.cools] == [30, 90]
    quiet = [judge([activity(10, "demo")], by=by, day=day).interest.cold_since[0] for day in (376, 377)]
    # What it did on day 10 counts through the whole of that day, and a year from there.
    assert quiet == [NO_INSTANT, at(376)]


@pytest.mark.parametrize("name", shipped.agreements())
def test_it_says_what_sales_does_in_each_stage(name: str) -> None:
    stages = load(shipped.agreements()[name]).stages

    said = [stages.sales_does(stage) for stage in ("awareness", "consideration", "decision")]

    assert len({text for text in said if text}) == 3


def test_what_is_noise_is_worth_nothing_and_what_is_meaningful_something() -> None:
    for name in SHIPPED.interest.noise:
        assert points(activity(99, name)) == 0
    for name in SHIPPED.interest.meaningful:
        assert points(activity(99, name)) > 0


def test_unknown_is_never_no() -> None:
    met = judge(**FITTING, role="unknown").fit.met[0]
    nothing = judge().fit.met[0]

    assert np.count_nonzero(met == 0) == 0
    assert np.count_nonzero(nothing == 0) == 0
