"""The processes that answer: what they need is loaded once, and each is forked from that in a moment.

So a worker that dies is replaced before anybody notices, and many start as fast as one.
"""

from __future__ import annotations

import gc
import importlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from typing import Any, Final

import uvicorn
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess, Process

from readiness.clock import now
from readiness.errors import StoreError
from serve import logs
from serve.database import any_opens
from serve.security.starting import refuse_unsafe
from serve.settings import SHARED_FOLDER, Settings
from serve.wire import BoundedHead

_MODULE: Final = "serve.app"


def start() -> int:
    """Answer on the port of the settings, with as many workers as they say, until told to stop.

    A worker that dies is replaced; one whose supervisor dies stops, so that the port is free for the next.

    Returns
    -------
    int
        0 when it was told to stop, 5 when it would be open to a network without being told so.

    Raises
    ------
    pydantic.ValidationError
        If a setting is wrong.
    SystemExit
        1 if the port cannot be listened on, 3 if the service cannot be put together.
    """
    settings = Settings()
    logs.to_stderr()
    try:
        refuse_unsafe(settings, lambda: any_opens(settings, now()))
    except StoreError as refused:
        sys.stderr.write(f"{refused}\n")
        return 5
    _serve(settings)
    return 0


def _serve(settings: Settings) -> None:
    with tempfile.TemporaryDirectory(prefix="readiness-meters-") as folder:
        if settings.workers > 1:
            # Each worker counts in a file of its own there; it must be known before anything is counted.
            os.environ[SHARED_FOLDER] = folder
        importlib.import_module(_MODULE)
        # What is loaded by now stays: whoever looks for garbage passes it by, and workers share its memory.
        gc.freeze()
        gc.enable()
        config = _config(settings)
        if settings.workers > 1:
            _Supervisor(config, [config.bind_socket()]).run()
            return
        server = uvicorn.Server(config)
        server.run()
        if not server.started:
            sys.exit(STARTUP_FAILURE)


def _config(settings: Settings) -> Config:
    return Config(
        f"{_MODULE}:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http=BoundedHead,
        ws="none",
        # It would write addresses and paths, which may say who somebody is.
        access_log=False,
        server_header=False,
        # Who asks is decided by the address that really connected (`serve.security`).
        proxy_headers=False,
        timeout_keep_alive=settings.idle_seconds,
        timeout_graceful_shutdown=settings.stop_seconds,
        backlog=settings.backlog,
        # What it has to say becomes events of ours.
        log_config=None,
        log_level="warning",
    )


class _Worker(Process):
    """A worker that is forked, so that it loads nothing, and that ends with its supervisor.

    Parameters
    ----------
    config : Config
    sockets : the port
    alive : (int, int)
        A pipe that nobody writes to: it ends when the supervisor does, however that happens.
    """

    def __init__(self, config: Config, sockets: list[socket.socket], alive: tuple[int, int]) -> None:
        super().__init__(config, sockets)
        self._alive = alive
        forked: Any = multiprocessing.get_context("fork").Process(target=self._answer, args=(sockets,))
        self.process = forked

    def _answer(self, sockets: list[socket.socket]) -> None:
        for number in SIGNALS:
            # The supervisor's own would note a signal to stop, and nobody would read the note.
            signal.signal(number, signal.SIG_DFL)
        read, write = self._alive
        os.close(write)
        threading.Thread(target=_end_after, args=(read,), daemon=True).start()
        self.target(sockets)


class _Supervisor(Multiprocess):
    """Keeps as many workers alive as there should be."""

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._alive = os.pipe()

    def init_processes(self) -> None:
        """Start as many workers as there should be."""
        self.processes += [self._started() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace whichever worker died or hangs; stop altogether where one cannot be put together."""
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if worker.is_alive(self.config.timeout_worker_healthcheck):
                continue
            worker.kill()
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
                return
            logs.event("worker_replaced", level=logging.WARNING, exit_code=worker.exitcode)
            self.processes[place] = self._started()

    def _started(self) -> _Worker:
        worker = _Worker(self.config, self.sockets, self._alive)
        worker.start()
        return worker


def _end_after(read: int) -> None:
    os.read(read, 1)
    os.kill(os.getpid(), signal.SIGTERM)
