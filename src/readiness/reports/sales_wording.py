"""The sentences of the section "What does it do for sales?", computed from its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from readiness.counting import counted
from readiness.hindsight import referral_sentences
from readiness.hindsight.at_capacity import FEWEST_ENDS, FEWEST_OF_A_KIND, AtCapacity, Capacity
from readiness.hindsight.for_sales import ForSales
from readiness.hindsight.given_parts import HALF, GivenPart
from readiness.hindsight.referrals import Referrals
from readiness.hindsight.told import NO_STOPS, held_back
from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import within
from readiness.reports.notation import between, hundredths, share
from readiness.reports.sales_points import AMONG

UNDATED: Final = (
    "What the model would do for sales can't be known: these leads have no dates, so nobody can tell who was "
    "given to sales, and what came after."
)
NOT_ASKED: Final = "What the model would do for sales was not asked when it was judged."
NOBODY: Final = (
    "What the model would do for sales can't be known: no lead that it had not seen was handed over and "
    "could be followed for a whole horizon, neither given by marketing nor drawn by lot."
)
HOW: Final = (
    "All this is counted among leads that sales was really given and that the model had not seen: what a "
    "call would have brought of the others, nobody knows. Calls “as they came” meet sales and stops as often "
    "as all the calls that were made."
)
BY_LOT: Final = (
    "Leads drawn by lot stand for all that could have been drawn, each counted 1 ÷ its chance times: no "
    "choice of marketing's is in these figures."
)
_NAMED: Final = 2
_WHOLE: Final = 99.5
_ONE: Final = 0.995
_How: TypeAlias = Callable[[float | None], str]


def headline(found: ForSales) -> str:
    """Say in one sentence what half the calls would have found and met, or why that can't be known."""
    if not found.at_capacity:
        return NOBODY
    return _headline(found.at_capacity[0], found.horizon_days)


def _headline(one: AtCapacity, horizon: float | None) -> str:
    half = next(each for each in one.capacities if each.share == HALF and each.weekly is None)
    if not one.enough:
        return (
            f"What the model would do for sales can't be told yet: of "
            f"{counted(one.hand_overs, 'later lead')} that sales was given, "
            f"{counted(one.counts.won, 'sale')} and {counted(one.counts.stop, 'stop')}{within(horizon)} are "
            f"known; to tell anything takes {FEWEST_ENDS} together, {FEWEST_OF_A_KIND} of them sales."
        )
    drawn = f" (drawn at random from {one.of:,})" if one.of > one.hand_overs else ""
    found = (
        f"Had sales called only half of the {one.hand_overs:,} later leads{drawn} that it was given, those "
        f"with the highest scores, it would have found {share(half.sales.value)} of the sales"
        f"{_interval(half.sales)}, where half the calls as they came find {share(HALF)}"
    )
    if not one.enough_stops:
        return f"{found}; with {counted(one.counts.stop, 'stop')}, no cry-wolf rate can be told."
    return (
        f"{found}, at a cry-wolf rate of {share(half.rate.value)} instead of "
        f"{share(one.as_it_was.rate.value)}{_sure(half)}."
    )


def warnings(found: ForSales) -> tuple[str, ...]:
    """Say where the model's order is beyond chance worse than no order, among leads that sales was given."""
    told = []
    for one in found.at_capacity:
        half = next(each for each in one.capacities if each.share == HALF and each.weekly is None)
        among = AMONG[one.among]
        if one.enough and half.sales.high is not None and half.sales.high < HALF:
            told.append(
                f"Among {among}, half the calls in the model's order find fewer of the sales than half the "
                f"calls as they came: {share(half.sales.value)}{_interval(half.sales)}."
            )
        if one.enough_stops and half.gap.low is not None and half.gap.low > 0:
            told.append(
                f"Among {among}, the cry-wolf rate of half the calls in the model's order is higher than "
                f"that of all: {share(half.rate.value)} instead of {share(half.before.value)}."
            )
    return tuple(told)


def _sure(half: Capacity) -> str:
    """Say whether the change of the rate may be chance alone."""
    gap = half.gap
    if gap.low is None or gap.high is None:
        return ""
    points = f"{in_points(gap.value)} points, 95 % interval {in_points(gap.low)} to {in_points(gap.high)}"
    return f" ({points})" if gap.low > 0 or gap.high < 0 else f" ({points}: chance alone could bring that)"


def capacity(one: AtCapacity, horizon: float | None) -> str:
    """Say how many stops half the calls would have avoided, and what it rests on."""
    known = (
        f"Of {counted(one.hand_overs, _whom(one))}{within(horizon)} {one.counts.won:,} were won and "
        f"{one.counts.stop:,} told us to stop"
    )
    half = next((each for each in one.capacities if each.share == HALF and each.weekly is None), None)
    if half is None or not one.enough:
        return f"{known}: too few to tell."
    if not one.counts.stop:
        return f"{known}. {NO_STOPS}{_weekly(one)}"
    if not one.enough_stops:
        return (
            f"{known}. Cry-wolf rates at fewer calls, and stops avoided, are not told: that takes "
            f"{FEWEST_OF_A_KIND} stops.{_weekly(one)}"
        )
    if one.among == "random_slice":
        return (
            f"{known}. Half the calls in the model's order meet {share(half.stops.value)} of the stops"
            f"{_interval(half.stops)}, where half the calls as they came meet {share(HALF)}. {BY_LOT}"
        )
    avoided = half.stops_avoided
    between_them = ""
    if avoided.low is not None and avoided.high is not None:
        between_them = f" (95 % interval {number(avoided.low)} to {number(avoided.high)})"
    return (
        f"{known}. Of these stops, half the calls in the model's order would have avoided "
        f"{number(avoided.value)} more than half the calls as they came{between_them}.{_weekly(one)}"
    )


