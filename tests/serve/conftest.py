"""A service in process, one on a real socket, and the bundles they answer from."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, cast

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI

from benchmarks import postgresql as postgresql_server
from readiness import shipped
from readiness.agreement import reading
from readiness.artefact import AgreementName, Bundle, Provenance
from readiness.crm.records import Instant, instant
from readiness.learning.model import ReadinessModel
from serve.app import create_app
from serve.settings import Settings
from serve.wire import BoundedHead
from tests.serve.published import Published, publish

NOW = instant("2026-03-14T09:00:00Z")
"""What the service's clock says in these tests."""


NAME_A, NAME_B = "a" * 64, "b" * 64


def bundle_named(name: str) -> Bundle:
    """Return a bundle that holds no model: for tests of who is in use, not of what it says."""
    agreement = reading.load(shipped.agreement())
    beside = AgreementName(name=agreement.name, version=agreement.version, sha256=agreement.fingerprint)
    made_from = Provenance(data_fingerprint="f", data_end=None, judged_at=None, agreement=beside, seed=0)
    text = shipped.agreement().read_text()
    return Bundle(
        name=name,
        model=cast("ReadinessModel", None),
        agreement=agreement,
        agreement_text=text,
        provenance=made_from,
        judgement=None,
        golden_rows=np.empty((0, 0)),
    )


class Client:
    """Asks a service in process; its background work stands still between two requests."""

    def __init__(self, app: FastAPI, *, base_url: str = "http://127.0.0.1:8000") -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._running = app.router.lifespan_context(app)
        # An exception that reaches the server is a failed test, not a 500.
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self._http = httpx.AsyncClient(transport=transport, base_url=base_url)

    def __enter__(self) -> Client:
        self._runner.run(self._running.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._http.aclose())
        self._runner.run(self._running.__aexit__(None, None, None))
        self._runner.close()

    def get(self, path: str) -> httpx.Response:
        return self._runner.run(self._http.get(path))

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:  # noqa: ANN401 - as httpx has them
        return self._runner.run(self._http.request(method, path, **rest))

    def score(self, request: object) -> httpx.Response:
        return self._runner.run(self._http.post("/v1/score", json=request))

    def send(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        headers = {"content-type": content_type}
        return self._runner.run(self._http.post("/v1/score", content=body, headers=headers))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for something that a test does with the application itself."""
        self._runner.run(work)

    def look(self) -> None:
        """Let the service look at what is published, as it does every second."""
        self.app.state.service.upkeep.look()


@pytest.fixture(scope="module", autouse=True)
def database_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every service that a test starts away from the database of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("database")
        patch.setenv("READINESS_DATABASE_URL", f"sqlite:///{folder}/service.sqlite")
        patch.setenv("READINESS_JOBS_FOLDER", f"{folder}/jobs")
        # No process of its own for each job: the tests work on them, where they want them worked on.
        patch.setenv("READINESS_JOBS_AT_ONCE", "0")
        yield


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgresql_server.Server]:
    """Return a PostgreSQL server of our own, started once."""
    with postgresql_server.running(tmp_path_factory.mktemp("runtime")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of each kind that holds nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/service.sqlite"
        return
    with postgresql_server.database(request.getfixturevalue("postgresql")) as made:
        yield made


MakeClient: TypeAlias = Callable[..., Client]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[MakeClient]:
    """Return a function that starts a service in process; keywords go to `create_app` and its settings."""
    started: list[Client] = []

    def start(published: Path | None = None, *, clock: Instant = NOW, **rest: Any) -> Client:  # noqa: ANN401
        own = {name: rest.pop(name) for name in ("open_bundle", "new_id", "open_store") if name in rest}
        base_url = rest.pop("base_url", "http://127.0.0.1:8000")
        rest.setdefault("database_url", f"sqlite:///{tmp_path}/service.sqlite")
        rest.setdefault("jobs_folder", tmp_path / "jobs")
        settings = Settings(published=published or tmp_path / "nothing", **rest)
        client = Client(create_app(settings, clock=lambda: clock, **own), base_url=base_url)
        started.append(client.__enter__())
        return client

    yield start
    for client in started:
        client.__exit__()


@pytest.fixture
def rules(serve: MakeClient) -> Client:
    """Return a service without a model."""
    return serve()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return what one training published; copy the folder before changing it."""
    return publish(tmp_path_factory.mktemp("trained"))


@pytest.fixture
def published(trained: Published, tmp_path: Path) -> Published:
    """Return a copy of what was published, the first bundle being the champion."""
    shutil.copytree(trained.folder, tmp_path / "published")
    copy = Published(tmp_path / "published", trained.tables, trained.names)
    copy.point(0)
    return copy


@pytest.fixture
def client(serve: MakeClient, published: Published) -> Client:
    """Return a service that answers from the first bundle."""
    return serve(published.folder)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def listening(app: FastAPI, **rest: Any) -> Iterator[int]:  # noqa: ANN401 - as uvicorn has them
    """Run a service on a free port of this machine, as it runs in production; yield the port."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=BoundedHead, access_log=False, log_config=None, **rest
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.up.wait(20), "the server did not come up"
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
