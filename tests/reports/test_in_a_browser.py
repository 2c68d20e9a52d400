"""Pages opened in a real browser: nothing is loaded, nothing complains, everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from readiness.reports import watch_page, watch_summary
from readiness.reports.page import write
from tests.reports import examples, told
from tests.reports.browsing import NEEDED, SCREENS, chromium, open_details, opened, violations
from tests.watching.plain import calm, changed, empty

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPORTS: Final = ("undated", "unjudged", "unskilled")
WATCHES: Final = {"watch-quiet": calm, "watch-changed": changed, "watch-too-few": empty}
PAGES: Final = ("compared", *REPORTS, *WATCHES)

pytestmark = [pytest.mark.slow, NEEDED]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {"compared": write(told.everything(), folder / "compared.html")}
    found |= {name: write(examples.report(name), folder / f"{name}.html") for name in REPORTS}
    return found | {
        name: watch_page.write(watch_summary.summarise(seen(), bundle="9f" * 32), folder / f"{name}.html")
        for name, seen in WATCHES.items()
    }


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_is_kept_from_reading_it(browser, pages, screen: str, scheme: str, name: str) -> None:
    seen = opened(browser, pages[name], screen, scheme)
    open_details(seen.page)

    assert violations(seen.page) == ""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_leaves_the_page_and_nothing_complains(browser, pages, screen: str, name: str) -> None:
    seen = opened(browser, pages[name], screen, "light")
    open_details(seen.page)
    seen.page.mouse.wheel(0, 20_000)

    assert seen.requests == [pages[name].as_uri()]
    assert seen.complaints == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_is_never_wider_than_the_screen(browser, pages, screen: str, name: str) -> None:
    page = opened(browser, pages[name], screen, "light").page
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_on_paper_everybody_can_read_it_whatever_the_screen_showed(browser, pages, scheme, name) -> None:
    page = opened(browser, pages[name], "desk", scheme).page
    page.emulate_media(media="print")
    open_details(page)

    assert violations(page) == ""


def test_a_mark_says_what_it_shows_when_it_is_pointed_at(browser, pages) -> None:
    page = opened(browser, pages["compared"], "desk", "light").page

    said = page.locator("#trust .chart.wide title").first.text_content()

    assert said is not None
    assert "times in 100" in said
