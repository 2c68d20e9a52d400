"""Snapshots + model + agreement → assessments."""

from readiness.scoring.assessment import AgreementReference, AnsweredBy, Assessment, CurvePoint, Reason
from readiness.scoring.scored import CURVE_DAYS, Explain, Scored, score
from readiness.scoring.suppression import suppressed

__all__ = [
    "CURVE_DAYS",
    "AgreementReference",
    "AnsweredBy",
    "Assessment",
    "CurvePoint",
    "Explain",
    "Reason",
    "Scored",
    "score",
    "suppressed",
]
