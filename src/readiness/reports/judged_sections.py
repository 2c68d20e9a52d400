"""The sections of a report that tell a judgement in full: every figure, and every part of the leads."""

from __future__ import annotations

from typing import Any

from readiness.judging.bootstrap import Figure
from readiness.judging.figures import MEANINGS
from readiness.judging.judgement import BASE_RATE, FORECASTS, MODEL, SetJudgement
from readiness.reports import judged_wording, notation, wording
from readiness.reports.printed import Section, Table

PARTS = "parts"


def comparison(one: SetJudgement, horizon: float | None) -> Section[Any]:
    """Put the forecasts beside each other, each with the gap to the model."""
    rows = tuple(
        (
            called(name, horizon),
            "–" if name == MODEL else _with_interval(judged_wording.gap(one, name), "+.4f"),
            notation.plain(figures["won_log_loss"].value, ".4f"),
            notation.plain(figures["won_brier"].value, ".4f"),
            notation.plain(figures["won_auc"].value, ".3f"),
            notation.plain(figures["stop_auc"].value, ".3f"),
            notation.share(figures["won_top_reached"].value),
        )
        for name, figures in one.figures.items()
    )
    columns = (
        "Forecast",
        "Log-loss above the model's, 95 % interval",
        "Log-loss",
        "Brier score",
        "AUC of sales",
        "AUC of stops",
        "Sales in the top 20 %",
    )
    return Section(one.name, wording.set_title(one), wording.compared(one, horizon), (), Table(columns, rows))


def all_figures(one: SetJudgement, horizon: float | None) -> Section[Any]:
    """List every figure of every forecast, the model's with its interval."""
    others = [name for name in one.figures if name != MODEL]
    rows = tuple(
        (
            judged_wording.meaning(figure),
            _with_interval(one.figures[MODEL][figure], ".4f"),
            *(notation.plain(one.figures[name][figure].value, ".4f") for name in others),
        )
        for figure in MEANINGS
    )
    columns = ("Figure", "Model, 95 % interval", *(called(name, horizon) for name in others))
    return Section(one.name, "All figures", "", (), Table(columns, rows))


def parts(one: SetJudgement | None) -> Section[Any]:
    """Tell where scores hold: by category, age, source and segment."""
    rows = tuple(
        (
            judged_wording.part_named(part),
            f"{part.n:,}",
            notation.hundredths(part.forecast),
            notation.hundredths(part.won.value),
            notation.between(part.won.low, part.won.high),
            notation.plain(part.auc.value, ".2f"),
            _with_interval(part.gain, "+.3f"),
        )
        for part in (one.parts if one else ())
    )
    columns = ("Part", "Snapshots", "Mean score", "Won, of 100", "95 % interval", "Ranking (AUC)",
               "Log-loss gained over age alone")  # fmt: skip
    sentence = wording.NOT_JUDGED if one is None else judged_wording.by_part(one.parts)
    return Section(PARTS, "Where do the scores hold, and where not?", sentence, (), Table(columns, rows))


def called(forecast: str, horizon: float | None) -> str:
    """Name a forecast at the beginning of a row."""
    name = wording.base(horizon) if forecast == BASE_RATE else FORECASTS[forecast]
    name = name.removeprefix("the ")
    return name[0].upper() + name[1:]


def _with_interval(figure: Figure, how: str) -> str:
    text = notation.plain(figure.value, how)
    if figure.low is None or figure.high is None:
        return text
    return f"{text} ({figure.low:{how}} to {figure.high:{how}})"
