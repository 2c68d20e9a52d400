"""A bundle in MLflow's own form, so that its tools can serve it, without pickling anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from readiness import __version__
from readiness.artefact import Bundle
from readiness.registry import served
from readiness.registry.store import load

if TYPE_CHECKING:
    from mlflow import MlflowClient

_BATCH: Final = 500
_EXAMPLES: Final = 2


def save(bundle: Bundle, path: Path, to: Path) -> None:
    """Write the bundle at ``path`` as an MLflow model: what loads it, its signature and two examples.

    The requirements are stated, never guessed: guessing loads the model in another process.
    """
    mlflow = load()
    from mlflow.models import ModelSignature  # noqa: PLC0415 - only after `load` has set its environment
    from mlflow.types import ColSpec, Schema  # noqa: PLC0415

    names = bundle.model.plan.names
    signature = ModelSignature(
        inputs=Schema([ColSpec("double", name) for name in names]),
        outputs=Schema([ColSpec("double", name) for name in served.OUTPUTS]),
    )
    mlflow.pyfunc.save_model(
        path=str(to),
        loader_module=served.__name__,
        data_path=str(path),
        signature=signature,
        input_example=pd.DataFrame(bundle.golden_rows[:_EXAMPLES], columns=list(names)),
        pip_requirements=[f"readiness=={__version__}"],
    )


def log_metrics(client: MlflowClient, run_id: str, metrics: Mapping[str, float]) -> None:
    """Keep a run's metrics, in batches as large as every server takes."""
    from mlflow.entities import Metric  # noqa: PLC0415 - only after `load` has set its environment

    found = [Metric(name, value, 0, 0) for name, value in sorted(metrics.items())]
    for first in range(0, len(found), _BATCH):
        client.log_batch(run_id, metrics=found[first : first + _BATCH])
