"""What the page of a backtest or of a comparison says: every sentence and figure, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from readiness.hindsight.backtest import Backtest
from readiness.hindsight.compare import Comparison
from readiness.hindsight.examples import Example
from readiness.hindsight.groups import Group
from readiness.hindsight.kept_back import KeptBack
from readiness.hindsight.rule_words import rule_said
from readiness.hindsight.sides import Side
from readiness.hindsight.standing import Standing
from readiness.hindsight.weeks import Weeks
from readiness.reports.backtest_notation import COLUMNS, called, cells
from readiness.reports.notation import day, share
from readiness.reports.printed import Fact, Table

_QUESTIONS: Final = {
    "source": "By source",
    "campaign": "By campaign",
    "category": "By kind of lead",
    "sales": "By what sales really did",
}
_COUNTED: Final = (
    "Counts are within the horizon after the hand-over; “too soon” cannot be followed that long yet. "
    "The cry-wolf rate weighs that in."
)
NOTES: Final = (
    "What followed is what followed in fact, whether or not sales called: shares hold under the calling "
    "practice of these data, they are not effects of a call.",
    "Cry-wolf rate: of the leads that bought or told us to stop within the horizon after the hand-over, the "
    "share that told us to stop; both from Aalen–Johansen cumulative incidences, so that a lead not followed "
    "for a whole horizon is not known yet, never a no.",
    "Intervals are of 95 %, by drawing whole leads again; where a share rests on fewer than five cases on "
    "one side, the exact binomial interval stands in.",
)


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """How many leads one agreement would have handed over in the week that begins on a day."""

    week: str
    handed_over: int
    of: str


@dataclass(frozen=True, slots=True)
class RatePoint:
    """A cry-wolf rate with its interval."""

    name: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Section:
    """One question, its answer in a sentence, and what is drawn and printed below."""

    name: str
    question: str
    sentence: str
    table: Table
    weeks: tuple[WeekPoint, ...] = ()
    capacity: tuple[int, ...] = ()
    rates: tuple[RatePoint, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class HindsightPage:
    """Everything on the page."""

    title: str
    subtitle: str
    verdict: str
    sentences: tuple[str, ...]
    highlights: tuple[Fact, ...]
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


def of_backtest(found: Backtest) -> HindsightPage:
    """Put together the page of a backtest."""
    said, total = found.sentences, found.total
    sections = []
    if found.weeks is not None:
        sections.append(_weeks({"": found.weeks}, said["handed_over"]))
    if found.trend is not None:
        sections.append(_rates("trend", f"By {found.trend.unit}", said["trend"], found.trend.periods))
    for name, groups in found.breakdowns.items():
        sentence = said.get("practice", _COUNTED) if name == "sales" else _COUNTED
        sections.append(_rates(name, _QUESTIONS[name], sentence, groups))
    sections += [_kept(each, said[f"kept_back_{each.among}"]) for each in found.kept_back]
    shown = ("fates", "declined", "kept_by", "kept_back", "left_out", "standing")
    return HindsightPage(
        title=f"{found.standing.agreement} {found.standing.version}, replayed",
        subtitle=said["looks"],
        verdict=said.get("cry_wolf", said["handed_over"]),
        sentences=tuple(said[name] for name in shown if name in said),
        highlights=(
            Fact("leads it would have handed over", f"{total.handed_over:,}"),
            Fact("of them won", f"{total.counts.won:,}"),
            Fact("told us to stop", f"{total.counts.stop:,}"),
            Fact("cry-wolf rate", share(total.cry_wolf.rate.value)),
        ),
        sections=tuple(sections),
        facts=_facts(found.standing, found.horizon_days),
        notes=NOTES,
    )


def of_comparison(found: Comparison) -> HindsightPage:
    """Put together the page of a comparison."""
    said, sides = found.sentences, {"A": found.a, "B": found.b}
    weekly = {which: side.weeks for which, side in sides.items() if side.weeks is not None}
    sections = []
    if weekly:
        sections.append(_weeks(weekly, said.get("hand_overs", said["leads"])))
    groups = [replace(side.total, name=which) for which, side in sides.items()]
    groups += [each for each in (found.only_a, found.only_b) if each.handed_over]
    sections.append(_rates("fates", "What became of the leads", said["cry_wolf"], groups))
    for which, shown in (("A", found.examples_a), ("B", found.examples_b)):
        if shown:
            sections.append(_examples(which, shown, said[f"only_{which.lower()}"]))
    told = ("sales", "kept_back", "horizon", "standing")
    return HindsightPage(
        title=" or ".join(f"{which}: {_called(side)}" for which, side in sides.items()),
        subtitle=said["looks"],
        verdict=said["leads"],
        sentences=tuple(said[name] for name in told if name in said),
        highlights=(
            Fact("leads that both hand over", f"{found.overlap.both:,}"),
            Fact("only A", f"{found.only_a.handed_over:,}"),
            Fact("only B", f"{found.only_b.handed_over:,}"),
        ),
        sections=tuple(sections),
        facts=(
            *(Fact(f"Agreement {which}", _called(side)) for which, side in sides.items()),
            *_facts(found.a.standing, found.horizon_days)[2:],
        ),
        notes=NOTES,
    )


def _called(side: Side) -> str:
    stands = side.standing
    return f"{stands.agreement} {stands.version} ({stands.fingerprint[:8]})"


def _weeks(weekly: Mapping[str, Weeks], sentence: str) -> Section:
    points = [
        WeekPoint(called(start), count, which)
        for which, weeks in weekly.items()
        for start, count in zip(weeks.start.tolist(), weeks.handed_over.tolist(), strict=True)
    ]
    counts = {(point.week, point.of): point.handed_over for point in points}
    rows = tuple(
        (week, *(str(counts[week, which]) for which in weekly))
        for week in dict.fromkeys(point.week for point in points)
    )
    columns = ("Week from", *(f"Handed over {which}".strip() for which in weekly))
    capacity = tuple(weeks.capacity for weeks in weekly.values())
    return Section(
        "weeks",
        "How many leads would have been handed over each week?",
        f"{sentence} The dashed line is what sales can take.",
        Table(columns, rows),
        tuple(points),
        capacity,
    )


def _rates(name: str, question: str, sentence: str, groups: Sequence[Group]) -> Section:
    points = [
        RatePoint(each.name.replace("_", " "), rate.value, rate.low, rate.high)
        for each in groups
        for rate in (each.cry_wolf.rate,)
        if rate.value is not None and rate.low is not None and rate.high is not None
    ]
    rows = tuple(cells(each) for each in groups)
    return Section(name, question, sentence, Table(COLUMNS, rows), rates=tuple(points))


def _kept(kept: KeptBack, sentence: str) -> Section:
    rows = tuple(
        (rule_said(each.rule), f"{each.hand_overs:,}", f"{each.won:,}", f"{each.stop:,}")
        for each in kept.by_rule
    )
    by_lot = kept.among == "random_slice"
    whom = "hand-overs left to chance" if by_lot else "leads handed over in fact"
    return Section(
        f"kept-{kept.among}",
        f"Which good leads would have been kept back, among {whom}?",
        sentence,
        Table(("Kept back, because", "Hand-overs", "Won", "Stop"), rows),
    )


def _examples(which: str, shown: tuple[Example, ...], sentence: str) -> Section:
    question = f"Leads that only {which} would have handed over"
    return Section(f"examples-{which}", question, sentence, Table((), ()), examples=shown)


def _facts(stands: Standing, horizon: float | None) -> tuple[Fact, ...]:
    return (
        Fact("Agreement", f"{stands.agreement} {stands.version}"),
        Fact("Fingerprint", stands.fingerprint),
        Fact("Leads looked at", f"{stands.leads:,}"),
        Fact("Looks", f"{stands.looks:,}"),
        Fact("From", day(stands.begins)),
        Fact("Through", day(stands.ends)),
        Fact("Horizon", "none: the data has no dates" if horizon is None else f"{horizon:g} days"),
        Fact("Asked", "rules and model" if stands.with_model else "the rules alone"),
        Fact("Left out, ended on an unknown day", f"{stands.undated_ends:,}"),
        Fact("Left out for other reasons", f"{stands.other_leads:,}"),
    )
