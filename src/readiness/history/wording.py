"""A lead's own facts in plain words, read off its row of the matrix."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from readiness.crm.records import EXACT_INTEGERS
from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.levels import UNITS

Facts: TypeAlias = Sequence[tuple[Feature, float]]
"""The features of one group with the row's values."""

_TIMES: Final = {1: "once", 2: "twice"}


def describe(plan: FeaturePlan, group: str, row: Floats) -> str:
    """Say in plain words what a row of the matrix holds of one behaviour or attribute.

    Parameters
    ----------
    plan : FeaturePlan, p features
    group : str
        One of ``plan.groups``.
    row : Floats, p
        One row that `features.build` made.

    Returns
    -------
    str
        "Replied twice in the last 14 days", "Company size: 40", "No inbound activity yet". A value
        that is missing is said to be not known.

    Raises
    ------
    KeyError
        If the plan has no such group.
    """
    facts = [(plan.features[column], float(row[column])) for column in _columns(plan)[group]]
    return _SENTENCES[facts[0][0].measure.partition(":")[0]](facts)


@lru_cache(maxsize=16)
def _columns(plan: FeaturePlan) -> dict[str, tuple[int, ...]]:
    return plan.group_columns()


# --- sentences ----------------------------------------------------------------------------------------


def _value(facts: Facts, *measures: str) -> float:
    """Return the value of the first fact of one of these measures, NaN if there is none."""
    return next((value for feature, value in facts if feature.measure in measures), math.nan)


def _count(facts: Facts, measure: str) -> tuple[int, float | None]:
    """Return the count in the shortest window that has any, and that window; zero if none has."""
    counted = [(f.days, int(v)) for f, v in facts if f.measure == measure and v > 0]
    shortest = min(counted, key=lambda entry: math.inf if entry[0] is None else entry[0], default=None)
    return (0, None) if shortest is None else (shortest[1], shortest[0])


def _times(count: int) -> str:
    return _TIMES.get(count, f"{count} times")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")


def short(value: float) -> str:
    """Write a number in few digits: whole where it is, else four that count."""
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_INTEGERS else f"{value:.4g}"


def _days(value: float) -> str:
    whole = int(value)
    return "1 day" if whole == 1 else f"{whole} days"


def _ago(value: float) -> str:
    if math.isnan(value):
        return ""
    return "today" if 0 <= value < 1 else f"{_days(value)} ago" if value > 0 else f"in {_days(-value)}"


def _often(facts: Facts, family: str) -> str:
    """Say "twice in the last 14 days", or "twice, 120 days ago" if it is long past; empty if never."""
    count, window = _count(facts, f"{family}:count")
    if count == 0:
        return ""
    if window is not None:
        return f"{_times(count)} in the last {_days(window)}"
    since = _ago(_value(facts, f"{family}:since"))
    return f"{_times(count)}, most recently {since}" if since else _times(count)


def _activity(facts: Facts) -> str:
    feature, often = facts[0][0], _often(facts, "activity")
    since = _ago(_value(facts, "activity:since"))
    if not feature.of:
        who = _who(feature)
        return f"{who} acted {often or since}" if often or since else f"{who} did nothing yet"
    # Only what we did is told as such: all else is the lead's own doing.
    group = feature.group.removesuffix(" (inbound)").replace(" (outbound)", " by us")
    if not often:
        return f"{group}: {since}" if since else f"{group}: never yet"
    return f"{group}: {often}"


def _who(feature: Feature) -> str:
    return {"inbound": "The lead", "outbound": "We"}.get(feature.direction, "The lead or we")


def _reply(facts: Facts) -> str:
    often = _often(facts, "reply")
    return f"Replied {often}" if often else "No reply yet"


def _dialogue(facts: Facts) -> str:
    often = _often(facts, "dialogue")
    return f"The talk went back and forth {often}" if often else "No talk back and forth yet"


def _rhythm(facts: Facts) -> str:
    who = _who(facts[0][0])
    count, window = _count(facts, "rhythm:active_days")
    if count == 0:
        return f"{who} acted on no day yet"
    span = "in all" if window is None else f"in the last {_days(window)}"
    gap = _value(facts, "rhythm:gap_median", "rhythm:gap_mean")
    if math.isnan(gap):
        return f"{who} acted on {_days(count)} {span}"
    whole = sum(value for f, value in facts if f.measure == "rhythm:active_days" and f.days is None)
    # The time between acts is one over all time: beside a window that holds less it is told as such.
    over = "over all time, " if whole > count else ""
    return f"{who} acted on {_days(count)} {span}; {over}typically {_between(gap)} between two acts"


