"""A bundle opens to the model that was written, and to nothing else."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from benchmarks.prove_artefact import damaged
from readiness import artefact, shipped
from readiness.artefact import child, manifest
from readiness.artefact.bundle import GOLDEN, JUDGEMENT, PROVENANCE, Upgrade, upgrade
from readiness.errors import AgreementError, ArtefactError
from tests import bundles


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return bundles.write(tmp_path / "bundles")


def _reseal(bundle: Path, changes: Mapping[str, bytes | None], folder: Path) -> Path:
    """Seal the bundle's files anew with some of them changed, or left out where None."""
    files = dict(manifest.read(bundle, name=bundle.name).documents)
    for file, content in changes.items():
        if content is None:
            del files[file]
        else:
            files[file] = content
    return manifest.seal(files, folder)


def test_an_opened_bundle_predicts_bit_for_bit_what_the_written_model_did(bundle: Path) -> None:
    opened = artefact.open_bundle(bundle, name=bundle.name)

    rows = np.array([[0.0, np.nan, 3.0], [5.0, 40.0, 0.0]])
    written, read = bundles.model().predict(rows), opened.model.predict(rows)
    for field in ("score", "stop_risk", "won", "stop"):
        assert getattr(written, field).tobytes() == getattr(read, field).tobytes()
    assert read.percentile.tolist() == written.percentile.tolist()


def test_an_opened_bundle_carries_the_agreement_the_provenance_and_the_judgement(tmp_path: Path) -> None:
    path = bundles.write(tmp_path, judgement={"skill": {"claimed": True}})

    opened = artefact.open_bundle(path, name=path.name)

    assert opened.agreement_text == shipped.agreement().read_text(encoding="utf-8")
    assert opened.agreement.name == "standard"
    assert opened.provenance == bundles.provenance()
    assert opened.judgement == {"skill": {"claimed": True}}


def test_a_bundle_without_a_judgement_says_so(bundle: Path) -> None:
    assert artefact.open_bundle(bundle, name=bundle.name).judgement is None


def test_the_same_model_gives_the_same_name_and_another_seed_another(bundle: Path, tmp_path: Path) -> None:
    assert bundles.write(tmp_path / "again").name == bundle.name
    assert bundles.write(tmp_path / "other", seed=1).name != bundle.name


def test_nothing_in_a_bundle_is_a_pickle_or_can_run(bundle: Path) -> None:
    assert {path.suffix for path in bundle.iterdir()} == {".json", ".txt", ".yaml"}
    for path in bundle.iterdir():
        path.read_text(encoding="utf-8")


def test_what_records_the_number_of_threads_stays_out_of_the_trees(bundle: Path) -> None:
    text = (bundle / "trees_0.txt").read_text(encoding="utf-8")

    assert "parameters:" not in text


def test_a_score_that_does_not_exist_survives_writing(tmp_path: Path) -> None:
    beyond = dataclasses.replace(
        bundles.model(), horizon_days=1e6, percentiles=np.full(101, np.nan), typical_logit=float("nan")
    )

    path = artefact.write(
        beyond,
        agreement_text=shipped.agreement().read_text(encoding="utf-8"),
        provenance=bundles.provenance(),
        folder=tmp_path,
    )

    opened = artefact.open_bundle(path, name=path.name)
    assert np.isnan(opened.model.percentiles).all()
    assert np.isnan(opened.model.predict(opened.golden_rows).score).all()


