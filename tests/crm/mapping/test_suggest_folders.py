"""Which files of a folder a draft reads, and what it says of those that lie deeper."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.crm.mapping.suggesting import suggest
from readiness.errors import StoreError

LEADS = "id,created,outcome\nL-1,2026-01-05,won\nL-2,2026-01-06,lost\n"


def test_files_in_a_folder_within_are_asked_about_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "leads.csv").write_text(LEADS)
    (tmp_path / "old" / "notes.txt").write_text("nothing to read")
    found = suggest([tmp_path])
    assert "is the export in a folder within the one given? old (1 file): not read" in found.asked


def test_where_all_files_lie_deeper_the_folder_that_holds_them_is_named(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    for name in ("leads.csv", "tasks.csv"):
        (tmp_path / "tables" / name).write_text(LEADS)
    with pytest.raises(StoreError, match=r"Name the folder that is meant: tables \(2 files\)\."):
        suggest([tmp_path])


def test_a_flat_folder_and_a_file_ask_nothing_about_folders(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    for source in (tmp_path, tmp_path / "leads.csv"):
        assert not any("folder within" in asked for asked in suggest([source]).asked)
