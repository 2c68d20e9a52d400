"""Proves that a service that answers for long neither grows nor fails, whatever models are exchanged.

`python -m benchmarks prove soak` asks two workers at half of what they can do for twenty minutes, promotes a
model every minute, and fits a line through the memory of each worker.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from benchmarks import http_load, services
from benchmarks.evidence import Row
from benchmarks.http_load import Load
from benchmarks.service_world import World, bodies, trained

Array: TypeAlias = npt.NDArray[np.float64]

TITLE: Final = "Answering for long"
LEADS: Final = 3_000
MINUTES: Final = 20.0
SWAP_EVERY: Final = 60.0
REQUESTS: Final = 100
MOST_GROWTH: Final = 1.0
"""Megabytes that a worker may grow in ten minutes."""
_WARM_UP: Final = 0.25
"""Share of the time until a worker holds what it needs: each thread has worked, each model answered."""
MORE_HANDLES: Final = 2
_CONNECTIONS: Final = 32
_TEN_MINUTES: Final = 600.0


def measure(minutes: float = MINUTES) -> tuple[list[Row], str]:
    """Ask for so many minutes while models are exchanged."""
    world = trained(LEADS, models=2)
    rows, failures = soaked(world, seconds=minutes * 60, swap_every=SWAP_EVERY, requests=REQUESTS)
    rows.append({"what": "verdict", "found": "holds" if not failures else "; ".join(failures)})
    return rows, (
        "Two workers at half of what they did before. Memory is what is resident (RSS) of each worker, "
        f"looked at every {SWAP_EVERY / 30:.0f} s. Growth is the slope of the line that fits best after the "
        f"first {_WARM_UP:.0%} of the time, with twice its standard error over blocks of twenty looks. "
        f"The machine had {os.cpu_count()} cores, a load of {os.getloadavg()[1]:.1f}."
    )


def soaked(
    world: World,
    *,
    seconds: float,
    swap_every: float,
    requests: int,
    most_growth: float = MOST_GROWTH,
    more_handles: int = MORE_HANDLES,
) -> tuple[list[Row], list[str]]:
    """Ask while models are exchanged; return the figures, and what did not hold.

    Parameters
    ----------
    world : World
    seconds, swap_every : float
        For so long it is asked, and so often a model is promoted.
    requests : int
        How many different ones are sent in turn.
    most_growth : float
        Megabytes that a worker may grow in ten minutes.
    more_handles : int
        So many more may be open at most in the second half than in the first.
    """
    asked = [http_load.request("/v1/score", body) for body in bodies(world, requests, explain="full")]
    with tempfile.TemporaryDirectory() as scratch:
        settings = {"database_url": f"sqlite:///{scratch}/service.sqlite", "jobs_folder": f"{scratch}/jobs"}
        # Else a connection that was silent for seconds is closed, now and then just as it is used again.
        settings["idle_seconds"] = "600"
        with services.running(world.folder, workers=2, **settings) as (process, port):
            peak = http_load.elsewhere(Load(port, asked, min(seconds / 10, 10.0), _CONNECTIONS)).per_second()
            load = Load(port, asked, seconds, _CONNECTIONS, per_second=peak / 2)
            watched = Watched(process.pid)
            with watched.every(swap_every / 30), _promoting(world, swap_every) as promoted:
                answers = http_load.elsewhere(load)
    failed = Counter(answers.status) - Counter({200: answers.status.count(200)})
    rows: list[Row] = [
        {"what": "minutes", "found": answers.lasted / 60},
        {"what": "answers, a second", "found": f"{answers.status.count(200):,}, {answers.per_second():.0f}"},
        {
            "what": "p50 and p99, ms",
            "found": f"{1e3 * answers.quantile(0.5):.1f}, {1e3 * answers.quantile(0.99):.1f}",
        },
        {"what": "promotions", "found": len(promoted)},
        {"what": "answered otherwise than with 200", "found": str(dict(failed)) if failed else "0"},
        *watched.rows(),
    ]
    return rows, [*([f"failed: {dict(failed)}"] if failed else []), *watched.wrong(most_growth, more_handles)]


@dataclass(slots=True)
class Watched:
    """What each worker holds, looked at again and again.

    Parameters
    ----------
    supervisor : int
        The process whose workers are watched.
    """

    supervisor: int
    at: list[float] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)
    resident: list[list[float]] = field(default_factory=list)
    handles: list[list[int]] = field(default_factory=list)
    replaced: bool = False

    @contextmanager
    def every(self, seconds: float) -> Iterator[None]:
        """Look every so many seconds until left."""
        over = threading.Event()
        self.workers = services.children(self.supervisor)

        def watch() -> None:
            while not over.wait(seconds):
                self.at.append(time.monotonic())
                self.resident.append([resident(pid) for pid in self.workers])
                self.handles.append([len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.workers])

        thread = threading.Thread(target=watch)
        thread.start()
        yield
        over.set()
        thread.join()
        self.replaced = services.children(self.supervisor) != self.workers

    def rows(self) -> list[Row]:
        """Say of each worker how it grew, and how many handles it held at least and at most."""
        found: list[Row] = []
        for number, (slope, error) in enumerate(self.growth()):
            handles = self._warm(self.handles)[:, number]
            memory = self._warm(self.resident)[:, number]
            found += [
                {
                    "what": f"worker {number + 1}: growth in ten minutes, MB",
                    "found": f"{slope:.2f} ± {2 * error:.2f} (from {memory[0]:.1f} to {memory[-1]:.1f})",
                },
                {
                    "what": f"worker {number + 1}: handles",
                    "found": f"{handles.min():.0f} to {handles.max():.0f}",
                },
            ]
        return found

    def growth(self) -> list[tuple[float, float]]:
        """Return for each worker the megabytes it grew in ten minutes, and the standard error."""
        at, memory = self._warm([[each] for each in self.at])[:, 0], self._warm(self.resident)
        return [line(at, memory[:, number]) for number in range(memory.shape[1])]

    def wrong(self, most_growth: float, more_handles: int) -> list[str]:
        """Say what must not be: growth, handles that become more, a worker that was replaced."""
        wrong = [f"grows by {slope:.1f} MB" for slope, _ in self.growth() if slope > most_growth]
        if self.replaced:
            wrong.append("a worker was replaced")
        handles = self._warm(self.handles)
        early, late = np.array_split(handles, 2)
        if (late.max(axis=0) > early.max(axis=0) + more_handles).any():
            wrong.append("holds more and more handles")
        return wrong

    def _warm(self, looks: list[list[float]] | list[list[int]]) -> Array:
        return np.array(looks[int(len(looks) * _WARM_UP) :], dtype=np.float64)


def line(at: Array, memory: Array) -> tuple[float, float]:
    """Return the slope of the line that fits best, in units of ten minutes, and its standard error.

    The error is that of blocks of twenty looks each, since looks that follow each other are alike.
    """
    time_ = (at - at.mean()) / _TEN_MINUTES
    slope = float((time_ * (memory - memory.mean())).sum() / (time_**2).sum())
    left = time_ * (memory - memory.mean() - slope * time_)
    blocks = np.array([block.sum() for block in np.array_split(left, max(2, len(left) // 20))])
    return slope, float(np.sqrt((blocks**2).sum()) / (time_**2).sum())


def resident(pid: int) -> float:
    """Return how many megabytes of a process are in memory."""
    for said in Path(f"/proc/{pid}/status").read_text().splitlines():
        if said.startswith("VmRSS:"):
            return int(said.split()[1]) / 1_024
    return 0.0


@contextmanager
def _promoting(world: World, every: float) -> Iterator[list[int]]:
    """Promote the models in turn until left; yield the versions that were promoted so far."""
    over, promoted = threading.Event(), list[int]()

    def promote() -> None:
        while not over.wait(every):
            version = len(promoted) + 2
            world.point((version - 1) % len(world.names), version)
            promoted.append(version)

    thread = threading.Thread(target=promote)
    thread.start()
    yield promoted
    over.set()
    thread.join()
