"""Services as they run in production: processes of their own, on a core of their own, stopped by signals."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_UNANSWERED: Final = (OSError, http.client.HTTPException)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    published: Path, *, core: int | None = None, **settings: object
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the service until left, then stop it; yield its process and port. Settings as in `Settings`."""
    port = free_port()
    given = {
        "READINESS_PORT": port,
        "READINESS_DATABASE_URL": f"sqlite:///{published}/service.sqlite",
        "READINESS_PUBLISHED": published,
        **{f"READINESS_{name.upper()}": value for name, value in settings.items()},
    }
    with started(
        [sys.executable, "-m", "serve"], port, "/health/started", core=core, environment=given
    ) as process:
        yield process, port


@contextmanager
def started(
    command: Sequence[str],
    port: int,
    path: str,
    *,
    core: int | None = None,
    environment: dict[str, object] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until left; yield its process once it answers at ``path``."""
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    service = subprocess.Popen(
        [*pinned, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            # As an image has it: what was compiled once stays so, whatever this process was told.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(ROOT / "out" / "bytecode"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
            **{name: str(value) for name, value in (environment or {}).items()},
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # With its children it can be ended at once, should it not stop when told to.
        start_new_session=True,
    )
    try:
        _wait(service, f"http://127.0.0.1:{port}{path}")
        yield service
    finally:
        if service.poll() is None:
            service.send_signal(signal.SIGTERM)
        try:
            service.wait(60)
        finally:
            if service.poll() is None:
                os.killpg(service.pid, signal.SIGKILL)


def page(address: str) -> str:
    """Return what stands at an address of a service of ours."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


def ready(port: int) -> bool:
    """Say whether a service answers that it is ready, with a model."""
    try:
        return '"status":"ready"' in page(f"http://127.0.0.1:{port}/health/ready")
    except _UNANSWERED:
        return False


def answering(port: int) -> int:
    """Return how many workers say that they answer."""
    try:
        lines = page(f"http://127.0.0.1:{port}/metrics").splitlines()
    except _UNANSWERED:
        return 0
    return sum(
        int(float(line.split()[-1])) for line in lines if line.startswith("readiness_workers_answering{")
    )


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, in order."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            found += [int(path.parent.name)] if int(parent) == pid and state != "Z" else []
    return sorted(found)


def processor_seconds(pid: int) -> float:
    """Return how much processor time a process and those that it started have used so far."""
    used = 0.0
    with suppress(OSError):  # it has ended meanwhile
        # What follows the name, which may hold blanks: the state is the first, user and system time later.
        said = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
        used = (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return used + sum(map(processor_seconds, children(pid)))


def _wait(service: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        if service.poll() is not None:
            raise RuntimeError(f"the service ended with {service.returncode}")
        time.sleep(0.1)
    raise TimeoutError("the service did not start")
