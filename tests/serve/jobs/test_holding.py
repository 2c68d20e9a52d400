"""What a worker does about jobs: one at a time, held as long as somebody works, given back when not."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND
from readiness.errors import StoreUnreachableError
from serve.database import Database, Job, JobStore
from serve.database.settings import DatabaseSettings
from serve.jobs.folder import JobFolder
from serve.jobs.holding import HELD, MOST_ATTEMPTS, Holding
from tests.serve.conftest import NOW

_SECOND = MICROSECONDS_PER_SECOND
_NUMBERS = itertools.count()


class Fake:
    """Somebody who works on a job, or does not."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.stopped = False

    def ended(self) -> int | None:
        return self.code

    def stop(self) -> None:
        self.stopped = True


class Desk:
    """One worker over a database of its own, its clock and its helpers in the test's hand."""

    def __init__(self, folder: Path, **rest: object) -> None:
        self.now = NOW
        self.store = JobStore(Database(DatabaseSettings(database_url=f"sqlite:///{folder}/service.sqlite")))
        self.files = JobFolder(folder / "jobs")
        self.started: list[tuple[str, Fake]] = []
        self.told: dict[str, int] = {}
        given = {"open_jobs": lambda: self.store, "takes": True, **rest}
        self.holding = Holding(
            folder=self.files,
            start=self.start,
            clock=lambda: self.now,
            new_id=lambda: f"holder-{next(_NUMBERS)}",
            tell=self.told.update,  # type: ignore[arg-type]
            days=7,
            **given,  # type: ignore[arg-type]
        )

    def start(self, job_id: str, _: str) -> Fake:
        self.started.append((job_id, Fake()))
        return self.started[-1][1]

    def send(self, number: int = 1, *, file: bool = True) -> str:
        job = Job(
            f"{number:032x}", "me", "here", None, b"\x00" * 32, "text/csv", None, None, 10, NOW - 9 + number
        )
        if file:
            arriving = self.files.arriving(job.id)
            arriving.write(b"lead_id\n")
            arriving.close()
            arriving.keep()
        return self.store.add(job).id

    def found(self, job_id: str) -> Job:
        found = self.store.find(job_id)
        assert found is not None
        return found

    def look(self, later: int = 0) -> None:
        self.now += later
        self.holding.look()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_jobs_are_taken_one_at_a_time_in_the_order_in_which_they_came(desk: Desk) -> None:
    desk.look()
    second, first = desk.send(2), desk.send(1)
    desk.look()
    desk.look()
    assert [job_id for job_id, _ in desk.started] == [first]
    assert (desk.told["running"], desk.told["queued"]) == (1, 1)
    desk.store.cancel(first, at=desk.now)
    desk.started[0][1].code = 0
    desk.look()
    assert [job_id for job_id, _ in desk.started] == [first, second]


def test_a_worker_that_leaves_jobs_to_others_takes_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path, takes=False)
    desk.send()
    desk.look()
    assert (desk.started, desk.told["queued"]) == ([], 1)


def test_a_job_whose_file_lies_on_another_machine_is_left_to_that_one(desk: Desk) -> None:
    desk.send(1, file=False)
    here = desk.send(2)
    desk.look()
    assert [job_id for job_id, _ in desk.started] == [here]


def test_a_job_is_held_as_long_as_somebody_works_on_it(desk: Desk) -> None:
    job_id = desk.send()
    for _ in range(12):
        desk.look(HELD // 4)
    assert list(desk.store.waiting(at=desk.now + HELD - 1)) == []
    assert list(desk.store.waiting(at=desk.now + HELD)) == [job_id]
    assert len(desk.started) == 1


def test_of_a_worker_that_falls_silent_another_one_takes_the_job_over(tmp_path: Path) -> None:
    dead, alive = Desk(tmp_path), Desk(tmp_path)
    job_id = dead.send()
    dead.look()
    alive.look(HELD - 1)
    assert alive.started == []
    alive.look(1)
    assert [taken for taken, _ in alive.started] == [job_id]
    dead.look(HELD + 1)  # it was only asleep
    assert dead.started[0][1].stopped
    assert alive.found(job_id).state == "running"


def test_whoever_dies_at_it_is_followed_later_each_time_and_in_the_end_by_nobody(desk: Desk) -> None:
    job_id = desk.send()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        desk.look()
        assert len(desk.started) == attempt
        desk.started[-1][1].code = -9
        desk.look()
        desk.look(5 * _SECOND * 2**attempt - 1)
        assert len(desk.started) == attempt
        desk.now += 1
    desk.look()
    job = desk.found(job_id)
    assert (len(desk.started), job.state) == (MOST_ATTEMPTS, "failed")
    assert "did not get on" in json.loads(job.problem or "")["detail"]


@pytest.mark.parametrize("end", [lambda desk, job_id: desk.store.cancel(job_id, at=NOW)])
def test_who_works_on_a_job_that_was_cancelled_is_stopped(
    desk: Desk, end: Callable[[Desk, str], None]
) -> None:
    job_id = desk.send()
    desk.look()
    end(desk, job_id)
    desk.look()
    assert desk.started[0][1].stopped
    desk.look()
    assert len(desk.started) == 1


def test_a_job_that_has_ended_is_kept_for_its_days_and_then_gone_with_its_files(
    desk: Desk, tmp_path: Path
) -> None:
    job_id = desk.send()
    desk.store.cancel(job_id, at=NOW)
    desk.look(7 * MICROSECONDS_PER_DAY)
    assert desk.found(job_id).state == "cancelled"
    assert not desk.files.holds(job_id)
    desk.look(60 * _SECOND)
    assert desk.store.find(job_id) is None
    assert list((tmp_path / "jobs").iterdir()) == []


def test_what_belongs_to_no_job_is_removed_after_an_hour(desk: Desk, tmp_path: Path) -> None:
    kept = desk.send()
    for name in ("arriving-x", "orphan"):
        (tmp_path / "jobs" / name).mkdir()
        (tmp_path / "jobs" / name / "upload").write_bytes(b"x")
        for path in (tmp_path / "jobs" / name / "upload", tmp_path / "jobs" / name):
            os.utime(path, (NOW / 1e6, NOW / 1e6))
    desk.look(3_600 * _SECOND)
    assert len(list((tmp_path / "jobs").iterdir())) == 3
    desk.look(61 * _SECOND)
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == [kept]


def test_while_the_database_is_away_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    answers = iter([False, False, True])

    def opened() -> JobStore:
        if not next(answers):
            raise StoreUnreachableError("it does not answer")
        return desk.store

    desk = Desk(tmp_path, open_jobs=opened)
    desk.send()
    started = []
    for _ in range(3):
        desk.look()
        started.append(len(desk.started))
    assert started == [0, 0, 1]
