"""The store behind the registry: reached quietly, followed when its folder moves, its errors made ours."""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from readiness.errors import ReadinessError, StoreError

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT: Final = "readiness"
DATABASE: Final = "mlflow.db"
FILES: Final = "mlflow-artifacts"
TRACKING_URI: Final = "MLFLOW_TRACKING_URI"

_MAKING: Final = ".making-"

_ENVIRONMENT: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
}
"""Read by MLflow when it is imported. The first two always hold; who set another one otherwise keeps it."""

_MUST_HOLD: Final = ("MLFLOW_DISABLE_TELEMETRY", "MLFLOW_ALLOW_PICKLE_DESERIALIZATION")

_PLACES: Final = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
    ("logged_models", "artifact_location"),
)
"""Where MLflow's database keeps absolute addresses of files."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open tracking store: MLflow's client, our experiment in it, and its address fit to be shown."""

    client: MlflowClient
    experiment: str
    shown: str


def connect(uri: str | None, models: Path) -> Store:
    """Open the tracking store, and make our experiment in it where there is none yet.

    Parameters
    ----------
    uri : str, optional
        Any address that MLflow knows. None: ``MLFLOW_TRACKING_URI`` if it is set, else the embedded
        store, SQLite and files under ``models``.
    models : Path
        Made if the embedded store needs it.

    Raises
    ------
    StoreError
        If the store cannot be reached or made.
    """
    address = uri or os.environ.get(TRACKING_URI)
    files = None
    with boundary("opened", shown(address) if address else str(models)):
        if not address:
            models = models.resolve()
            models.mkdir(parents=True, exist_ok=True)
            follow(models)
            if not (models / DATABASE).exists():
                _make(models)
            address, files = f"sqlite:///{models / DATABASE}", (models / FILES).as_uri()
        client = load().MlflowClient(tracking_uri=address, registry_uri=address)
        found = client.get_experiment_by_name(EXPERIMENT)
        experiment = found.experiment_id if found else client.create_experiment(EXPERIMENT, files)
        return Store(client, str(experiment), shown(address))


def _make(models: Path) -> None:
    """Make the embedded store aside and put it in place whole.

    Its tables are made in dozens of steps; a store that was interrupted half-way opens never again.
    """
    with tempfile.TemporaryDirectory(prefix=_MAKING, dir=models, ignore_cleanup_errors=True) as aside:
        made = Path(aside) / DATABASE
        address = f"sqlite:///{made}"
        client = load().MlflowClient(tracking_uri=address, registry_uri=address)
        client.create_experiment(EXPERIMENT, (models / FILES).as_uri())
        try:
            os.link(made, models / DATABASE)
        except FileExistsError:
            pass  # Who was quicker made it: theirs may hold a model by now.
        except OSError:
            # A file system without links: there the one who comes last wins.
            os.replace(made, models / DATABASE)


def load() -> Any:  # noqa: ANN401 - a module without annotations
    """Import MLflow, as late as possible, and return it.

    It costs seconds, and it reads its environment when it is imported: no telemetry, and nothing may
    ever be unpickled. Whoever only scores never comes here.
    """
    for name, value in _ENVIRONMENT.items():
        if name in _MUST_HOLD:
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLflow's own, about libraries that it will follow in time
        import mlflow  # noqa: PLC0415
        import mlflow.pyfunc  # noqa: PLC0415
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return mlflow


@contextmanager
def boundary(what: str, where: str) -> Iterator[None]:
    """Turn whatever the store raises into a StoreError that says what could not be done, and where.

    Parameters
    ----------
    what : str
        Past participle: "opened", "read", "written".
    where : str
        The store's address without a password.

    Raises
    ------
    StoreError
        For any error of MLflow, its database or its connection. Our own errors pass unchanged.
    """
    import requests  # noqa: PLC0415 - comes with MLflow, and only with it
    import sqlalchemy.exc  # noqa: PLC0415

    failures = (
        load().exceptions.MlflowException,
        sqlalchemy.exc.SQLAlchemyError,
        sqlite3.Error,
        requests.RequestException,
        OSError,
        ImportError,  # an address whose driver is not installed
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MLflow's own, about libraries that it will follow in time
            yield
    except ReadinessError:
        raise
    except failures as error:
        code = getattr(error, "error_code", None) or type(error).__name__
        raise StoreError(
            f"The model store {where} could not be {what} ({code}). "
            f"Check that it is there, that it may be written and that {TRACKING_URI} is what you meant"
        ) from error


def follow(models: Path) -> bool:
    """Make an embedded store that was moved or copied look for its files where they are now.

    MLflow keeps absolute paths. Where those of our experiment are not under this folder, they are
    rewritten, all or none.

    Returns
    -------
    bool
        Whether anything was rewritten.
    """
    database, here = models / DATABASE, (models / FILES).as_uri()
    if not database.exists():
        return False
    with closing(sqlite3.connect(database)) as connection, connection:
        known = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if "experiments" not in known:
            return False
        query = "SELECT artifact_location FROM experiments WHERE name = ?"
        found = connection.execute(query, (EXPERIMENT,)).fetchone()
        if found is None or found[0] == here:
            return False
        for table, column in _PLACES:
            if table in known:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608 - our own names
                    f"WHERE substr({column}, 1, ?) = ?",
                    (here, len(found[0]) + 1, len(found[0]), found[0]),
                )
    return True


def shown(address: str) -> str:
    """Return an address without the name and password that it may carry."""
    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
