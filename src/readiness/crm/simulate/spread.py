"""The chances of being in each state, carried from day to day for many leads at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.simulate.chain import BACK, MARKETING, SALES, STATES, WAITING
from readiness.crm.simulate.words import ENGAGEMENTS, HANDS
from readiness.crm.tables import Floats, Ints


@dataclass(frozen=True, slots=True)
class Step:
    """What a day, or a part of it, does to a lead in each state: states × n."""

    ended: Floats
    """Chance to end in it, for each unit of rate."""
    stays: Floats
    """Chance to survive it in the same hands."""
    goes: Floats
    """Chance to survive it and change hands."""


class Spread:
    """The chances of n leads to be open and in each state, states × n; changed in place.

    It is carried through half a year for hundreds of thousands of snapshots, so nothing is allocated on
    the way.
    """

    def __init__(self, state: Ints, up: Floats, down: Floats) -> None:
        n = len(state)
        by_hands = (len(ENGAGEMENTS), len(HANDS), n)
        self.chances: Floats = np.zeros((STATES, n))
        self.chances[state, np.arange(n)] = 1.0
        self.ended: Floats = np.zeros((STATES, n))
        """Chances to have ended in each state since last settled, for each unit of rate."""
        self._now = self.chances.reshape(by_hands)
        self._up, self._down = up.reshape(by_hands)[:-1].copy(), down.reshape(by_hands)[1:].copy()
        self._keeps = (1.0 - up - down).reshape(by_hands)
        self._scratch = np.empty_like(self.chances)
        self._out = self._scratch.reshape(by_hands)
        self._accepted = np.empty((len(ENGAGEMENTS), n))
        self._rises, self._falls = np.empty_like(self._up), np.empty_like(self._down)

    def settle(self) -> Floats:
        """Return what has ended since last settled, and count anew."""
        ended, self.ended = self.ended, np.zeros_like(self.ended)
        return ended

    def pass_day(self, step: Step, accept: Floats) -> None:
        """Let a step pass: ends first, then hands, then engagement, as in a lived day.

        ``accept`` is engagement × n: the chance that sales accepts what it decides on.
        """
        np.multiply(self.chances, step.ended, out=self._scratch)
        self.ended += self._scratch
        np.multiply(self.chances, step.goes, out=self._scratch)
        self.chances *= step.stays
        self._change_hands(accept)
        self._move_engagement()

    def _change_hands(self, accept: Floats) -> None:
        now, out = self._now, self._out
        np.multiply(out[:, WAITING], accept, out=self._accepted)
        out[:, WAITING] -= self._accepted
        now[:, SALES] += self._accepted
        now[:, WAITING] += out[:, MARKETING]
        now[:, WAITING] += out[:, BACK]
        now[:, BACK] += out[:, WAITING]
        now[:, BACK] += out[:, SALES]

    def _move_engagement(self) -> None:
        now = self._now
        np.multiply(now[:-1], self._up, out=self._rises)
        np.multiply(now[1:], self._down, out=self._falls)
        now *= self._keeps
        now[1:] += self._rises
        now[:-1] += self._falls
