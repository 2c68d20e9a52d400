"""One line of JSON an event; what a request held never stands in it."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import traceback
from typing import Final

_JSON: Final = json.JSONEncoder(ensure_ascii=True, default=str)
_LOGGER: Final = logging.getLogger("readiness.serve")
_SERVER: Final = logging.getLogger("uvicorn.error")


class _FromTheServer(logging.Handler):
    """Makes an event of what the HTTP server complains of: its own words, never an error's."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            event("server", level=record.levelno, says=record.getMessage().strip())


class _ToStandardError(logging.Handler):
    """Writes to whatever standard error is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        # A line that cannot be written (disk full, terminal gone) is lost; whoever logged it goes on.
        with contextlib.suppress(Exception):
            sys.stderr.write(f"{record.getMessage()}\n")


def to_stderr() -> None:
    """Write the service's events to standard error, once, whatever else logs there."""
    if not any(isinstance(handler, _ToStandardError) for handler in _LOGGER.handlers):
        _LOGGER.addHandler(_ToStandardError())
    _LOGGER.propagate = False
    _LOGGER.setLevel(logging.INFO)
    if not any(isinstance(handler, _FromTheServer) for handler in _SERVER.handlers):
        _SERVER.addHandler(_FromTheServer(logging.WARNING))
    _SERVER.propagate = False


def event(name: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Log one event with its facts, which must not come out of a request's content."""
    if _LOGGER.isEnabledFor(level):
        line = _JSON.encode({"event": name, **facts})
        _LOGGER.log(level, "%s", line)


def failure(name: str, error: BaseException, **facts: object) -> None:
    """Log that something broke: what kind of error and where, not its message, which may hold a value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    event(name, level=logging.ERROR, error=type(error).__name__, where=where, **facts)
