"""Each lead at its first look, and what lies before and after that look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Tables
from readiness.history.first_looks import first_looks
from readiness.history.later_answers import later_answers
from readiness.history.rows_around import rows_around
from readiness.history.snapshots import Snapshots
from tests.builders import activity, answer, at, handover, lead, outcome, tables
from tests.oracles import leakage as oracle

HOUR = 1 / 24
LOOK = Snapshots(np.zeros(1, dtype=np.int32), np.array([at(10)]))


def test_a_lead_is_followed_until_the_watch_ends_and_lives_until_its_end() -> None:
    found = first_looks(tables(outcomes=[outcome(30 + HOUR)], through=100 + HOUR))
    assert (found.event.tolist(), found.lived.tolist(), found.followed.tolist()) == ([1], [30.0], [100.0])


def test_a_lead_still_open_lives_as_long_as_it_is_followed() -> None:
    found = first_looks(tables(through=100 + HOUR))
    assert (found.event.tolist(), found.lived.tolist(), found.followed.tolist()) == ([0], [100.0], [100.0])


@pytest.mark.parametrize(("ended", "there"), [(HOUR - 1e-6, 0), (HOUR, 1)], ids=["before", "at the look"])
def test_a_lead_that_had_ended_before_its_first_look_is_left_out(ended: float, there: int) -> None:
    assert len(first_looks(tables(outcomes=[outcome(ended)]))) == there


def test_an_end_counts_as_the_agreement_says_and_keeps_its_own_name_beside() -> None:
    found = first_looks(tables(outcomes=[outcome(30, "closed_lost")]), (1, 2, 2, 3))
    assert (found.event.tolist(), found.end.tolist()) == ([2], [3])


def test_nobody_is_looked_at_where_there_is_nobody() -> None:
    assert len(first_looks(tables([]))) == 0


def test_undated_leads_are_all_there_without_days() -> None:
    found = first_looks(tables([lead(created=None)], outcomes=[outcome(None)], through=None))
    assert found.event.tolist() == [1]
    assert np.isnan(found.lived).all()
    assert np.isnan(found.followed).all()


@pytest.mark.parametrize(
    ("day", "before", "after"), [(9.9999, 1, 0), (10, 0, 1)], ids=["past", "at the look"]
)
def test_a_row_at_the_look_comes_after_it(day: float, before: int, after: int) -> None:
    made = tables(activities=[activity(day, "demo", channel="web")])
    found = {each.kind: (int(each.before[0]), int(each.after[0])) for each in rows_around(made, LOOK)}
    assert found == dict.fromkeys(
        ["activities by web", "activities of type demo", "activities that are inbound"], (before, after)
    )


def test_no_rows_make_no_kinds() -> None:
    assert list(rows_around(tables(), LOOK)) == []


@given(st.data())
def test_rows_are_counted_as_a_plain_loop_counts_them(data: st.DataObject) -> None:
    days = st.integers(0, 6).map(float)
    ids = [f"L-{number}" for number in range(3)]
    acts = [
        activity(data.draw(days), data.draw(st.sampled_from(["a", "b"])), lead_id=each, channel="web")
        for each in data.draw(st.lists(st.sampled_from(ids), max_size=8))
    ]
    handed = [handover(data.draw(days), lead_id=each) for each in data.draw(st.sets(st.sampled_from(ids)))]
    made = tables([lead(each) for each in ids], acts, handovers=handed)
    looks = Snapshots(np.arange(3, dtype=np.int32), np.array([at(data.draw(days) + 0.5) for _ in ids]))
    found = {each.kind: (each.before.tolist(), each.after.tolist()) for each in rows_around(made, looks)}
    assert found == oracle.rows_around(made, looks)


def _answered(*given: tuple[float, str | None]) -> Tables:
    return tables(answers=[answer(day, "size", value) for day, value in given] or [answer(1, "other", "x")])


def _read(made: Tables) -> tuple[str | None, str | None, bool, bool]:
    if "size" not in made.answers.field.levels:
        return None, None, False, False
    found = later_answers(made, LOOK, "size")
    words = (*made.answers.value.levels, None)
    return words[found.first[0]], words[found.last[0]], bool(found.later[0]), bool(found.before[0])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([(1, "s"), (20, "m")], ("s", "m", True, True)),
        ([(9.9999, "s")], ("s", "s", False, True)),
        ([(10, "s")], ("s", "s", True, False)),
        ([(1, "s"), (20, None)], ("s", None, True, True)),
    ],
    ids=["before and after", "before the look", "at the look", "taken back"],
)
def test_the_first_and_the_last_answer_and_whether_the_last_came_after_the_look(
    answers: list[tuple[float, str | None]], expected: tuple[str | None, str | None, bool, bool]
) -> None:
    assert _read(_answered(*answers)) == expected


def test_a_lead_that_never_answered_has_no_answer_before_or_after() -> None:
    made = tables([lead(), lead("L-2")], answers=[answer(20, "size", "m", lead_id="L-2")])
    assert _read(made) == (None, None, False, False)
