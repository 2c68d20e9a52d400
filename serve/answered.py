"""An assessment as it leaves the service: with an id of its own, as the bytes that are sent and audited."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from readiness.scoring import Assessment

_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answered:
    """An assessment with its id; ``content`` is both as JSON."""

    assessment_id: str
    assessment: Assessment
    content: bytes = field(repr=False)


def answered(assessment: Assessment, assessment_id: str) -> Answered:
    """Write an assessment as it leaves; the same one gives the same bytes."""
    told = {"assessment_id": assessment_id, **assessment.to_dict()}
    # Python writes the shortest decimals that read back to the same bits: equality with a batch survives.
    return Answered(assessment_id, assessment, _JSON.encode(told).encode())