_ROUGH: Final = 10.0
"""From so many days on, tenths of a day are not told."""


def _between(gap: float) -> str:
    if gap < 1.0:
        return "less than a day passed"
    told = _number(round(gap, 0 if gap >= _ROUGH else 1))
    return f"{told} {'day' if told == '1' else 'days'} passed"


def _variety(facts: Facts) -> str:
    if not any(value for _, value in facts):
        return f"{facts[0][0].group}: none so far"
    # A longer window that holds no more than a shorter one says nothing new.
    shortest: dict[float, Feature] = {}
    for feature, value in sorted(facts, key=lambda fact: fact[0].days or math.inf):
        shortest.setdefault(value, feature)
    parts = [
        f"{_number(value) if value else 'none'} "
        f"{'in all' if feature.days is None else f'in the last {_days(feature.days)}'}"
        for value, feature in shortest.items()
    ]
    return f"{facts[0][0].group}: {', '.join(parts)}"


def _age(facts: Facts) -> str:
    value = facts[0][1]
    return "Age of the lead: not known" if math.isnan(value) else f"The lead is {_days(value)} old"


def _attribute(facts: Facts) -> str:
    answers = [fact for fact in facts if fact[0].measure.startswith("answer:")]
    # What the lead was told to be since counts, not what it was when it came.
    if not math.isnan(_value(answers, "answer:since")):
        return _answer(answers)
    feature, value = facts[0]
    name, unit = _in_unit(feature)
    stated = _stated(feature, value)
    if not unit or math.isnan(value):
        return f"{feature.group}: {stated}"
    return f"{name}: {stated} {unit.removesuffix('s') if stated == '1' else unit}"


def _in_unit(feature: Feature) -> tuple[str, str]:
    """Split "Company age (years)" into what is measured and its unit, empty where the name ends in none."""
    name, _, last = feature.group.rpartition(" ")
    unit = last.strip("()")
    return (name, unit) if name and unit in UNITS and feature.measure == "attribute:number" else ("", "")


def _stated(feature: Feature, value: float) -> str:
    if math.isnan(value) or (feature.kind == "category" and value == feature.missing):
        return "not known"
    if feature.kind == "category":
        return _words(feature.levels[int(value)]) if value < feature.unseen else "a value that is rare"
    return _ago(value) if feature.measure == "attribute:date" else _number(value)


def _words(level: str) -> str:
    return " ".join(level.replace("_", " ").split()) or level


def _completeness(facts: Facts) -> str:
    return f"{round(100 * facts[0][1])} % of the profile is known"


def _answer(facts: Facts) -> str:
    since, group = _value(facts, "answer:since"), facts[0][0].group.removesuffix(" (answer)")
    stated = [_stated(feature, value) for feature, value in facts if feature.measure in _ANSWERS]
    if not stated:
        return f"{group}: {'not given yet' if math.isnan(since) else f'given {_ago(since)}'}"
    if stated == ["not known"] and math.isnan(since):
        return f"{group}: not given yet"
    return f"{group}: {stated[0]}" + ("" if math.isnan(since) else f", given {_ago(since)}")


_ANSWERS: Final = ("answer:number", "answer:category")


def _answers(facts: Facts) -> str:
    count, window = _count(facts, "answers:count")
    if count == 0:
        return "No answers given yet"
    return f"Answers given: {count}{'' if window is None else f' in the last {_days(window)}'}"


def _points(facts: Facts) -> str:
    value = facts[0][1]
    if math.isnan(value):
        return "Points by the agreement: not known"
    points = int(round(value, 0))
    return f"The agreement's points card gives {points} {'point' if abs(points) == 1 else 'points'}"


_SENTENCES: Final[dict[str, Callable[[Facts], str]]] = {
    "activity": _activity,
    "reply": _reply,
    "dialogue": _dialogue,
    "rhythm": _rhythm,
    "channels": _variety,
    "types": _variety,
    "age": _age,
    "source": _attribute,
    "attribute": _attribute,
    "completeness": _completeness,
    "answer": _answer,
    "answers": _answers,
    "points": _points,
}
"""By the first part of a feature's measure: the group is one behaviour, so all its features share it."""
