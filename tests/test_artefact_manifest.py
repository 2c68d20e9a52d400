"""A sealed folder is opened only if it is, byte for byte, what its name says."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.prove_artefact import DAMAGES, MANIFEST, Damage, damaged
from readiness.artefact import manifest
from readiness.errors import ArtefactError, StoreError

DOCUMENTS = {
    "agreement.yaml": b"name: standard\n",
    "incidence.json": b'{"cuts": [1.0, 2.0]}\n',
    "trees.txt": b"tree\n" * 200,
}


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    return manifest.seal(DOCUMENTS, tmp_path / "bundles")


def test_a_bundle_is_named_by_the_hash_of_its_manifest(sealed: Path) -> None:
    name = manifest._sha256((sealed / MANIFEST).read_bytes())

    assert sealed.name == name
    assert manifest.read(sealed, name=name).documents == DOCUMENTS


def test_the_same_documents_give_the_same_bytes_in_whatever_order(sealed: Path, tmp_path: Path) -> None:
    other = manifest.seal(dict(reversed(DOCUMENTS.items())), tmp_path / "elsewhere")

    assert other.name == sealed.name
    assert (other / MANIFEST).read_bytes() == (sealed / MANIFEST).read_bytes()


def test_a_folder_may_be_called_otherwise_as_long_as_its_name_is_known(sealed: Path, tmp_path: Path) -> None:
    moved = sealed.rename(tmp_path / "data")

    assert manifest.read(moved, name=sealed.name).documents == DOCUMENTS


def test_no_documents_are_a_bundle_too(tmp_path: Path) -> None:
    path = manifest.seal({}, tmp_path)

    assert manifest.read(path, name=path.name).documents == {}


@pytest.mark.parametrize("number", range(110))
def test_a_damaged_copy_is_refused_by_the_name_of_the_damaged_file(
    sealed: Path, tmp_path: Path, number: int
) -> None:
    copy, file, _ = damaged(sealed, number, tmp_path)

    with pytest.raises(ArtefactError, match=rf"{file} .*nothing of it was loaded\. Fetch it again"):
        manifest.read(copy, name=sealed.name)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("file", [MANIFEST, "trees.txt"])
def test_every_kind_of_damage_is_refused_in_the_manifest_and_elsewhere(
    sealed: Path, damage: Damage, file: str
) -> None:
    named = damage(sealed, file, np.random.default_rng(0))

    with pytest.raises(ArtefactError, match=named):
        manifest.read(sealed, name=sealed.name)


def test_a_link_to_a_whole_bundle_is_refused(sealed: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(sealed)

    with pytest.raises(ArtefactError, match="link is not a folder"):
        manifest.read(tmp_path / "link", name=sealed.name)


def test_a_bundle_that_is_not_there_is_an_artefact_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        ArtefactError, match=r"There is no bundle at .*Fetch it again from the registry, or train"
    ):
        manifest.read(tmp_path / "none", name="0" * 64)


@pytest.mark.parametrize("name", ["", "champion", "0" * 63, "A" * 64, "../" + "0" * 61])
def test_what_is_no_name_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtefactError, match="not the name of a bundle"):
        manifest.read(tmp_path, name=name)


def test_another_bundle_s_name_opens_nothing(sealed: Path, tmp_path: Path) -> None:
    other = manifest.seal({"a.txt": b"other"}, tmp_path)

    with pytest.raises(ArtefactError, match=r"manifest\.json is not that of bundle"):
        manifest.read(sealed, name=other.name)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"not json", "is not a manifest"),
        (b'{"format": "1", "files": {}}', "is not a manifest"),
        (b'{"format": 1, "files": {}, "more": 1}', "is not a manifest"),
        (
            json.dumps({"format": 1, "files": {"../x": {"sha256": "0" * 64, "size": 1}}}).encode(),
            "no bundle can have",
        ),
        (
            json.dumps({"format": 1, "files": {"a.txt": {"sha256": "0" * 64, "size": 10**12}}}).encode(),
            "not a manifest",
        ),
        (
            json.dumps(
                {"format": 1, "files": {f"{i}.txt": {"sha256": "0" * 64, "size": 2**29} for i in range(3)}}
            ).encode(),
            "lists more than",
        ),
    ],
    ids=["no JSON", "wrong type", "unknown key", "path outside", "one huge file", "huge together"],
)
def test_a_manifest_that_no_writer_of_ours_wrote_is_refused_even_if_its_hash_is_right(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    (tmp_path / MANIFEST).write_bytes(content)

    with pytest.raises(ArtefactError, match=fault):
        manifest.read(tmp_path, name=manifest._sha256(content))


def test_a_folder_with_too_many_files_is_refused_without_reading_them(sealed: Path) -> None:
    for number in range(manifest.MOST_FILES + 1):
        (sealed / f"{number}.txt").touch()

    with pytest.raises(ArtefactError, match="holds more than 65 files"):
        manifest.read(sealed, name=sealed.name)


def test_a_file_that_grew_without_end_is_read_only_as_far_as_it_was_listed(sealed: Path) -> None:
    os.truncate(sealed / "trees.txt", 2**40)

    with pytest.raises(ArtefactError, match=r"trees\.txt is not the file that was written"):
        manifest.read(sealed, name=sealed.name)


def test_writing_a_damaged_bundle_again_repairs_it(sealed: Path) -> None:
    (sealed / "trees.txt").write_bytes(b"damaged")

    manifest.seal(DOCUMENTS, sealed.parent)

    assert manifest.read(sealed, name=sealed.name).documents == DOCUMENTS
    assert [path.name for path in sealed.parent.iterdir()] == [sealed.name]


def test_what_a_killed_writer_left_behind_is_harmless_and_is_cleared_when_it_is_old(sealed: Path) -> None:
    young, old = sealed.parent / ".writing-young", sealed.parent / ".writing-old"
    for left in (young, old):
        left.mkdir()
        (left / "trees.txt").write_bytes(b"tre")
    os.utime(old, (0, 0))

    manifest.seal({"a.txt": b"new"}, sealed.parent)

    assert young.exists()
    assert not old.exists()
    assert manifest.read(sealed, name=sealed.name).documents == DOCUMENTS


def test_writers_of_the_same_bundle_do_not_disturb_one_another(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: manifest.seal(DOCUMENTS, tmp_path), range(24)))

    (path,) = paths
    assert manifest.read(path, name=path.name).documents == DOCUMENTS
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_is_the_checked_bundle_and_nothing_else(sealed: Path, tmp_path: Path) -> None:
    copied = manifest.copy(sealed, name=sealed.name, folder=tmp_path / "to")

    assert manifest.read(copied, name=sealed.name).documents == DOCUMENTS


def test_a_damaged_bundle_is_not_copied(sealed: Path, tmp_path: Path) -> None:
    (sealed / "trees.txt").write_bytes(b"damaged")

    with pytest.raises(ArtefactError, match=r"trees\.txt"):
        manifest.copy(sealed, name=sealed.name, folder=tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="cannot be written"):
        manifest.seal(DOCUMENTS, tmp_path / "file" / "bundles")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        manifest.seal(DOCUMENTS, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["../a.txt", "A.txt", "", MANIFEST, "a/b.txt"])
def test_a_file_name_that_could_leave_the_folder_is_our_own_fault(tmp_path: Path, file: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a file"):
        manifest.seal({file: b""}, tmp_path)


def test_what_no_reader_would_take_is_not_sealed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a sealed folder holds 64 files"):
        manifest.seal({f"table-{number}.csv": b"" for number in range(65)}, tmp_path)
    assert len(manifest.seal({f"table-{number}.csv": b"" for number in range(64)}, tmp_path).name) == 64
