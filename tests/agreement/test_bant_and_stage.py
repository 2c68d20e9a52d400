"""BANT: the newest evidence that lasts decides. Stage: the highest one that still holds."""

import pytest

from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN
from readiness.agreement.document import PIECES, PieceName
from readiness.agreement.stage import AWARENESS, CONSIDERATION, DECISION
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import NO_INSTANT, Activity, Answer
from tests.agreement.agreements import judge
from tests.builders import activity, answer, at


def state(verdicts: Verdicts, piece: PieceName) -> int:
    return int(verdicts.bant.state[0, PIECES.index(piece)])


def test_without_evidence_all_four_are_unknown_and_none_is_denied() -> None:
    verdicts = judge()

    assert verdicts.bant.state.tolist() == [[BANT_UNKNOWN] * 4]
    assert verdicts.bant.at.tolist() == [[NO_INSTANT] * 4]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("approved", BANT_CONFIRMED),
        ("none", BANT_DENIED),
        ("planned", BANT_UNKNOWN),
        ("unknown", BANT_UNKNOWN),
        (None, BANT_UNKNOWN),
    ],
)
def test_an_answer_confirms_denies_or_leaves_open(value: str | None, expected: int) -> None:
    assert state(judge(answers=[answer(50, "budget", value)]), "budget") == expected


def test_the_newest_answer_decides() -> None:
    verdicts = judge(answers=[answer(40, value="approved"), answer(50, value="none")])

    assert state(verdicts, "budget") == BANT_DENIED
    assert verdicts.bant.at[0, 0] == at(50)


@pytest.mark.parametrize(("day", "expected"), [(10, BANT_CONFIRMED), (9.9, BANT_UNKNOWN)])
def test_evidence_holds_for_its_days_and_then_is_unknown_again(day: float, expected: int) -> None:
    assert state(judge(answers=[answer(day, value="approved")]), "budget") == expected  # 90 days


def test_an_attribute_is_evidence_from_the_day_of_creation() -> None:
    verdicts = judge(budget="approved", day=80)

    assert state(verdicts, "budget") == BANT_CONFIRMED
    assert verdicts.bant.at[0, 0] == at(0)
    assert state(judge(budget="approved", day=91), "budget") == BANT_UNKNOWN


def test_an_answer_wins_over_the_attribute_of_the_same_name() -> None:
    assert state(judge(answers=[answer(50, value="none")], budget="approved"), "budget") == BANT_DENIED


def test_an_activity_can_confirm_and_newer_evidence_of_another_kind_can_deny() -> None:
    asked, denied = activity(80, "demo"), answer(90, "need", "none")

    assert state(judge([asked]), "need") == BANT_CONFIRMED
    assert state(judge([asked], [denied]), "need") == BANT_DENIED
    assert state(judge([activity(95, "demo")], [denied]), "need") == BANT_CONFIRMED


def test_a_denial_wins_over_a_confirmation_of_the_same_instant() -> None:
    verdicts = judge([activity(90, "demo")], [answer(90, "need", "none")])

    assert state(verdicts, "need") == BANT_DENIED


def test_a_timeframe_is_near_only_while_the_answer_is_fresh() -> None:
    assert judge(answers=[answer(90, "when", "this month")]).near[0]
    assert not judge(answers=[answer(69, "when", "this month")]).near[0]
    assert not judge(answers=[answer(90, "when", "this quarter")]).near[0]


def test_without_dates_attributes_are_evidence_without_a_date() -> None:
    verdicts = judge(budget="approved", need="clear", day=None)

    assert [state(verdicts, piece) for piece in PIECES] == [BANT_CONFIRMED, -1, BANT_CONFIRMED, -1]
    assert verdicts.bant.at[0, 0] == NO_INSTANT
    assert verdicts.stage.stage[0] == DECISION


def stage_of(activities: list[Activity] | None = None, answers: list[Answer] | None = None) -> int:
    return int(judge(activities or [], answers or []).stage.stage[0])


def test_every_lead_starts_in_awareness() -> None:
    assert stage_of() == AWARENESS


def test_a_key_signifier_moves_a_lead_on_and_the_highest_stage_counts() -> None:
    assert stage_of([activity(90, "chat")]) == CONSIDERATION
    assert stage_of([activity(90, "demo"), activity(95, "chat")]) == DECISION


def test_a_signifier_holds_for_its_days_and_then_the_lower_stage_shows() -> None:
    assert stage_of([activity(70, "demo")]) == DECISION
    assert stage_of([activity(69, "demo"), activity(60, "chat")]) == CONSIDERATION
    assert stage_of([activity(39, "chat")]) == AWARENESS


def test_an_answer_can_be_the_key_signifier() -> None:
    assert stage_of(answers=[answer(50, "budget", "approved")]) == DECISION


def test_what_moves_back_undoes_older_signifiers_and_not_newer_ones() -> None:
    back = activity(80, "postponed")

    assert stage_of([activity(75, "demo"), back]) == AWARENESS
    assert stage_of([activity(75, "demo"), back, activity(85, "demo")]) == DECISION
    assert stage_of([activity(80, "demo"), back]) == AWARENESS


def test_what_moved_a_lead_back_is_given_in_place_of_the_signifier() -> None:
    verdicts = judge([activity(75, "demo"), activity(80, "postponed")])

    assert verdicts.stage.at[0] == at(80)
    assert judge([activity(80, "postponed")]).stage.at[0] == NO_INSTANT  # there was no way back to go


def test_the_newest_signifier_is_given_with_its_date() -> None:
    verdicts = judge([activity(80, "reply"), activity(90, "chat")])

    assert verdicts.stage.at[0] == at(90)
    assert verdicts.tables.activities.type.at(int(verdicts.stage.pointer[0])) == "chat"
