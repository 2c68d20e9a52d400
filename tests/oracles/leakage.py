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
    return [urn(group, share) for group in counts]


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


def urn(counts: Sequence[float], share: Sequence[float]) -> float:
    """Draw counted things one by one from an urn that starts with four, in these shares."""
    start = [max(4.0 * each, 1e-12) for each in share]
    held, likely = list(start), 0.0
    for place, count in enumerate(counts):
        for _ in range(int(count)):
            likely += math.log(held[place] / sum(held))
            held[place] += 1.0
    return likely


def gain(counts: Sequence[float], expected: Sequence[float]) -> float:
    """Compare an urn around the expected shares with drawing in exactly these."""
    total = sum(expected)
    share = [each / max(total, 1e-12) for each in expected]
    surely = sum(count * math.log(each) for count, each in zip(counts, share, strict=True) if count)
    return urn(counts, share) - surely


def log_ratio(looks: FirstLooks, place: Sequence[int], bins: int, edges: Sequence[float]) -> float:
    """Weigh the two accounts by loops over bins, intervals and causes."""
    n, spans, causes = len(looks), range(len(edges) - 1), range(3)
    state = [int(event) for event in looks.event]
    stage = [max((s for s in spans if looks.lived[i] > edges[s]), default=0) for i in range(n)]

    def by(group: Sequence[int], groups: int) -> list[list[int]]:
        counts = [[0] * bins for _ in range(groups)]
        for one, bin_ in zip(group, place, strict=True):
            counts[one][bin_] += 1
        return counts

    whole = by([0] * n, 1)[0]
    share = [(count + 0.5) / (n + 0.5 * bins) for count in whole]
    at_end = max(
        sum(urn(counts, share) for counts in by(state, 4)),
        sum(
            urn(counts, share)
            for counts in by([4 * a + b for a, b in zip(stage, state, strict=True)], 4 * len(edges))
        ),
    )
    rank = [sum(int(other) < int(own) for other in looks.snapshots.cutoff) for own in looks.snapshots.cutoff]
    over_time = [urn(whole, share)]
    over_time += [
        sum(urn(counts, share) for counts in by([r * eras // n for r in rank], eras)) for eras in (6, 24)
    ]
    changes = [by([int(r * 60 // n >= cut) for r in rank], 2) for cut in range(1, 60)]
    over_time.append(max(sum(urn(side, share) for side in sides) for sides in changes) - math.log(60))

    ends, days = ends_and_days(looks, place, bins, edges)
    rate = [
        [
            sum(ends[b][s][c] for b in range(bins)) / max(sum(days[b][s] for b in range(bins)), 1e-12)
            for c in causes
        ]
        for s in spans
    ]
    expected = [[[days[b][s] * rate[s][c] for c in causes] for s in spans] for b in range(bins)]
    by_cause = sum(
        gain(
            [sum(ends[b][s][c] for s in spans) for b in range(bins)],
            [sum(expected[b][s][c] for s in spans) for b in range(bins)],
        )
        for c in causes
    )
    by_both = sum(
        gain([ends[b][s][c] for b in range(bins)], [expected[b][s][c] for b in range(bins)])
        for c in causes
        for s in spans
    )
    by_interval = sum(
        gain([sum(ends[b][s]) for b in range(bins)], [sum(expected[b][s]) for b in range(bins)])
        for s in spans
    )
    of_causes = [[sum(ends[b][s][c] for s in spans) for c in causes] for b in range(bins)]
    usual = [float(sum(of[c] for of in of_causes)) for c in causes]
    by_interval += sum(gain(of, usual) for of in of_causes)
    return at_end - max(over_time) - max(by_cause, by_both, by_interval)
