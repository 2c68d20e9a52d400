"""The service, put together in one place: ``uvicorn serve.app:create_app --factory``."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import FastAPI

from readiness import __version__
from readiness.crm.records import Instant
from serve import logs, openapi, problems
from serve.admission import Admission, Limits, Queues
from serve.dependencies import Service
from serve.meters import Meters
from serve.requests_seen import RequestsSeen
from serve.routes import health, metrics, model, score
from serve.security import LoopbackOnly
from serve.settings import Settings
from serve.store import ModelStore, OpenBundle, open_checked
from serve.upkeep import Upkeep

_DESCRIPTION: Final = """Which leads are worth a call, what kind they are, and what to do now.

Send a lead to `POST /v1/score`; every example on this page works when pasted. Scores are probabilities
under the calling practice of the data the model learned from, not the effect of a call.

A refusal is a problem document (RFC 9457): it names each field that is wrong, and repeats no value."""


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], Instant] | None = None,
    new_id: Callable[[], str] | None = None,
    open_bundle: OpenBundle = open_checked,
) -> FastAPI:
    """Put the service together.

    Parameters
    ----------
    settings : Settings, optional
        By default read from the environment.
    clock : callable, optional
        Returns the instant of receipt; by default the machine's clock.
    new_id : callable, optional
        Returns a new assessment id; by default a random one.
    open_bundle : callable, optional
        Opens and checks a published bundle.

    Raises
    ------
    pydantic.ValidationError
        If a setting is wrong, or unsafe.
    AgreementError
        If the agreement cannot be read.
    """
    settings = settings or Settings()
    logs.to_stderr()
    store = ModelStore(settings.published, agreement=settings.agreement, open_bundle=open_bundle)
    meters = Meters()
    queues = Queues(
        Limits(
            waiting=settings.max_waiting,
            receiving=settings.max_receiving,
            body_seconds=settings.body_seconds,
        ),
        meters.shed,
    )
    upkeep = Upkeep(store, meters, queues)

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        upkeep.look()
        upkeep.write_down()
        logs.event("started", version=__version__, answers=store.in_use.answered_by.model or "rules only")
        watching = asyncio.create_task(upkeep.go_on(settings.watch_seconds))
        yield
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        logs.event("stopped")

    app = FastAPI(
        title="Readiness",
        summary="Which leads are worth a call.",
        description=_DESCRIPTION,
        version=__version__,
        lifespan=running,
        # The framework's own pages load scripts from elsewhere; the document itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.service = Service(store, meters, upkeep, clock or _machine_clock, new_id or _random_id)
    for part in (score, model, health, metrics):
        app.include_router(part.router)
    problems.install(app)
    # The framework asks the application itself for its document.
    app.openapi = functools.partial(openapi.describe, app)  # type: ignore[method-assign]
    app.add_middleware(Admission, queues=queues)
    app.add_middleware(LoopbackOnly, open_access=settings.open_access)
    app.add_middleware(RequestsSeen, meters=meters)
    return app


def _machine_clock() -> Instant:
    return time.time_ns() // 1_000


def _random_id() -> str:
    return str(uuid.uuid4())
