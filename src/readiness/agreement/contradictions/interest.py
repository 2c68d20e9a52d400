"""Lines of interest that no lead could reach, and activities that count against their own list."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from readiness.agreement.definitions import Interest
from readiness.agreement.document import Agreement
from readiness.yaml_document import Contradiction


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return what cannot be in the terms of interest."""
    terms = agreement.interest
    yield from _signs(terms)
    yield from _cooling(terms)
    if terms.any_from > terms.high_from:
        yield Contradiction(
            ("interest", "any_from"),
            f"{terms.any_from:g}",
            f"at most `high_from`, which is {terms.high_from:g}: else no interest could be little",
            "Lower it.",
        )
    if not terms.meaningful and not terms.shown_by:
        yield Contradiction(
            ("interest", "meaningful"),
            "nothing that shows interest",
            "at least one activity, or a fact under `shown_by`",
            "Add one.",
        )
        return
    most = most_points(terms)
    for key, line in (("any_from", terms.any_from), ("high_from", terms.high_from)):
        if line > most:
            yield Contradiction(
                ("interest", key),
                f"{line:g}",
                f"at most {math.floor(most * 10) / 10:g} points, all that a lead could collect by doing "
                "everything every day",
                "Lower it, or give activities more points, a longer half-life or a higher cap.",
            )


def most_points(terms: Interest) -> float:
    """Return the points that no lead can exceed: all activities every day, and all facts.

    An activity ages from the end of its day, so just after midnight today's and yesterday's are both
    fresh: points · cap · (1 + Σ 2^(−k/half-life)), over the k days that are not yet cold.
    """
    days = math.ceil(terms.cold_after_days)
    total = math.fsum(fact.points for fact in terms.shown_by)
    for worth in terms.meaningful.values():
        rate = math.log(2) / (worth.half_life_days or terms.half_life_days)
        kept = math.expm1(-days * rate) / math.expm1(-rate)
        total += worth.points * worth.cap_per_day * (1 + kept)
    return total


def _signs(terms: Interest) -> Iterator[Contradiction]:
    for kind, worth in terms.meaningful.items():
        if worth.points <= 0:
            yield Contradiction(
                ("interest", "meaningful", kind, "points"),
                f"{worth.points:g} for `{kind}`",
                "points above zero: a meaningful activity earns some",
                "Give it points, or list it under `noise` or `negative`.",
            )
    for kind, worth in terms.negative.items():
        if worth.points >= 0:
            yield Contradiction(
                ("interest", "negative", kind, "points"),
                f"{worth.points:g} for `{kind}`",
                "points below zero: a negative activity takes some away",
                "Put a minus before them, or list it under `meaningful` or `noise`.",
            )


def _cooling(terms: Interest) -> Iterator[Contradiction]:
    for at, (one, other) in enumerate(pairwise(terms.cools), start=1):
        if one.after_days >= other.after_days:
            yield Contradiction(
                ("interest", "cools", at, "after_days"),
                f"{other.after_days:g} after {one.after_days:g}",
                "more days from line to line",
                "Put the lines in the order of their days.",
            )
    for at, line in enumerate(terms.cools):
        if line.after_days >= terms.cold_after_days:
            yield Contradiction(
                ("interest", "cools", at, "after_days"),
                f"{line.after_days:g}",
                f"less than `cold_after_days`, which is {terms.cold_after_days:g}: first cool, then cold",
                "Lower it.",
            )
