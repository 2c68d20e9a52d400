"""A model as plain documents, and back: JSON and the trees' text; nothing that could run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

import lightgbm
import numpy as np

from readiness.errors import ArtefactError, ReadinessError
from readiness.history.feature_plan import FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel

FEATURES: Final = "features.json"
INCIDENCE: Final = "incidence.json"
SCALES: Final = "scales.json"
"""Horizon, percentile and capacity tables: what turns incidences into a score that can be read."""

_TEXT: Final = ".txt"
UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    ReadinessError,
    lightgbm.basic.LightGBMError,
)
"""What building a model from documents may raise where they are whole but not what we write."""


def of_model(model: ReadinessModel) -> dict[str, bytes]:
    """Return the model as files; the same model gives the same bytes."""
    parts, texts = model.incidence.to_parts()
    scales = {
        "horizon_days": model.horizon_days,
        "percentiles": [_plain(value) for value in model.percentiles],
        "capacity_score": model.capacity_score,
        "typical_logit": _plain(model.typical_logit),
    }
    documents = {
        FEATURES: model.plan.to_json().encode(),
        INCIDENCE: encode(parts),
        SCALES: encode(scales),
    }
    for name, text in texts.items():
        documents[f"{name.removesuffix(_TEXT)}{_TEXT}"] = text.encode()
    return documents


def to_model(documents: Mapping[str, bytes]) -> ReadinessModel:
    """Return the model that the files hold.

    Raises
    ------
    ArtefactError
        If they are not what ``of_model`` writes.
    """
    try:
        texts = {name: raw.decode() for name, raw in documents.items() if name.endswith(_TEXT)}
        scales = decode(documents[SCALES])
        return ReadinessModel(
            plan=FeaturePlan.from_json(documents[FEATURES].decode()),
            incidence=IncidenceModel.from_parts(decode(documents[INCIDENCE]), texts),
            horizon_days=scales["horizon_days"],
            percentiles=np.array([_number(value) for value in scales["percentiles"]], dtype=np.float64),
            capacity_score=scales["capacity_score"],
            typical_logit=_number(scales["typical_logit"]),
        )
    except UNREADABLE as error:
        raise ArtefactError(
            f"The bundle is whole, but its model cannot be built: {type(error).__name__}. "
            "It was written by a readiness that this one does not know; train again"
        ) from error


def encode(value: object) -> bytes:
    """Write JSON: keys sorted, floats in full, no NaN."""
    return (json.dumps(value, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def decode(raw: bytes) -> Any:  # noqa: ANN401 - what JSON holds
    """Read what ``encode`` wrote."""
    return json.loads(raw)


def _plain(value: float) -> float | None:
    """Return a float as JSON knows it: a horizon beyond the reach has no scores, so NaN is met here."""
    return None if math.isnan(value) else float(value)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
