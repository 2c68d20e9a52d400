"""Entries are written before answers leave, each tied to the one before it, in any thread."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from serve.audit import segments
from serve.audit.chain import Chain, left_behind, waiting
from serve.audit.entry import FIRST, Entry, link_of, salted, tied
from serve.audit.segments import Segment
from tests.serve.audited import AGREEMENT, AGREEMENT_TEXT, draft, spoil, write


def _read(folder: Path) -> list[Entry]:
    return [record.entry for path in waiting(folder) for record in segments.read(path).records]


def _full(_: int, content: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_each_entry_is_tied_to_the_one_before_it(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    write(chain, 1, 2, 3)
    entries = _read(tmp_path)
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.before for entry in entries] == [FIRST, entries[0].link, entries[1].link]
    assert all(entry.link == link_of(entry) for entry in entries)


def test_every_field_of_an_entry_is_in_its_link() -> None:
    entry = tied(draft(1), chain="c", sequence=1, at=5, before=FIRST)
    for name in set(Entry.__slots__) - {"link"}:
        value = getattr(entry, name)
        other = bytes(32) + b"x" if isinstance(value, bytes) else 99 if isinstance(value, int) else "other"
        fields = {each: getattr(entry, each) for each in Entry.__slots__}
        assert link_of(Entry(**{**fields, name: other})) != entry.link, name


def test_the_same_content_has_another_hash_each_time() -> None:
    one, other = salted(b"yes"), salted(b"yes")
    assert one.hash != other.hash
    assert "yes" not in repr(one)


def test_nothing_is_written_where_nothing_is_asked(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.append([], agreement_text="", at=lambda: 1)
    assert (waiting(tmp_path), chain.closed(), chain.waiting_bytes) == ((), (), 0)


def test_entries_of_many_threads_make_one_chain(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    threads = [threading.Thread(target=write, args=(chain, *range(50 * n, 50 * n + 50))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = _read(tmp_path)
    assert [entry.sequence for entry in entries] == list(range(1, 201))
    assert all(two.before == one.link for one, two in itertools.pairwise(entries))


def test_a_large_batch_is_written_whole_and_holds_its_agreement_once(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.append([draft(number) for number in range(450)], agreement_text=AGREEMENT_TEXT, at=lambda: 1)
    (path,) = waiting(tmp_path)
    read = segments.read(path)
    assert (len(read.records), read.agreements, read.torn, read.broken) == (
        450,
        {AGREEMENT: AGREEMENT_TEXT},
        0,
        False,
    )
    assert path.stat().st_mode & 0o077 == 0


def test_a_disk_that_is_full_refuses_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    full = False

    def write_or_not(descriptor: int, content: bytes) -> int:
        return os.write(descriptor, content[:100] if full else content)

    chain = Chain(tmp_path, make=lambda path: Segment(path, write=write_or_not))
    write(chain, 1)
    full = True
    with pytest.raises(OSError, match="No space left"):
        write(chain, 2)
    full = False
    write(chain, 3)
    assert [(entry.sequence, entry.assessment_id) for entry in _read(tmp_path)] == [(1, "A-1"), (2, "A-3")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file")
    with pytest.raises(FileExistsError, match="audit"):
        Chain(tmp_path / "audit")


def test_a_first_write_that_fails_can_be_done_again(tmp_path: Path) -> None:
    fails = [True]

    def write_or_not(descriptor: int, content: bytes) -> int:
        return _full(descriptor, content) if fails.pop() else os.write(descriptor, content)

    chain = Chain(tmp_path, make=lambda path: Segment(path, write=write_or_not))
    with pytest.raises(OSError, match="No space left"):
        write(chain, 1)
    fails[:] = [False]
    write(chain, 1)
    assert [entry.sequence for entry in _read(tmp_path)] == [1]


@pytest.mark.parametrize("bytes_left", [1, 30, 700, -40, -1])
def test_a_file_that_was_not_written_to_its_end_says_so_and_gives_what_is_whole(
    tmp_path: Path, bytes_left: int
) -> None:
    chain = Chain(tmp_path)
    write(chain, 1, 2)
    (path,) = waiting(tmp_path)
    whole = len(path.read_bytes())
    first = len(b"".join(path.read_bytes().splitlines(keepends=True)[:4]))
    spoil(path, lambda content: content[: first + bytes_left] if bytes_left > 0 else content[:bytes_left])
    read = segments.read(path)
    assert ([record.entry.assessment_id for record in read.records], read.broken) == (["A-1"], False)
    assert read.torn == (bytes_left if bytes_left > 0 else whole + bytes_left - first)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    assert segments.read(tmp_path / "x") == segments.Read((), {}, 0, broken=False)


@pytest.mark.parametrize("content", [b"{}\n\n\n", b"[]\n\n\n", b"7\n\n\n", b"\xff\n\n\n", b'{"a": 1}\n\n\n'])
def test_a_file_of_something_else_is_broken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert segments.read(tmp_path / "x").broken


def test_a_chain_that_was_given_up_takes_nothing_more(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.end()
    with pytest.raises(OSError, match="given up"):
        write(chain, 1)


def test_a_chain_that_was_given_up_leaves_nothing_if_all_was_moved(tmp_path: Path) -> None:
    Chain(tmp_path).end()
    assert [*tmp_path.iterdir()] == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from serve.audit.chain import Chain
from tests.serve.audited import write
write(Chain(Path(sys.argv[1])), 1, 2, 3)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_what_was_written_is_there_when_the_process_was_killed(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])}
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], env=environment, cwd=root)
    assert done.returncode == -9
    ((_, files),) = left_behind(tmp_path)
    assert [record.entry.sequence for path in files for record in segments.read(path).records] == [1, 2, 3]
