"""Reports are kept with their versions, and the newest of each is published whole or named as left out."""

from __future__ import annotations

import fcntl
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from readiness.artefact import manifest
from readiness.artefact.published_reports import INDEX, MOST_BYTES, REPORTS, published_reports
from readiness.errors import ArtefactError, StoreError
from readiness.registry import Registry
from readiness.registry.kept_reports import FINISHED_PATH, REPORT_PATH
from tests import bundles
from tests.registry.moments import LATER, NOON

REPORT = {
    "report.html": b"<p>trained",
    "report.json": b'{"title": "Lead readiness", "subtitle": "A sale within 90 days"}',
    "report-trust-skill.csv": b"name,gain\n",
}
FINISHED = REPORT | {"report.html": b"<p>finished"}


def files(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kept(models: Path, path: str) -> Path:
    """Return where the embedded store keeps these files of the one run that has them."""
    (found,) = models.rglob(f"artifacts/{path}")
    return found


def test_a_report_comes_back_as_it_was_recorded(registry: Registry, first: Path) -> None:
    version = registry.record(first, report=REPORT).version

    assert registry.fetch_report(version) == REPORT


def test_a_version_without_a_report_brings_none(registry: Registry, first: Path) -> None:
    assert registry.fetch_report(registry.record(first).version) == {}


def test_what_somebody_wrote_last_takes_nothing_from_what_training_wrote(
    registry: Registry, first: Path
) -> None:
    version = registry.record(first, report=REPORT).version

    registry.keep_report(version, FINISHED)

    assert registry.fetch_report(version) == REPORT


def test_a_report_that_was_damaged_in_the_store_is_not_given_out(
    registry: Registry, first: Path, models: Path
) -> None:
    version = registry.record(first, report=REPORT).version
    (kept(models, REPORT_PATH) / "report.json").write_bytes(b"{}")

    with pytest.raises(ArtefactError, match=r"report\.json is not the file.* The report is damaged"):
        registry.fetch_report(version)


def test_where_no_version_has_a_report_the_list_is_empty(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.record(first)

    found = registry.publish_reports(tmp_path / "to", at=NOON)

    assert (found.reports, found.left_out) == ((), ())
    assert published_reports(tmp_path / "to") == ()


def test_a_published_report_says_of_which_model_it_is_and_what_it_learned_from(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)

    registry.publish_reports(tmp_path / "to", at=NOON)

    (report,) = published_reports(tmp_path / "to")
    assert (report.model, report.version, report.bundle) == ("readiness", "1", first.name)
    assert (report.title, report.subtitle) == ("Lead readiness", "A sale within 90 days")
    assert (report.judged_from, report.learned_until) == ("2026-02-01T00:00:00Z", "2026-06-01T00:00:00Z")
    assert report.published_at == "2026-03-14T12:00:00Z"
    sealed = manifest.read(tmp_path / "to" / REPORTS / report.sealed, name=report.sealed)
    assert sealed.documents == REPORT


def test_each_version_s_newest_report_is_published_the_newest_version_first(
    registry: Registry, first: Path, second: Path, tmp_path: Path
) -> None:
    for bundle in (first, second):
        registry.record(bundle, report=REPORT)
    registry.keep_report("1", FINISHED)

    found = registry.publish_reports(tmp_path / "to", at=NOON).reports

    assert [each.version for each in found] == ["2", "1"]
    pages = [(tmp_path / "to" / REPORTS / each.sealed / "report.html").read_bytes() for each in found]
    assert pages == [b"<p>trained", b"<p>finished"]


def test_the_same_reports_published_again_give_the_same_bytes(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)
    registry.publish_reports(tmp_path / "to", at=NOON)
    before = files(tmp_path / "to")

    registry.publish_reports(tmp_path / "to", at=LATER)

    assert files(tmp_path / "to") == before


def test_a_report_that_was_replaced_is_gone_and_what_is_not_ours_stays(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    version = registry.record(first, report=REPORT).version
    folder = tmp_path / "to" / REPORTS
    registry.publish_reports(tmp_path / "to", at=NOON)
    for name in (f"{'0' * 64}.html", "mine.html"):
        (folder / name).write_bytes(b"")

    registry.keep_report(version, FINISHED)
    (report,) = registry.publish_reports(tmp_path / "to", at=LATER).reports

    assert sorted(path.name for path in folder.iterdir()) == sorted([report.sealed, "mine.html"])
    assert report.published_at == "2026-03-15T12:00:00Z"


def test_a_damaged_report_is_left_out_by_name_and_the_others_are_published(
    registry: Registry, first: Path, second: Path, models: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)
    (kept(models, REPORT_PATH) / "report-trust-skill.csv").unlink()
    registry.record(second, report=FINISHED)

    found = registry.publish_reports(tmp_path / "to", at=NOON)

    assert [each.version for each in found.reports] == ["2"]
    ((version, because),) = [(each.version, each.because) for each in found.left_out]
    assert version == "1"
    assert "report-trust-skill.csv is missing. The report is damaged" in because


def test_a_report_whose_files_are_gone_from_the_store_is_left_out_by_name(
    registry: Registry, first: Path, models: Path, tmp_path: Path
) -> None:
    version = registry.record(first, report=REPORT).version
    registry.keep_report(version, FINISHED)
    shutil.rmtree(kept(models, FINISHED_PATH))

    found = registry.publish_reports(tmp_path / "to", at=NOON)

    assert found.reports == ()
    assert "asked for the report of version 1" in found.left_out[0].because


def test_a_store_that_does_not_answer_takes_down_no_report(
    registry: Registry, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = registry.record(first, report=REPORT).version
    before = registry.publish_reports(tmp_path / "to", at=NOON).reports
    registry.keep_report(version, FINISHED)

    def refuse(*arguments: object, **keywords: object) -> None:
        raise OSError(110, "Connection timed out")

    with monkeypatch.context() as patched:
        patched.setattr(registry.store.client, "download_artifacts", refuse)
        found = registry.publish_reports(tmp_path / "to", at=LATER)
    assert (found.reports, [each.version for each in found.left_out]) == (before, [version])
    assert files(tmp_path / "to" / REPORTS / before[0].sealed)["report.html"] == REPORT["report.html"]

    monkeypatch.setattr(registry.store.client, "get_run", refuse)
    assert registry.publish_reports(tmp_path / "to", at=LATER).reports == before


def test_who_publishes_waits_for_who_does_already(registry: Registry, first: Path, tmp_path: Path) -> None:
    registry.record(first, report=REPORT)
    (tmp_path / "to").mkdir()
    with ThreadPoolExecutor(1) as other, (tmp_path / "to" / ".publishing").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = other.submit(registry.publish_reports, tmp_path / "to", at=NOON)
        with pytest.raises(TimeoutError):
            found.result(0.3)
        assert published_reports(tmp_path / "to") == ()
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert len(found.result(30).reports) == 1


def test_a_report_that_is_published_whole_needs_the_store_s_copy_no_more(
    registry: Registry, first: Path, models: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)
    registry.publish_reports(tmp_path / "to", at=NOON)
    shutil.rmtree(kept(models, REPORT_PATH))

    assert len(registry.publish_reports(tmp_path / "to", at=LATER).reports) == 1


def test_a_published_report_that_was_damaged_is_mended(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)
    (report,) = registry.publish_reports(tmp_path / "to", at=NOON).reports
    page = tmp_path / "to" / REPORTS / report.sealed / "report.html"
    page.write_bytes(b"damaged")
    (tmp_path / "to" / INDEX).write_bytes(b"damaged")

    registry.publish_reports(tmp_path / "to", at=LATER)

    assert page.read_bytes() == b"<p>trained"
    assert len(published_reports(tmp_path / "to")) == 1


def test_the_report_of_an_earlier_readiness_is_published_with_what_it_has(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    recorded = registry.record(first)
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>earlier")
    registry.store.client.log_artifact(recorded.run_id, str(page), REPORT_PATH)

    (report,) = registry.publish_reports(tmp_path / "to", at=NOON).reports

    sealed = manifest.read(tmp_path / "to" / REPORTS / report.sealed, name=report.sealed)
    assert (report.title, sealed.documents) == ("Report", {"report.html": b"<p>earlier"})


@pytest.mark.parametrize(
    ("report", "because"),
    [
        ({"report.json": b"{}"}, "no page (report.html)"),
        ({"report.html": b" " * (MOST_BYTES + 1)}, "has 16,777,217 bytes; expected at most 16,777,216"),
    ],
    ids=["no page", "too large"],
)
def test_what_no_service_could_show_is_left_out(
    registry: Registry, first: Path, tmp_path: Path, report: dict[str, bytes], because: str
) -> None:
    registry.record(first, report=report)

    (left_out,) = registry.publish_reports(tmp_path / "to", at=NOON).left_out

    assert because in left_out.because


def test_data_without_dates_has_no_days_to_tell(registry: Registry, tmp_path: Path) -> None:
    registry.record(bundles.write(tmp_path / "made", judged_at=None, data_end=None), report=REPORT)

    (report,) = registry.publish_reports(tmp_path / "to", at=NOON).reports

    assert (report.judged_from, report.learned_until) == (None, None)


def test_a_folder_that_cannot_be_written_is_a_store_error(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.record(first, report=REPORT)
    (tmp_path / "to").write_bytes(b"")

    with pytest.raises(StoreError, match="could not be published to"):
        registry.publish_reports(tmp_path / "to", at=NOON)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"format": 2, "reports": []}',
        json.dumps({"format": 1, "reports": [{}]}).encode(),
    ],
    ids=["empty", "no list", "no text", "a later format", "no report"],
)
def test_a_damaged_list_is_an_artefact_error_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / INDEX).write_bytes(content)

    with pytest.raises(ArtefactError, match=r"reports\.json is damaged\. Run `readiness pull`"):
        published_reports(tmp_path)