def test_an_agreement_that_cannot_be_read_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="line 1"):
        artefact.write(
            bundles.model(), agreement_text="name: [", provenance=bundles.provenance(), folder=tmp_path
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", range(40))
def test_a_damaged_copy_of_a_real_bundle_is_refused_by_the_name_of_the_damaged_file(
    bundle: Path, tmp_path: Path, number: int
) -> None:
    copy, file, _ = damaged(bundle, number, tmp_path)

    with pytest.raises(ArtefactError, match=rf"{file} .*nothing of it was loaded"):
        artefact.open_bundle(copy, name=bundle.name)


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        (GOLDEN, None, r"has no golden\.json"),
        (GOLDEN, b'{"rows": [[1.0], [1.0, 2.0]], "figures": {}}', r"golden\.json is whole, but not what"),
        (GOLDEN, b'{"rows": [[1.0]], "figures": {}}', r"golden\.json is whole, but not what"),
        (GOLDEN, b"{}", r"golden\.json is whole, but not what this version writes"),
        (PROVENANCE, b'{"seed": "1"}', r"provenance\.json is whole, but not what this version writes"),
        (JUDGEMENT, b"[", r"judgement\.json is whole, but not what this version writes"),
        ("agreement.yaml", b"name: [", r"agreement\.yaml is whole, but not what this version writes"),
        ("agreement.yaml", b"\xff", r"agreement\.yaml is whole, but not what this version writes"),
        ("scales.json", None, r"model cannot be built: KeyError"),
        ("scales.json", b"[]", r"model cannot be built: TypeError"),
        ("features.json", b"{}", r"model cannot be built: ModelError"),
        ("incidence.json", b"{}", r"model cannot be built: KeyError"),
        ("trees_0.txt", b"\xff", r"model cannot be built: UnicodeDecodeError"),
        ("trees_0.txt", None, r"model cannot be built: KeyError"),
    ],
)
def test_a_whole_folder_that_is_no_model_of_ours_is_refused_in_words(
    bundle: Path, tmp_path: Path, file: str, content: bytes | None, fault: str
) -> None:
    path = _reseal(bundle, {JUDGEMENT: b"{}"} if file == JUDGEMENT else {}, tmp_path / "first")
    path = _reseal(path, {file: content}, tmp_path / "second")

    with pytest.raises(ArtefactError, match=fault):
        artefact.open_bundle(path, name=path.name)


def test_a_model_that_scores_otherwise_than_when_it_was_written_is_refused(
    bundle: Path, tmp_path: Path
) -> None:
    golden = json.loads((bundle / GOLDEN).read_bytes())
    golden["figures"]["score"][3][0] = np.nextafter(golden["figures"]["score"][3][0], 1.0)
    path = _reseal(bundle, {GOLDEN: json.dumps(golden).encode()}, tmp_path / "to")

    with pytest.raises(ArtefactError, match=r"does not score its golden rows .* \(score in golden\.json\)"):
        artefact.open_bundle(path, name=path.name)


@pytest.mark.parametrize(("off", "opens"), [(1e-12, True), (1e-6, False)])
def test_another_machine_may_round_a_last_bit_otherwise_but_no_more(
    bundle: Path, tmp_path: Path, off: float, opens: bool
) -> None:
    golden = json.loads((bundle / GOLDEN).read_bytes())
    golden["figures"]["score"][3][0] += off
    elsewhere = bundles.provenance(machine="another").model_dump_json().encode()
    path = _reseal(bundle, {GOLDEN: json.dumps(golden).encode(), PROVENANCE: elsewhere}, tmp_path / "to")

    if opens:
        assert artefact.open_bundle(path, name=path.name).provenance.machine == "another"
    else:
        with pytest.raises(ArtefactError, match="libraries or machine differ"):
            artefact.open_bundle(path, name=path.name)


def test_a_newer_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        ArtefactError, match=r"has format 4, and this readiness reads up to 3\. Upgrade readiness"
    ):
        upgrade(manifest.Sealed(4, {}, b""), {})


def test_a_format_without_an_upgrade_is_refused_with_what_to_do() -> None:
    with pytest.raises(ArtefactError, match=r"has format 0, which is too old .* Train again"):
        upgrade(manifest.Sealed(0, {}, b""), {})


def test_an_older_format_is_carried_up_step_by_step() -> None:
    steps = {number: _renames(f"v{number}", f"v{number + 1}") for number in (0, 1, 2)}

    assert upgrade(manifest.Sealed(0, {"v0": b"x"}, b""), steps) == {"v3": b"x"}


