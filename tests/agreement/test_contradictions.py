"""An agreement that contradicts itself is refused: every contradiction at once, with line, key and remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness import shipped
from readiness.agreement.conditions import MET, Condition, Evidence
from readiness.agreement.contradictions import contradictions
from readiness.agreement.contradictions.interest import most_points
from readiness.agreement.contradictions.overlap import (
    evidence_of_both,
    never_both,
    takes_all_of,
    value_of_both,
)
from readiness.agreement.document import Agreement
from readiness.agreement.interest import INTEREST_HIGH
from readiness.agreement.reading import load, parse, reopened
from readiness.crm.records import Activity
from readiness.errors import AgreementError
from tests import builders
from tests.agreement.agreements import TEXT, agreement, judge
from tests.agreement.contradictory import LEADS
from tests.agreement.contradictory_promises import PROMISES

CONTRADICTORY = [*LEADS, *PROMISES]


@pytest.mark.parametrize(("old", "new", "message"), CONTRADICTORY, ids=[new for _, new, _ in CONTRADICTORY])
def test_a_contradiction_is_refused_with_line_key_and_remedy(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1, "the text to break must stand there once"

    with pytest.raises(AgreementError) as refused:
        parse(TEXT.replace(old, new))

    assert str(refused.value) == message


def test_all_contradictions_are_told_at_once_in_the_order_of_lines() -> None:
    text = TEXT.replace("any_from: 2", "any_from: 20").replace("dubious: -10}", "dubious: 10}")

    with pytest.raises(AgreementError, match=r"(?s)line 17: `interest.any_from`.*\n.*line 89: `points_card"):
        parse(text)


def test_an_agreement_without_contradictions_has_none() -> None:
    assert list(contradictions(load(shipped.agreement()))) == []


def test_a_profile_of_must_nots_alone_is_refused() -> None:
    only = [{"name": "role", "rank": "must_not", "reads": ["role"], "pattern": "student"}]

    with pytest.raises(AgreementError, match=r"`profile.criteria`: saw must-nots alone.*sum to nothing"):
        agreement(profile__criteria=only, questions=[])


def test_interest_that_nothing_shows_is_refused() -> None:
    with pytest.raises(AgreementError, match=r"`interest.meaningful`: saw nothing that shows interest"):
        agreement(interest__meaningful={}, interest__shown_by=[])


@pytest.mark.parametrize(
    "part", ["stages__decision__signifiers", "bant__need__confirmed_by", "near_timeframe"]
)
def test_a_stage_or_a_piece_that_nothing_shows_is_refused(part: str) -> None:
    key = part.replace("__", r"\.")
    with pytest.raises(AgreementError, match=rf"line \d+: `{key}`.* Put at least one entry here"):
        agreement(**{part: []})


@pytest.mark.parametrize("weight", [0, -1])
def test_weights_that_sum_to_nothing_are_refused_one_by_one(weight: float) -> None:
    with pytest.raises(
        AgreementError, match=r"criteria\.1\.weight`: saw .*; expected a number greater than 0"
    ):
        agreement(profile__criteria__1__weight=weight)


def test_an_agreement_that_was_in_force_is_not_shut_out_by_a_contradiction() -> None:
    assert reopened(TEXT.replace("any_from: 2", "any_from: 20")).interest.any_from == 20


RETURNS = {"undecided_after_days": 1, "unreached_after_days": 14, "again_after_days": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"interest__any_from": 10},
        {"interest__cools": [{"after_days": 98, "says": "cool"}, {"after_days": 99, "says": "cooler"}]},
        {"handover__bant_required": ["budget", "need"]},
        {"handover__follow_up_after_days": [0, 14], "handover__returns": RETURNS},
        {"handover__random_share": 0.2},
        {"points_card__referral": 0, "points_card__dubious": 0},
        {"nurture__tracks": [{"name": "a", "missing": ["need"]}, {"name": "b"}]},
        {"nurture__tracks": [{"name": "a", "categories": ["dubious"]},
                             {"name": "b", "stages": ["decision"]}]},
    ],
)  # fmt: skip
def test_what_lies_on_the_line_is_still_agreed(changes: dict[str, object]) -> None:
    assert agreement(**changes)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("handover__follow_up_after_days", [0, 1, 1]),
        ("handover__returns", {**RETURNS, "undecided_after_days": 0.99}),
        ("nurture__tracks", [{"name": "a", "missing": ["need"]}, {"name": "b", "missing": ["need"]}]),
        ("nurture__tracks", [{"name": "a", "stages": ["decision"]},
                             {"name": "b", "stages": ["decision"], "categories": ["dubious"]}]),
    ],
)  # fmt: skip
def test_what_lies_just_beyond_it_is_not(key: str, value: object) -> None:
    with pytest.raises(AgreementError, match=rf"line \d+: `{key.replace('__', '.')}"):
        agreement(**{key: value})


# --- lines of interest -------------------------------------------------------------------------------


def busiest(by: Agreement, day: int) -> list[Activity]:
    """Return everything that earns points, as often as it counts, every day until just after a midnight."""
    return [
        builders.activity(when, kind)
        for kind, worth in by.interest.meaningful.items()
        for when in (*(number + 0.5 for number in range(day)), day)
        for _ in range(worth.cap_per_day)
    ]


@pytest.mark.parametrize(("half_life", "cold"), [(10, 100), (1, 3), (40, 7.5)])
def test_a_line_of_interest_is_refused_exactly_where_the_busiest_lead_cannot_reach_it(
    half_life: float, cold: float
) -> None:
    terms = {"interest__half_life_days": half_life, "interest__cold_after_days": cold}
    most = most_points(agreement(**terms).interest)

    reached = agreement(**terms, interest__high_from=most * (1 - 1e-6))
    busy = judge(busiest(reached, 120), day=120 + 1e-7, rfp="yes", by=reached)
    assert busy.interest.level.tolist() == [INTEREST_HIGH]
    with pytest.raises(AgreementError, match=r"all that a lead could collect by doing everything every day"):
        agreement(**terms, interest__high_from=most * (1 + 1e-6))


@pytest.mark.parametrize("half_life", [1e-300, 1e-3, 36_500])
def test_the_most_points_are_counted_for_any_half_life(half_life: float) -> None:
    assert most_points(agreement(interest__half_life_days=half_life).interest) > 0


# --- conditions that exclude each other --------------------------------------------------------------

WORDS = ("a", "b", "5", "7.0", "x5")
VALUES = (*WORDS, "A", "7", "-3", "4", "5.5", "6", "100", "ab")
BOUNDS = st.sampled_from([None, 4.0, 5.0, 6.0, 7.0])


@st.composite
def asked(draw: st.DrawFn) -> Condition:
    low, high = draw(BOUNDS), draw(BOUNDS)
    if low is not None and high is not None and low > high:
        low, high = high, low
    words = tuple(draw(st.lists(st.sampled_from(WORDS), max_size=2, unique=True)))
    pattern = draw(st.sampled_from([None, None, "a", "5"]))
    return Condition(at_least=low, at_most=high, any_of=words, pattern=pattern)


@given(asked(), asked())
def test_whatever_excludes_each_other_has_no_value_in_common(one: Condition, other: Condition) -> None:
    both = [value for value in VALUES if one.judge(value) == MET and other.judge(value) == MET]

    assert never_both(one, other) == never_both(other, one)
    if both and one.stated and other.stated:
        assert not never_both(one, other)
    if value_of_both(one, other) is not None and one.pattern is None:
        assert not never_both(one, other)


@given(asked(), asked())
def test_what_takes_all_of_another_leaves_none_of_its_values(
    forbidding: Condition, wanted: Condition
) -> None:
    left = [value for value in VALUES if wanted.judge(value) == MET and forbidding.judge(value) != MET]

    if takes_all_of(forbidding, wanted):
        assert left == []


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ({"at_least": 5}, {"at_most": 5}, "5"),
        ({"at_least": 5}, {"at_most": 4}, None),
        ({"at_least": 5}, {"at_least": 7}, "7 or more"),
        ({"at_most": 5}, {"at_most": 7}, "5 or less"),
        ({"at_least": 1, "at_most": 9}, {"at_least": 5}, "5 to 9"),
        ({"at_least": 5}, {"any_of": ["7"]}, "“7”"),
        ({"any_of": ["Big"]}, {"pattern": "ig"}, "“Big”"),
        ({"pattern": "a"}, {"pattern": "b"}, None),
        ({"pattern": "a"}, {"pattern": "a"}, "whatever contains “a”"),
    ],
)
def test_a_value_that_meets_both_is_named_where_it_is_certain(
    one: dict[str, object], other: dict[str, object], value: str | None
) -> None:
    assert value_of_both(Condition.model_validate(one), Condition.model_validate(other)) == value


def test_evidence_under_different_names_proves_nothing_together() -> None:
    one = Evidence(reads=("budget",), any_of=("yes",))
    assert evidence_of_both(one, Evidence(reads=("need",), any_of=("yes",))) is None
    assert evidence_of_both(one, Evidence(activities=("budget",))) is None
    assert evidence_of_both(one, Evidence(reads=("x", "Budget"), any_of=("YES",))) == "“yes” as `budget`"
