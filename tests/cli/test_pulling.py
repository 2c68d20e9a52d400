"""`readiness pull` publishes what is finished: the champion, every report, and says what was left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.artefact.published_reports import published_reports
from readiness.errors import NoChampionError
from readiness.registry import Registry
from tests import bundles
from tests.cli.conftest import Type

REPORT = {"report.html": b"<p>Version 3</p>", "report.json": b"{}"}


@pytest.mark.slow
def test_it_says_which_reports_it_published(typed: Type, models: Path, tmp_path: Path) -> None:
    Registry.open(models=models).record(bundles.write(tmp_path / "made", seed=1), report=REPORT)
    typed("promote", "1")

    done = typed("pull")

    assert done.exit_code == 0, done.output
    assert "models/published: 2 reports, of versions 3, 1" in done.output
    assert [each.version for each in published_reports(models / "published")] == ["3", "1"]


def test_reports_are_published_though_nobody_is_the_champion(typed: Type, models: Path) -> None:
    refused = typed("pull")

    assert isinstance(refused.exception, NoChampionError)
    assert "models/published: 1 report, of version 1" in refused.output
    assert [each.version for each in published_reports(models / "published")] == ["1"]


@pytest.mark.slow
def test_a_damaged_report_is_named_and_the_champion_is_published(typed: Type, models: Path) -> None:
    (page,) = models.rglob("artifacts/report/report.html")
    page.write_bytes(b"damaged")
    typed("promote", "1")

    done = typed("pull")

    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "models/published: no report" in said
    assert "The report of version 1 is not published." in said
    assert (models / "published" / "champion.json").exists()
