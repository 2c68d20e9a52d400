"""Slow, obvious versions of what judging computes: one snapshot, one pair, one event at a time."""

from __future__ import annotations

import math

import numpy as np

from readiness.crm.tables import Floats
from readiness.judging.cohort import Cohort


def censoring_survival(cohort: Cohort, when: float) -> float:
    survival = 1.0
    for time in sorted({d for d, e in zip(cohort.duration, cohort.event, strict=True) if e == 0}):
        if time >= when:
            break
        lost = sum(1 for d, e in zip(cohort.duration, cohort.event, strict=True) if d == time and e == 0)
        at_risk = sum(
            1
            for d, e in zip(cohort.duration, cohort.event, strict=True)
            if d > time or (d == time and e == 0)
        )
        survival *= 1 - lost / at_risk
    return survival


def weight(cohort: Cohort, row: int, horizon: float) -> float:
    duration, event = cohort.duration[row], cohort.event[row]
    if event != 0 and duration < horizon:
        return 1 / censoring_survival(cohort, duration)
    if duration >= horizon:
        return 1 / censoring_survival(cohort, horizon)
    return 0.0


def incidence(cohort: Cohort, horizon: float) -> list[float]:
    survival, result = 1.0, [0.0, 0.0, 0.0]
    rows = list(zip(cohort.duration, cohort.event, strict=True))
    for time in sorted({d for d, e in rows if e != 0 and d < horizon}):
        at_risk = sum(1 for d, _ in rows if d >= time)
        ended = [sum(1 for d, e in rows if d == time and e == cause) for cause in (1, 2, 3)]
        for cause in range(3):
            result[cause] += survival * ended[cause] / at_risk
        survival *= 1 - sum(ended) / at_risk
    if not any(d >= horizon for d, _ in rows) and survival > 1e-9:
        return [math.nan] * 3
    return result


def auc(cohort: Cohort, forecast: Floats, cause: int, horizon: float) -> float:
    won = pairs = 0.0
    n = len(forecast)
    for i in range(n):
        if cohort.event[i] != cause or cohort.duration[i] >= horizon:
            continue
        for j in range(n):
            if cohort.event[j] == cause and cohort.duration[j] < horizon:
                continue
            pair = weight(cohort, i, horizon) * weight(cohort, j, horizon)
            pairs += pair
            won += pair * (float(forecast[i] > forecast[j]) + 0.5 * float(forecast[i] == forecast[j]))
    return won / pairs if pairs > 0 else math.nan


def curve_loss(cohort: Cohort, incidence: Floats, days: list[float]) -> float:
    edges = [0.0, *days]
    total = 0.0
    for i in range(len(cohort)):
        curve = [[0.0] * 3, *incidence[i].tolist()]
        duration, event = float(cohort.duration[i]), int(cohort.event[i])
        step = next((j for j in range(1, len(edges)) if duration < edges[j]), None)
        if step is None:
            given = 1 - sum(curve[-1])
        elif event:
            given = curve[step][event - 1] - curve[step - 1][event - 1]
        else:
            part = (duration - edges[step - 1]) / (edges[step] - edges[step - 1])
            given = 1 - sum(
                curve[step - 1][k] + part * (curve[step][k] - curve[step - 1][k]) for k in range(3)
            )
        total -= math.log(min(max(given, 1e-4 / len(days)), 1.0))
    return total / len(cohort)


def repeated(cohort: Cohort, counts: Floats) -> Cohort:
    """A cohort in which snapshot i stands counts[i] times, written out."""
    return cohort.where(np.repeat(np.arange(len(cohort)), counts.astype(np.int64)))


def concordance(cohort: Cohort, forecast: Floats, cause: int, horizon: float) -> float:
    agreed = pairs = 0.0
    rows = list(zip(cohort.event.tolist(), cohort.duration.tolist(), forecast.tolist(), strict=True))
    for i, (event, when, mine) in enumerate(rows):
        if event != cause or when >= horizon:
            continue
        for j, (other, then, theirs) in enumerate(rows):
            if i == j:
                continue
            if then > when or (then == when and other == 0):
                pair = 1 / censoring_survival(cohort, when) ** 2
            elif other not in (0, cause):
                pair = 1 / (censoring_survival(cohort, when) * censoring_survival(cohort, then))
            else:
                continue
            pairs += pair
            agreed += pair * (float(mine > theirs) + 0.5 * float(mine == theirs))
    return agreed / pairs if pairs > 0 else math.nan


def chosen_weekly(forecast: list[float], lead: list[int], week: list[int], capacity: int) -> list[float]:
    """Go through the weeks; in each, give places to the leads by their highest forecast."""
    share = [0.0] * len(forecast)
    for monday in set(week):
        best: dict[int, int] = {}
        for row in range(len(forecast)):
            if week[row] == monday and (lead[row] not in best or forecast[row] > forecast[best[lead[row]]]):
                best[lead[row]] = row
        left = float(capacity)
        for level in sorted({forecast[row] for row in best.values()}, reverse=True):
            level_rows = [row for row in best.values() if forecast[row] == level]
            for row in level_rows:
                share[row] = min(1.0, left / len(level_rows))
            left = max(0.0, left - len(level_rows))
    return share


def pair_sums(time: list[int], score: list[float], weight: list[float]) -> tuple[list[float], list[float]]:
    """For each row go through those of later time: sum the weights of the lower ranked, and of all."""
    lower, everything = [0.0] * len(time), [0.0] * len(time)
    for i, (when, mine) in enumerate(zip(time, score, strict=True)):
        for j, (then, theirs) in enumerate(zip(time, score, strict=True)):
            if then > when:
                everything[i] += weight[j]
                lower[i] += weight[j] * (float(theirs < mine) + 0.5 * float(theirs == mine))
    return lower, everything
