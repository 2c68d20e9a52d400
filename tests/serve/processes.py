"""The service as it runs in production: processes of its own, told what to do by signals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(published: Path, **settings: object) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the service until left, then stop it; yield its process and port. Settings as in `Settings`."""
    port = free_port()
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "READINESS_PORT": str(port),
        "READINESS_PUBLISHED": str(published),
        **{f"READINESS_{name.upper()}": str(value) for name, value in settings.items()},
    }
    service = subprocess.Popen([sys.executable, "-m", "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_started(service, port)
        yield service, port
    finally:
        if service.poll() is None:
            service.send_signal(signal.SIGTERM)
        service.wait(60)


def _wait_until_started(service: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1_200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/started", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if service.poll() is not None:
            raise RuntimeError(f"the service ended with {service.returncode}")
        time.sleep(0.1)
    raise TimeoutError("the service did not start")
