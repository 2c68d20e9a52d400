"""Proves that a service asked for more than it can do does what it can, and says no at once to the rest.

`python -m benchmarks prove overload` measures the most that one worker answers a second, then sends twice and
five times as much for 30 s each: the worker has one core, the generator another.
"""

from __future__ import annotations

import math
from typing import Final

from benchmarks import http_load, services
from benchmarks.evidence import Row
from benchmarks.http_load import Answers, Load
from benchmarks.service_world import World, bodies, trained

TITLE: Final = "Asked for more than it can do"
LEADS: Final = 3_000
SECONDS: Final = 30.0
TIMES: Final = (2, 5)
CONNECTIONS: Final = 400
ENOUGH: Final = 0.8
"""Of the most it ever answered a second."""
SENT: Final = 0.9
"""Of what it was to be asked a second; a generator that falls behind shows nothing."""
AT_ONCE: Final = 0.05
"""Seconds in which 99 of 100 refusals come."""


def measure() -> tuple[list[Row], str]:
    """Measure the peak, then ask for more."""
    rows, failures = overloaded(trained(LEADS), seconds=SECONDS, times=TIMES, cores=(0, 1))
    rows.append({"load": "", "verdict": "holds" if not failures else "does not hold: " + "; ".join(failures)})
    return rows, (
        f"One worker on a core of its own, the generator on the other; {CONNECTIONS} connections. The peak "
        "is the best of 8, 16 and 32 connections that each send their next request when they have their "
        f"answer. It holds if at least {SENT:.0%} of what is to be asked is sent, {ENOUGH:.0%} of the peak "
        "is answered, every request ends in 200 or 503, "
        f"and 99 of 100 refusals come within {AT_ONCE * 1e3:.0f} ms of when the request was due."
    )


def overloaded(
    world: World, *, seconds: float, times: tuple[int, ...], cores: tuple[int, int] | tuple[None, None]
) -> tuple[list[Row], list[str]]:
    """Load a service beyond its peak; return the figures, and what did not hold."""
    requests = [http_load.request("/v1/score", body) for body in bodies(world, 32, explain="none")]
    server, generator = cores
    rows: list[Row] = []
    failures: list[str] = []
    with services.running(world.folder, core=server) as (_, port):
        peak = max(_closed(port, requests, each, seconds / 3, generator).per_second() for each in (8, 16, 32))
        rows.append({"load": "peak", "answered/s": peak})
        for more in times:
            load = Load(port, requests, seconds, CONNECTIONS, per_second=more * peak)
            answers = http_load.elsewhere(load, core=generator)
            rows.append(_row(f"{more} × the peak", answers, peak))
            failures += [f"at {more} ×: {what}" for what in wrong(answers, peak, asked=more * peak)]
    return rows, failures


def wrong(answers: Answers, peak: float, *, asked: float) -> list[str]:
    """Return what an overloaded service did that it should not; or that it was not asked so much a second."""
    found = []
    sent = len(answers.status) / answers.lasted
    if sent < SENT * asked:
        found.append(f"only {sent:.0f} of {asked:.0f} sent a second")
    if answers.per_second() < ENOUGH * peak:
        found.append(f"{answers.per_second():.0f} of {peak:.0f} answered a second")
    if other := {status: count for status, count in answers.count().items() if status not in {200, 503}}:
        found.append(f"ended otherwise: {other}")
    late = answers.quantile(0.99, 503)
    if not math.isnan(late) and late > AT_ONCE:
        found.append(f"99 of 100 refusals within {late * 1e3:.0f} ms")
    return found


def _closed(port: int, requests: list[bytes], connections: int, seconds: float, core: int | None) -> Answers:
    return http_load.elsewhere(Load(port, requests, seconds, connections), core=core)


def _row(what: str, answers: Answers, peak: float) -> Row:
    return {
        "load": what,
        "sent/s": len(answers.status) / answers.lasted,
        "answered/s": answers.per_second(),
        "of the peak": answers.per_second() / peak,
        "answered, p50 ms": 1e3 * answers.quantile(0.5),
        "answered, p99 ms": 1e3 * answers.quantile(0.99),
        "refused/s": answers.per_second(503),
        "refused, p99 ms": 1e3 * answers.quantile(0.99, 503),
        "ended otherwise": sum(n for status, n in answers.count().items() if status not in {200, 503}),
    }
