"""The pointer names one published bundle, and a reader sees the old one or the new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from readiness import artefact
from readiness.errors import ArtefactError, NoChampionError, StoreError
from tests import bundles


def test_the_pointer_is_swapped_at_once_and_read_back(tmp_path: Path) -> None:
    for version, name in (("1", "a" * 64), ("2", "b" * 64)):
        artefact.point(tmp_path, artefact.Pointer(name=name, version=version))

    assert artefact.champion(tmp_path) == artefact.Pointer(name="b" * 64, version="2")
    assert [path.name for path in tmp_path.iterdir()] == [artefact.POINTER]


def test_where_nothing_is_published_there_is_no_champion(tmp_path: Path) -> None:
    with pytest.raises(NoChampionError, match="No champion is published"):
        artefact.champion(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff", b'{"name": "../../etc", "version": "1"}', b"x" * 10_000],
    ids=["empty", "no name", "no text", "a path", "huge"],
)
def test_a_damaged_pointer_is_an_artefact_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / artefact.POINTER).write_bytes(content)

    with pytest.raises(ArtefactError, match=r"champion\.json is damaged\. Run `readiness pull`"):
        artefact.champion(tmp_path)


def test_a_pointer_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"champion\.json cannot be written"):
        artefact.point(tmp_path / "none", artefact.Pointer(name="a" * 64, version="1"))


def test_a_pointer_or_bundle_that_is_replaced_while_it_is_read_stays_whole(
    tmp_path: Path,
) -> None:
    bundle = bundles.write(tmp_path / "bundles")
    opened = (bundle / "scales.json").open("rb")
    with opened:
        shutil.rmtree(bundle)
        bundles.write(tmp_path / "bundles")

        assert opened.read() == (bundle / "scales.json").read_bytes()
