"""How far along a long piece of work is, told to whoever wants to show it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as the work goes on; what computes calls it, what faces a person draws it."""

    def __call__(self, what: str, done: float) -> None:
        """Say what is being done and which share of it, 0 to 1, is behind us."""


def silent(what: str, done: float) -> None:
    """Tell nobody."""
