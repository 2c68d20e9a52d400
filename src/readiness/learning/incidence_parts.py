"""The estimator as a JSON-able dict and named texts, and back, bit for bit; nothing is pickled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from readiness.learning.choices import Choices
from readiness.learning.curves import Ends
from readiness.learning.ensemble import Ensemble

if TYPE_CHECKING:
    from readiness.learning.incidence import IncidenceModel

_Model = TypeVar("_Model", bound="IncidenceModel")


def taken_apart(model: IncidenceModel) -> tuple[dict[str, Any], dict[str, str]]:
    """Take a fitted model apart.

    The number of threads is left out: it changes no bit of the model, so it may not change its name.
    """
    members, files = model.ensemble_.to_parts()
    parts = {
        "parameters": {
            key: _plain(value)
            for key, value in model.get_params(deep=False).items()
            if key not in {"num_threads", "chosen"}
        },
        "choices": model.choices_.to_json(),
        "features": model.n_features_in_,
        "edges": [None if math.isinf(edge) else float(edge) for edge in model.edges_],
        "reference": model.ends_.reference,
        "causes": list(model.ends_.causes),
        "stop_known": model.stop_known_,
        "members": members,
        "typical_log_hazards": model.typical_log_hazards_.tolist(),
        "typical_contributions": model.typical_contributions_.tolist(),
    }
    return parts, files


def put_together(kind: type[_Model], parts: Mapping[str, Any], files: Mapping[str, str]) -> _Model:
    """Put together what `taken_apart` took apart."""
    parameters = dict(parts["parameters"])
    for name in ("leaves", "penalties"):
        parameters[name] = None if parameters[name] is None else tuple(parameters[name])
    model = kind(**parameters)
    model.choices_ = Choices.from_json(parts["choices"])
    model.n_features_in_ = int(parts["features"])
    model.edges_ = np.array([math.inf if edge is None else edge for edge in parts["edges"]])
    model.reach_ = float(model.edges_[-1])
    model.ends_ = Ends(int(parts["reference"]), tuple(int(cause) for cause in parts["causes"]))
    model.stop_known_ = bool(parts["stop_known"])
    model.ensemble_ = Ensemble.from_parts(parts["members"], files, model.ends_)
    model.typical_log_hazards_ = np.array(parts["typical_log_hazards"], dtype=np.float64)
    model.typical_contributions_ = np.array(parts["typical_contributions"], dtype=np.float64)
    return model


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
