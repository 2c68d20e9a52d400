"""One request over HTTP, beside a server that only checks it and beside `mlflow models serve`.

`python -m benchmarks bench service` trains as by default on 20,000 simulated leads (kept under `out/`).
Each server has one worker and a core of its own; the generator has the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from benchmarks import http_load, services
from benchmarks.evidence import Row
from benchmarks.http_load import Answers, Load
from benchmarks.service_world import World, bodies, trained
from readiness.registry import flavour

TITLE: Final = "One request over HTTP"
LEADS: Final = 20_000
SECONDS: Final = 8.0
ROUNDS: Final = 3
CONNECTIONS: Final = (1, 32)
SERVER, GENERATOR = 0, 1
_CHECKS, _MLFLOW = "a server that only checks the body (peer)", "mlflow models serve, bare prediction (peer)"
_WITHOUT, _FULL = "readiness, without reasons", "readiness, with all reasons"


def measure() -> tuple[list[Row], str]:
    """Time each server in turn, several rounds, and take the median of the rounds."""
    return beside(trained(LEADS), LEADS, seconds=SECONDS)


def beside(world: World, leads: int, *, seconds: float) -> tuple[list[Row], str]:
    """Time the service with a model beside its peers."""
    found = {
        _CHECKS: _timed(_checking, _posts(world, "none"), seconds),
        _WITHOUT: _timed(lambda: _ours(world), _posts(world, "none"), seconds),
        _FULL: _timed(lambda: _ours(world), _posts(world, "full"), seconds),
        _MLFLOW: _timed(lambda: _mlflow(world), [_invocation(world)], seconds),
    }
    rows = [
        _row(what, connections, found[what][connections]) for what in found for connections in CONNECTIONS
    ]
    model = world.bundle(0).model
    sentence = (
        f"{leads} leads, {len(model.plan)} features, 50 activities in the body. At 1 connection: without "
        f"reasons {_times(found, _WITHOUT, _CHECKS, 1, 'p50 ms'):.1f} × the p50 of only checking (wanted: at "
        f"most 5), with all reasons {_times(found, _FULL, _MLFLOW, 1, 'p50 ms'):.2f} × mlflow's (at most "
        f"0.33). At 32: {_times(found, _FULL, _MLFLOW, 32, 'per second'):.1f} × mlflow's requests a second "
        f"(at least 2), {_times(found, _FULL, _MLFLOW, 32, 'p99 ms'):.2f} × its p99 (at most 0.33). In "
        f"processor time a request: {_times(found, _WITHOUT, _CHECKS, 1, 'processor ms'):.1f} × that of only "
        f"checking, {_times(found, _FULL, _MLFLOW, 1, 'processor ms'):.2f} × mlflow's."
    )
    return rows, sentence


_Figures: TypeAlias = dict[int, dict[str, float]]
"""By connections: p50 and p99 in milliseconds, requests a second, and the server's own work a request."""

_Server: TypeAlias = tuple[subprocess.Popen[bytes], int]
"""A process and its port."""


def _timed(
    server: Callable[[], AbstractContextManager[_Server]], posts: Sequence[bytes], seconds: float
) -> _Figures:
    with server() as running:
        http_load.elsewhere(Load(running[1], posts, 2.0, 4), core=GENERATOR)  # warm
        return {
            connections: _median([_one(running, posts, connections, seconds) for _ in range(ROUNDS)])
            for connections in CONNECTIONS
        }


def _one(server: _Server, posts: Sequence[bytes], connections: int, seconds: float) -> dict[str, float]:
    process, port = server
    before = services.processor_seconds(process.pid)
    answers: Answers = http_load.elsewhere(Load(port, posts, seconds, connections), core=GENERATOR)
    spent = services.processor_seconds(process.pid) - before
    if set(answers.status) != {200}:
        raise RuntimeError(f"not every request was answered: {answers.count()}")
    return {
        "p50 ms": 1e3 * answers.quantile(0.5),
        "p99 ms": 1e3 * answers.quantile(0.99),
        "per second": answers.per_second(),
        # Beside other work on the machine waiting grows, and with it p50; this hardly does.
        "processor ms": 1e3 * spent / len(answers.status),
    }


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.median([each[name] for each in rounds])) for name in rounds[0]}


def _times(found: dict[str, _Figures], what: str, peer: str, connections: int, figure: str) -> float:
    return found[what][connections][figure] / found[peer][connections][figure]


def _row(what: str, connections: int, figures: dict[str, float]) -> Row:
    return {"what": what, "connections": connections, **figures}


def _posts(world: World, explain: str) -> list[bytes]:
    return [http_load.request("/v1/score", body) for body in bodies(world, 20, explain=explain)]


def _invocation(world: World) -> bytes:
    """Return what MLflow's server is asked: one ready row of features."""
    bundle = world.bundle(0)
    row = [None if np.isnan(value) else float(value) for value in bundle.golden_rows[0]]
    body = json.dumps({"dataframe_split": {"columns": list(bundle.model.plan.names), "data": [row]}})
    return http_load.request("/invocations", body.encode())


@contextmanager
def _ours(world: World) -> Iterator[_Server]:
    with services.running(world.folder, core=SERVER) as server:
        yield server


@contextmanager
def _checking() -> Iterator[_Server]:
    port = services.free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.peers.validate_only:app", "--port", str(port)]
    with services.started([*command, "--no-access-log"], port, "/health/started", core=SERVER) as process:
        yield process, port


@contextmanager
def _mlflow(world: World) -> Iterator[_Server]:
    """Serve the same bundle as MLflow does."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "model"
        flavour.save(world.bundle(0), world.folder / world.names[0], to)
        port = services.free_port()
        options = ["--env-manager", "local", "--port", str(port), "--workers", "1"]
        command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(to), *options]
        environment: dict[str, object] = {
            "MLFLOW_DISABLE_TELEMETRY": "true",
            # It starts a server by the name it has on the path.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }
        with services.started(command, port, "/health", core=SERVER, environment=environment) as process:
            yield process, port
