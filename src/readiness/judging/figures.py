"""The figures by which one forecast is judged, each with its replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.outcomes import STOP, WON
from readiness.judging import calibration, gains, metrics, ranking
from readiness.judging.bootstrap import Estimate, Resamples
from readiness.judging.calibration import Bin
from readiness.judging.cohort import Cohort, Known
from readiness.judging.gains import Weekly

TOP_SHARE: Final = 0.1
REACHED_SHARE: Final = 0.2
CAUSES: Final[Mapping[str, int]] = {"won": WON, "stop": STOP}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure says, and which way is better."""

    text: str
    better: Literal["higher", "lower", "nearer 0", "nearer 1"]


_OF_CAUSE: Final[Mapping[str, Meaning]] = {
    "auc": Meaning("how often the one with this end had the higher forecast", "higher"),
    "concordance": Meaning("how often the one that came to this end first had the higher forecast", "higher"),
    "average_precision": Meaning(
        "share with this end among the highest forecasts, over all depths", "higher"
    ),
    "brier": Meaning("mean squared error of the forecast at the horizon", "lower"),
    "log_loss": Meaning("logarithmic loss of the forecast at the horizon", "lower"),
    "integrated_brier": Meaning("mean squared error of the curve, averaged up to the horizon", "lower"),
    "bias": Meaning("mean forecast minus what was observed", "nearer 0"),
    "slope": Meaning("calibration slope; below 1 the forecasts are too bold", "nearer 1"),
    "ece": Meaning("mean distance between forecast and observed over ten bins", "lower"),
    "top_precision": Meaning("share with this end among the 10 % highest forecasts", "higher"),
    "top_lift": Meaning("how many times more often among the 10 % highest than among all", "higher"),
    "top_reached": Meaning("share of all such ends among the 20 % highest forecasts", "higher"),
}
MEANINGS: Final[Mapping[str, Meaning]] = {
    **{f"{cause}_{name}": meaning for cause in CAUSES for name, meaning in _OF_CAUSE.items()},
    "won_weekly_precision": Meaning(
        "share won among the highest scores, as many as sales takes a week", "higher"
    ),
    "stop_weekly_share": Meaning("share that told us to stop among the same leads", "lower"),
    "curve_loss": Meaning("logarithmic loss of the whole curves, using all that is known", "lower"),
}
"""Every figure of a forecast by its name."""


def estimates(
    cohort: Cohort,
    known: Known,
    incidence: Floats,
    days: Sequence[float],
    horizon_days: float | None,
    resamples: Resamples,
    weekly: Weekly | None = None,
    known_by_day: Sequence[Known] | None = None,
) -> tuple[dict[str, Estimate], dict[str, tuple[Bin, ...]]]:
    """Judge one forecast.

    Parameters
    ----------
    cohort, known : n snapshots, and what is known of them at the horizon
    incidence : Floats, n × m × 3
        The forecast curves at ``days``; last axis won, stop, otherwise ended. NaN: not forecast.
    days : m ascending numbers, the last one the horizon; ``(inf,)`` for undated cohorts
    weekly : Weekly, optional
        In which week each snapshot stands; None where there are no weeks.
    known_by_day : m of Known, optional
        What is known on each of the days, found once for several forecasts.

    Returns
    -------
    estimates : by the names of MEANINGS
        A figure whose forecast is missing is NaN throughout.
    bins : by ``won`` and ``stop``
        Calibration, from the lowest forecast to the highest; none where the forecast is missing.
    """
    found: dict[str, Estimate] = {}
    bins: dict[str, tuple[Bin, ...]] = {}
    missing = Estimate(float("nan"), np.full(len(resamples.counts), np.nan))
    for name, cause in CAUSES.items():
        curve = np.ascontiguousarray(incidence[:, :, cause - 1])
        if not len(cohort) or not np.isfinite(curve).all():
            found |= {f"{name}_{figure}": missing for figure in _OF_CAUSE}
            bins[name] = ()
            continue
        forecast = np.ascontiguousarray(curve[:, -1])
        bins[name], ece = calibration.calibration_bins(
            cohort, forecast, cause, horizon_days=horizon_days, resamples=resamples
        )
        figures = _at_horizon(known, forecast, cause, resamples) | {"ece": ece}
        figures |= {"integrated_brier": missing, "concordance": missing}
        if horizon_days is not None:
            score = metrics.integrated_brier(cohort, curve, days, cause, known_by_day)
            figures["integrated_brier"] = resamples.ratio(score)
            figures["concordance"] = ranking.concordance(cohort, forecast, cause, horizon_days, resamples)
        found |= {f"{name}_{figure}": figures[figure] for figure in _OF_CAUSE}
    found |= _weekly(cohort, known, np.ascontiguousarray(incidence[:, -1, WON - 1]), resamples, weekly)
    found["curve_loss"] = resamples.ratio(metrics.curve_loss(cohort, incidence, days))
    return found, bins


def _at_horizon(known: Known, forecast: Floats, cause: int, resamples: Resamples) -> dict[str, Estimate]:
    n = len(forecast)
    return {
        "auc": Estimate(
            float(metrics.auc(known, forecast, cause)[0]),
            resamples.of(lambda weights: metrics.auc(known, forecast, cause, weights)),
        ),
        "average_precision": Estimate(
            float(ranking.average_precision(known, forecast, cause)[0]),
            resamples.of(lambda weights: ranking.average_precision(known, forecast, cause, weights)),
        ),
        "brier": resamples.ratio(metrics.brier(known, forecast, cause)),
        "log_loss": resamples.ratio(metrics.log_loss(known, forecast, cause)),
        "bias": resamples.ratio(calibration.in_the_large(known, forecast, cause)),
        "slope": calibration.slope(known, forecast, cause, resamples),
        "top_precision": resamples.ratio(gains.precision_at(known, forecast, cause, TOP_SHARE * n)),
        "top_lift": gains.lift_at(known, forecast, cause, TOP_SHARE * n, resamples),
        "top_reached": resamples.ratio(gains.reached_at(known, forecast, cause, REACHED_SHARE * n)),
    }


def _weekly(
    cohort: Cohort, known: Known, score: Floats, resamples: Resamples, weekly: Weekly | None
) -> dict[str, Estimate]:
    if weekly is None or not np.isfinite(score).all():
        missing = Estimate(float("nan"), np.full(len(resamples.counts), np.nan))
        return {"won_weekly_precision": missing, "stop_weekly_share": missing}
    won, stop = (gains.precision_weekly(known, score, cause, cohort.lead, weekly) for cause in (WON, STOP))
    return {"won_weekly_precision": resamples.ratio(won), "stop_weekly_share": resamples.ratio(stop)}
