"""Who is called first, told slowly: one call after the other."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby


def taken(forecast: list[float], weight: list[int], calls: Fraction) -> list[Fraction]:
    """How much of each lead is called; those side by side share what is left by their weight."""
    share = [Fraction(0)] * len(forecast)
    left = calls
    ranked = sorted(range(len(forecast)), key=lambda row: -forecast[row])
    for _, step in groupby(ranked, key=lambda row: forecast[row]):
        rows = list(step)
        wanted = sum(weight[row] for row in rows)
        if wanted:
            part = min(Fraction(1), max(Fraction(0), left / wanted))
            for row in rows:
                share[row] = part if weight[row] else Fraction(0)
            left -= part * wanted
    return share