def _weekly(one: AtCapacity) -> str:
    """Say what choosing within each week would have done; nothing where weeks tell nothing."""
    if one.weekly_capacity is None:
        return ""
    found = next((each for each in one.capacities if each.weekly is not None), None)
    if found is None:
        return f" In no week was sales given more leads than the agreed {one.weekly_capacity}."
    return (
        f" At the agreed {counted(one.weekly_capacity, 'call')} a week, the {number(found.calls)} leads with "
        f"each week's highest scores hold {share(found.sales.value)} of the sales{_interval(found.sales)}; "
        f"as many as they came, {share(found.sales_before)}."
    )


def _whom(one: AtCapacity) -> str:
    # A lead may be drawn by lot more than once.
    return "hand-over" if one.among == "random_slice" else "lead"


def first_calls(one: AtCapacity) -> str:
    """Say how many of the sales a quarter of the calls find."""
    fewest = next((each for each in one.capacities if one.enough), None)
    if fewest is None:
        return ""
    calls = f"{number(fewest.calls)} calls in the model's order, {share(fewest.share)} of all,"
    if one.among == "random_slice":
        calls = f"{share(fewest.share)} of the calls in the model's order"
    text = f"The first {calls} find {share(fewest.sales.value)} of the sales{_interval(fewest.sales)}"
    if not one.enough_stops:
        return f"{text}."
    return f"{text} and meet {share(fewest.stops.value)} of the stops{_interval(fewest.stops)}."


def kept(found: ForSales) -> str:
    """Say which good leads agreement and model together would have kept back."""
    if not found.kept_back:
        return "Which good leads it would have kept back can't be known: no such lead was handed over."
    told = [held_back(each, found.horizon_days) for each in found.kept_back]
    return " ".join(("Asked are agreement and model together.", *told))


def examples(found: ForSales) -> str:
    """Say what the examples are."""
    if not found.lost:
        return ""
    return (
        f"{counted(len(found.lost), 'lead')} that sales was given and won, though agreement and model would "
        "have kept it back; in the order of time."
        if len(found.lost) == 1
        else f"{len(found.lost)} leads that sales was given and won, though agreement and model would have "
        "kept them back; picked evenly over time."
    )


def by_part(by: str, parts: tuple[GivenPart, ...]) -> str:
    """Say from where stops came most often, and from where least, if chance alone could not bring that."""
    rated = [
        (each.rate.value, each)
        for each in parts
        if each.rate.value is not None and each.counts.won + each.counts.stop >= FEWEST_OF_A_KIND
    ]
    if len(rated) < _NAMED:
        return f"Of fewer than two {by}s {FEWEST_OF_A_KIND} sales and stops are known: none is compared."
    rated.sort(key=lambda pair: pair[0])
    among = f"Among the {len(rated)} {by}s of which {FEWEST_OF_A_KIND} sales and stops or more are known"
    (low, best), (high, worst) = rated[0], rated[-1]
    if best.rate.high is None or worst.rate.low is None or worst.rate.low <= best.rate.high:
        spread = "all are" if low == high else f"they run from {share(low)} to"
        return (
            f"{among} none can be told to have a higher cry-wolf rate than another: {spread} {share(high)}, "
            "and their intervals overlap."
        )
    return (
        f"{among} the cry-wolf rate is highest for {_plain(worst.name)}, {share(high)}"
        f"{_interval(worst.rate)}, and lowest for {_plain(best.name)}, {share(low)}{_interval(best.rate)}."
    )


def referrals(found: Referrals) -> str:
    """Say what a referral is worth, raw and among leads like each other."""
    told = referral_sentences.referral_sentence(found)
    if found.missing is not None:
        return told
    return f"{told} That is of all leads, whether or not sales was given them."


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" (95 % interval {between(figure.low, figure.high)})"


def in_points(value: float | None) -> str:
    """Write a change of a share in percentage points.

    >>> in_points(-0.094), in_points(0.1), in_points(None)
    ('−9.4', '+10', '–')
    """
    if value is None:
        return "–"
    return ("−" if value < 0 else "+") + hundredths(abs(value))


def number(value: float | None) -> str:
    """Write a number of leads, perhaps a part of one.

    >>> number(12.0), number(-3.24), number(140.2), number(None)
    ('12', '−3.2', '140', '–')
    """
    if value is None:
        return "–"
    text = f"{abs(value):.1f}".removesuffix(".0") if abs(value) < _WHOLE else f"{abs(value):,.0f}"
    return f"−{text}" if value < 0 and text != "0" else text


def times(value: float | None) -> str:
    """Write a ratio.

    >>> times(2.04), times(None)
    ('2.0', '–')
    """
    return "–" if value is None else f"{value:.1f}" if value >= _ONE else f"{value:.2f}"


def span(value: float | None, low: float | None, high: float | None, how: _How) -> str:
    """Write a figure with its interval behind it.

    >>> span(2.04, 1.6, 2.5, times), span(2.04, None, None, times)
    ('2.0 (1.6 to 2.5)', '2.0')
    """
    text = how(value)
    return text if value is None or low is None or high is None else f"{text} ({how(low)} to {how(high)})"


def _plain(name: str) -> str:
    return f"“{name.replace('_', ' ')}”"
