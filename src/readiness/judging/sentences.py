"""What the figures say, in sentences computed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readiness.judging.bootstrap import Figure
from readiness.judging.calibration import Bin
from readiness.judging.gains import CryWolf, Gain
from readiness.judging.judgement import (
    BASE_RATE,
    MODEL,
    POINTS_CARD,
    SETS,
    CategoryOutcome,
    called,
)

FEWEST_TOLD = 30
"""Of fewer snapshots than this no share is put into a sentence: one lead more could turn it round."""


def percent(share: float) -> str:
    """Write a share as a percentage: one decimal below ten, none above.

    >>> percent(0.0812), percent(0.4149)
    ('8.1 %', '41 %')
    """
    shown = 100 * share
    return f"{shown:.1f} %" if abs(shown) < 9.95 else f"{shown:.0f} %"


def signed(share: float) -> str:
    """Write a share that may be negative as a percentage, with a proper minus.

    >>> signed(-0.0812), signed(0.0)
    ('−8.1 %', '0.0 %')
    """
    return percent(share).replace("-", "−")


def within(horizon_days: float | None) -> str:
    """Write the horizon for use in a sentence; nothing in undated data."""
    return "" if horizon_days is None else f" within {horizon_days:g} days"


def ranking(
    figures: Mapping[str, Mapping[str, Figure]],
    differences: Mapping[str, Mapping[str, Figure]],
    name: str,
    horizon_days: float | None,
) -> str:
    """Say how well the model ranks, and whether better than the points card and the base rate."""
    own = figures[MODEL]["won_auc"]
    if own.value is None:
        return f"Ranking could not be judged: no closed sale is known among the {SETS[name]}."
    parts = [
        f"Of two {SETS[name]}, one won{within(horizon_days)} and one not, the model scores the won one "
        f"higher {100 * own.value:.0f} times in 100{_interval(own, 100, '.0f')}"
    ]
    # Without ages the base rate is one number for all, and ranks nothing.
    for baseline in (POINTS_CARD, BASE_RATE) if horizon_days is not None else (POINTS_CARD,):
        rival = figures.get(baseline, {}).get("won_auc")
        if rival is None or rival.value is None:
            continue
        gap = differences[baseline]["won_auc"]
        sure = gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0)
        parts.append(
            f"{called(baseline, horizon_days)} {100 * rival.value:.0f} times"
            f"{'' if sure else ' (too close to tell them apart)'}"
        )
    return "; ".join(parts) + "."


def gaps(differences: Mapping[str, Mapping[str, Figure]], horizon_days: float | None) -> str:
    """Say by how much the model's log-loss is below that of each baseline."""
    told = []
    for name, figures in differences.items():
        gap = figures["won_log_loss"]
        if gap.value is None:
            continue
        interval = ""
        if gap.low is not None and gap.high is not None:
            interval = f" (95 % interval {0.0 - gap.high:+.4f} to {0.0 - gap.low:+.4f})"
        told.append(f"{0.0 - gap.value:+.4f} over {called(name, horizon_days)}{interval}")
    if not told:
        return "The model could not be compared with the baselines: no outcome is known."
    return f"Log-loss gained by the model, above 0 where it is better: {'; '.join(told)}."


def calibrated(bins: Sequence[Bin], bias: Figure, horizon_days: float | None) -> str:
    """Say whether scores mean what they say, on the whole and for the highest."""
    top = bins[-1] if bins else None
    if top is None or bias.value is None:
        return "Calibration could not be judged."
    if bias.low is not None and bias.high is not None and (bias.low > 0 or bias.high < 0):
        way = "high" if bias.value > 0 else "low"
        whole = f"On the whole scores are {100 * abs(bias.value):.1f} percentage points too {way}"
    else:
        whole = "On the whole scores are neither too high nor too low, as far as the data can tell"
    if top.observed.value is None:
        return f"{whole}."
    return (
        f"{whole}; where they averaged {percent(top.forecast)}, "
        f"{percent(top.observed.value)}{_interval(top.observed, 100, '.0f')} were won{within(horizon_days)}."
    )


def gained(curve: Sequence[Gain]) -> str:
    """Say how many of the sales the highest fifth of the scores holds."""
    fifth = min(curve, key=lambda gain: abs(gain.share - 0.2), default=None)
    if fifth is None or fifth.reached.value is None:
        return "Gains could not be judged: no closed sale is known."
    return (
        f"The {percent(fifth.share)} with the highest scores hold {percent(fifth.reached.value)}"
        f"{_interval(fifth.reached, 100, '.0f')} of the closed sales."
    )


def by_category(categories: Sequence[CategoryOutcome], horizon_days: float | None) -> str:
    """Say in which category sales were most and least frequent; of a handful of snapshots nothing is said."""
    rated = sorted(
        (
            (found.won.value, found)
            for found in categories
            if found.won.value is not None and found.n >= FEWEST_TOLD
        ),
        key=lambda pair: pair[0],
    )
    if len(rated) < 2:
        return f"Categories could not be compared: fewer than two hold {FEWEST_TOLD} snapshots or more."
    (least, low), (most, high) = rated[0], rated[-1]
    return (
        f"Of the category {_plain(high.name)}, {percent(most)} were won{within(horizon_days)} "
        f"(n = {high.n:,}); of {_plain(low.name)}, {percent(least)} (n = {low.n:,})."
    )


def wolf(found: CryWolf | None, horizon_days: float | None) -> str:
    """Say how often a hand-over cried wolf."""
    if found is None or found.rate.value is None:
        return "The cry-wolf rate could not be told: no hand-over has ended in a sale or a stop."
    weighted = ", each weighted by its recorded chance," if found.weighted else ""
    return (
        f"Of the leads handed over{weighted} that{within(horizon_days)} either bought or told us to stop, "
        f"{percent(found.rate.value)}{_interval(found.rate, 100, '.0f')} told us to stop."
    )


def _plain(category: str) -> str:
    return category.replace("_", " ")


def _interval(figure: Figure, factor: float, how: str) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" (95 % interval {factor * figure.low:{how}}–{factor * figure.high:{how}})"
