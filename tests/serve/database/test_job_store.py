"""Jobs in the database, on SQLite and on PostgreSQL: each is held by one worker at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from readiness.scoring import AgreementReference, AnsweredBy
from serve.database import Job, JobStore, LostJobError, Part
from tests.serve.conftest import NOW
from tests.serve.database.conftest import OpenDatabase

_BY = AnsweredBy("readiness 7", "b" * 64, AgreementReference("standard", "1.0", "a" * 64))
_PART = Part(0, "part-000000-h", b"\x01" * 32)


@pytest.fixture
def store(opened: OpenDatabase) -> JobStore:
    return JobStore(opened())


def made(number: int = 1, **rest: object) -> Job:
    job = Job(f"{number:032x}", "me", "here", None, b"\x00" * 32, "text/csv", None, None, 10, NOW + number)
    return replace(job, **rest)  # type: ignore[arg-type]


def test_a_job_is_found_as_it_was_made_and_only_by_its_owner(store: JobStore) -> None:
    assert (store.find("x"), store.newest(owner=None, limit=9), store.states()) == (None, [], {})
    job, other = made(1, at="2026-03-01", explain="full"), made(2, owner="you")
    assert [store.add(job), store.add(job), store.add(other)] == [job, job, other]
    assert store.newest(owner=None, limit=9) == [other, job]
    assert (store.newest(owner="me", limit=9), store.newest(owner=None, limit=1)) == ([job], [other])
    assert (store.find(job.id, owner="me"), store.find(job.id, owner="you")) == (job, None)


def test_an_owner_s_key_names_one_job_however_often_it_is_sent(store: JobStore) -> None:
    jobs = [made(number, idempotency_key="k") for number in range(1, 9)]
    with ThreadPoolExecutor(8) as threads:
        kept = set(threads.map(store.add, jobs))
    assert len(kept) == 1
    assert store.under("me", "k") in kept
    assert store.add(made(9, idempotency_key="k", owner="you")).id == made(9).id
    assert (store.under("me", None), store.under("me", "other")) == (None, None)


def test_of_many_who_take_a_job_one_holds_it(store: JobStore) -> None:
    job = store.add(made())
    with ThreadPoolExecutor(8) as threads:
        taken = list(
            threads.map(lambda who: store.take(job.id, f"h{who}", at=NOW + 5, until=NOW + 9), range(8))
        )
    assert sum(each is not None for each in taken) == 1


def test_a_job_is_free_again_at_the_end_of_its_time_and_not_before(store: JobStore) -> None:
    job = store.add(made())
    assert list(store.waiting(at=NOW)) == []
    assert list(store.waiting(at=NOW + 1)) == [job.id]
    first = store.take(job.id, "one", at=NOW + 1, until=NOW + 10)
    assert first is not None
    assert (first.state, first.attempts, first.began_at) == ("running", 1, NOW + 1)
    assert store.take(job.id, "two", at=NOW + 9, until=NOW + 20) is None
    second = store.take(job.id, "two", at=NOW + 10, until=NOW + 20)
    assert second is not None
    assert (second.attempts, second.began_at) == (2, NOW + 1)


_LOST: list[Callable[[JobStore, str], object]] = [
    lambda store, job_id: store.keep_on(job_id, "one", until=NOW + 99),
    lambda store, job_id: store.begin(job_id, "one", _BY, rows=3),
    lambda store, job_id: store.finish(job_id, "one", _PART, scored=1, refused=0),
    lambda store, job_id: store.end(job_id, "one", "done", at=NOW),
]


@pytest.mark.parametrize("act", _LOST)
@pytest.mark.parametrize("how", ["taken over", "cancelled"])
def test_whoever_lost_a_job_changes_nothing_of_it_any_more(
    store: JobStore, act: Callable[[JobStore, str], object], how: str
) -> None:
    job = store.add(made())
    store.take(job.id, "one", at=NOW + 1, until=NOW + 2)
    if how == "cancelled":
        store.cancel(job.id, at=NOW + 2)
    else:
        store.take(job.id, "two", at=NOW + 2, until=NOW + 20)
    before = store.find(job.id)
    with pytest.raises(LostJobError, match="held by somebody else, was cancelled or has ended"):
        act(store, job.id)
    assert (store.find(job.id), list(store.parts(job.id))) == (before, [])
    assert not store.let_go(job.id, "one", free_at=NOW)


def test_parts_add_up_and_a_new_beginning_forgets_them(store: JobStore) -> None:
    job = store.add(made())
    store.take(job.id, "one", at=NOW + 1, until=NOW + 99)
    store.begin(job.id, "one", _BY, rows=5)
    for _ in range(2):  # the same part twice, as after a lost connection
        store.finish(job.id, "one", _PART, scored=2, refused=1)
    store.finish(job.id, "one", replace(_PART, number=1), scored=4, refused=1)
    found = store.find(job.id)
    assert found is not None
    assert (found.rows_done, found.rows_total, found.attempts, found.answered_by) == (5, 5, 0, _BY)
    assert [part.number for part in store.parts(job.id)] == [0, 1]
    store.begin(job.id, "one", _BY, rows=6)
    assert list(store.parts(job.id)) == []
    again = store.find(job.id)
    assert again is not None
    assert (again.rows_done, again.rows_total) == (0, 6)


def test_a_job_that_was_let_go_waits_until_it_may_be_taken(store: JobStore) -> None:
    job = store.add(made())
    store.take(job.id, "one", at=NOW + 1, until=NOW + 99)
    assert store.let_go(job.id, "one", free_at=NOW + 7)
    assert [list(store.waiting(at=NOW + when)) for when in (6, 7)] == [[], [job.id]]


def test_only_what_has_ended_is_removed_and_all_of_it(store: JobStore) -> None:
    job = store.add(made())
    store.take(job.id, "one", at=NOW + 1, until=NOW + 99)
    store.finish(job.id, "one", _PART, scored=1, refused=0)
    store.remove(job.id)
    assert store.find(job.id) is not None
    store.end(job.id, "one", "failed", at=NOW + 50, problem="{}")
    assert not store.cancel(job.id, at=NOW)
    assert [list(store.ended_before(NOW + when)) for when in (50, 51)] == [[], [job.id]]
    assert store.counts() == {"queued": 0, "running": 0, "done": 0, "failed": 1, "cancelled": 0}
    store.remove(job.id)
    assert (store.find(job.id), list(store.parts(job.id)), store.states()) == (None, [], {})
