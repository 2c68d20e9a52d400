"""What history says of acts, in sentences computed from the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from readiness.counting import counted
from readiness.hindsight.exposures import LATELY_DAYS, MOST_LEADS
from readiness.hindsight.significance import WORTH_NAMING, Effect
from readiness.hindsight.signifiers import End, Finding, Signifier, Signifiers
from readiness.hindsight.worths import Reading
from readiness.judging.sentences import percent

_HAPPENS: Final[dict[End, str]] = {
    "won": "leads are won",
    "stop": "leads tell us to stop",
    "next_stage": "leads move to the next stage",
}
_ENDS_OF: Final[dict[Reading, End]] = {
    "marks a sale": "won",
    "speaks against a sale": "won",
    "warns of a stop": "stop",
    "fewer stops": "stop",
}
CAUTION: Final = (
    "All this says what goes before a sale among leads that are otherwise alike, not what would happen if a "
    "lead were brought to do it."
)


def times(effect: Effect) -> str:
    """Write a ratio with its interval.

    >>> times(Effect(2.04, 1.61, 2.55, 0.01, 50, 20, "more"))
    '2.0 (1.6–2.5)'
    """
    if effect.ratio is None or effect.low is None or effect.high is None:
        return "–"
    if effect.high / effect.low > _UNTOLD:
        return "–"
    return f"{_short(effect.ratio)} ({_short(effect.low)}–{_short(effect.high)})"


_UNTOLD: Final = 100.0
"""Where the ends of an interval lie so far apart, its figures would only look like some."""


def _short(ratio: float) -> str:
    # Below 1 a decimal more, so that a half and a third stay apart.
    return f"{ratio:.1f}" if ratio >= 0.995 else f"{ratio:.2f}"


_MOSTLY: Final = 0.5


def headline(found: Signifiers) -> str:
    """Say what was looked at."""
    part = f" of {found.of:,}, drawn by lot" if found.of > MOST_LEADS else ""
    seen = f"{found.leads:,} leads{part}, watched for {found.days / 365.25:,.0f} years in all"
    ends = f"{found.events['won']:,} sales, {found.events['stop']:,} told us to stop"
    return f"{seen}: {ends}, {found.events['next_stage']:,} moves to the next stage."


@dataclass(frozen=True, slots=True)
class EffectTold:
    """Which effect the sentence on a type tells: of which end, and whether of the days just after it."""

    end: End
    fresh: bool
    effect: Effect


def effect_told(each: Signifier) -> EffectTold | None:
    """Return the effect that `history_says` tells of a type; None where nothing can be told yet."""
    if each.reading == "not known yet":
        return None
    if each.reading == "meaningless":
        return EffectTold("won", True, each.lately.won)
    end = _ENDS_OF[each.reading]
    lately: Effect = getattr(each.lately, end)
    fresh = lately.verdict in ("more", "less")
    return EffectTold(end, fresh, lately if fresh else getattr(each.after, end))


def history_says(each: Signifier) -> str:
    """Say in one clause what history says of a type."""
    told = effect_told(each)
    if told is None:
        return "there are too few sales and stops after it to tell"
    ratio = times(told.effect)
    if each.reading == "meaningless":
        return f"it makes no difference to sales that would be worth naming: {ratio} times as often"
    when = f"in the {LATELY_DAYS:g} days after it" if told.fresh else "after it"
    only = "only " if told.effect.verdict == "less" else ""
    return f"{when} {_HAPPENS[told.end]} {only}{ratio} times as often as leads like them"


def disagreements(found: Signifiers) -> tuple[str, ...]:
    """Say where history says something else than the agreement, the surest first."""
    return tuple(
        f"{each.type} {_agreed(each)}, but {history_says(each)}."
        for each in found.types
        if each.agrees == "no"
    )


def _agreed(each: Signifier) -> str:
    points = abs(each.worth.points)
    written = counted(points, "point") if points else "no points"
    said = {
        "meaningful": f"earns {written}",
        "negative": f"costs {written}",
        "noise": "counts as noise",
        "not named": "is not named in the agreement",
    }[each.worth.listing]
    return f"{said} and moves to {each.worth.stage}" if each.worth.stage else said


def tally(found: Signifiers) -> str:
    """Count the types on which history and agreement agree."""
    of = {
        answer: sum(each.agrees == answer for each in found.types)
        for answer in ("yes", "no", "not known yet")
    }
    if of["not known yet"] == len(found.types):
        return "Of no type of activity can history tell yet whether the agreement is right."
    yes, no, unknown = (of[answer] or "none" for answer in ("yes", "no", "not known yet"))
    return (
        f"History agrees with the agreement on {yes} of {len(found.types)} types of activity, says "
        f"something else on {no}, and cannot tell yet on {unknown}."
    )


def beyond_once(found: Signifiers) -> tuple[str, ...]:
    """Say which repeats and which sequences of two change something beside the acts that they are made of."""
    repeats = [(each.again, f"{each.type} a second time") for each in found.types]
    orders = [(each, f"{each.act.follows}, then {each.act.type}") for each in found.in_order]
    told = []
    for finding, name in (*repeats, *orders):
        for end, happens in _HAPPENS.items():
            effect: Effect = getattr(finding, end)
            if effect.verdict in ("more", "less"):
                told.append(
                    f"After {name}, {happens} {times(effect)} times as often as that alone would make it."
                )
    compared = f"{len(found.types)} repeats and {len(found.in_order)} sequences of two"
    none = f"Of {compared}, none is known to change more than its parts do."
    return tuple(told) or (none,)


def part_of_the_end(found: Signifiers) -> tuple[str, ...]:
    """Name the types that stand so near to the sale that they may be a part of it."""
    return tuple(
        f"{percent(each.at_the_end)} of the sales after {each.type} came within a day of it: it may be part "
        "of the sale, or written down with it, rather than a sign that one is near."
        for each in found.types
        if each.at_the_end is not None and each.at_the_end >= _MOSTLY
    )


def moves(found: Signifiers) -> tuple[str, ...]:
    """Say after which types leads move to the next stage oftener, or more seldom."""
    said = []
    for each in found.types:
        fresh = each.lately.next_stage.verdict in ("more", "less")
        finding: Finding = each.lately if fresh else each.after
        if finding.next_stage.verdict in ("more", "less"):
            when = f"in the {LATELY_DAYS:g} days after it" if fresh else "after it"
            said.append(f"{each.type}: {times(finding.next_stage)} times as often {when}")
    return tuple(said)


def footnote(found: Signifiers) -> str:
    """Say how to read the figures."""
    low, high = f"{1 / WORTH_NAMING:.1f}", f"{WORTH_NAMING:.2f}"
    left_out = f" {found.rare} rarer types are left out." if found.rare else ""
    return (
        f"× says how many times as often it happens in the {LATELY_DAYS:g} days after the newest time as to "
        "leads of the same age who never did it, with 95 % interval; attributes, source, answers, all that "
        "they and we did before, and whether sales had the lead are held alike. Below "
        f"{high} and above {low} a difference is not worth naming. In each list the chance that even one is "
        f"named wrongly is below 5 %.{left_out}"
    )
