"""What a search for changes computes at once, one lead and one test after the other."""

from __future__ import annotations

from collections.abc import Sequence


def first_reaching(
    lead: Sequence[int], passes: Sequence[bool], points: Sequence[float], line: float
) -> list[int]:
    """Return each lead's first look that passes and reaches the line."""
    found: dict[int, int] = {}
    for row, (who, may, worth) in enumerate(zip(lead, passes, points, strict=True)):
        if may and worth >= line and who not in found:
            found[who] = row
    return sorted(found.values())


def sum_at_line(
    lead: Sequence[int], passes: Sequence[bool], points: Sequence[float], line: float, term: Sequence[float]
) -> float:
    """Add up a term over each lead's first look that passes and reaches the line."""
    return sum(term[row] for row in first_reaching(lead, passes, points, line))


def at_sales(target: float, won: Sequence[float], other: Sequence[float]) -> float:
    """Go down the lines to the first that brings so many sales, and a part of the way back."""
    for place, sales in enumerate(won):
        if sales >= target:
            if place == 0:
                return other[0]
            before = won[place - 1]
            return other[place - 1] + (target - before) / (sales - before) * (other[place] - other[place - 1])
    return other[-1]


def holm(p: Sequence[float], level: float) -> list[bool]:
    """Reject from the smallest on, until one is not small enough for how many are left."""
    sure = [False] * len(p)
    left = list(range(len(p)))
    while left:
        smallest = min(left, key=lambda place: (p[place], place))
        if p[smallest] > level / len(left):
            return sure
        sure[smallest] = True
        left.remove(smallest)
    return sure
