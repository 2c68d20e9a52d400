"""What drives readiness, in sentences computed from the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from readiness.agreement.wording import capital, listed, plain, small
from readiness.counting import counted
from readiness.hindsight.signifier_sentences import disagreements, history_says, tally
from readiness.hindsight.signifiers import Signifiers
from readiness.reports.driver_points import UNTOLD, DriverPoint, ThemePoint

NOTHING_SURE: Final = "No single behaviour or attribute can be shown to matter to the score."
UNSKILLED: Final = (
    "No skill was found, so nothing here may be taken for what drives sales: it says what moves the score. "
)
NOT_ASKED: Final = "What acts of leads go before a sale was not looked into when this model was made."
_NAMED: Final = 3


def drivers(points: Sequence[DriverPoint], *, claimed: bool) -> str:
    """Say what the score rests on most, and how much one step more of it does."""
    sure = [each for each in points if each.sure][:_NAMED]
    caution = "" if claimed else UNSKILLED
    if not sure:
        return caution + NOTHING_SURE
    rests = (
        "The score rests" if sure == list(points[: len(sure)]) else "As far as can be shown, the score rests"
    )
    return f"{caution}{rests} most on {listed([_with_step(each) for each in sure])}."


def times(ratio: float | None) -> str:
    """Write how many times as likely.

    >>> times(1.84), times(0.652), times(None), times(12.3)
    ('1.8 ×', '0.65 ×', '–', '12 ×')
    """
    return "–" if ratio is None else f"{plain_times(ratio)} ×"


def plain_times(ratio: float) -> str:
    """Write a ratio; below 1 with a decimal more, so that a half and a third stay apart."""
    return f"{ratio:.2f}" if ratio < 0.995 else f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}"


def times_spread(ratio: float | None, low: float | None, high: float | None) -> str:
    """Write a ratio with its interval; a dash where the interval is so wide that it would only look like one.

    >>> times_spread(2.04, 1.61, 2.55), times_spread(0.03, 1e-6, 345.0), times_spread(None, None, None)
    ('2.0 (1.6–2.5)', '–', '–')
    """
    if ratio is None or low is None or high is None or high > UNTOLD * low:
        return "–"
    return f"{plain_times(ratio)} ({plain_times(low)}–{plain_times(high)})"


def _with_step(each: DriverPoint) -> str:
    if each.step is None or each.times is None:
        return f"{each.name} ({each.direction})"
    return f"{each.name} ({each.step}: {times(each.times)} as likely)"


def by_kind(points: Sequence[ThemePoint]) -> str:
    """Say which kind of thing matters most, and which cannot be shown to matter."""
    if not points:
        return "This was not asked when this model was made."
    sure = [each for each in points if each.low is not None and each.low > 0]
    if not sure:
        return "Of none of these kinds can it be shown that the score would be worse without it."
    says = f"The forecast would be worst without {small(sure[0].name)}"
    if len(sure) > 1:
        says += f", then without {listed([small(each.name) for each in sure[1:]])}"
    unsure = [small(each.name) for each in points if each not in sure]
    return f"{says}." + (f" Without {listed(unsure)} alone it is not shown to be worse." if unsure else "")


def shown_to_matter(points: Sequence[DriverPoint]) -> str:
    """Count the behaviours and attributes that can be shown to matter."""
    if not points:
        return ""
    sure = sum(each.sure for each in points) or "none"
    return (
        f"Of {counted(len(points), 'behaviour or attribute', 'behaviours and attributes')}, {sure} can be "
        "shown to matter on their own."
    )


def signified(found: Signifiers | None) -> str:
    """Say on how many acts history and agreement agree, and where history says something else."""
    if found is None:
        return NOT_ASKED
    if found.missing is not None:
        return found.missing
    return " ".join((tally(found), *(capital(each) for each in disagreements(in_words(found)))))


def in_words(found: Signifiers) -> Signifiers:
    """Return the same with acts called as people say them, not as the CRM writes them."""
    return replace(found, types=tuple(replace(each, type=plain(each.type)) for each in found.types))


def meaningless(found: Signifiers | None) -> str:
    """Name the acts that make no difference to sales, as far as this is known; nothing where not asked."""
    if found is None or found.missing is not None:
        return ""
    found = in_words(found)
    none = [each for each in found.types if each.reading == "meaningless"]
    if not none:
        kinds = f"None of these {len(found.types)} kinds of act is"
        if len(found.types) == 1:
            kinds = "The one kind of act is not"
        return f"{kinds} known to be meaningless: an effect worth naming cannot be ruled out yet."
    return " ".join(f"After {each.type}, {history_says(each)}." for each in none)
