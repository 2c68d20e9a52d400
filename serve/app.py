"""The service, put together in one place: ``uvicorn serve.app:create_app --factory``."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from readiness import __version__
from readiness.clock import now
from readiness.crm.records import Instant
from serve import logs, openapi, problems
from serve.admission import Admission, Limits, Queues
from serve.answers_kept import OncePerKey
from serve.auditing.audit import Audit
from serve.database import AnswerStore, AuditStore, Database, JobStore, KeyStore, SuppressionStore
from serve.database.place import audit_folder, journal_mode
from serve.dependencies import Service
from serve.jobs.folder import JobFolder
from serve.jobs.holding import Holding, Process
from serve.meters import Meters
from serve.requests_seen import RequestsSeen
from serve.routes import audit as audit_route
from serve.routes import batch, health, jobs, metrics, model, page, reports, score, suppressions
from serve.security.access import Access, Policy
from serve.security.addresses import networks
from serve.security.keys import KeyRing, KeysKept
from serve.security.rates import Buckets
from serve.security.rights import missing
from serve.security.starting import refuse_unsafe
from serve.settings import Settings
from serve.shelf import ReportShelf
from serve.store import ModelStore, OpenBundle, open_checked
from serve.suppressing import OpenStore, Suppressing
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
    open_keys: Callable[[], KeysKept] | None = None,
    open_store: OpenStore | None = None,
    open_answers: Callable[[], AnswerStore] | None = None,
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
    open_keys : callable, optional
        Opens the place where keys are kept; by default the database of the settings.
    open_store : callable, optional
        Opens the list of who must not be called; by default the one in that database.
    open_answers : callable, optional
        Opens the place where answers are kept under their senders' keys; by default that database.

    Raises
    ------
    pydantic.ValidationError
        If a setting is wrong.
    StoreError
        If it would be open to a network without being told so.
    AgreementError
        If the agreement cannot be read.
    RuntimeError
        If an address is missing in the table of rights.
    """
    settings = settings or Settings()
    clock = clock or now
    logs.to_stderr()
    databases = _Databases(settings)
    ring = KeyRing(open_keys or databases.keys)
    refuse_unsafe(settings, functools.partial(_a_key_opens, ring, clock))
    store = ModelStore(settings.published, agreement=settings.agreement, open_bundle=open_bundle)
    shelf = ReportShelf(settings.published)
    meters = Meters()
    queues = Queues(
        Limits(
            waiting=settings.max_waiting,
            receiving=settings.max_receiving,
            body_seconds=settings.body_seconds,
        ),
        meters.shed,
    )
    upkeep = Upkeep(store, shelf, meters, queues, ring)

    job_folder = JobFolder(settings.jobs_folder)
    holding = Holding(
        databases.jobs,
        job_folder,
        functools.partial(Process, settings),
        clock=clock,
        new_id=lambda: uuid.uuid4().hex,
        tell=meters.jobs,
        days=settings.job_days,
        takes=settings.jobs_at_once > 0,
    )
    suppressing = Suppressing(open_store or databases.suppressions)

    folder = audit_folder(settings) if settings.audit else None
    audit = Audit(folder, databases.audit, meters, clock, keep_days=settings.audit_days)

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        upkeep.look()
        await asyncio.to_thread(upkeep.read_keys)
        await suppressing.try_out()
        await asyncio.to_thread(audit.begin)
        upkeep.write_down()
        logs.event("started", version=__version__, answers=store.in_use.answered_by.model or "rules only")
        beside = [
            asyncio.create_task(upkeep.go_on(settings.watch_seconds)),
            asyncio.create_task(audit.go_on(settings.audit_seconds)),
            asyncio.create_task(holding.go_on(settings.watch_seconds)),
        ]
        yield
        for task in beside:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(audit.end)
        # A task that was cancelled may have left its thread at work with the database.
        await asyncio.get_running_loop().shutdown_default_executor()
        databases.close()
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
    once_per_key = OncePerKey(open_answers or databases.answers, clock)
    app.state.service = Service(
        store=store,
        shelf=shelf,
        suppressing=suppressing,
        meters=meters,
        upkeep=upkeep,
        clock=clock,
        new_id=new_id or _random_id,
        once_per_key=once_per_key,
        audit=audit,
        jobs=holding,
        job_folder=job_folder,
    )
    for part in (page, reports, score, batch, jobs, suppressions, model, audit_route, health, metrics):
        _refuse_addresses_without_rights(part.router)
        app.include_router(part.router)
    problems.install(app)
    # The framework asks the application itself for its document.
    app.openapi = functools.partial(openapi.describe, app)  # type: ignore[method-assign]
    app.add_middleware(Admission, queues=queues)
    app.add_middleware(
        Access,
        policy=Policy(settings.open_access, networks(settings.trusted_proxy), settings.people_may),
        clock=clock,
        ring=ring,
        buckets=_buckets(settings),
    )
    app.add_middleware(RequestsSeen, meters=meters)
    return app


def _refuse_addresses_without_rights(router: APIRouter) -> None:
    routes = [route for route in router.routes if isinstance(route, Route)]
    if without := missing((verb, route.path) for route in routes for verb in route.methods or ()):
        raise RuntimeError(f"serve/security/rights.py does not say who may ask for {', '.join(without)}")


def _buckets(settings: Settings) -> Buckets | None:
    if not settings.requests_per_second:
        return None
    # Each worker sees its share of a key's requests.
    return Buckets(
        per_second=settings.requests_per_second / settings.workers,
        burst=max(1.0, settings.requests_burst / settings.workers),
    )


def _a_key_opens(ring: KeyRing, clock: Callable[[], Instant]) -> bool:
    ring.read_again()
    return ring.opens(clock())


class _Databases:
    """Opens the database for each part that needs it, and closes it for all of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: list[Database] = []

    def keys(self) -> KeyStore:
        # A wrong secret hides who must not be called, not who may ask.
        return KeyStore(self._open(with_secret=False))

    def answers(self) -> AnswerStore:
        return AnswerStore(self._open(with_secret=False))

    def jobs(self) -> JobStore:
        return JobStore(self._open(with_secret=False))

    def suppressions(self) -> SuppressionStore:
        database = self._open()
        file = database.place.file
        facts: dict[str, Any] = (
            {} if file is None else {"journal": journal_mode(), "sqlite": sqlite3.sqlite_version}
        )
        logs.event("database_opened", database="postgresql" if file is None else "sqlite", **facts)
        return SuppressionStore(database, region=self._settings.phone_region)

    def audit(self) -> AuditStore:
        return AuditStore(self._open())

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def _open(self, *, with_secret: bool = True) -> Database:
        database = Database(self._settings, with_secret=with_secret)
        self._opened.append(database)
        return database


def _random_id() -> str:
    return str(uuid.uuid4())
