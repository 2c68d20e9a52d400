"""Snapshots + model + agreement → assessments."""

from readiness.scoring.assessment import AgreementReference, AnsweredBy, Assessment, CurvePoint, Reason
from readiness.scoring.scored import Explain, Scored, score
from readiness.scoring.suppression import suppressed

__all__ = [
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
