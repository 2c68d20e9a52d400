"""What can be told before the service starts: whether it may, and whether it can."""

from __future__ import annotations

import socket
from pathlib import Path

import typer
from pydantic import ValidationError

from readiness.artefact.pointer import POINTER
from readiness.cli.screen import complain
from readiness.errors import StoreError
from serve.settings import Settings


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
    if not (published / POINTER).exists():
        complain(
            f"No model is published in {published}/: the rules alone will answer, until "
            "`readiness pull` puts a champion there."
        )


def _settings() -> Path:
    try:
        return Settings().published
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
