"""Whether two conditions can hold for one value; what is not certain is left open."""

from __future__ import annotations

import math

from readiness.agreement.conditions import MET, Condition, Evidence


def never_both(one: Condition, other: Condition) -> bool:
    """Say whether certainly no value meets both conditions.

    Words and ranges decide it. A text may contain two patterns, and a number may be written so that it
    contains one: then nothing is certain.
    """
    if _ranges_meet(one, other) or _shared_word(one, other) is not None:
        return False
    texts_may_meet = one.pattern is not None and (other.pattern is not None or other.ranged)
    numbers_may_meet = other.pattern is not None and one.ranged
    return not (texts_may_meet or numbers_may_meet)


def value_of_both(one: Condition, other: Condition) -> str | None:
    """Return a value that certainly meets both conditions, as people write it; None where none is certain."""
    shared = _shared_word(one, other)
    if shared is not None:
        return f"“{shared}”"
    if _ranges_meet(one, other):
        low, high = _common_range(one, other)
        return _range_in_words(low, high)
    if one.pattern is not None and one.pattern == other.pattern:
        return f"whatever contains “{one.pattern}”"
    return None


def evidence_of_both(one: Evidence, other: Evidence) -> str | None:
    """Return what certainly is evidence of both kinds at once; None where nothing certainly is."""
    for name, folded in zip(one.activities, one.folded_activities, strict=True):
        if folded in other.folded_activities:
            return f"the activity `{name}`"
    for name, folded in zip(one.reads, one.folded_reads, strict=True):
        if folded in other.folded_reads:
            value = value_of_both(one, other)
            return None if value is None else f"{value} as `{name}`"
    return None


def takes_all_of(forbidding: Condition, wanted: Condition) -> bool:
    """Say whether one condition certainly holds for every value that meets another.

    Patterns among what is wanted leave it open, unless the other has the very same one.
    """
    if wanted.pattern is not None and wanted.pattern != forbidding.pattern:
        return False
    if wanted.ranged:
        low, high = _bounds(wanted)
        least, most = _bounds(forbidding)
        if not (forbidding.ranged and least <= low and high <= most):
            return False
    return all(forbidding.judge(word) == MET for word in wanted.any_of)


def _shared_word(one: Condition, other: Condition) -> str | None:
    words = (*one.any_of, *other.any_of)
    return next((word for word in words if one.judge(word) == MET and other.judge(word) == MET), None)


def _bounds(condition: Condition) -> tuple[float, float]:
    low, high = condition.at_least, condition.at_most
    return -math.inf if low is None else low, math.inf if high is None else high


def _ranges_meet(one: Condition, other: Condition) -> bool:
    low, high = _common_range(one, other)
    return one.ranged and other.ranged and low <= high


def _common_range(one: Condition, other: Condition) -> tuple[float, float]:
    (low, high), (least, most) = _bounds(one), _bounds(other)
    return max(low, least), min(high, most)


def _range_in_words(low: float, high: float) -> str:
    if low == -math.inf:
        return f"{high:g} or less"
    if high == math.inf:
        return f"{low:g} or more"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
