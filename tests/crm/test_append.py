"""A later export laid onto the tables that are there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from readiness.crm import episodes
from readiness.crm.append import Appended, append
from readiness.crm.assembly import from_records
from readiness.crm.fingerprint import fingerprint
from readiness.crm.tables import Tables
from readiness.errors import DataError
from tests.builders import activity, answer, assert_same, at, handover, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records


def _onto(there: Tables, *later: Tables, prefer_new: bool = False) -> Appended:
    result = Appended(there, 0, {})
    for each in later:
        result = append(result.tables, each, episodes_there=result.episodes, prefer_new=prefer_new)
    return result


def _told(result: Appended) -> list[tuple[str, str | None, str, str]]:
    return [(fault.table, fault.column, fault.seen, fault.expected) for fault in result.conflicts]


def test_the_same_export_twice_changes_nothing() -> None:
    once = tables(
        [lead(size=3.0)],
        [activity(1), activity(1), activity(2, value=0.5)],
        [answer(3)],
        [outcome(9, "closed_lost")],
        [handover(4)],
    )

    twice = _onto(once, once)

    assert_same(twice.tables, once)
    assert twice.conflicts == ()
    assert set(twice.added.values()) == {0}


def test_new_leads_and_rows_are_added_and_counted() -> None:
    later = tables([lead("L-1"), lead("L-2")], [activity(3), activity(4, lead_id="L-2")], through=500)

    result = _onto(tables([lead("L-1")], [activity(1)]), later)

    assert result.tables.leads.lead_id.tolist() == ["L-1", "L-2"]
    assert result.tables.activities.lead.tolist() == [0, 0, 1]
    assert result.added == {"leads": 1, "activities": 2, "answers": 0, "outcomes": 0, "handovers": 0}
    assert result.tables.observed_through == at(500)


def test_late_rows_are_welcome_and_the_watch_never_ends_earlier() -> None:
    result = _onto(tables(None, [activity(10)], through=400), tables(None, [activity(1)], through=200))

    assert result.tables.activities.occurred_at.tolist() == [at(1), at(10)]
    assert result.tables.observed_through == at(400)


def test_nothing_appended_to_nothing_is_nothing() -> None:
    assert_same(_onto(tables([]), tables([])).tables, tables([]))


def test_onto_no_lead_the_export_comes_as_it_is() -> None:
    later = tables([lead()], [activity(1)], through=30)

    assert_same(_onto(tables([], through=1), later).tables, later)


def test_an_export_without_dates_is_not_laid_onto_dated_tables() -> None:
    with pytest.raises(DataError, match="column created_at: saw no created_at; expected dates, as there"):
        _onto(tables([lead()]), tables([lead("L-9", None)]))


def test_a_cell_of_a_lead_that_differs_is_told_and_stays_as_it_was() -> None:
    there, later = tables([lead(role="Buyer")]), tables([lead(role="Owner")])

    result = _onto(there, later)

    assert_same(result.tables, there)
    assert _told(result) == [("leads", "role", "'Owner'", "'Buyer', as in leads there for lead 'L-1'")]
    assert_same(_onto(there, later, prefer_new=True).tables, later)


def test_an_attribute_that_fills_later_was_not_known_at_creation() -> None:
    result = _onto(tables([lead(size=None), lead("L-2", size=2.0)]), tables([lead(size=7.0)]))

    assert np.isnan(result.tables.leads.attributes["size"][0])  # type: ignore[index]
    assert [fault.code for fault in result.conflicts] == ["conflict"]


def test_a_column_that_only_one_export_has_contradicts_nobody() -> None:
    one, other = tables([lead(size=7.0)]), tables([lead(), lead("L-2")])

    for result in (_onto(one, other), _onto(other, one)):
        assert result.conflicts == ()
        assert result.tables.leads.attributes["size"][0] == 7.0  # type: ignore[index]


def test_who_somebody_is_stays_out_of_what_is_told() -> None:
    first, second = (replace(lead(), email=f"{name}@example.com") for name in ("old", "new"))

    told = str(_onto(tables([first]), tables([second])).conflicts[0])

    assert "example.com" not in told
    assert "column email: saw (hidden)" in told


def test_a_changed_answer_to_the_same_question_is_told() -> None:
    there, later = tables(None, answers=[answer(3)]), tables(None, answers=[answer(3, value="denied")])

    result = _onto(there, later)

    assert_same(result.tables, there)
    expected = "'approved', as in answers there for lead 'L-1' at 2026-01-04T00:00:00Z"
    assert _told(result) == [("answers", "value", "'denied'", expected)]
    assert_same(_onto(there, later, prefer_new=True).tables, later)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (outcome(9, "closed_lost"), outcome(9, "closed_won")),
        (outcome(9, "closed_won"), outcome(12, "closed_won")),
        (outcome(9, "closed_won"), outcome(5, "closed_won")),
        (outcome(None, "closed_won"), outcome(9, "closed_won")),
    ],
    ids=["another end at that instant", "a later sale", "an earlier sale", "a date that was not known"],
)
def test_an_outcome_that_changed_is_told_and_stays_as_it_was(old, new) -> None:
    there, later = tables(None, outcomes=[old]), tables(None, outcomes=[new])

    kept, changed = _onto(there, later), _onto(there, later, prefer_new=True)

    assert_same(kept.tables, there)
    assert_same(changed.tables, later)
    assert [len(result.conflicts) for result in (kept, changed)] == [1, 1]
    assert kept.conflicts[0].remedy == "What was there is kept."


def test_an_outcome_before_the_creation_that_is_kept_is_a_contradiction() -> None:
    there = tables([lead(created=5)])
    later = tables([lead(created=0)], outcomes=[outcome(3)])

    result = _onto(there, later)

    assert_same(result.tables, there)
    assert [fault.column for fault in result.conflicts] == ["created_at", "outcome"]


def test_who_told_us_to_stop_after_a_sale_contradicts_nothing() -> None:
    result = _onto(tables(None, outcomes=[outcome(9)]), tables(None, outcomes=[outcome(20, "stop_calling")]))

    assert result.conflicts == ()
    assert len(result.tables.outcomes) == 2


@pytest.mark.parametrize("turned", [False, True], ids=["decided later", "the older export comes later"])
def test_a_handover_takes_its_decision(turned: bool) -> None:
    decided = tables(None, handovers=[handover(3, 5, "declined")])
    pair = [tables(None, handovers=[handover(3)]), decided]

    result = _onto(*(reversed(pair) if turned else pair))

    assert_same(result.tables, decided)
    assert result.conflicts == ()


def test_another_decision_on_a_handover_is_told() -> None:
    there = tables(None, handovers=[handover(2), handover(3, 5, "declined")])

    result = _onto(there, tables(None, handovers=[handover(2), handover(3, 6, "accepted")]))

    assert_same(result.tables, there)
    assert result.conflicts[0].seen == "'accepted' at 2026-01-07T00:00:00Z"
    assert result.conflicts[0].expected.startswith("'declined' at 2026-01-06T00:00:00Z, as in handovers")


def test_episodes_are_made_anew_from_all_that_is_known() -> None:
    lost = tables(None, [activity(1)], outcomes=[outcome(10, "closed_lost")])
    back, again = tables(None, [activity(20)]), tables(None, [activity(15), activity(30)])

    result = _onto(lost, back, again)

    assert result.tables.leads.lead_id.tolist() == ["L-1", "L-1#2"]
    assert result.tables.leads.created_at.tolist() == [at(0), at(15)]
    assert result.episodes == 1


def test_a_lead_that_is_only_named_changes_nothing_but_has_its_rows() -> None:
    there = tables([lead(role="Buyer")], [activity(1)])
    later = tables([lead("L-2"), lead(created=0, source=None)], [activity(2)])

    result = append(there, later, named_only=np.array([False, True]))

    assert result.conflicts == ()
    assert result.tables.leads.source.texts().tolist() == ["web_form", "web_form"]
    assert result.tables.activities.lead.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [(None, None, None), (50, None, 300), (None, 300, None), (50, 60, 60), (60, 50, 60), (50, 50, 50)],
)
def test_a_record_is_kept_until_the_later_instant(old, new, kept) -> None:
    pair = [
        tables([replace(lead(), last_known_at=None if day is None else at(day))], through=through)
        for day, through in ((old, 400), (new, 300))
    ]

    result = _onto(*pair)

    before = from_records([replace(lead(), last_known_at=None if kept is None else at(kept))])
    assert result.tables.leads.last_known_at.tolist() == before.leads.last_known_at.tolist()


def _parts(world: Records, chosen: list[bool], again: list[bool]) -> list[Tables]:
    """Share the rows out to two exports that have all of them between them, some in both."""
    rows = [repr(row) for table in world.all() for row in table]
    # Rows that say the same go together: an export that has a row twice means it twice.
    first = {row for row, keep in zip(rows, chosen, strict=False) if keep}
    second = {row for row, keep in zip(rows, again, strict=False) if keep or row not in first}
    parts = []
    for kept in (first, second):
        events = [[row for row in table if repr(row) in kept] for table in world.all()[1:]]
        named = {row.lead_id for table in events for row in table}
        leads = [row for row in world.leads if repr(row) in kept or row.lead_id in named]
        parts.append(from_records(leads, *events, observed_through=THROUGH))  # type: ignore[arg-type]
    return parts


ROWS = st.lists(st.booleans(), min_size=28, max_size=28)


@settings(deadline=None, max_examples=50)
@given(world=records(), chosen=ROWS, again=ROWS)
def test_exports_appended_in_any_order_are_what_one_export_of_all_would_be(
    world: Records, chosen: list[bool], again: list[bool]
) -> None:
    # A hand-over that stands there undecided and decided would take its decision.
    assume(len({(row.lead_id, row.handed_over_at) for row in world.handovers}) == len(world.handovers))
    one, other = _parts(world, chosen, again)
    both_ways = [_onto(one, other), _onto(other, one)]
    assume(not any(result.conflicts for result in both_ways))

    whole = episodes.split(from_records(*world.all(), observed_through=THROUGH))

    assert [fingerprint(result.tables) for result in both_ways] == [fingerprint(whole)] * 2


@settings(deadline=None, max_examples=30)
@given(world=records(), chosen=ROWS, again=ROWS, prefer_new=st.booleans())
def test_an_export_that_came_already_changes_nothing_whatever_came_with_it(
    world: Records, chosen: list[bool], again: list[bool], prefer_new: bool
) -> None:
    one, other = _parts(world, chosen, again)
    once = _onto(one, other, prefer_new=prefer_new)

    twice = append(once.tables, other, episodes_there=once.episodes, prefer_new=prefer_new)

    assert_same(twice.tables, once.tables)
