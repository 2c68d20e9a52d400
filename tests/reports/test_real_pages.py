"""The pages of real exports, trained as people train: true, readable, and plain where nothing was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from readiness.cli.main import app
from readiness.reports import model_report
from readiness.reports.model_report import ModelReport
from tests.reports import recount
from tests.reports.browsing import NEEDED, SCREENS, chromium, open_details, opened, violations

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


def trained(mapping: str, source: Path, folder: Path) -> Path:
    """Import an export and train on it; return the page's path."""
    tables, page = folder / "tables", folder / "report.html"
    for words in (
        ["import", "--mapping", mapping, "--out", str(tables), str(source)],
        ["train", "--data", str(tables), "--models", str(folder / "models"), "--out", str(page)],
    ):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
    return page


@pytest.fixture(scope="module")
def maven_page(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("maven_crm", real_data / "maven-crm", tmp_path_factory.mktemp("maven"))


@pytest.fixture(scope="module")
def bank_page(bank_marketing: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("bank_marketing", bank_marketing, tmp_path_factory.mktemp("bank"))


PAGES = pytest.mark.parametrize("page", ["maven_page", "bank_page"])


def told(page: Path) -> ModelReport:
    found = model_report.read(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert found is not None
    return found


def test_the_first_section_on_maven_says_plainly_that_nothing_was_found(maven_page: Path) -> None:
    section, trust = next(told(maven_page).sections())

    assert section.name == "trust"
    assert trust.sentence.startswith(
        "No skill was found: the model found nothing that tells which leads will buy. On 3,753 leads"
    )
    assert "Do not rank leads by it." in trust.sentence
    assert "Nothing was found by which leads could be ranked." in trust.not_found


def test_maven_s_calendar_is_no_attribute_of_its_model(maven_page: Path) -> None:
    drivers = told(maven_page).told["drivers"]
    named = " ".join(point.name.lower() for point in drivers.importance.points)  # type: ignore[attr-defined]

    assert not [word for word in ("date", "month", "quarter", "year", "weekday") if word in named]
    assert drivers.sentence.endswith("No single behaviour or attribute can be shown to matter to the score.")


def test_no_other_section_on_maven_claims_what_the_first_denies(maven_page: Path) -> None:
    report = told(maven_page)
    said = " ".join(sentence for _, _, sentence in recount.prose(report))

    assert "knows something" not in said
    assert "That they tell more" not in said
    assert "0 of 0" not in said


def test_each_call_of_the_bank_counts_as_a_lead_of_its_own(bank_page: Path) -> None:
    (verdict,) = recount.tables_of(told(bank_page))["trust-verdict"]

    assert verdict["leads"] == verdict["snapshots"]
    assert verdict["claimed"] == "True"


@PAGES
def test_every_number_on_a_real_page_is_recounted_from_its_csv(page: str, request) -> None:
    assert recount.unaccounted(told(request.getfixturevalue(page))) == []


@NEEDED
@PAGES
def test_everybody_can_read_a_real_page_and_nothing_leaves_it(page: str, request) -> None:
    place: Path = request.getfixturevalue(page)
    with chromium() as browser:
        for screen in SCREENS:
            for scheme in ("light", "dark"):
                seen = opened(browser, place, screen, scheme)
                open_details(seen.page)
                root = "document.documentElement"
                assert violations(seen.page) == ""
                assert seen.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
                assert seen.requests == [place.as_uri()]
                assert seen.complaints == []
                seen.page.emulate_media(media="print")
                assert violations(seen.page) == ""
