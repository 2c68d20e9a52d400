"""Snapshots + model + agreement → assessments."""

from readiness.scoring.assessment import AgreementReference, AnsweredBy, Assessment, CurvePoint, Reason
from readiness.scoring.briefing import Briefing, brief
from readiness.scoring.scored import Explain, Scored, advice_if_listed, score
from readiness.scoring.suppression import Suppressions, looked_up, not_looked_up, suppressed
from readiness.scoring.suppression_keys import (
    KINDS,
    Hashing,
    Kind,
    LeadKeys,
    SuppressionKey,
    lead_keys,
    matching_keys,
    suppression_keys,
)

__all__ = [
    "KINDS",
    "AgreementReference",
    "AnsweredBy",
    "Assessment",
    "Briefing",
    "CurvePoint",
    "Explain",
    "Hashing",
    "Kind",
    "LeadKeys",
    "Reason",
    "Scored",
    "SuppressionKey",
    "Suppressions",
    "advice_if_listed",
    "brief",
    "lead_keys",
    "looked_up",
    "matching_keys",
    "not_looked_up",
    "score",
    "suppressed",
    "suppression_keys",
]