def test_a_bundle_of_format_1_opens_with_its_referrals_in_todays_form(bundle: Path, tmp_path: Path) -> None:
    old = "sources:\n  dubious: [bought_list]\n  referrals: [friend]\n  referred_by: [referrer]\n"
    path = _of_format_1(bundle, tmp_path, sources=old)

    opened = artefact.open_bundle(path, name=path.name)

    assert opened.agreement.sources.dubious == ("bought_list",)
    assert opened.agreement.sources.referrals.sources == ("friend",)
    assert opened.agreement.sources.referrals.named_in == ("referrer",)


def _of_format_1(bundle: Path, folder: Path, *, sources: str) -> Path:
    files = {path.name: path.read_bytes() for path in bundle.iterdir() if path.name != manifest.MANIFEST}
    text = files["agreement.yaml"].decode()
    start, end = text.index("sources:\n"), text.index("# The funnel.")
    files["agreement.yaml"] = (text[:start] + sources + text[end:]).encode()
    listed = {name: {"sha256": sha256(raw).hexdigest(), "size": len(raw)} for name, raw in files.items()}
    sealed = (json.dumps({"format": 1, "files": listed}, indent=1, sort_keys=True) + "\n").encode()
    path = folder / "old" / sha256(sealed).hexdigest()
    path.mkdir(parents=True)
    for name, raw in {**files, manifest.MANIFEST: sealed}.items():
        (path / name).write_bytes(raw)
    return path


def _renames(old: str, new: str) -> Upgrade:
    return lambda files: {new: files[old]}


@pytest.mark.slow
def test_a_bundle_that_opens_in_a_child_may_be_used(bundle: Path) -> None:
    artefact.try_in_child(bundle, name=bundle.name)


def test_what_the_child_refuses_is_said_in_its_own_words(bundle: Path) -> None:
    (bundle / "trees_0.txt").write_bytes(b"tree")

    with pytest.raises(ArtefactError, match=r"^\S*trees_0\.txt is not the file that was written"):
        artefact.try_in_child(bundle, name=bundle.name)


@pytest.mark.slow
def test_a_text_that_kills_lightgbm_kills_only_the_child(bundle: Path, tmp_path: Path) -> None:
    text = (bundle / "trees_0.txt").read_text(encoding="utf-8")
    poison = text.replace("left_child=", "left_child=2000000000 ", 1)
    path = _reseal(bundle, {"trees_0.txt": poison.encode()}, tmp_path / "to")

    with pytest.raises(ArtefactError, match=r"killed the process that opened it \(signal \d+\)"):
        artefact.try_in_child(path, name=path.name)


def _interpreter(folder: Path, script: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_child_that_dies_is_reported_with_its_signal(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", _interpreter(tmp_path, "kill -SEGV $$"))

    with pytest.raises(ArtefactError, match=rf"killed the process .*\(signal {int(signal.SIGSEGV)}\)"):
        artefact.try_in_child(bundle, name=bundle.name)


def test_a_child_that_fails_is_reported_with_its_last_words(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "executable", _interpreter(tmp_path, "echo first >&2; echo no module >&2; exit 1")
    )

    with pytest.raises(ArtefactError, match=r"\(exit code 1\)\. .* It said last: no module\."):
        artefact.try_in_child(bundle, name=bundle.name)


def test_a_child_that_does_not_end_is_not_waited_for(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", _interpreter(tmp_path, "exec sleep 60"))

    with pytest.raises(ArtefactError, match=r"was not open after 0\.2 s"):
        artefact.try_in_child(bundle, name=bundle.name, seconds=0.2)


@pytest.mark.slow
def test_a_folder_called_readiness_where_one_stands_is_not_run(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "readiness").mkdir()
    (tmp_path / "readiness" / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)

    artefact.try_in_child(bundle.resolve(), name=bundle.name)


def test_the_child_answers_by_its_exit_code(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert child.answer([str(bundle), bundle.name]) == 0
    assert child.answer([str(bundle), "0" * 64]) == child.REFUSED
    assert "manifest.json is not that of bundle" in capsys.readouterr().err
    assert os.path.isdir(bundle)
