"""A bundle in MLflow's own form, so that its tools can serve it, without pickling anything."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from readiness import __version__
from readiness.artefact import Bundle, Provenance
from readiness.crm.records import Instant
from readiness.registry import served
from readiness.registry.curves import Point, as_csv
from readiness.registry.store import load

if TYPE_CHECKING:
    from mlflow import MlflowClient

_BATCH: Final = 500
_EXAMPLES: Final = 2
_DIGEST: Final = 32
"""Letters of a fingerprint: no store takes more than 36."""

CURVES_PATH: Final = "curves"


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


def log_metrics(client: MlflowClient, run_id: str, metrics: Mapping[str, float], at: Instant = 0) -> None:
    """Keep a run's metrics; of two with the same name the one measured later is shown."""
    _log(client, run_id, [Point(name, 0, value) for name, value in sorted(metrics.items())], at)


def log_curves(client: MlflowClient, run_id: str, points: Sequence[Point]) -> None:
    """Keep curves as metrics with steps, which the store draws, and as a table beside them."""
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "curves.csv"
        path.write_text(as_csv(tuple(points)), encoding="utf-8")
        client.log_artifact(run_id, str(path), CURVES_PATH)
    _log(client, run_id, points, 0)


def log_data(client: MlflowClient, run_id: str, provenance: Provenance) -> None:
    """Say which data a run learned from: all of it and each table apart, by their fingerprints."""
    from mlflow.entities import Dataset, DatasetInput, InputTag  # noqa: PLC0415 - as above

    prints = {"crm": provenance.data_fingerprint} | {
        f"crm.{name}": each for name, each in provenance.table_fingerprints.items()
    }
    profile = json.dumps({"data_end": provenance.data_end, "judged_at": provenance.judged_at})
    context = [InputTag("mlflow.data.context", "training")]
    client.log_inputs(
        run_id,
        [
            DatasetInput(Dataset(name, each[:_DIGEST], "readiness", "the tables", profile=profile), context)
            for name, each in prints.items()
        ],
    )


def _log(client: MlflowClient, run_id: str, points: Sequence[Point], at: Instant) -> None:
    """Keep them in batches as large as every server takes."""
    from mlflow.entities import Metric  # noqa: PLC0415 - only after `load` has set its environment

    found = [Metric(name, value, at // 1_000, step) for name, step, value in points]
    for first in range(0, len(found), _BATCH):
        client.log_batch(run_id, metrics=found[first : first + _BATCH])
