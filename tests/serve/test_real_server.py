"""What only shows on a real socket: limits while a body streams, odd clients, bits that survive."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from serve.app import create_app
from serve.examples import SCORE_REQUESTS
from serve.settings import Settings
from tests.serve.conftest import NOW, listening

_BODY = json.dumps(SCORE_REQUESTS["a lead that asked for a demo"]["value"]).encode()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("published")
    database = f"sqlite:///{folder}/service.sqlite"
    small = {"max_body_bytes": 100_000, "max_batch_bytes": 100_000, "max_job_bytes": 100_000}
    settings = Settings(published=folder, database_url=database, jobs_folder=folder / "jobs", **small)
    with listening(create_app(settings, clock=lambda: NOW)) as found:
        yield found


def _raw(port: int, *parts: bytes, half_close: bool = False) -> bytes:
    """Send bytes as they are and return what came back until the server closed or fell silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                break
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while chunk := connection.recv(65_536):
                received += chunk
        except ConnectionResetError:
            pass
        return received


def _post(*headers: bytes, path: bytes = b"/v1/score") -> bytes:
    return b"\r\n".join([b"POST " + path + b" HTTP/1.1", b"Host: localhost", *headers, b"", b""])


_READING = pytest.mark.parametrize(
    ("path", "media"),
    [
        (b"/v1/score", b"application/json"),
        (b"/v1/score/batch", b"application/json"),
        (b"/v1/score/batch", b"text/csv"),
        (b"/v1/jobs", b"application/x-ndjson"),
        (b"/v1/suppressions", b"application/json"),
        (b"/", b"application/x-www-form-urlencoded"),
    ],
)


def test_it_answers_over_a_socket(port: int) -> None:
    answered = httpx.post(
        f"http://127.0.0.1:{port}/v1/score", content=_BODY, headers={"content-type": "application/json"}
    )
    assert (answered.status_code, answered.json()["lead_id"]) == (200, "L-10482")


@_READING
def test_200_mb_without_length_are_refused_while_they_stream(port: int, path: bytes, media: bytes) -> None:
    # The same chunk again and again: the server must close long before the last.
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    head = _post(b"Content-Type: " + media, b"Transfer-Encoding: chunked", path=path)
    assert _raw(port, head, *[chunk] * 3_052).startswith(b"HTTP/1.1 413")


@_READING
def test_200_mb_that_say_so_are_refused_before_they_are_sent(port: int, path: bytes, media: bytes) -> None:
    answered = _raw(port, _post(b"Content-Type: " + media, b"Content-Length: 200000000", path=path))
    assert answered.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answered.lower()


def test_a_chunked_body_within_the_limit_is_read(port: int) -> None:
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_BODY), _BODY)
    headers = (b"Content-Type: application/json", b"Transfer-Encoding: chunked", b"Connection: close")
    assert _raw(port, _post(*headers), chunks).startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves_half_way_disturbs_nobody(port: int) -> None:
    _raw(port, _post(b"Content-Type: application/json", b"Content-Length: 500"), _BODY[:100], half_close=True)
    assert httpx.get(f"http://127.0.0.1:{port}/health/live").json() == {"status": "live"}


def test_a_client_that_says_all_and_closes_its_half_disturbs_nobody(port: int) -> None:
    head = _post(b"Content-Type: application/json", b"Content-Length: %d" % len(_BODY))
    # The server takes it for gone, as it takes one that leaves half way, unless it answered before.
    assert _raw(port, head, _BODY, half_close=True)[:12] in {b"", b"HTTP/1.1 200"}
    assert httpx.get(f"http://127.0.0.1:{port}/health/live").status_code == 200


def test_what_is_no_http_disturbs_nobody(port: int) -> None:
    assert _raw(port, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", half_close=True).startswith(b"HTTP/1.1 400")
    assert httpx.get(f"http://127.0.0.1:{port}/health/live").status_code == 200


@pytest.mark.parametrize("body", [b"[" * 90_000, b'{"a":' * 15_000, b"NaN", b'"\\ud800"', b"9" * 50_000])
def test_hostile_json_is_a_400_over_a_socket_too(port: int, body: bytes) -> None:
    answered = httpx.post(
        f"http://127.0.0.1:{port}/v1/score", content=body, headers={"content-type": "application/json"}
    )
    assert answered.status_code == 400
