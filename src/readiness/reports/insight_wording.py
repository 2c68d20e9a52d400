"""What looking into a model comes to, in sentences: what goes together, its shape, and on which leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from readiness.agreement.wording import listed
from readiness.counting import counted
from readiness.history.measured import in_unit
from readiness.judging.dependence import Dependence, Point
from readiness.judging.more_leads import MoreLeads
from readiness.judging.selection import Apart, Selection
from readiness.judging.stability import Stability
from readiness.judging.together import Together
from readiness.reports.notation import hundredths, share

NOT_ASKED: Final = (
    "This was not asked, for it takes about a dozen further fits: train with --thorough to have it answered."
)
_STEADY: Final = 0.8
_NAMED: Final = 3


def together(found: Sequence[Together]) -> str:
    """Say which behaviours and attributes tell of the same thing; nothing where none do."""
    sure = [each for each in found if each.increase.low is not None and each.increase.low > 0][:_NAMED]
    if not sure:
        return ""
    sets = "; ".join(" with ".join(each.groups) for each in sure)
    return f" Some tell of the same thing: each is hardly missed alone, but together they are: {sets}."


def steady(found: Sequence[Stability]) -> str:
    """Say how steady the order of importance is; nothing where it was not asked."""
    if not found:
        return ""
    held = [each for each in found if each.in_top >= _STEADY]
    return (
        f" Had other leads been learned from, {len(held)} of these {len(found)} would have been among the "
        f"ten most important at least {share(_STEADY)} of the time."
    )


def shaped(found: Sequence[Dependence]) -> str:
    """Say for the most important ones where the mean score is highest and where lowest."""
    parts = []
    for each in found[:_NAMED]:
        known = [point for point in each.points if point.score.value is not None]
        if len(known) < 2:
            continue
        low, high = (choose(known, key=lambda point: point.score.value or 0.0) for choose in (min, max))
        unit = each.measured.unit
        if hundredths(high.score.value) == hundredths(low.score.value):
            parts.append(f"{moved(each)}: {hundredths(high.score.value)} of 100, whatever it is")
            continue
        parts.append(
            f"{moved(each)}: {hundredths(high.score.value)} of 100 at {value(high, unit)}, "
            f"{hundredths(low.score.value)} at {value(low, unit)}"
        )
    if not parts:
        return "This could not be shown: there were no leads that the model had not seen."
    return f"The mean score, if every lead had the value and all else stayed: {'; '.join(parts)}."


def moved(found: Dependence) -> str:
    """Name the behaviour or attribute, and what of it is moved where the name does not say it.

    >>> from readiness.history.measured import Measured
    >>> moved(Dependence("Company size", "company_size", ()))
    'Company size'
    >>> moved(Dependence("Replies", "replies_7d", (), Measured("in the last 7 days", "time")))
    'Replies, in the last 7 days'
    """
    return ", ".join(part for part in (found.group, found.measured.what) if part)


def value(point: Point, unit: str = "") -> str:
    """Write the value of a point, a number with its unit.

    >>> from readiness.judging.bootstrap import Figure
    >>> nothing = Figure(None, None, None)
    >>> value(Point(None, nothing)), value(Point("trade_fair", nothing)), value(Point(12.5, nothing))
    ('not known', 'trade fair', '12.5')
    >>> value(Point(1 / 24, nothing), "day"), value(Point(90, nothing), "day")
    ('1 hour', '90 days')
    """
    if point.value is None:
        return "not known"
    return point.value.replace("_", " ") if isinstance(point.value, str) else in_unit(point.value, unit)


def more_leads(found: MoreLeads | None) -> str:
    """Say whether more leads would help, or that it was not asked."""
    return NOT_ASKED if found is None else found.sentence


def chosen(found: Selection | None) -> str:
    """Say how the leads learned from differ from those scored, and what nobody can know from them."""
    if found is None:
        return "This was not looked into."
    says = [_apart(found.scored, "at creation", "a lead that was learned from", "one to be scored")]
    if found.called is not None:
        says.append(_apart(found.called, "at first", "a lead that was never handed over", "one that was"))
    says.append(_unknown(found))
    return " ".join(says)


def _apart(found: Apart, when: str, one: str, other: str) -> str:
    if found.auc.value is None:
        return f"Whether {one} differs from {other} could not be told: there are too few of one kind."
    if found.auc.low is not None and found.auc.low <= 0.5:
        return f"By what was known of them {when}, {one} cannot be told from {other}."
    most = listed([each.group for each in found.by[:_NAMED]])
    return (
        f"By what was known of them {when}, {one} is told from {other} {hundredths(found.auc.value)} times "
        f"in 100 (50 is chance), most by {most}."
    )


def _unknown(found: Selection) -> str:
    if not found.handed_over:
        return "No hand-over is recorded: what a call changes cannot be learned from these leads."
    recorded_for = counted(found.with_propensity, "hand-over")
    recorded = (
        f"The chance with which a lead was chosen is recorded for {recorded_for}."
        if found.with_propensity
        else "With which chance a lead was chosen for a call is recorded nowhere."
    )
    return (
        f"{found.handed_over:,} of {counted(found.leads, 'lead')} were handed over, chosen by somebody. Only "
        "who is called can tell us to stop; how the others would have answered cannot be known from these "
        f"data, only from calling a random few. {recorded}"
    )
