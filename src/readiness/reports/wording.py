"""The sentences of a report, computed from its numbers, for a reader who sells and does not calculate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from readiness.agreement.wording import listed
from readiness.artefact import Provenance
from readiness.counting import counted
from readiness.history.outcomes import EVENTS, STOP, WON
from readiness.judging.bootstrap import Figure
from readiness.judging.gains import Gain
from readiness.judging.judgement import (
    BASE_RATE,
    FORECASTS,
    MODEL,
    OPEN_LEADS,
    POINTS_CARD,
    SETS,
    Judgement,
    SetJudgement,
)
from readiness.judging.sentences import FEWEST_TOLD, within
from readiness.judging.skill import Skill
from readiness.reports.judged_wording import far_off
from readiness.reports.notation import between, day, hundredths, last_day, share
from readiness.reports.points import CategoryPoint
from readiness.reports.population import Population

NOT_JUDGED: Final = "This could not be judged: there were no leads that the model had not seen."
_FEW_SALES: Final = 50
_FIFTH: Final = 0.2
_TO_COMPARE: Final = 2


def made_of(provenance: Provenance) -> str:
    """Say which agreement stands beside the model, and which of the two models was judged."""
    agreement = provenance.agreement
    says = f"Rules and categories are those of the agreement “{agreement.name}”, version {agreement.version}."
    if provenance.judged_at is None:
        return says
    return (
        f"{says} What is judged here is the model as it would have stood on {day(provenance.judged_at)}, on "
        f"what came after. The model in use was made by the same recipe from data until "
        f"{last_day(provenance.data_end)}."
    )


def subtitle(horizon: float | None, provenance: Provenance, population: Population | None) -> str:
    """Say what the report is about: horizon and period."""
    parts = [f"A sale within {horizon:g} days" if horizon is not None else "A sale, whenever it comes"]
    if population and population.first_created and provenance.data_end:
        parts.append(f"data from {day(population.first_created)} to {last_day(provenance.data_end)}")
    elif provenance.data_end:
        parts.append(f"data until {last_day(provenance.data_end)}")
    return " · ".join(parts)


def base(horizon: float | None) -> str:
    """Name what a model must beat to know anything: what is forecast without looking at the lead."""
    return "the average of all leads" if horizon is None else "the age of a lead alone"


def verdict(judgement: Judgement, shown: SetJudgement | None) -> str:
    """Say whether the model knows something."""
    if shown is None:
        return f"This model could not be judged yet. {judgement.missing or ''}".strip()
    on = f"{shown.leads:,} {SETS[shown.name]}"
    if judgement.skill.claimed:
        return (
            f"The model knows something: on {on} it forecast sales better than "
            f"{base(judgement.horizon_days)} does. Chance would look like that less than once in a "
            "thousand."
        )
    if judgement.skill.gain is None:
        return judgement.skill.sentence
    if _only_average_says_as_much(judgement.skill):
        than = "the average of all leads does, whatever their age"
    else:
        # Who knows nothing beyond the age knows nothing beyond age and month together.
        month = ", and so no more than its age and month of creation do" if judgement.horizon_days else ""
        than = f"{base(judgement.horizon_days)} does{month}"
    return (
        "No skill was found: the model found nothing that tells which leads will buy. On "
        f"{on}, its score said no more about a sale than {than}. Do not rank leads by it. Categories and "
        "advice come from the agreement and still hold."
    )


def _only_average_says_as_much(skill: Skill) -> bool:
    """Say whether base rates per age are beaten, but for being rougher than that of all ages together."""
    return not skill.claimed and skill.lower_999 is not None and skill.lower_999 > 0


def warnings(judgement: Judgement, shown: SetJudgement | None) -> tuple[str, ...]:
    """Say what a reader must know before believing a number, the gravest first."""
    found = []
    if judgement.missing and shown is not None:
        found.append(judgement.missing)
    if judgement.horizon_days is None:
        found.append(
            "The data has no dates. Whether anything in it was known only after the outcome could not be "
            "checked, and a score does not say how soon."
        )
    if shown is None:
        return tuple(found)
    sales = shown.events.get(EVENTS[WON], 0)
    if sales < _FEW_SALES:
        found.append(
            f"Only {sales:,} of the {shown.snapshots:,} snapshots it was judged on are known to have led "
            "to a sale: expect wide intervals."
        )
    if judgement.insight.lasting is not None and judgement.insight.lasting < 1.0:
        found.append(_lasting(judgement.insight.lasting))
    card = shown.differences.get(POINTS_CARD, {}).get("won_log_loss")
    if card is not None and not _below_zero(card):
        found.append(
            "These leads do not show that the model forecasts sales better than the points card does: the "
            "difference is within chance."
            if not _above_zero(card)
            else "The points card forecasts sales better than the model does."
        )
    bias = shown.figures[MODEL]["won_bias"]
    if bias.value is not None and (_below_zero(bias) or _above_zero(bias)):
        way = "high" if bias.value > 0 else "low"
        found.append(f"On the whole, scores are {hundredths(abs(bias.value))} in 100 too {way}.")
    if far := far_off(shown.parts):
        found.append(far)
    if shown.figures[MODEL]["stop_auc"].value is None:
        few = "too few leads" if shown.events.get(EVENTS[STOP], 0) else "none of these leads"
        found.append(f"The stop risk could not be judged: {few} told us to stop.")
    return tuple(found)


def _lasting(share: float) -> str:
    """Say how much of what was found counts.

    >>> _lasting(0.25)
    'Of what the model found, 25 in 100 counts: leads that came later bore out no more for certain.'
    """
    if share <= 0.0:
        return (
            "What the model found in earlier leads did not hold for those that came later. So its scores say "
            "no more than age and time do."
        )
    return (
        f"Of what the model found, {hundredths(share)} in 100 counts: leads that came later bore out no more "
        "for certain."
    )


def calibrated(shown: SetJudgement | None, horizon: float | None) -> str:
    """Say what became of the leads with the highest and with the lowest scores."""
    bins = (
        [each for each in shown.calibration.get("won", ()) if each.observed.value is not None]
        if shown
        else []
    )
    if not bins:
        return NOT_JUDGED if shown is None else "This could not be judged: too few outcomes are known."
    low, high = bins[0], bins[-1]
    says = (
        f"Of 100 leads scored near {hundredths(high.forecast)}, {hundredths(high.observed.value)} were won"
        f"{within(horizon)}{_interval(high.observed)}"
    )
    if low is not high:
        says += f"; of 100 scored near {hundredths(low.forecast)}, {hundredths(low.observed.value)}"
        says += _interval(low.observed)
    telling = [each for each in bins if _tells(each.observed)]
    fitting = [each for each in telling if _holds(each.observed, each.forecast)]
    if not telling:
        return f"{says}. No group of scores holds enough outcomes to tell more."
    return (
        f"{says}. Of {len(telling)} groups of scores with enough outcomes, score and outcome agree "
        f"within the interval in {len(fitting)}."
    )


def gained(shown: SetJudgement | None) -> str:
    """Say how many of the sales the highest fifth of the scores holds, beside the points card."""
    fifth = _fifth(shown.gains.get(MODEL, ())) if shown else None
    if shown is None or fifth is None:
        return NOT_JUDGED if shown is None else "This could not be judged: no closed sale is known."
    says = (
        f"Whoever calls the {share(fifth.share)} with the highest scores first reaches "
        f"{share(fifth.reached.value)} of the sales{_interval(fifth.reached)}; "
        f"calling at random would reach {share(fifth.share)}"
    )
    card = _fifth(shown.gains.get(POINTS_CARD, ()))
    return f"{says}." if card is None else f"{says}, the points card {share(card.reached.value)}."


def by_category(found: Sequence[CategoryPoint], shown: SetJudgement | None, horizon: float | None) -> str:
    """Say which category was won most and least, where we were told to stop, and the cry-wolf rate."""
    if shown is None:
        return NOT_JUDGED
    told = [each for each in found if each.n >= FEWEST_TOLD]
    if len(told) < _TO_COMPARE:
        return f"Categories could not be compared: fewer than two hold {FEWEST_TOLD} snapshots or more."
    most, least = max(told, key=lambda each: each.won), min(told, key=lambda each: each.won)
    stop = max(told, key=lambda each: each.stop)
    parts = [
        f"“{most.name}” leads were won most often, {hundredths(most.won)} of 100{within(horizon)}; "
        f"“{least.name}” leads least, {hundredths(least.won)} of 100."
    ]
    if stop.stop > 0:
        parts.append(
            f"Most often we were told to stop by “{stop.name}” leads, {hundredths(stop.stop)} of 100."
        )
    if shown.cry_wolf is not None and shown.cry_wolf.rate.value is not None:
        parts.append(shown.sentences["cry_wolf"])
    return " ".join(parts)


def set_title(one: SetJudgement) -> str:
    """Name a set of leads and its size."""
    size = counted(one.leads, "lead")
    if one.snapshots != one.leads:
        size += f", {counted(one.snapshots, 'snapshot')}"
    return f"{SETS[one.name].capitalize()}: {size}"


def compared(one: SetJudgement, horizon: float | None) -> str:
    """Say whether the model beats what it must beat, by the error of its forecasts."""
    better: list[str] = []
    worse: list[str] = []
    unclear: list[str] = []
    for name, differences in one.differences.items():
        gap = differences["won_log_loss"]
        kind = better if _below_zero(gap) else worse if _above_zero(gap) else unclear
        kind.append(base(horizon) if name == BASE_RATE else FORECASTS[name])
    parts = []
    if better:
        parts.append(f"the model forecasts sales{within(horizon)} better than {listed(better)}")
    if worse:
        parts.append(f"{'it' if parts else 'the model'} forecasts worse than {listed(worse)}")
    if unclear:
        parts.append(f"beside {listed(unclear)} the difference is within chance")
    says = "; ".join(parts) or "there is nothing to compare with"
    when = " (one snapshot each, as in daily use)" if one.name == OPEN_LEADS else ""
    return f"On these leads{when}, {says}.{_no_skill(one, horizon) if base(horizon) in better else ''}"


def _no_skill(one: SetJudgement, horizon: float | None) -> str:
    """Say why beating the base rate at 95 % is no skill yet; nothing where skill is claimed."""
    if one.skill.claimed:
        return ""
    if _only_average_says_as_much(one.skill):
        return " That is no skill: the average of all leads, whatever their age, forecasts as well."
    return f" That is no skill yet: it is not sure enough that {base(horizon)} does not say as much."


def _fifth(curve: Sequence[Gain]) -> Gain | None:
    known = [gain for gain in curve if gain.reached.value is not None]
    return min(known, key=lambda gain: abs(gain.share - _FIFTH), default=None)


def _interval(figure: Figure) -> str:
    return f" (95 % interval {between(figure.low, figure.high)})" if _tells(figure) else ""


def _tells(figure: Figure) -> bool:
    """Say whether an interval means something: resampling a group without any sale gives 0 to 0."""
    return figure.low is not None and figure.high is not None and figure.low < figure.high


def _holds(figure: Figure, value: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


def _below_zero(figure: Figure) -> bool:
    return figure.high is not None and figure.high < 0


def _above_zero(figure: Figure) -> bool:
    return figure.low is not None and figure.low > 0
