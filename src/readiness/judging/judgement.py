"""Every figure about a model, with its interval, beside the baselines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from readiness.crm.records import NO_INSTANT, Instant, iso
from readiness.judging.bootstrap import Figure
from readiness.judging.calibration import Bin
from readiness.judging.gains import CryWolf, Gain
from readiness.judging.insight import Insight
from readiness.judging.parts import PartJudgement
from readiness.judging.skill import Skill

MODEL: Final = "model"
BASE_RATE: Final = "base_rate"
POINTS_CARD: Final = "points_card"
LOGISTIC: Final = "logistic"
NAIVE_BAYES: Final = "naive_bayes"
FORECASTS: Final = {
    MODEL: "the model",
    BASE_RATE: "the base rate per age",
    POINTS_CARD: "the points card",
    LOGISTIC: "logistic regression",
    NAIVE_BAYES: "Odoo's naive Bayes",
}
"""Who forecasts, and how a sentence calls it where there are dates; see `called`."""

LATER_LEADS: Final = "later_leads"
OPEN_LEADS: Final = "open_leads"
HANDED_OVER: Final = "handed_over"
HELD_OUT_LEADS: Final = "held_out_leads"
SETS: Final = {
    LATER_LEADS: "leads created after the model's data end",
    OPEN_LEADS: "leads open at the model's data end",
    HANDED_OVER: "later leads at their hand-over to sales",
    HELD_OUT_LEADS: "leads the model had not seen",
}
"""What a model is judged on, and how a sentence calls it."""


def called(forecast: str, horizon_days: float | None) -> str:
    """Return how a sentence calls a forecast: without dates there are no ages.

    >>> called("base_rate", 90.0), called("base_rate", None)
    ('the base rate per age', 'the base rate')
    """
    return "the base rate" if forecast == BASE_RATE and horizon_days is None else FORECASTS[forecast]


@dataclass(frozen=True, slots=True)
class CategoryOutcome:
    """What became of the snapshots that the agreement put into one category."""

    name: str
    n: int
    leads: int
    won: Figure
    stop: Figure
    otherwise: Figure
    still_open: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "name": self.name,
            "n": self.n,
            "leads": self.leads,
            "won": self.won.to_dict(),
            "stop": self.stop.to_dict(),
            "otherwise": self.otherwise.to_dict(),
            "still_open": self.still_open,
        }


@dataclass(frozen=True, slots=True)
class SetJudgement:
    """The model and its baselines on one set of leads.

    ``figures`` has one entry a forecast, ``differences`` (model minus baseline, same resamples) one a
    baseline; both by the names in `figures.MEANINGS`. ``calibration`` is the model's, by ``won`` and
    ``stop``, and ``ece_if_perfect`` how large its expected calibration error would be by chance alone;
    ``gains`` has one curve a forecast. ``parts`` are the model's figures by category, age, source
    and segment. ``events`` counts snapshots by what is known of them at the horizon. ``cry_wolf`` is
    None where the set holds no hand-over.
    """

    name: str
    snapshots: int
    leads: int
    events: Mapping[str, int]
    figures: Mapping[str, Mapping[str, Figure]]
    differences: Mapping[str, Mapping[str, Figure]]
    calibration: Mapping[str, tuple[Bin, ...]]
    ece_if_perfect: Mapping[str, Figure]
    gains: Mapping[str, tuple[Gain, ...]]
    skill: Skill
    categories: tuple[CategoryOutcome, ...]
    parts: tuple[PartJudgement, ...]
    cry_wolf: CryWolf | None
    sentences: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "name": self.name,
            "snapshots": self.snapshots,
            "leads": self.leads,
            "events": dict(self.events),
            "figures": _figures(self.figures),
            "differences": _figures(self.differences),
            "calibration": {
                cause: [part.to_dict() for part in bins] for cause, bins in self.calibration.items()
            },
            "ece_if_perfect": {cause: figure.to_dict() for cause, figure in self.ece_if_perfect.items()},
            "gains": {name: [gain.to_dict() for gain in curve] for name, curve in self.gains.items()},
            "skill": self.skill.to_dict(),
            "categories": [category.to_dict() for category in self.categories],
            "parts": [part.to_dict() for part in self.parts],
            "cry_wolf": self.cry_wolf.to_dict() if self.cry_wolf else None,
            "sentences": dict(self.sentences),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found about a model.

    ``test_start`` is the instant T at which the judged model stood, ``data_end`` the one at which its
    recipe was refitted for use; NO_INSTANT in undated data. ``sets`` are never pooled. Where there
    was nothing to judge on, ``sets`` is empty and ``missing`` says what it takes. ``insight`` is what was
    found by looking into the model.
    """

    horizon_days: float | None
    test_start: Instant
    data_end: Instant
    sets: tuple[SetJudgement, ...]
    skill: Skill
    missing: str | None
    sentences: tuple[str, ...]
    insight: Insight = field(default_factory=Insight)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON; instants as ISO 8601, None where there is none."""
        return {
            "horizon_days": self.horizon_days,
            "test_start": iso(self.test_start) if self.test_start != NO_INSTANT else None,
            "data_end": iso(self.data_end) if self.data_end != NO_INSTANT else None,
            "sets": [one.to_dict() for one in self.sets],
            "skill": self.skill.to_dict(),
            "missing": self.missing,
            "sentences": list(self.sentences),
            "insight": self.insight.to_dict(),
        }


def _figures(by_name: Mapping[str, Mapping[str, Figure]]) -> dict[str, dict[str, Any]]:
    return {
        name: {figure: value.to_dict() for figure, value in figures.items()}
        for name, figures in by_name.items()
    }
