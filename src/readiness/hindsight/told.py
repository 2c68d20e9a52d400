"""What a replay says, in sentences computed from its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from readiness.counting import counted
from readiness.hindsight.groups import Group, Handed
from readiness.hindsight.kept_back import KeptBack
from readiness.hindsight.notation import interval, number
from readiness.hindsight.rule_words import rule_said
from readiness.hindsight.standing import Standing
from readiness.hindsight.trend import FEWEST, Trend
from readiness.hindsight.weeks import Weeks
from readiness.judging.sentences import percent, within

_MOST_REASONS: Final = 3

_THOSE: Final = "the leads it would have handed over"
"""Said in full in each sentence: pages and screens choose which sentences follow each other."""

UNKNOWABLE: Final = (
    "Which good leads it would have kept back can't be known: no lead was handed over in these data, neither "
    "by marketing nor by lot."
)
NO_STOPS: Final = (
    "The cry-wolf rate can't be known: of nobody in these data is it noted that they told us to stop."
)
UNTIMED: Final = (
    "These leads have no dates: each was looked at once, as it stands, and what it did after its end could "
    "not be told from what it did before. There are no weeks, no trend and no hand-overs to compare with."
)


def sentences(
    stands: Standing,
    weekly: Weeks | None,
    total: Group,
    handed: Handed,
    moves: Trend | None,
    kept: Sequence[KeptBack],
    *,
    dated: bool,
) -> dict[str, str]:
    """Return the sentences by what they tell, in the order in which they are read."""
    horizon = handed.horizon_days
    found = {
        "looks": looks(stands) if dated else UNTIMED,
        "standing": advised_by(stands),
        "left_out": left_out(stands),
        "handed_over": handed_over(stands, weekly, total),
        "fates": fates(total, horizon),
        "cry_wolf": cry_wolf(total, horizon) if handed.stop_known else NO_STOPS,
        "declined": declined(handed, total, horizon),
        "practice": practice(handed),
        "kept_by": kept_by(stands),
        "trend": "" if moves is None else moved(moves),
    }
    if dated and not kept:
        found["kept_back"] = UNKNOWABLE
    for each in kept:
        found[f"kept_back_{each.among}"] = held_back(each, horizon)
    return {name: sentence for name, sentence in found.items() if sentence}


def looks(stands: Standing) -> str:
    """Say when leads were looked at."""
    if not stands.leads:
        return "There was no lead to look at."
    return (
        "Each lead was looked at an hour after its creation and every Monday at 00:00 UTC while it was open: "
        f"{stands.looks:,} looks at {counted(stands.leads, 'lead')}, "
        f"{_day(stands.begins)} to {_day(stands.ends)}."
    )


def advised_by(stands: Standing) -> str:
    """Say who advised: the rules alone, or with a model; and whether it was known who must not be called."""
    if stands.with_model:
        text = "A model scored the leads; only leads created after what it had learned from count."
    else:
        text = (
            "The rules alone advised: the limits on score and stop risk, and the score that fills sales' "
            "capacity, kept nobody back."
        )
    if stands.suppression_known:
        return text
    return f"{text} Whether a lead must never be called was not looked up."


def left_out(stands: Standing) -> str:
    """Say how many leads were left out, and why."""
    if not stands.undated_ends:
        return ""
    return (
        f"{counted(stands.undated_ends, 'lead')} that ended on an unknown day "
        f"{'was' if stands.undated_ends == 1 else 'were'} left out: when they were open is not known."
    )


def handed_over(stands: Standing, weekly: Weeks | None, total: Group) -> str:
    """Say how many leads would have been handed over, in all and each week, beside what sales can take."""
    if not total.handed_over:
        return f"The agreement would have handed over none of {counted(stands.leads, 'lead')}."
    text = f"The agreement would have handed over {total.handed_over:,} of {counted(stands.leads, 'lead')}"
    if weekly is None:
        return f"{text}."
    above = weekly.above_capacity
    more = "never more" if not above else f"more in {above} of {counted(len(weekly.start), 'week')}"
    return (
        f"{text}, {number(weekly.mean.value)} a week{interval(weekly.mean, number)}; sales can take "
        f"{weekly.capacity}, and there were {more}."
    )


def kept_by(stands: Standing) -> str:
    """Say for which reasons most of the others were kept back."""
    if not stands.kept_by:
        return ""
    ranked = list(stands.kept_by.items())
    reasons = [f"{rule_said(code)} {count:,}" for code, count in ranked[:_MOST_REASONS]]
    more = sum(count for _, count in ranked[_MOST_REASONS:])
    reasons += [f"other reasons {more:,}"] if more else []
    everyone = counted(sum(stands.kept_by.values()), "lead")
    return f"It would have kept back {everyone}; by their last look: {'; '.join(reasons)}."


def fates(total: Group, horizon: float | None) -> str:
    """Say how many had come to what."""
    if not total.handed_over:
        return ""
    counts = total.counts
    text = (
        f"Of {_THOSE}{within(horizon)} {counts.won:,} were won, {counts.stop:,} told us to stop, "
        f"{counts.otherwise:,} ended otherwise"
    )
    if horizon is None:
        return f"{text}; of {counts.too_soon:,} no end is known." if counts.too_soon else f"{text}."
    soon = f"; {counts.too_soon:,} cannot be followed that long yet" if counts.too_soon else ""
    return f"{text} and {counts.still_open:,} were still open{soon}."


def cry_wolf(total: Group, horizon: float | None) -> str:
    """Say how often a hand-over would have cried wolf."""
    rate = total.cry_wolf.rate
    if not total.handed_over:
        return ""
    if rate.value is None:
        return (
            f"The cry-wolf rate is not known: of none of {_THOSE} is a sale or a stop known for a whole "
            "horizon."
        )
    return (
        f"Cry-wolf rate: of those that{within(horizon)} either bought or told us to stop, "
        f"{percent(rate.value)}{interval(rate)} told us to stop."
    )


def declined(handed: Handed, total: Group, horizon: float | None) -> str:
    """Say how many of those really handed over sales declined."""
    asked = int(np.count_nonzero(handed.really.row >= 0))
    share = total.cry_wolf.declined
    if not asked or share is None:
        return ""
    return (
        f"{asked:,} of {_THOSE} {'was' if asked == 1 else 'were'} really handed over"
        f"{within(horizon)} after; sales declined {percent(share)} of them."
    )


def practice(handed: Handed) -> str:
    """Say how many of the leads were called in fact: of the others, the past cannot tell what a call does."""
    if not len(handed) or handed.horizon_days is None:
        return ""
    earlier = int(np.count_nonzero(handed.really.earlier))
    never = int(np.count_nonzero(~handed.really.earlier & (handed.really.row < 0)))
    return (
        f"{earlier:,} of {_THOSE} had been with sales before, so sales' own work may have led to that; "
        f"{never:,} were not handed over{within(handed.horizon_days)} after, and what a call would have "
        "brought is not known of them."
    )


def moved(moves: Trend) -> str:
    """Say whether the cry-wolf rate rises or falls, or that it cannot be told."""
    change = moves.change_a_year
    if change.value is None or change.low is None:
        return (
            "Whether the cry-wolf rate rises or falls cannot be told: that takes "
            f"{FEWEST} sales and {FEWEST} stops among hand-overs that can be followed to the horizon."
        )
    points = f"{100 * change.value:+.0f} percentage points a year{interval(change, _points)}"
    if moves.direction == "cannot be told":
        return f"Whether the cry-wolf rate rises or falls cannot be told: {points}."
    return f"The cry-wolf rate {moves.direction}: {points}."


def held_back(kept: KeptBack, horizon: float | None) -> str:
    """Say what would have been kept back of what was handed over in fact, and how far that holds."""
    if kept.among == "random_slice":
        whom = (
            f"the {counted(kept.hand_overs, 'hand-over')} left to chance, each counted 1 ÷ its chance times"
        )
        holds = "That holds for all leads that could be drawn"
    else:
        whom = f"the {counted(kept.hand_overs, 'lead')} that marketing handed over in fact"
        holds = "Of leads that nobody handed over it says nothing"
    text = f"Of {whom}, it would have kept back {percent(kept.share.value or 0.0)}"
    if kept.sales.value is None:
        return f"{text}; which sales among them is not known yet. {holds}."
    stops = ""
    if kept.stops.value is not None:
        stops = f" and {percent(kept.stops.value)}{interval(kept.stops)} of the stops"
    sales = f"{percent(kept.sales.value)}{interval(kept.sales)} of the sales{within(horizon)}"
    return f"{text}: {sales}{stops}. {holds}."


def _points(share: float) -> str:
    return f"{100 * share:+.0f}"


def _day(when: str | None) -> str:
    if when is None:
        return "an unknown day"
    day = dt.datetime.fromisoformat(when)
    return f"{day.day} {day:%B} {day.year}"
