"""The files of jobs: what was kept is read back or refused, and what was removed is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.errors import StoreMissingError, StoreReadOnlyError
from serve.jobs.folder import LEFT_FREE, JobFolder


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    folder = JobFolder(tmp_path)
    with_file = folder.arriving("a")
    with_file.write(b"lead_id\n")
    with_file.close()
    with_file.keep()
    return folder


def test_a_part_is_read_back_as_it_was_written(folder: JobFolder) -> None:
    part = folder.keep("a", 3, "holder", b"rows" * 1_000)
    assert folder.part("a", part) == b"rows" * 1_000
    assert folder.part("a", folder.keep("a", 4, "holder", b"")) == b""


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_part_that_is_not_what_was_written_is_refused(folder: JobFolder, tmp_path: Path, harm: str) -> None:
    part = folder.keep("a", 0, "holder", b"rows")
    path = tmp_path / "a" / part.file
    if harm == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    else:
        path.unlink()
    with pytest.raises(StoreMissingError, match="gone or damaged"):
        folder.part("a", part)


def test_two_holders_of_a_job_write_no_part_over_the_other_s(folder: JobFolder) -> None:
    first, second = (folder.keep("a", 0, holder, holder.encode()) for holder in ("one", "two"))
    assert [folder.part("a", part) for part in (first, second)] == [b"one", b"two"]


def test_what_was_sent_and_what_was_begun_twice_goes_and_the_rest_stays(
    folder: JobFolder, tmp_path: Path
) -> None:
    kept = folder.keep("a", 0, "one", b"rows")
    folder.keep("a", 0, "two", b"rows")
    folder.forget_upload("a", [kept])
    assert [path.name for path in (tmp_path / "a").iterdir()] == [kept.file]
    folder.remove("a")
    folder.forget_upload("a", [kept])
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_kept_is_removed(tmp_path: Path) -> None:
    arriving = JobFolder(tmp_path).arriving("b")
    arriving.write(b"x")
    arriving.drop()
    arriving.drop()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("free", [LEFT_FREE, LEFT_FREE - 1])
def test_a_part_leaves_the_database_room_on_the_disk(folder: JobFolder, tmp_path: Path, free: int) -> None:
    full = JobFolder(tmp_path, free=lambda _: free)
    if free >= LEFT_FREE:
        assert full.keep("a", 0, "one", b"x").number == 0
    else:
        with pytest.raises(StoreReadOnlyError, match="READINESS_JOBS_FOLDER"):
            full.keep("a", 0, "one", b"x")
