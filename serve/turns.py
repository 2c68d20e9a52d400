"""Whose turn it is: one request at a time begins its work, some wait, and no more than that."""

from __future__ import annotations

import asyncio
from collections import deque


class NoRoomError(Exception):
    """As many requests wait as may wait."""


class Turns:
    """Lets one request a round of the event loop begin its work.

    Scoring holds the loop while it computes. Were every request that has arrived to begin in the same
    round, the next look at the network would come after the last of them, and nobody could be told in
    time that there is no room. So between two beginnings the loop looks at the network once.

    Parameters
    ----------
    at_work : int, ≥ 1
        How many may have begun and not ended. Work that waits for something, a thread or a database,
        overlaps up to this number.
    waiting : int, ≥ 0
        How many may wait for their turn.
    """

    def __init__(self, *, at_work: int, waiting: int) -> None:
        self._most_at_work = at_work
        self._most_waiting = waiting
        self._at_work = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun_this_round = False

    @property
    def at_work(self) -> int:
        """How many have begun and not ended."""
        return self._at_work

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the next one would find no room."""
        return len(self._waiting) >= self._most_waiting and not self._may_begin()

    async def take(self) -> None:
        """Wait for a turn, first come first served; whoever returns from here must `end` it.

        Raises
        ------
        NoRoomError
            If as many wait as may wait.
        """
        if self._may_begin() and not self._waiting:
            self._begin()
            return
        if len(self._waiting) >= self._most_waiting:
            raise NoRoomError
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.end()
            raise

    def end(self) -> None:
        """Give the turn back."""
        self._at_work -= 1
        self._pass_on()

    def _may_begin(self) -> bool:
        return self._at_work < self._most_at_work and not self._begun_this_round

    def _begin(self) -> None:
        self._at_work += 1
        self._begun_this_round = True
        asyncio.get_running_loop().call_soon(self._next_round)

    def _next_round(self) -> None:
        self._begun_this_round = False
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting and self._may_begin():
            turn = self._waiting.popleft()
            if not turn.done():  # one that was cancelled meanwhile wants no turn
                self._begin()
                turn.set_result(None)
