"""The report of a model that is kept is written again, alone or beside another model's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness.crm import folder
from readiness.errors import StoreError
from readiness.registry import Registry
from readiness.reports import page
from tests import bundles
from tests.cli.conftest import Type
from tests.hindsight.small import Crm
from tests.reports import examples


@pytest.fixture(scope="module")
def pages() -> tuple[dict[str, bytes], ...]:
    """Return two reports, drawn once."""
    return tuple(page.documents(examples.report(name)) for name in ("few", "skilled"))


@pytest.fixture
def reported(models: Path, tmp_path: Path, pages: tuple[dict[str, bytes], ...]) -> Path:
    """Return a store with two more versions, 3 and 4, whose reports can be compared."""
    registry = Registry.open(models=models)
    for place, made in enumerate(pages):
        registry.record(bundles.write(tmp_path / f"bundle{place}"), report=made)
    return models


@pytest.mark.slow
def test_the_page_names_its_version_and_has_json_and_csv_beside_it(
    typed: Type, reported: Path, tmp_path: Path
) -> None:
    done = typed("report", "4", "--out", "pages/report.html")

    assert done.exit_code == 0, done.output
    pages = tmp_path / "pages"
    assert "version 4" in (pages / "report.html").read_text(encoding="utf-8")
    assert json.loads((pages / "report.json").read_text(encoding="utf-8"))["subtitle"].endswith("version 4")
    assert (pages / "report-trust-calibration.csv").exists()
    assert "Can I trust it? The model knows something" in " ".join(done.output.split())


@pytest.mark.slow
def test_beside_another_the_page_says_what_differs(typed: Type, reported: Path, tmp_path: Path) -> None:
    done = typed("report", "4", "--compare", "3")

    assert done.exit_code == 0, done.output
    assert "What changed since version 3?" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_with_other_tables_it_says_where_their_leads_are_now(
    typed: Type, reported: Path, tmp_path: Path
) -> None:
    folder.write(Crm().lead().lead(None, (50, "closed_won")).tables(100), tmp_path / "tables")
    done = typed("report", "4", "--data", "tables")

    assert done.exit_code == 0, done.output
    assert "Where are our leads? Of 1 open lead at the end of 10 April 2026, none is ready" in " ".join(
        done.output.split()
    )


@pytest.mark.slow
def test_the_report_of_an_older_readiness_is_not_written_with_other_leads(
    typed: Type, reported: Path, tmp_path: Path
) -> None:
    folder.write(Crm().lead().tables(100), tmp_path / "tables")
    refused = typed("report", "1", "--data", "tables")

    assert isinstance(refused.exception, StoreError)
    assert "Version 1 was recorded by an earlier readiness" in str(refused.exception)


@pytest.mark.slow
def test_for_a_program_everything_is_said_as_json(typed: Type, reported: Path) -> None:
    done = typed("report", "3", "--json")

    told = json.loads(done.stdout)
    assert (told["version"], told["report"]) == ("3", "out/report.html")
    assert set(told["sections"]) >= {"trust", "drivers", "sales", "leads", "fairness", "small-print"}


@pytest.mark.slow
def test_what_is_written_is_kept_and_published_and_training_s_own_report_stays(
    typed: Type, reported: Path, tmp_path: Path
) -> None:
    registry = Registry.open(models=reported)
    before = registry.fetch_report("3")

    done = typed("report", "3", "--out", "pages/march.html")

    assert "shows it at /reports after the next `readiness pull`" in " ".join(done.output.split())
    (*_, published, _) = registry.publish_reports(tmp_path / "to", at=0).reports
    sealed = tmp_path / "to" / "reports" / published.sealed
    assert (sealed / "report.html").read_bytes() == (tmp_path / "pages" / "march.html").read_bytes()
    assert "version 3" in (sealed / "report.html").read_text(encoding="utf-8")
    assert published.subtitle.endswith("31 May 2026")
    assert registry.fetch_report("3") == before


@pytest.mark.slow
def test_what_is_not_to_be_kept_is_only_written(typed: Type, reported: Path, tmp_path: Path) -> None:
    done = typed("report", "3", "--no-keep")

    assert done.exit_code == 0, done.output
    assert "/reports" not in done.output
    assert Registry.open(models=reported).version("3").finished_report is None
    assert (tmp_path / "out" / "report.html").exists()


def test_the_report_of_an_older_readiness_is_shown_as_it_was_written(
    typed: Type, models: Path, tmp_path: Path
) -> None:
    done = typed("report", "1", "--out", "pages/report.html")

    assert done.exit_code == 0, done.output
    assert (tmp_path / "pages" / "report.html").read_text(encoding="utf-8") == "<p>The report</p>"


@pytest.mark.slow
@pytest.mark.parametrize("words", [("4", "--compare", "1"), ("1", "--compare", "4")])
def test_the_report_of_an_older_readiness_is_compared_with_nothing(
    typed: Type, reported: Path, words: tuple[str, ...]
) -> None:
    refused = typed("report", *words)

    assert isinstance(refused.exception, StoreError)
    assert "Version 1 was recorded by an earlier readiness" in str(refused.exception)


def test_a_version_without_a_report_says_so(typed: Type, models: Path) -> None:
    refused = typed("report", "2")

    assert isinstance(refused.exception, StoreError)
    assert "without a report" in str(refused.exception)


def test_a_version_that_there_is_none_of_is_refused(typed: Type, models: Path) -> None:
    refused = typed("report", "99")

    assert isinstance(refused.exception, StoreError)
    assert "There is no version 99; there are 2, 1" in str(refused.exception)


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_done(
    typed: Type, models: Path, tmp_path: Path
) -> None:
    (tmp_path / "pages").write_text("", encoding="utf-8")

    refused = typed("report", "1", "--out", "pages/report.html")

    assert isinstance(refused.exception, StoreError)
    assert "pages is a file, not a folder" in str(refused.exception)
