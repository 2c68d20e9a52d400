"""Start the service, once it is clear that it may and can be started."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from readiness.cli.screen import complain, verbatim
from readiness.errors import StoreError
from serve.database import any_opens
from serve.security.starting import refuse_unsafe
from serve.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    published: Annotated[
        Path | None,
        typer.Option(help="Where `readiness pull` publishes; default: models/published.", file_okay=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="How many processes answer; one a core at most. Default: 1."),
    ] = None,
) -> None:
    """Serve assessments over HTTP.

    Stop it with Ctrl-C: requests in flight are answered first. Its other settings are variables of the
    environment; serve/README.md lists them. Example: readiness serve --port 8000 --workers 2
    """
    os.environ["READINESS_HOST"] = host
    os.environ["READINESS_PORT"] = str(port)
    if workers:
        os.environ["READINESS_WORKERS"] = str(workers)
    if published:
        os.environ["READINESS_PUBLISHED"] = str(published)
    check(host, port)
    verbatim(f"http://{host}:{port}/ · type in a lead, and read what to do with it")
    verbatim(f"http://{host}:{port}/v1/score · the API is described at http://{host}:{port}/openapi.json")
    sys.stdout.flush()
    # The server takes this process's place, so that signals and exit codes are its own.
    os.execv(sys.executable, [sys.executable, "-m", "serve"])  # noqa: S606 - our own interpreter, no shell


def check(host: str, port: int) -> None:
    """Refuse, in a sentence, what the service would refuse; warn if only the rules will answer.

    Raises
    ------
    typer.BadParameter
        If a setting is wrong, or would open the service to a network unasked.
    StoreError
        If the address cannot be listened on, or the published folder is none.
    """
    published = _settings()
    if published.exists() and not published.is_dir():
        raise StoreError(
            f"{published} is a file; --published names the folder to which `readiness pull` writes."
        )
    _try_address(host, port)
    if not published.exists() or not any(published.iterdir()):
        complain(
            f"Nothing is published in {published}/: the rules alone will answer, until "
            "`readiness pull` puts a champion there."
        )


def _settings() -> Path:
    try:
        settings = Settings()
        refuse_unsafe(settings, lambda: any_opens(settings, time.time_ns() // 1_000))
        return settings.published
    except StoreError as refused:
        raise typer.BadParameter(str(refused)) from refused
    except ValidationError as error:
        raise typer.BadParameter(
            "; ".join(_said(one["loc"], one["msg"]) for one in error.errors())
        ) from error


def _said(where: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"READINESS_{str(where[0]).upper()}: {text}" if where else text


def _try_address(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise StoreError(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}. "
            "Stop what listens there, or choose another --port."
        ) from error
