"""Start the service, once it is clear that it may and can be started."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from readiness.cli.screen import complain, verbatim
from readiness.clock import now
from readiness.errors import StoreError
from serve.database import any_opens
from serve.security.starting import refuse_unsafe
from serve.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port to listen on. Default: 8000.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on. Default: 127.0.0.1.")] = None,
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

    Stop it with Ctrl-C: requests in flight are answered first. Every setting is also a variable of the
    environment; serve/README.md lists them. An option counts before its variable.
    Example: readiness serve --port 8000 --workers 2
    """
    given = {"PORT": port, "HOST": host, "WORKERS": workers, "PUBLISHED": published}
    os.environ.update({f"READINESS_{name}": str(value) for name, value in given.items() if value is not None})
    settings = check()
    at = f"http://{settings.host}:{settings.port}"
    verbatim(f"{at}/ · type in a lead, and read what to do with it")
    verbatim(f"{at}/v1/score · the API is described at {at}/openapi.json")
    sys.stdout.flush()
    # The server takes this process's place, so that signals and exit codes are its own.
    os.execv(sys.executable, [sys.executable, "-m", "serve"])  # noqa: S606 - our own interpreter, no shell


def check() -> Settings:
    """Refuse, in a sentence, what the service would refuse; warn if only the rules will answer.

    Returns
    -------
    Settings
        From the environment, as the service will read them.

    Raises
    ------
    typer.BadParameter
        If a setting is wrong, or would open the service to a network unasked.
    StoreError
        If the address cannot be listened on, or the published folder is none.
    """
    settings = _settings()
    published = settings.published
    if published.exists() and not published.is_dir():
        raise StoreError(
            f"{published} is a file; --published names the folder to which `readiness pull` writes."
        )
    _try_address(settings.host, settings.port)
    if not published.exists() or not any(published.iterdir()):
        complain(
            f"Nothing is published in {published}/: the rules alone will answer, until "
            "`readiness pull` puts a champion there."
        )
    return settings


def _settings() -> Settings:
    try:
        settings = Settings()
        refuse_unsafe(settings, lambda: any_opens(settings, now()))
    except StoreError as refused:
        raise typer.BadParameter(str(refused)) from refused
    except ValidationError as error:
        raise typer.BadParameter(
            "; ".join(_said(one["loc"], one["msg"]) for one in error.errors())
        ) from error
    return settings


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
