"""Snapshots + model + agreement → assessments."""

from readiness.scoring.assessment import AgreementReference, AnsweredBy, Assessment, CurvePoint, Reason
from readiness.scoring.briefing import Briefing, brief
from readiness.scoring.scored import Explain, Scored, score
from readiness.scoring.suppression import suppressed

__all__ = [
    "AgreementReference",
    "AnsweredBy",
    "Assessment",
    "Briefing",
    "CurvePoint",
    "Explain",
    "Reason",
    "Scored",
    "brief",
    "score",
    "suppressed",
]
