"""What a report says: every number and every sentence, ready to be shown or kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from readiness.artefact import Provenance
from readiness.history.outcomes import EVENTS, WON
from readiness.judging.importance import Importance
from readiness.judging.insight import Insight
from readiness.judging.judgement import MODEL, Judgement, SetJudgement
from readiness.reports import (
    insight_sections,
    insight_wording,
    judged_sections,
    judged_wording,
    notation,
    points,
    wording,
)
from readiness.reports.points import CalibrationPoint, CategoryPoint, GainsPoint, ImportancePoint
from readiness.reports.population import Population
from readiness.reports.printed import Fact, Section, Table

_CURVE, _STEP = 20, 2
"""Curves have twenty points; the table prints every second."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything in a report. ``warnings`` come first on the page."""

    title: str
    subtitle: str
    claimed: bool
    verdict: str
    warnings: tuple[str, ...]
    highlights: tuple[Fact, ...]
    importance: Section[ImportancePoint]
    calibration: Section[CalibrationPoint]
    gains: Section[GainsPoint]
    categories: Section[CategoryPoint]
    parts: Section[Any]
    insights: tuple[Section[Any], ...]
    comparisons: tuple[Section[Any], ...]
    figures: tuple[Section[Any], ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def summarise(
    judgement: Judgement,
    importance: Sequence[Importance],
    *,
    provenance: Provenance,
    population: Population | None = None,
    model: str | None = None,
    bundle: str | None = None,
) -> Summary:
    """Put together what a manager should know about a model.

    Parameters
    ----------
    judgement : Judgement
        The first of its sets is shown; the others stand in a table. Without sets the report says what
        is missing.
    importance : sequence of Importance
        Empty where it could not be judged.
    provenance : Provenance
        What the model was made of.
    population : Population, optional
        What is in the data.
    model, bundle : str, optional
        The model's version as people call it, and its bundle's name.
    """
    shown = judgement.sets[0] if judgement.sets else None
    horizon = judgement.horizon_days
    return Summary(
        title="Lead readiness",
        subtitle=wording.subtitle(model, horizon, provenance, population),
        claimed=judgement.skill.claimed,
        verdict=wording.verdict(judgement, shown),
        warnings=wording.warnings(judgement, shown),
        highlights=_highlights(shown, horizon),
        importance=_importance(importance, shown, judgement.insight),
        calibration=_calibration(shown, horizon),
        gains=_gains(shown, horizon),
        categories=_categories(shown, horizon),
        parts=judged_sections.parts(shown),
        insights=(
            insight_sections.shape(judgement.insight),
            insight_sections.more_leads(judgement.insight),
            insight_sections.selection(judgement.insight),
        ),
        comparisons=tuple(judged_sections.comparison(one, horizon) for one in judgement.sets),
        figures=tuple(judged_sections.all_figures(one, horizon) for one in judgement.sets),
        facts=_facts(provenance, population, model, bundle, horizon),
        notes=wording.notes(provenance),
    )


def _highlights(shown: SetJudgement | None, horizon: float | None) -> tuple[Fact, ...]:
    if shown is None:
        return ()
    figures = shown.figures[MODEL]
    within = "" if horizon is None else f" within {horizon:g} days"
    facts = [
        Fact("leads it was judged on", f"{shown.leads:,}"),
        Fact(
            f"of {shown.snapshots:,} looks at them (snapshots) led to a sale{within}",
            f"{shown.events.get(EVENTS[WON], 0):,}",
        ),
    ]
    reached, lift = figures["won_top_reached"].value, figures["won_top_lift"].value
    if reached is not None:
        facts.append(Fact("of the sales are among the 20 % highest scores", notation.share(reached)))
    if lift is not None:
        facts.append(Fact("as many sales as average among the 10 % highest scores", f"{lift:.1f} ×"))
    return tuple(facts)


def _importance(
    importance: Sequence[Importance], shown: SetJudgement | None, insight: Insight
) -> Section[ImportancePoint]:
    found = points.of_importance(importance)
    moved = {each.group: each.contribution for each in importance}
    steady = {each.group: notation.share(each.in_top) for each in insight.stability}
    also = insight_wording.together(insight.together) + insight_wording.steady(insight.stability)
    return Section(
        "importance",
        "What drives the score?",
        wording.drivers(importance) + also if shown is not None else wording.NOT_JUDGED,
        found,
        Table(
            (
                "Behaviour or attribute",
                "Forecast error without it",
                "95 % interval",
                "Moves a score by, of 100",
                *(["Among the ten, of resampled models"] if steady else []),
                "Direction",
            ),
            tuple(
                (
                    point.name,
                    notation.change(point.increase),
                    notation.changes(point.low, point.high),
                    notation.hundredths(moved.get(point.name)),
                    *([steady.get(point.name, "–")] if steady else []),
                    point.direction,
                )
                for point in found
            ),
            texts=(5 if steady else 4,),
        ),
    )


def _calibration(shown: SetJudgement | None, horizon: float | None) -> Section[CalibrationPoint]:
    found = points.of_calibration(shown)
    return Section(
        "calibration",
        "Does a score of 30 mean 30 in 100?",
        wording.calibrated(shown, horizon) + (judged_wording.finer(shown) if shown else ""),
        found,
        Table(
            ("Leads with scores near", "Snapshots", "Won, of 100", "95 % interval"),
            tuple(
                (
                    notation.hundredths(point.forecast),
                    f"{point.n:,}",
                    notation.hundredths(point.observed),
                    notation.between(point.low, point.high),
                )
                for point in found
            ),
        ),
    )


def _gains(shown: SetJudgement | None, horizon: float | None) -> Section[GainsPoint]:
    found = points.of_gains(shown, horizon)
    shares = sorted({point.share for point in found if round(point.share * _CURVE) % _STEP == 0})
    forecasts = list(dict.fromkeys(point.forecast for point in found))
    reached: Mapping[tuple[str, float], float | None] = {(p.forecast, p.share): p.reached for p in found}
    return Section(
        "gains",
        "How many of the sales do the first calls reach?",
        wording.gained(shown) + (judged_wording.week(shown) if shown else ""),
        found,
        Table(
            ("Called first", *forecasts),
            tuple(
                (notation.share(share), *(notation.share(reached.get((name, share))) for name in forecasts))
                for share in shares
            ),
        ),
    )


def _categories(shown: SetJudgement | None, horizon: float | None) -> Section[CategoryPoint]:
    found = points.of_categories(shown)
    return Section(
        "categories",
        "What became of each kind of lead?",
        wording.by_category(found, shown, horizon),
        found,
        Table(
            ("Category", "Snapshots", "Won", "Told us to stop", "Ended otherwise", "Still open"),
            tuple(
                (
                    point.name,
                    f"{point.n:,}",
                    *(
                        notation.share(part)
                        for part in (point.won, point.stop, point.otherwise, point.still_open)
                    ),
                )
                for point in found
            ),
        ),
    )


def _facts(
    provenance: Provenance,
    population: Population | None,
    model: str | None,
    bundle: str | None,
    horizon: float | None,
) -> tuple[Fact, ...]:
    agreement = provenance.agreement
    facts = [
        *([Fact("Model", model)] if model else []),
        *([Fact("Bundle", bundle)] if bundle else []),
        Fact("Horizon", f"{horizon:g} days" if horizon is not None else "none: the data has no dates"),
        Fact("Judged as of", notation.day(provenance.judged_at)),
        Fact("In use, it has learned from data until", notation.day(provenance.data_end)),
        Fact("Data fingerprint", provenance.data_fingerprint),
        Fact("Agreement", f"{agreement.name}, version {agreement.version} ({agreement.sha256[:12]}…)"),
        Fact("Seed", str(provenance.seed)),
        *_named(provenance, "exclude", "Left out"),
        *_named(provenance, "waive", "Kept although the leak audit blocks it"),
        *_tuning(provenance),
        Fact("readiness", provenance.code_version),
    ]
    return (*_counts(population), *facts)


def _named(provenance: Provenance, setting: str, label: str) -> tuple[Fact, ...]:
    names = provenance.settings.get(setting)
    return (Fact(label, ", ".join(map(str, names))),) if isinstance(names, list) and names else ()


def _tuning(provenance: Provenance) -> tuple[Fact, ...]:
    tuning = provenance.settings.get("tuning")
    return (Fact("Tuning", str(tuning["sentence"])),) if isinstance(tuning, dict) else ()


def _counts(population: Population | None) -> tuple[Fact, ...]:
    if population is None:
        return ()
    return (
        Fact("Leads in the data", f"{population.leads:,}"),
        Fact("Activities in the data", f"{population.activities:,}"),
        *(Fact(notation.OUTCOMES[name], f"{count:,}") for name, count in population.ended.items()),
        Fact("Still open", f"{population.still_open:,}"),
    )
