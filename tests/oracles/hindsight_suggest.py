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
