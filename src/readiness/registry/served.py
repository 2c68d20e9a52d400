"""A bundle as MLflow serves it: a table of features in, a table of probabilities out; nothing unpickled.

``mlflow models serve`` and ``mlflow.pyfunc.load_model`` import this module by name. It needs no MLflow.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from readiness.artefact import Bundle, open_bundle
from readiness.errors import FeatureError

OUTPUTS = ("score", "stop_risk")


class ServedModel:
    """Answers with ``score`` and ``stop_risk`` for rows of the model's features."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """Return the probabilities, one row each, order kept.

        Parameters
        ----------
        model_input : DataFrame, n rows
            One column a feature of the plan, found by name; numbers, codes for categories, NaN for missing.

        Raises
        ------
        FeatureError
            If a feature is missing or unknown; the message is a diff.
        """
        names = list(self.bundle.model.plan.names)
        seen = [str(name) for name in model_input.columns]
        if sorted(seen) != sorted(names):
            raise FeatureError(names, seen)
        matrix = np.ascontiguousarray(model_input[names].to_numpy(dtype=np.float64))
        prediction = self.bundle.model.predict(matrix)
        figures = {"score": prediction.score, "stop_risk": prediction.stop_risk}
        return pd.DataFrame(figures, index=model_input.index)


def _load_pyfunc(data_path: str) -> ServedModel:
    """Open the bundle that MLflow found; its folder is called by its name, so its name checks it."""
    path = Path(data_path)
    return ServedModel(open_bundle(path, name=path.name))
