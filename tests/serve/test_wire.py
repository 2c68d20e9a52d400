"""A connection that says nothing, or never says what it wants, is let go."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from serve.app import create_app
from serve.settings import Settings
from tests.serve.conftest import NOW, listening


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("published")
    app = create_app(Settings(published=folder, body_seconds=0.5), clock=lambda: NOW)
    with listening(app, timeout_keep_alive=1) as found:
        yield found


def _until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while chunk := connection.recv(65_536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


@pytest.mark.parametrize(
    "said", [b"", b"POST /v1/sc", b"POST /v1/score HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half", "most"]
)
def test_a_head_that_does_not_come_in_time_ends_the_connection(port: int, said: bytes) -> None:
    with _connect(port) as connection:
        connection.sendall(said)
        assert _until_closed(connection) == b""


def test_a_head_that_trickles_ends_the_connection_too(port: int) -> None:
    began = time.monotonic()
    with _connect(port) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nX: ")
        with pytest.raises(ConnectionError, match=r"Broken pipe|reset"):
            _trickle(connection)
    assert time.monotonic() - began < 15


def _trickle(connection: socket.socket) -> None:
    for _ in range(200):
        connection.sendall(b"x")
        time.sleep(0.1)


def test_the_second_head_on_a_connection_must_come_in_time_too(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")
        received = _until_closed(connection)
    assert received.count(b"HTTP/1.1 200") == 1


def test_a_head_without_end_is_refused(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nX-Long: " + b"x" * 70_000)
        assert _until_closed(connection).startswith(b"HTTP/1.1 400")


def test_a_long_head_within_the_bound_is_read(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(
            b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
            + b"x" * 30_000
            + b"\r\n\r\n"
        )
        assert _until_closed(connection).startswith(b"HTTP/1.1 200")


def test_a_body_that_dawdles_is_a_408_and_ends_the_connection(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(
            b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 500\r\n\r\n{"
        )
        received = _until_closed(connection)
    assert received.startswith(b"HTTP/1.1 408")
    assert b"urn:readiness:problem:too-slow" in received


def test_a_blank_line_after_an_answer_keeps_no_connection_open(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"\r\n")
        assert _until_closed(connection) == b""


_CHUNKED = (
    b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n"
)


def test_what_follows_a_body_is_no_header(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(
            _CHUNKED + b"Connection: close\r\n\r\n2\r\n{}\r\n0\r\nX-Forwarded-User: eve\r\n\r\n"
        )
        # As a header it would be refused with 403: nobody's proxy is trusted here.
        assert _until_closed(connection).startswith(b"HTTP/1.1 422")


@pytest.mark.parametrize("path", [b"/v1/score", b"/nowhere"], ids=["read", "refused before its body"])
@pytest.mark.parametrize("line", [b"X: y\r\n", b"x"], ids=["many short ones", "one without end"])
def test_trailers_without_end_end_the_connection(port: int, path: bytes, line: bytes) -> None:
    with _connect(port) as connection:
        connection.sendall(_CHUNKED.replace(b"/v1/score", path) + b"\r\n2\r\n{}\r\n0\r\nX: ")
        with pytest.raises(ConnectionError, match=r"Broken pipe|reset"):
            connection.sendall(line * (10_000_000 // len(line)))


@pytest.mark.parametrize(
    "more",
    [b"{", b"{" * 500 + b"GET /hea", b"{" * 500 + b"\r\n"],
    ids=["a byte of its body", "and half a head", "and a blank line"],
)
def test_what_comes_after_an_early_answer_keeps_no_connection_open(port: int, more: bytes) -> None:
    with _connect(port) as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 404")
        connection.sendall(more)
        assert _until_closed(connection) == b""


@pytest.mark.slow
def test_who_ends_a_body_that_was_answered_early_may_ask_again(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 404")
        for part in (b"{" * 250, b"{" * 249, b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            time.sleep(0.4)
            connection.sendall(part)
        assert _until_closed(connection).startswith(b"HTTP/1.1 200")
