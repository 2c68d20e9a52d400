"""The list of reports, and a report as the service sends it, in a real browser; skipped without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from readiness.artefact.published_reports import publish_reports
from readiness.reports import page as report_page
from serve.app import create_app
from serve.settings import Settings
from tests.reports import examples
from tests.reports.browsing import NEEDED, SCREENS, chromium, open_details, opened, violations
from tests.serve import shelved
from tests.serve.conftest import NOW, listening

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, NEEDED]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return report_page.documents(examples.report("few"))


@pytest.fixture(scope="module")
def address(
    database_of_our_own: None, documents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("published")
    publish_reports(folder, [shelved.seal(folder, version, documents) for version in ("1", "2")])
    with listening(create_app(Settings(published=folder), clock=lambda: NOW)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_is_kept_from_reading_the_list(browser, address: str, screen: str, scheme: str) -> None:
    seen = opened(browser, f"{address}/reports", screen, scheme)
    open_details(seen.page)

    assert violations(seen.page) == ""
    assert seen.complaints == []
    root = "document.documentElement"
    assert seen.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_report_is_whole_under_the_service_s_policy(
    browser, address: str, documents: dict[str, bytes], tmp_path: Path, screen: str
) -> None:
    seen = opened(browser, f"{address}/reports/version-2", screen, "light")
    open_details(seen.page)

    assert seen.requests == [f"{address}/reports/version-2"]
    assert seen.complaints == []
    assert seen.page.locator(".chart svg >> visible=true").count() > 3
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("link", name="trust-calibration.csv").first.click()
    waiting.value.save_as(tmp_path / "found.csv")
    assert (tmp_path / "found.csv").read_bytes() == documents["report-trust-calibration.csv"]
    assert len(seen.page.pdf(format="A4")) > 10_000


def test_from_the_list_one_comes_to_the_report_and_to_its_numbers(
    browser, address: str, documents: dict[str, bytes], tmp_path: Path
) -> None:
    page = opened(browser, f"{address}/reports", "desk", "light").page
    page.locator("summary").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="trust-calibration").first.click()
    waiting.value.save_as(tmp_path / "found.csv")
    assert waiting.value.suggested_filename == "version-2-trust-calibration.csv"
    assert (tmp_path / "found.csv").read_bytes() == documents["report-trust-calibration.csv"]

    page.get_by_role("link", name="Lead readiness, version 2", exact=True).click()

    assert page.url == f"{address}/reports/version-2"
    assert page.locator("h1").inner_text() == "Lead readiness"
