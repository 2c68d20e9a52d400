"""The list keeps each key once, under a number that is never given again, and what became of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from benchmarks.postgresql import Server
from readiness.errors import StoreError
from serve.database import Database, Given, SuppressionStore
from serve.database.settings import DatabaseSettings
from tests.serve.database.conftest import SECRET


def _key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _given(*numbers: int) -> list[Given]:
    return [Given("email", _key(number), f"source {number}", since=number) for number in numbers]


def test_adding_it_again_changes_nothing(store: SuppressionStore) -> None:
    (first,) = store.add(_given(1), at=5)
    (again,) = store.add([Given("email", _key(1), "another source", since=None)], at=9)
    assert (first.new, again.new) == (True, False)
    assert again.entry == first.entry
    assert (first.entry.source, first.entry.since, first.entry.added_at) == ("source 1", 1, 5)


def test_a_key_that_comes_twice_at_once_is_kept_once(store: SuppressionStore) -> None:
    assert [each.new for each in store.add(_given(1, 2, 1), at=5)] == [True, True, False]
    assert len(store.every_key()) == 2


def test_nothing_is_added_from_nothing(store: SuppressionStore) -> None:
    assert store.add([], at=5) == ()
    assert store.look_up(frozenset()) == frozenset()
    assert (store.page(), store.removals()) == ((), ())


def test_only_what_is_on_the_list_is_found(store: SuppressionStore) -> None:
    store.add(_given(1, 2), at=5)
    assert store.look_up({_key(2), _key(3)}) == {_key(2)}
    assert [entry.source for entry in store.found({_key(2), _key(3)})] == ["source 2"]


def test_more_are_looked_up_at_once_than_a_database_takes_parameters(store: SuppressionStore) -> None:
    store.add(_given(1, 69_999), at=5)
    assert store.look_up({_key(number) for number in range(1, 70_000)}) == {_key(1), _key(69_999)}


def test_many_are_added_at_once_in_the_order_given(store: SuppressionStore) -> None:
    numbers = [*range(1_200, 0, -1)]
    added = store.add(_given(*numbers), at=5)
    assert [each.entry.source for each in added] == [f"source {number}" for number in numbers]
    assert len(store.every_key()) == 1_200


def test_pages_hold_every_entry_once(store: SuppressionStore) -> None:
    store.add(_given(*range(5)), at=5)
    first = store.page(limit=3)
    rest = store.page(after=first[-1].id, limit=3)
    assert [entry.since for entry in (*first, *rest)] == [0, 1, 2, 3, 4]
    assert store.page(after=rest[-1].id) == ()


def test_what_was_removed_is_gone_and_kept_with_who_when_and_why(store: SuppressionStore) -> None:
    (added,) = store.add(_given(1), at=5)
    removal = store.remove(added.entry.id, by="Ann", reason="a mistake", at=9)
    assert removal is not None
    assert (removal.entry, removal.removed_by, removal.reason, removal.removed_at) == (
        added.entry,
        "Ann",
        "a mistake",
        9,
    )
    assert store.look_up({_key(1)}) == frozenset()
    assert store.removals() == (removal,)


def test_removing_it_twice_tells_the_first_removal_and_an_unknown_number_none(
    store: SuppressionStore,
) -> None:
    (added,) = store.add(_given(1), at=5)
    first = store.remove(added.entry.id, by="Ann", reason="a mistake", at=9)
    assert store.remove(added.entry.id, by="Bo", reason="another", at=11) == first
    assert store.remove(added.entry.id + 1, by="Bo", reason="another", at=11) is None


def test_a_number_is_never_given_again(store: SuppressionStore) -> None:
    (first,) = store.add(_given(1), at=5)
    store.remove(first.entry.id, by="Ann", reason="a mistake", at=9)
    (second,) = store.add(_given(1), at=11)
    assert second.new
    assert second.entry.id > first.entry.id


@pytest.fixture
def two(postgresql: Server) -> Iterator[tuple[SuppressionStore, SuppressionStore]]:
    """Return the same list as two workers see it, on a database on which two write at once."""
    settings = DatabaseSettings(
        database_url=SecretStr(postgresql.get_uri()), suppression_secret=SecretStr(SECRET)
    )
    with contextlib.closing(Database(settings)) as first, contextlib.closing(Database(settings)) as second:
        yield SuppressionStore(first), SuppressionStore(second)


def test_an_entry_that_is_removed_while_it_is_added_is_added(
    two: tuple[SuppressionStore, SuppressionStore],
) -> None:
    first, second = two
    (known,) = first.add(_given(7_001), at=5)
    removed = []

    def remove(_: object, __: object, statement: str, *___: object) -> None:
        # After the insert found it on the list, and before it is read there.
        if statement.startswith("SELECT suppressions.key") and not removed:
            removed.append(second.remove(known.entry.id, by="Ann", reason="a mistake", at=6))

    sa.event.listen(first._database._engine, "before_cursor_execute", remove)
    (added,) = first.add(_given(7_001), at=7)
    assert (added.new, added.entry.added_at, len(removed)) == (True, 7, 1)
    assert second.look_up({_key(7_001)}) == {_key(7_001)}


def test_two_who_add_the_same_in_opposite_order_do_not_wait_for_each_other(
    two: tuple[SuppressionStore, SuppressionStore],
) -> None:
    failures: list[StoreError] = []

    def add(store: SuppressionStore, numbers: list[int]) -> None:
        try:
            store.add(_given(*numbers), at=5)
        except StoreError as error:
            failures.append(error)

    for run in range(5):
        numbers = [10_000 * (run + 1) + number for number in range(1_000)]
        threads = [
            threading.Thread(target=add, args=(store, each))
            for store, each in zip(two, (numbers, numbers[::-1]), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
