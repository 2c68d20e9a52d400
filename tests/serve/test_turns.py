"""Whose turn it is."""

from __future__ import annotations

import asyncio

import pytest

from serve.turns import NoRoomError, Turns


def test_those_who_wait_come_in_the_order_in_which_they_came() -> None:
    came: list[int] = []

    async def one(turns: Turns, number: int) -> None:
        await turns.take()
        came.append(number)
        await asyncio.sleep(0)
        turns.end()

    async def all_of_them() -> None:
        turns = Turns(at_work=1, waiting=10)
        await asyncio.gather(*(one(turns, number) for number in range(5)))

    asyncio.run(all_of_them())
    assert came == [0, 1, 2, 3, 4]


def test_between_two_that_begin_the_loop_looks_around_once() -> None:
    """Even where nobody waits for anything: two never begin in the same round."""
    rounds: list[int] = []

    async def one(turns: Turns, now: list[int]) -> None:
        await turns.take()
        rounds.append(now[0])
        turns.end()

    async def count(now: list[int]) -> None:
        while True:
            now[0] += 1
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        now, turns = [0], Turns(at_work=8, waiting=10)
        counting = asyncio.create_task(count(now))
        await asyncio.gather(*(one(turns, now) for _ in range(5)))
        counting.cancel()

    asyncio.run(all_of_them())
    assert len(set(rounds)) == 5


@pytest.mark.parametrize(("at_work", "waiting"), [(1, 0), (1, 3), (4, 2)])
def test_no_more_work_and_wait_than_may(at_work: int, waiting: int) -> None:
    async def crowd() -> tuple[int, int, int]:
        turns, let_go = Turns(at_work=at_work, waiting=waiting), asyncio.Event()
        refused = most = 0

        async def one() -> None:
            nonlocal refused, most
            try:
                await turns.take()
            except NoRoomError:
                refused += 1
                return
            most = max(most, turns.at_work)
            await let_go.wait()
            turns.end()

        tasks = [asyncio.create_task(one())]
        for _ in range(at_work):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            tasks.append(asyncio.create_task(one()))
        tasks += [asyncio.create_task(one()) for _ in range(10)]
        for _ in range(20):
            await asyncio.sleep(0)
        before = turns.waiting
        let_go.set()
        await asyncio.gather(*tasks)
        assert (turns.at_work, turns.waiting, turns.full) == (0, 0, False)
        return most, before, refused

    most, before, refused = asyncio.run(crowd())
    assert (most, before, refused) == (at_work, waiting, 11 - waiting)


def test_who_leaves_while_waiting_takes_no_turn() -> None:
    async def leave() -> tuple[int, int]:
        turns = Turns(at_work=1, waiting=5)
        await turns.take()
        waits = [asyncio.create_task(turns.take()) for _ in range(2)]
        await asyncio.sleep(0)
        waits[0].cancel()
        turns.end()
        await waits[1]
        return turns.at_work, turns.waiting

    assert asyncio.run(leave()) == (1, 0)


def test_who_leaves_in_the_moment_its_turn_comes_gives_it_back() -> None:
    async def leave() -> int:
        turns = Turns(at_work=1, waiting=5)
        await turns.take()
        await asyncio.sleep(0)
        waits = asyncio.create_task(turns.take())
        await asyncio.sleep(0)
        turns.end()  # the turn is its, but it was not told yet
        waits.cancel()
        await asyncio.sleep(0)
        return turns.at_work

    assert asyncio.run(leave()) == 0
