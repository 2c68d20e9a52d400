"""What the service counts and times, for Prometheus; right with one worker and with many."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from readiness.scoring import AnsweredBy, Assessment
from serve.database import State
from serve.settings import SHARED_FOLDER
from serve.turns import Turns

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SCORES: Final = tuple(number / 20 for number in range(1, 21))


class Meters:
    """The counts and times of one worker, and how those of all workers read together.

    No label holds anything that a request said: routes are templates, categories, actions and models are
    ours. With several workers each keeps its numbers in a file of its own in the shared folder, so that
    they add up whichever worker is asked, and stay when one dies.
    """

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._seconds = Histogram(
            "readiness_request_seconds",
            "How long requests took, by route and status.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self._own,
        )
        self._score = Histogram("readiness_score", "The scores given.", buckets=_SCORES, registry=self._own)
        self._category = self._counter("category", "Assessments by category.", "category")
        self._advice = self._counter("advice", "Assessments by advice.", "action")
        self._shed = self._counter("requests_shed", "Requests refused because there was no room.")
        self._refused_bundles = self._counter("bundles_refused", "Published models that were refused.")
        self._in_use = self._gauge(
            "workers_answering",
            "Workers that answer with this model and agreement.",
            "model",
            "bundle",
            "agreement",
            "agreement_sha256",
        )
        self._at_work = self._gauge("requests_at_work", "Requests that are worked on.", "kind")
        self._waiting = self._gauge("requests_waiting", "Requests that wait for their turn.", "kind")
        self._receiving = self._gauge("requests_receiving", "Requests whose body is still arriving.")
        self._audited = self._counter("audit_entries", "Answers written down before they left.")
        self._unaudited = self._counter("audit_refused", "Answers not given: they could not be written down.")
        self._moved = self._counter("audit_moved", "Entries of the audit that came into the database.")
        self._unmoved = self._gauge("audit_waiting_bytes", "Bytes of the audit not in the database yet.")
        self._jobs = Gauge(
            "readiness_jobs",
            "Jobs by state; those queued wait for somebody to work on them.",
            ("state",),
            registry=self._own,
            # All workers read the same table: they do not add up.
            multiprocess_mode="livemostrecent",
        )
        self._answering: tuple[str, ...] | None = None

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count a request that was answered, and how long it took."""
        # Whatever address was asked for that does not exist is one route: there is no end of them.
        self._seconds.labels(method, route or "none", status).observe(seconds)

    def assessed(self, assessment: Assessment) -> None:
        """Count an assessment by category, advice and score."""
        self._category.labels(assessment.category["name"]).inc()
        self._advice.labels(assessment.advice["action"]).inc()
        if assessment.score is not None:
            self._score.observe(assessment.score)

    def shed(self) -> None:
        """Count a request for which there was no room."""
        self._shed.inc()

    def bundle_refused(self) -> None:
        """Count a published model that was not taken into use."""
        self._refused_bundles.inc()

    def in_use(self, answered_by: AnsweredBy) -> None:
        """Write down which model and agreement this worker answers with."""
        agreement = answered_by.agreement
        labels = (
            answered_by.model or "none",
            answered_by.bundle or "none",
            f"{agreement.name} {agreement.version}",
            agreement.sha256,
        )
        if self._answering is not None and self._answering != labels:
            self._in_use.labels(*self._answering).set(0)
        self._in_use.labels(*labels).set(1)
        self._answering = labels

    def queues(self, *, short: Turns, large: Turns, receiving: int) -> None:
        """Write down how many requests wait and work in this worker."""
        for kind, turns in (("short", short), ("large", large)):
            self._at_work.labels(kind).set(turns.at_work)
            self._waiting.labels(kind).set(turns.waiting)
        self._receiving.set(receiving)

    def audit_written(self, entries: int) -> None:
        """Count answers that were written down."""
        self._audited.inc(entries)

    def audit_refused(self) -> None:
        """Count an answer that was not given, because it could not be written down."""
        self._unaudited.inc()

    def audit_moved(self, entries: int) -> None:
        """Count entries of the audit that came into the database."""
        self._moved.inc(entries)

    def audit_waiting(self, waiting: int) -> None:
        """Write down how many bytes of the audit are not in the database yet."""
        self._unmoved.set(waiting)

    def jobs(self, counts: Mapping[State, int]) -> None:
        """Write down how many jobs are in each state."""
        for state, count in counts.items():
            self._jobs.labels(state).set(count)

    def page(self) -> bytes:
        """Return the numbers of all workers in Prometheus' text format."""
        folder = os.environ.get(SHARED_FOLDER)
        if folder is None:
            return generate_latest(self._own)
        _forget_the_dead(Path(folder))
        together = CollectorRegistry()
        multiprocess.MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"readiness_{name}", says, labels, registry=self._own)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"readiness_{name}", says, labels, registry=self._own, multiprocess_mode="livesum")


def _forget_the_dead(folder: Path) -> None:
    """Drop what workers that are gone said of the moment; what they counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path("/proc", pid).exists() and Path("/proc/self").exists():
            with suppress(FileNotFoundError):  # another worker was quicker
                file.unlink()
