"""What a judgement's finer figures say: where scores hold, and whether they mean what they say."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.counting import counted
from readiness.history.outcomes import EVENTS, STOP
from readiness.judging.bootstrap import Figure
from readiness.judging.figures import MEANINGS
from readiness.judging.judgement import BASE_RATE, MODEL, SetJudgement
from readiness.judging.parts import PartJudgement
from readiness.reports.notation import category, hundredths, plain

_NAMED = 4
_FAR = 0.1
"""So far off a part's mean score is told before anything is relied on."""


def finer(shown: SetJudgement) -> str:
    """Say whether scores are as far from what happens as chance alone would make them."""
    found, chance = shown.figures[MODEL]["won_ece"], shown.ece_if_perfect["won"]
    if found.value is None or chance.value is None or chance.high is None:
        return ""
    told = "it is not only chance" if found.value > chance.high else "no fault can be seen"
    says = (
        f" On average a group of scores is {hundredths(found.value)} in 100 from what happened; of a "
        f"perfectly calibrated model chance alone would make {hundredths(chance.value)}, and hardly ever "
        f"more than {hundredths(chance.high)}: so {told}."
    )
    slope = shown.figures[MODEL]["won_slope"]
    if slope.low is not None and slope.high is not None and not slope.low <= 1 <= slope.high:
        says += f" {_slanted(slope)} (calibration slope {plain(slope.value, '.2f').replace('-', '−')})."
    return says


def _slanted(slope: Figure) -> str:
    """Say what a slope that is surely not 1 means; below 0, high scores do not even come before low ones."""
    if slope.value is not None and slope.value <= 0:
        return "Leads with high scores were won no more often than leads with low ones"
    if slope.high is not None and slope.high < 1:
        return "Scores are too bold: high ones too high, low ones too low"
    return "Scores are too timid: high ones too low, low ones too high"


def meaning(figure: str) -> str:
    """Name a figure as a table does: what it says, of which end, and which way is better."""
    told = MEANINGS[figure]
    end = {"won": "Sales", "stop": "Stops"}.get(figure.split("_", maxsplit=1)[0], "All ends")
    return f"{end}: {told.text} ({told.better} is better)"


def part_named(part: PartJudgement) -> str:
    """Name a part with its kind.

    >>> from readiness.judging.bootstrap import Figure
    >>> nothing = [Figure(None, None, None)] * 5
    >>> part_named(PartJudgement("source", "trade_fair", 40, 40, None, *nothing))
    'source: trade fair'
    """
    name = category(part.name) if part.by == "category" else part.name.replace("_", " ")
    return f"{part.by.replace('_', ' ')}: {name}"


def by_part(parts: Sequence[PartJudgement], beyond: str) -> str:
    """Say in which segments scores are off, and in which they tell no more than the base rate does.

    Parameters
    ----------
    parts : sequence of PartJudgement
    beyond : str
        What the model must beat, as a sentence calls it; empty where it has no skill to speak of.
    """
    told = [part for part in parts if part.auc.low is not None and part.bias.low is not None]
    if not told:
        return "This could not be judged: no segment holds enough known outcomes."
    off = [part for part in told if _sure(part.bias)]
    blind = [part for part in told if part.gain.low is None or part.gain.low <= 0]
    segments = counted(len(told), "segment")
    if off:
        says = [f"Scores are off in {len(off)} of {segments}: {_listed_off(off)}."]
    else:
        says = [f"Scores are off in none of {segments}."]
    if beyond and blind:
        listed = "; ".join(part_named(part) for part in sorted(blind, key=lambda part: -part.n)[:_NAMED])
        more = f" and {len(blind) - _NAMED} more" if len(blind) > _NAMED else ""
        says.append(f"That they tell more than {beyond} does cannot be shown for {listed}{more}.")
    return " ".join(says)


def far_off(parts: Sequence[PartJudgement]) -> str:
    """Name the parts whose scores are beyond chance by a tenth or more wrong, worst first; or nothing."""
    far = [part for part in parts if _sure(part.bias) and abs(part.bias.value or 0.0) >= _FAR]
    if not far:
        return ""
    return f"Scores are far off for some leads: {_listed_off(far)}."


def _listed_off(off: Sequence[PartJudgement]) -> str:
    listed = "; ".join(
        f"{part_named(part)} ({hundredths(abs(part.bias.value or 0.0))} in 100 too "
        f"{'high' if (part.bias.value or 0.0) > 0 else 'low'})"
        for part in sorted(off, key=lambda part: -abs(part.bias.value or 0.0))[:_NAMED]
    )
    return listed + (f" and {len(off) - _NAMED} more" if len(off) > _NAMED else "")


def gap(shown: SetJudgement, forecast: str) -> Figure:
    """Return how much lower the model's log-loss is than this forecast's; above 0 the model is better."""
    found = shown.differences[forecast]["won_log_loss"]
    return Figure(*(None if each is None else 0.0 - each for each in (found.value, found.high, found.low)))


def week(shown: SetJudgement) -> str:
    """Say what the leads that sales would take each week came to; nothing where there are no weeks."""
    own, base = (shown.figures[name]["won_weekly_precision"].value for name in (MODEL, BASE_RATE))
    stops = shown.figures[MODEL]["stop_weekly_share"].value
    if own is None or base is None or stops is None:
        return ""
    # Where nobody is known to have told us to stop, "0 in 100" would say more than anybody knows.
    stopped = f" and {hundredths(stops)} in 100 told us to stop" if shown.events.get(EVENTS[STOP], 0) else ""
    return (
        f" Of as many leads as sales can take in a week, those with the highest scores, {hundredths(own)} "
        f"in 100 were won{stopped}; chosen by age alone, {hundredths(base)} in 100 were won."
    )


def _sure(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)
