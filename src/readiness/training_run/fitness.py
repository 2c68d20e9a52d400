"""What is asked of a challenger without looking at a lead's fate: leaks, the age of its data, its size."""

from __future__ import annotations

from typing import Final

from readiness.counting import counted, figure
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.tables import Tables
from readiness.judging.gates import Gate, not_asked
from readiness.learning import leakage
from readiness.learning.size import leaves_of
from readiness.progress import Progress
from readiness.training_run.contender import Contender

MOST_LEAVES: Final = 24_000
"""So many leaves the recommended recipe can grow at most: 1,000 rounds of 8 leaves for each of three ends."""
TIMES_CHAMPION: Final = 2.0
"""A larger one is allowed where the champion is already so large that this is no more than twice it."""


def fit_for_use(
    tables: Tables, challenger: Contender, champion: Contender | None, progress: Progress
) -> tuple[Gate, ...]:
    """Ask whether a column knows the future, whether its data are as new, and whether it is small enough."""
    return (
        _leaks(tables, challenger, progress),
        _newer(challenger, champion),
        within_budget(leaves_of(challenger.model), None if champion is None else leaves_of(champion.model)),
    )


def _leaks(tables: Tables, challenger: Contender, progress: Progress) -> Gate:
    """Audit the columns that the challenger reads; what somebody waived by name was known when leads came."""
    settings = challenger.settings
    found = leakage.audit(
        tables, event_of_outcome=challenger.agreement.labels.event_of_outcome, progress=progress
    )
    read = {feature.of for feature in challenger.plan.features}
    refused = [
        each
        for each in leakage.blocking(found, exclude=settings.exclude, waive=settings.waive)
        if each.column in read
    ]
    if not refused:
        waived = f" {', '.join(settings.waive)} waived by name." if settings.waive else ""
        told = f"No column that it reads knows the future, as far as the tables show.{waived}"
        return Gate("leak_audit", "passed", told, 0.0, 0.0)
    named = "; ".join(f"{each.column} ({each.code}): {each.meaning}" for each in refused)
    return Gate(
        "leak_audit",
        "refused",
        f"It reads {counted(len(refused), 'column')} that knows the future: {named}"
        if len(refused) == 1
        else f"It reads {counted(len(refused), 'column')} that know the future: {named}",
        float(len(refused)),
        0.0,
    )


def _newer(challenger: Contender, champion: Contender | None) -> Gate:
    """Refuse a challenger whose data are older; that the champion's are older opens no gate by itself."""
    if champion is None:
        return not_asked("newer_data", "There is no champion to compare with: this is the first model.")
    if NO_INSTANT in (challenger.data_end, champion.data_end):
        return not_asked("newer_data", "Without dates nobody can say whose data are newer.")
    newer = (challenger.data_end - champion.data_end) / MICROSECONDS_PER_DAY
    if newer < 0:
        told = f"It is stale: its data end {counted(round(-newer, 1), 'day')} before the champion's."
        return Gate("newer_data", "refused", told, newer, 0.0, "days", at_least=True)
    told = (
        f"Its data end {counted(round(newer, 1), 'day')} after the champion's."
        if newer
        else "Its data end when the champion's do."
    )
    return Gate("newer_data", "passed", told, newer, 0.0, "days", at_least=True)


def within_budget(own: int, theirs: int | None) -> Gate:
    """Ask for few enough leaves of trees; ``theirs`` are the champion's, None where there is none.

    Counted instead of timed: a clock would not give the same verdict twice.
    """
    most = max(MOST_LEAVES, TIMES_CHAMPION * (theirs or 0))
    beside = "" if theirs is None else f", the champion's {figure(theirs)}"
    told = f"Its trees have {figure(own)} leaves{beside}; at most {figure(most)} are allowed."
    return Gate("latency", "passed" if own <= most else "refused", told, float(own), most)
