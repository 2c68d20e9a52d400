"""What a leak audit counts and weighs, told slowly: plain loops, one lead at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from readiness.crm.records import DIRECTIONS
from readiness.crm.tables import Tables
from readiness.history.first_looks import FirstLooks
from readiness.history.snapshots import Snapshots

Around = dict[str, tuple[list[int], list[int]]]


def rows_around(made: Tables, looks: Snapshots) -> Around:
    """Count each kind of row before and after each look."""
    found: Around = {}
    acts = made.activities
    events = [
        (kind, int(acts.lead[row]), int(acts.occurred_at[row]))
        for row in range(len(acts))
        for kind in (
            f"activities by {acts.channel.at(row)}",
            f"activities of type {acts.type.at(row)}",
            f"activities that are {DIRECTIONS[acts.direction[row]]}",
        )
    ]
    handed = made.handovers
    events += [
        ("hand-overs", int(handed.lead[row]), int(handed.handed_over_at[row])) for row in range(len(handed))
    ]
    for kind, lead, at in events:
        before, after = found.setdefault(kind, ([0] * len(looks), [0] * len(looks)))
        for place in range(len(looks)):
            if looks.lead[place] == lead:
                (before if at < looks.cutoff[place] else after)[place] += 1
    return found


def auc(held: Sequence[int], other: Sequence[int]) -> float:
    """Compare every pair of one of the held and one of the others; a pair in one bin is half right."""
    share = [one / (one + two) if one + two else 0.0 for one, two in zip(held, other, strict=True)]
    right = 0.0
    for mine, many in enumerate(held):
        for theirs, few in enumerate(other):
            better = 1.0 if share[mine] > share[theirs] else 0.5 if share[mine] == share[theirs] else 0.0
            right += many * few * better
    return right / (sum(held) * sum(other))


def drawn(counts: Sequence[Sequence[int]]) -> list[float]:
    """Draw each group's values one by one from an urn that starts with four, in the shares of all groups."""
    bins = range(len(counts[0]))
    total = sum(map(sum, counts))
    share = [(sum(group[place] for group in counts) + 0.5) / (total + 0.5 * len(counts[0])) for place in bins]
    result = []
    for group in counts:
        urn, likely = [4.0 * each for each in share], 0.0
        for place, count in enumerate(group):
            for _ in range(count):
                likely += math.log(urn[place] / sum(urn))
                urn[place] += 1.0
        result.append(likely)
    return result


def ends_and_days(
    looks: FirstLooks, place: Sequence[int], bins: int, edges: Sequence[float]
) -> tuple[list[list[list[int]]], list[list[float]]]:
    """Count ends and days lived of each bin in each interval; an end at an edge belongs before it."""
    spans = list(pairwise(edges))
    ends = [[[0, 0, 0] for _ in spans] for _ in range(bins)]
    days = [[0.0 for _ in spans] for _ in range(bins)]
    for lead in range(len(looks)):
        lived, event = float(looks.lived[lead]), int(looks.event[lead])
        for number, (low, high) in enumerate(spans):
            days[place[lead]][number] += max(0.0, min(lived, high) - low)
            if event and (low < lived <= high or (lived == 0.0 and number == 0)):
                ends[place[lead]][number][event - 1] += 1
    return ends, days
