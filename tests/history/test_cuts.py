from __future__ import annotations

from readiness.crm.records import NO_INSTANT, Lead
from readiness.history.cuts import compact, cut
from tests.builders import activity, answer, assert_same, at, handover, lead, outcome, tables


def test_rows_at_or_after_the_instant_are_gone() -> None:
    made = tables(
        activities=[activity(9), activity(10)],
        answers=[answer(9), answer(10)],
        outcomes=[outcome(10)],
        handovers=[handover(9), handover(10)],
    )
    then = cut(made, at(10))
    assert [len(t) for t in (then.activities, then.answers, then.outcomes, then.handovers)] == [1, 1, 0, 1]
    assert then.observed_through == at(10)


def test_leads_created_at_or_after_the_instant_are_gone_with_their_rows() -> None:
    made = tables([lead("A", 0), lead("B", 10), lead("C", 5)], [activity(6, lead_id="C")])
    then = cut(made, at(10))
    assert then.leads.lead_id.tolist() == ["A", "C"]
    assert then.activities.lead.tolist() == [1]
    assert then.activities.starts.tolist() == [0, 0, 1]


def test_a_handover_not_yet_decided_has_no_decision() -> None:
    then = cut(tables(handovers=[handover(9, 10, "declined", "too early")]), at(10))
    assert then.handovers.decided_at.tolist() == [NO_INSTANT]
    assert then.handovers.decision.tolist() == [-1]
    assert then.handovers.reason.levels == ()


def test_that_a_record_will_be_lost_is_not_known_yet() -> None:
    made = tables([Lead("A", at(0), last_known_at=at(9)), Lead("B", at(0), last_known_at=at(10))])
    assert cut(made, at(10)).leads.last_known_at.tolist() == [at(9), NO_INSTANT]


def test_an_end_without_a_date_stays() -> None:
    assert len(cut(tables(outcomes=[outcome(None)]), at(10)).outcomes) == 1


def test_texts_that_only_later_rows_held_are_gone() -> None:
    then = cut(tables(activities=[activity(9, "web_visit"), activity(11, "meeting")]), at(10))
    assert then.activities.type.levels == ("web_visit",)


def test_an_instant_beyond_the_watching_adds_nothing() -> None:
    made = tables(activities=[activity(9)], through=20)
    assert_same(cut(made, at(30)), made)


def test_undated_tables_cannot_be_cut_and_stay_as_they_are() -> None:
    undated = tables([lead("A", None)], through=None)
    assert cut(undated, at(10)) is undated


def test_tables_without_leads_can_be_cut() -> None:
    assert len(cut(tables([]), at(10)).leads) == 0


def test_compacting_keeps_texts_and_the_missing() -> None:
    column = tables([lead("A", source="a"), lead("B", source="b"), lead("C", source=None)]).leads.source
    kept = compact(column.take(column.codes != 0))
    assert (kept.texts().tolist(), kept.levels) == (["b", None], ("b",))
