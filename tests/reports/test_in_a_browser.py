"""A report opened in a real browser: nothing is loaded, nothing complains, everybody can read it.

They need Chromium (`READINESS_CHROMIUM`, or `chromium` on the path), Playwright and axe-core, as the
development dependencies bring them; where one is missing they are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pytest

from readiness.reports.model_report import beside
from readiness.reports.page import write
from tests.reports import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme: TypeAlias = Literal["light", "dark"]

CHROMIUM: Final = os.environ.get("READINESS_CHROMIUM") or shutil.which("chromium")
MISSING: Final = [
    *(["chromium"] if CHROMIUM is None else []),
    *(name for name in ("playwright", "axe_playwright_python") if find_spec(name) is None),
]
QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENS: Final = {"desk": (1280, 900), "phone": (390, 844)}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


@dataclass
class Seen:
    """A page in a browser, with all it asked for and all it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    compared = beside(examples.report("skilled"), examples.report("few"), "version 3")
    found = {"compared": write(compared, folder / "compared.html")}
    return found | {
        name: write(examples.report(name), folder / f"{name}.html") for name in ("undated", "unjudged")
    }


def opened(browser: Browser, place: Path | str, screen: str, scheme: Scheme) -> Seen:
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.goto(place if isinstance(place, str) else place.as_uri())
    return seen


def open_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


@pytest.mark.parametrize("name", ["compared", "undated", "unjudged"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_is_kept_from_reading_it(browser, pages, screen: str, scheme: str, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where it is installed

    seen = opened(browser, pages[name], screen, scheme)
    open_details(seen.page)

    found = Axe().run(seen.page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_leaves_the_page_and_nothing_complains(browser, pages, screen: str) -> None:
    seen = opened(browser, pages["compared"], screen, "light")
    open_details(seen.page)
    seen.page.mouse.wheel(0, 20_000)

    assert seen.requests == [pages["compared"].as_uri()]
    assert seen.complaints == []


@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_is_never_wider_than_the_screen(browser, pages, screen: str) -> None:
    page = opened(browser, pages["compared"], screen, "light").page
    open_details(page)

    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    cut_off = (
        "each => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0"
    )
    charts = "[...document.querySelectorAll('.chart svg')]"
    assert page.evaluate(f"{charts}.filter({cut_off}).length") == 0


@pytest.mark.parametrize(
    ("screen", "shown", "hidden"), [("desk", "wide", "narrow"), ("phone", "narrow", "wide")]
)
def test_each_screen_has_the_charts_drawn_for_it(
    browser, pages, screen: str, shown: str, hidden: str
) -> None:
    page = opened(browser, pages["compared"], screen, "light").page

    assert page.locator(f"section > .chart.{shown}").first.is_visible()
    assert page.locator(f".chart.{hidden} >> visible=true").count() == 0


def test_every_link_and_every_fold_is_reached_by_keyboard(browser, pages) -> None:
    page = opened(browser, pages["compared"], "desk", "light").page
    wanted = page.locator("a, summary").count()

    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        where = "e => e.tagName + [...document.querySelectorAll('a, summary, .scroll')].indexOf(e)"
        reached.add(page.evaluate(f"({where})(document.activeElement)"))

    folds = "[...document.querySelectorAll('a, summary')].filter(e => e.checkVisibility()).length"
    assert sum(each.startswith(("A", "SUMMARY")) for each in reached) >= page.evaluate(folds)


def test_the_numbers_that_are_downloaded_are_those_of_the_csv(browser, pages, tmp_path: Path) -> None:
    page = opened(browser, pages["compared"], "desk", "light").page
    open_details(page)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="trust-calibration.csv").first.click()
    waiting.value.save_as(tmp_path / "found.csv")

    beside_the_page = pages["compared"].with_name("compared-trust-calibration.csv")
    assert (tmp_path / "found.csv").read_bytes() == beside_the_page.read_bytes()
    assert len((tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()) > 5


def test_on_paper_it_is_light_and_the_contents_are_left_out(browser, pages) -> None:
    page = opened(browser, pages["compared"], "desk", "dark").page
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("nav").is_hidden()
    assert len(page.pdf(format="A4")) > 10_000


def test_a_mark_says_what_it_shows_when_it_is_pointed_at(browser, pages) -> None:
    page = opened(browser, pages["compared"], "desk", "light").page

    said = page.locator("#trust .chart.wide title").first.text_content()

    assert said is not None
    assert "times in 100" in said
