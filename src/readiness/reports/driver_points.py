"""What drives readiness, as raw values: what sentences, charts and CSV of that section rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from readiness.agreement.wording import capital, plain
from readiness.hindsight.significance import Effect
from readiness.hindsight.signifier_sentences import effect_told
from readiness.hindsight.signifiers import Signifier, Signifiers
from readiness.judging.insight import Insight
from readiness.judging.themes import ThemeImportance
from readiness.judging.together import Together
from readiness.reports.notation import direction

UNTOLD: Final = 100.0
"""Where the ends of an interval lie so far apart, its figures would only look like some."""


@dataclass(frozen=True, slots=True)
class ThemePoint:
    """How much worse the forecast (log-loss) gets without everything of one kind."""

    name: str
    increase: float
    low: float | None
    high: float | None
    holds: int
    """So many behaviours and attributes are of this kind."""


@dataclass(frozen=True, slots=True)
class DriverPoint:
    """How much worse the forecast (log-loss) gets without one behaviour or attribute, and what it does.

    ``step`` and ``times`` say how many times as high the mean score is with one step more of it;
    ``moves`` by how much the values move a score, 0 to 1, and ``in_top`` how often it was among the ten most
    important in models of resampled leads. None where it was not asked or cannot be told.
    """

    name: str
    theme: str
    increase: float
    low: float | None
    high: float | None
    direction: str
    step: str | None
    times: float | None
    moves: float | None
    in_top: float | None

    @property
    def sure(self) -> bool:
        """Whether it can be shown to matter at all."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True, slots=True)
class TogetherPoint:
    """Behaviours and attributes that tell of the same thing: how much worse the forecast gets without all."""

    names: str
    increase: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ActsPoint:
    """How many kinds of act were compared, among how many leads, and how many hardly any lead did."""

    kinds: int
    rarer: int
    leads: int


@dataclass(frozen=True, slots=True)
class SignifierPoint:
    """How many times as often leads are won, or tell us to stop, in the days after an act; 95 % intervals."""

    act: str
    leads: int
    won_times: float | None
    won_low: float | None
    won_high: float | None
    stop_times: float | None
    stop_low: float | None
    stop_high: float | None
    in_the_agreement: str
    points: float
    stage: str | None
    history_says: str
    agrees: str
    told_end: str | None = None
    told_times: float | None = None
    told_low: float | None = None
    told_high: float | None = None
    """The end that the sentence on this act tells of, and how many times as often it comes; None: of none."""
    at_the_end: float | None = None
    """Share of the sales after it that came within a day of it."""

    @property
    def told(self) -> bool:
        """Whether the interval of sales is narrow enough to say anything."""
        low, high = self.won_low, self.won_high
        return low is not None and high is not None and high <= UNTOLD * low


def of_themes(found: Sequence[ThemeImportance]) -> tuple[ThemePoint, ...]:
    """Return the kinds, those without a figure left out, in the order given."""
    return tuple(
        ThemePoint(
            capital(each.theme), each.increase.value, each.increase.low, each.increase.high, len(each.groups)
        )
        for each in found
        if each.increase.value is not None
    )


def of_drivers(insight: Insight) -> tuple[DriverPoint, ...]:
    """Return every behaviour and attribute with a figure, the most important first."""
    steps = {each.group: each for each in insight.steps}
    steady = {each.group: each.in_top for each in insight.stability}
    points = []
    for each in insight.importance:
        if each.increase.value is None:
            continue
        step = steps.get(each.group)
        points.append(
            DriverPoint(
                each.group,
                insight.theme_of.get(each.group, ""),
                each.increase.value,
                each.increase.low,
                each.increase.high,
                direction(each),
                step.said if step else None,
                step.ratio if step else None,
                each.contribution,
                steady.get(each.group),
            )
        )
    return tuple(points)


def of_together(found: Sequence[Together]) -> tuple[TogetherPoint, ...]:
    """Return the sets of those that tell of the same thing."""
    return tuple(
        TogetherPoint(" with ".join(each.groups), each.increase.value, each.increase.low, each.increase.high)
        for each in found
    )


def of_acts(found: Signifiers | None) -> tuple[ActsPoint, ...]:
    """Return what the figures of acts rest on; nothing where there is none."""
    if found is None or found.missing is not None:
        return ()
    return (ActsPoint(len(found.types), found.rare, found.leads),)


def of_signifiers(found: Signifiers | None) -> tuple[SignifierPoint, ...]:
    """Return what history says of each act, the surest first."""
    return tuple(_signifier(each) for each in (found.types if found else ()))


def _signifier(each: Signifier) -> SignifierPoint:
    told = effect_told(each)
    return SignifierPoint(
        plain(each.type),
        each.after.won.leads,
        *_spread(each.lately.won),
        *_spread(each.lately.stop),
        each.worth.text,
        each.worth.points,
        each.worth.stage,
        each.reading,
        each.agrees,
        None if told is None else told.end,
        *((None, None, None) if told is None else _spread(told.effect)),
        each.at_the_end,
    )


def _spread(found: Effect) -> tuple[float | None, float | None, float | None]:
    return found.ratio, found.low, found.high
