"""Files are replaced all or none, whenever the process dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm.staging import MARKER, STAGING, finish, replace_files, unfinished

NAMES = ("a", "b", "c")


def _write(*names: str, text: str = "new"):
    def write(folder: Path) -> None:
        for name in names:
            (folder / name).write_text(text)

    return write


def _there(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.name in NAMES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    replace_files(tmp_path, _write("a", "b", text="old"), NAMES)
    return tmp_path


def test_new_files_take_the_place_of_old_ones_and_others_stay(folder):
    (folder / "mine").write_text("mine")
    replace_files(folder, _write("b", "c"), NAMES)
    assert _there(folder) == {"b": "new", "c": "new"}
    assert sorted(path.name for path in folder.iterdir()) == ["b", "c", "mine"]


def test_no_file_and_one_file_are_replaced_too(folder):
    replace_files(folder, _write("c"), NAMES)
    assert _there(folder) == {"c": "new"}
    replace_files(folder, _write(), NAMES)
    assert _there(folder) == {}


def test_what_dies_while_writing_changes_nothing(folder):
    def dies(aside: Path) -> None:
        (aside / "a").write_text("ne")
        raise MemoryError("died")

    with pytest.raises(MemoryError, match="died"):
        replace_files(folder, dies, NAMES)
    assert _there(folder) == {"a": "old", "b": "old"}
    assert not unfinished(folder)


def _die_at(folder: Path, name: str) -> None:
    """Die while files are moved, when it is this one's turn: something that cannot be replaced lies there."""
    (folder / name).unlink(missing_ok=True)
    (folder / name / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=name):
        replace_files(folder, _write(*NAMES), NAMES)
    (folder / name / "in the way").rmdir()
    (folder / name).rmdir()


@pytest.mark.parametrize("name", NAMES)
def test_what_dies_while_files_are_moved_is_known_and_finished(folder, name):
    _die_at(folder, name)
    assert unfinished(folder)
    assert finish(folder)
    assert _there(folder) == dict.fromkeys(NAMES, "new")
    assert not unfinished(folder)


@pytest.mark.parametrize("name", NAMES)
def test_writing_again_after_a_death_gives_what_is_written_now(folder, name):
    _die_at(folder, name)
    replace_files(folder, _write("a", text="newer"), NAMES)
    assert _there(folder) == {"a": "newer"}


def test_a_marker_whose_files_are_lost_stays_until_all_is_written_again(folder):
    _die_at(folder, "b")
    (folder / STAGING / "c").unlink()
    assert not finish(folder)

    def dies(aside: Path) -> None:
        (aside / "c").write_text("half")
        raise MemoryError("died")

    with pytest.raises(MemoryError, match="died"):
        replace_files(folder, dies, NAMES)
    assert not finish(folder)
    replace_files(folder, _write("a"), NAMES)
    assert finish(folder)
    assert _there(folder) == {"a": "new"}


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"new": 1}'])
def test_a_marker_that_names_nothing_is_no_permission_to_go_on(folder, said):
    (folder / MARKER).write_text(said)
    assert not finish(folder)
    assert unfinished(folder)


def test_a_marker_moves_nothing_from_elsewhere(folder):
    (folder.parent / "secret").write_text("secret")
    (folder / MARKER).write_text('{"new": ["../secret"], "old": []}')
    assert not finish(folder)
    assert (folder.parent / "secret").read_text() == "secret"
