"""What is published is taken into use when it is whole, and otherwise changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from readiness import artefact, shipped
from readiness.artefact import Bundle, Pointer
from readiness.errors import AgreementError, ArtefactError
from serve.store import ModelStore, Refusal
from tests.serve.conftest import NAME_A, NAME_B, bundle_named


class Opened:
    """Opens bundles without looking at the disk, and keeps which; what is in ``bad`` is refused."""

    def __init__(self, *bad: str) -> None:
        self.names: list[str] = []
        self.bad = set(bad)

    def __call__(self, path: Path, name: str) -> Bundle:
        self.names.append(name)
        if name in self.bad:
            raise ArtefactError(f"{path / 'trees.txt'} is not the file that was written")
        return bundle_named(name)


def _point(folder: Path, name: str, version: str = "1") -> None:
    artefact.point(folder, Pointer(name=name, version=version))


def test_without_a_pointer_the_rules_answer(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, open_bundle=Opened())
    assert not store.look()
    assert (store.in_use.model, store.in_use.answered_by.model, store.refused) == (None, None, None)


def test_a_published_bundle_is_taken_into_use_under_its_model_and_name(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, open_bundle=Opened())
    _point(tmp_path, NAME_A, "7")
    assert store.look()
    assert (store.in_use.answered_by.model, store.in_use.answered_by.bundle) == ("readiness 7", NAME_A)


def test_a_bundle_is_opened_once_as_long_as_the_pointer_stands(tmp_path: Path) -> None:
    opened = Opened()
    store = ModelStore(tmp_path, open_bundle=opened)
    _point(tmp_path, NAME_A)
    assert [store.look(), store.look(), store.look()] == [True, False, False]
    assert opened.names == [NAME_A]


def test_the_next_champion_replaces_the_last_while_requests_keep_theirs(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, open_bundle=Opened())
    _point(tmp_path, NAME_A)
    store.look()
    request = store.in_use
    _point(tmp_path, NAME_B, "2")
    assert store.look()
    assert (request.answered_by.bundle, store.in_use.answered_by.bundle) == (NAME_A, NAME_B)


def test_a_bad_bundle_is_refused_by_name_and_the_one_before_keeps_answering(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, open_bundle=Opened(NAME_B))
    _point(tmp_path, NAME_A)
    store.look()
    _point(tmp_path, NAME_B, "2")
    assert not store.look()
    assert store.in_use.answered_by.bundle == NAME_A
    assert store.refused is not None
    assert (store.refused.bundle, "trees.txt" in store.refused.because) == (NAME_B, True)


def test_a_refusal_ends_when_a_good_bundle_is_published(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, open_bundle=Opened(NAME_B))
    for name, version in ((NAME_A, "1"), (NAME_B, "2"), (NAME_A, "1")):
        _point(tmp_path, name, version)
        store.look()
    assert (store.in_use.answered_by.bundle, store.refused) == (NAME_A, None)


def test_whatever_opening_a_bundle_does_the_one_before_keeps_answering(tmp_path: Path) -> None:
    def breaks(path: Path, name: str) -> Bundle:
        raise MemoryError

    store = ModelStore(tmp_path, open_bundle=breaks)
    _point(tmp_path, NAME_A)
    assert not store.look()
    assert store.refused == Refusal(NAME_A, "Opening it failed with MemoryError.")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"name": "../../etc", "version": "1"}', "null", "x" * 10_000]
)
def test_a_damaged_pointer_is_refused(tmp_path: Path, content: str) -> None:
    opened = Opened()
    store = ModelStore(tmp_path, open_bundle=opened)
    (tmp_path / artefact.POINTER).write_text(content)
    assert not store.look()
    assert store.refused is not None
    assert (store.refused.bundle, opened.names) == (None, [])


def test_a_pointer_that_vanishes_takes_no_model_away(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "published", open_bundle=Opened())
    (tmp_path / "published").mkdir()
    _point(tmp_path / "published", NAME_A)
    store.look()
    shutil.rmtree(tmp_path / "published")
    assert not store.look()
    assert store.in_use.answered_by.bundle == NAME_A


def test_a_bundle_that_is_not_there_is_refused(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    _point(tmp_path, NAME_A)
    assert not store.look()
    assert store.refused is not None
    assert "no bundle" in store.refused.because


def test_a_bundle_brings_its_own_agreement_unless_one_is_given(tmp_path: Path) -> None:
    theirs = replace(bundle_named(NAME_A), agreement_text="# theirs")
    stores = [
        ModelStore(tmp_path, agreement=given, open_bundle=lambda *_: theirs)
        for given in (None, shipped.agreement())
    ]
    _point(tmp_path, NAME_A)
    assert [store.look() for store in stores] == [True, True]
    assert stores[0].in_use.agreement_text == "# theirs"
    assert stores[1].in_use.agreement_text == shipped.agreement().read_text()


def test_an_agreement_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text("name: x\nnmae: y\n")
    with pytest.raises(AgreementError, match=r"agreement\.yaml, line 2"):
        ModelStore(tmp_path, agreement=tmp_path / "agreement.yaml")
