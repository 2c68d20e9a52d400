"""The whole answer for one snapshot, as the API, the batch file and the pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AgreementReference:
    """Which agreement answered."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """Who answered: model and bundle (None: the rules alone), and the agreement."""

    model: str | None
    bundle: str | None
    agreement: AgreementReference


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Won and stop incidence by so many days after the cutoff; None beyond the reach of the data."""

    days: float
    won: float | None
    stop: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact of the lead's own and how far it moves the logit of the score from the typical lead's."""

    text: str
    effect: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the product says of one lead at one instant.

    ``score`` and ``stop_risk`` are probabilities within ``horizon_days``, under the calling practice
    of the training data. They are None for a lead that had ended, and where no model answered.
    ``curve`` is None in undated data; a point beyond the model's reach has None for its values.
    """

    lead_id: str
    cutoff: str | None
    horizon_days: float | None
    score: float | None
    stop_risk: float | None
    percentile: int | None
    curve: tuple[CurvePoint, ...] | None
    category: Json
    bant: Json
    stage: Json
    advice: Json
    reasons: tuple[Reason, ...]
    would_change: tuple[Json, ...]
    warnings: tuple[str, ...]
    answered_by: AnsweredBy

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as plain dicts and lists, ready for JSON, keys in their stated order."""
        answered_by, agreement = self.answered_by, self.answered_by.agreement
        curve = self.curve
        return {
            "lead_id": self.lead_id,
            "cutoff": self.cutoff,
            "horizon_days": self.horizon_days,
            "score": self.score,
            "stop_risk": self.stop_risk,
            "percentile": self.percentile,
            "curve": None
            if curve is None
            else [{"days": point.days, "won": point.won, "stop": point.stop} for point in curve],
            "category": dict(self.category),
            "bant": {name: dict(point) for name, point in self.bant.items()},
            "stage": dict(self.stage),
            "advice": dict(self.advice),
            "reasons": [{"text": reason.text, "effect": reason.effect} for reason in self.reasons],
            "would_change": [dict(change) for change in self.would_change],
            "warnings": list(self.warnings),
            "answered_by": {
                "model": answered_by.model,
                "bundle": answered_by.bundle,
                "agreement": {
                    "name": agreement.name,
                    "version": agreement.version,
                    "sha256": agreement.sha256,
                },
            },
        }
