"""A page in a real browser, as a reader has it: on a desk, on a phone, light, dark and on paper.

It needs Chromium (`READINESS_CHROMIUM`, or `chromium` on the path), Playwright and axe-core, as the
development dependencies bring them; where one is missing, tests that need it are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pytest

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
NEEDED: Final = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


@dataclass
class Seen:
    """A page in a browser, with all it asked for and all it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser that asks nobody for anything on its own."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


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


def violations(page: Page) -> str:
    """Return what axe-core finds that keeps somebody from reading the page; nothing where all can."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where it is installed

    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""
