"""How much of something the first calls reach, whoever is called first and however many calls there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Floats, Ints


@dataclass(frozen=True, slots=True)
class Line:
    """n leads in the line in which they are called; those that nothing tells apart stand side by side.

    ``step`` (n) says on which step of the line a lead stands, 0 for the first; ``weight`` (n) how many
    calls it takes; ``behind`` (steps + 1) how many calls there are up to each step, 0 at first.
    """

    step: Ints
    weight: Floats
    behind: Floats


def line(forecast: Floats, weight: Floats | None = None) -> Line:
    """Line leads up, the highest forecast first; a lead without a forecast (NaN) stands last.

    Parameters
    ----------
    forecast : Floats, n
    weight : Floats, n, optional
        How many leads each stands for; default one. One of weight 0 is never called.
    """
    each = np.ones(len(forecast)) if weight is None else weight
    steps, step = np.unique(-forecast, return_inverse=True)
    calls = np.bincount(step, each, minlength=len(steps))
    return Line(step.astype(np.int64), each, np.concatenate([[0.0], np.cumsum(calls)]))


def taken(of: Line, calls: float) -> Floats:
    """Return how much of each lead is among the first calls, from 0 to 1.

    Those who stand side by side where the calls run out share what is left equally, so that the order of
    the rows cannot matter: as `gains.chosen`, and with weights.
    """
    low, high = of.behind[of.step], of.behind[of.step + 1]
    share = np.zeros(len(of.step))
    np.divide(calls - low, high - low, out=share, where=(of.weight > 0) & (high > low))
    return np.clip(share, 0.0, 1.0)


def reached(of: Line, terms: Floats, calls: Floats) -> Floats:
    """Return which sum of the terms lies among the first calls, for each number of calls.

    Parameters
    ----------
    terms : Floats, n
        What each lead brings, its weight counted in; 0 for a lead of weight 0.
    calls : Floats, m
        From none to all of them; more reach no more.

    Returns
    -------
    Floats, m
        As ``(terms * taken(of, k)).sum()`` for each k, from one pass.
    """
    if not len(of.step):
        return np.zeros(len(calls))
    steps = len(of.behind) - 1
    there = np.concatenate([[True], np.diff(of.behind) > 0])
    sums = np.concatenate([[0.0], np.cumsum(np.bincount(of.step, terms, minlength=steps))])
    found: Floats = np.interp(calls, of.behind[there], sums[there])
    return found
