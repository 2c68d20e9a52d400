"""Answers kept under a sender's key: for a day, for every worker, within bounds."""

from __future__ import annotations

import threading

import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY
from serve.database import AnswerStore, Kept
from serve.database.kept_answers import TAKEN
from tests.serve.database.conftest import OpenDatabase

_DAY = MICROSECONDS_PER_DAY
ME, YOU = b"a worker of mine", b"another of yours"


def _kept(content: bytes = b"{}") -> Kept:
    return Kept(b"asked", b"nobody", "application/json", content)


def put(store: AnswerStore, key: str, kept: Kept, at: int) -> None:
    assert store.take(key, ME, at=at)
    store.keep(key, ME, kept, at=at)
    store.let_go(key, ME)


@pytest.fixture
def store(opened: OpenDatabase) -> AnswerStore:
    return AnswerStore(opened())


def test_an_answer_is_kept_for_a_day_and_every_worker_finds_it(
    store: AnswerStore, opened: OpenDatabase
) -> None:
    put(store, "a", _kept(), 0)
    other = AnswerStore(opened())
    assert other.find("a", at=_DAY - 1) == _kept()
    assert other.find("a", at=_DAY) is None


def test_nothing_was_kept_under_an_unknown_key(store: AnswerStore) -> None:
    assert store.find("a", at=0) is None


def test_a_key_is_one_workers_until_it_lets_go_or_its_time_is_over(store: AnswerStore) -> None:
    assert store.take("a", ME, at=0)
    assert store.take("a", ME, at=0)
    assert not store.take("a", YOU, at=TAKEN - 1)
    assert store.take("b", YOU, at=0)
    assert store.take("a", YOU, at=TAKEN)
    store.let_go("a", ME)
    assert not store.take("a", ME, at=TAKEN)
    store.let_go("a", YOU)
    assert store.take("a", ME, at=TAKEN)


def test_who_lost_a_key_to_another_keeps_nothing_under_it(store: AnswerStore) -> None:
    store.take("a", ME, at=0)
    store.take("a", YOU, at=TAKEN)
    store.keep("a", ME, _kept(b"late"), at=TAKEN)
    assert store.find("a", at=TAKEN) is None


def test_of_many_who_want_a_key_at_once_one_gets_it(store: AnswerStore) -> None:
    start, got = threading.Barrier(6), []

    def want(number: int) -> None:
        start.wait()
        got.append(store.take("a", bytes([number]) * 16, at=0))

    threads = [threading.Thread(target=want, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_the_newest_answer_under_a_key_is_kept(store: AnswerStore) -> None:
    put(store, "a", _kept(), 0)
    put(store, "a", _kept(b"[]"), 1)
    assert store.find("a", at=2) == _kept(b"[]")


def test_the_oldest_answers_make_room(opened: OpenDatabase) -> None:
    # Compressed, "{}" takes ten bytes.
    small = AnswerStore(opened(), most_bytes=25)
    for number, key in enumerate("abc"):
        put(small, key, _kept(), number)
    assert [small.find(key, at=3) is not None for key in "abc"] == [False, True, True]
    put(small, "c", _kept(b"[]"), 4)
    assert [small.find(key, at=5) is not None for key in "abc"] == [False, True, True]


def test_an_answer_that_cannot_fit_is_not_kept_and_drives_out_none(opened: OpenDatabase) -> None:
    small = AnswerStore(opened(), most_bytes=25)
    put(small, "a", _kept(), 0)
    put(small, "b", _kept(bytes(range(256))), 1)
    assert (small.find("a", at=2), small.find("b", at=2)) == (_kept(), None)


def test_answers_of_yesterday_are_gone_from_the_disk_when_another_is_kept(store: AnswerStore) -> None:
    put(store, "a", _kept(), 0)
    put(store, "b", _kept(), _DAY)
    assert store.find("a", at=0) is None
