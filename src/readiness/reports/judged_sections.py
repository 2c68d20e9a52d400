"""What tells a judgement in full: the forecasts side by side, and every figure of each."""

from __future__ import annotations

from readiness.judging.bootstrap import Figure
from readiness.judging.figures import MEANINGS
from readiness.judging.judgement import BASE_RATE, FORECASTS, MODEL, SetJudgement
from readiness.reports import judged_points, judged_wording, notation, wording
from readiness.reports.judged_points import FigurePoint, SkillPoint
from readiness.reports.printed import Section, Table


def comparison(one: SetJudgement, horizon: float | None) -> Section[SkillPoint]:
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
    return Section(
        one.name,
        wording.set_title(one),
        wording.compared(one, horizon),
        judged_points.skill(one, horizon),
        Table(columns, rows),
    )


def all_figures(one: SetJudgement, horizon: float | None) -> Section[FigurePoint]:
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
    return Section(one.name, "All figures", "", judged_points.figures(one, horizon), Table(columns, rows))


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
