"""The page for signature: every rule on it, nothing loaded, nothing run, whatever the document says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.agreement.recital import recite
from readiness.errors import StoreError
from readiness.reports.agreement_page import render, summarise, write
from tests.agreement.agreements import agreement


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("&#39;", "'").split())


@pytest.mark.parametrize("path", shipped.agreements().values(), ids=list(shipped.agreements()))
def test_every_sentence_of_the_agreement_stands_on_the_page(path: Path) -> None:
    by = load(path)
    said = text_of(render(summarise(by)).replace("\u00a0%", " %").replace("&amp;", "&"))

    for section in recite(by):
        for paragraph in section.paragraphs:
            for line in (paragraph.text, *paragraph.items):
                assert " ".join(line.replace("`", "").split()) in said


def test_both_sides_have_a_line_to_sign_on_and_the_fingerprint_stands_below() -> None:
    by = load(shipped.agreement())
    html = render(summarise(by))

    assert html.count('class="room"') == 2
    assert "Head of Sales" in html
    assert "Head of Marketing" in html
    assert by.fingerprint in html
    assert "Valid from 1 January 2026" in html


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    html = render(summarise(load(shipped.agreement())))

    assert not re.search(r"<script|<link|src=|url\(|@import|https?:", html)
    assert "prefers-color-scheme: dark" in html
    assert "size: A4" in html


def test_what_the_document_says_is_text_and_never_markup() -> None:
    by = agreement(
        name="<b>us</b>", signatures__sales__by="<i>&", profile__criteria__0__reads=["a`<u>", "b`c"]
    )
    html = render(summarise(by))

    assert not re.search(r"<b>us|<i>|<u>", html)
    assert "&lt;b&gt;us" in html


def test_the_same_agreement_gives_the_same_bytes() -> None:
    assert render(summarise(agreement())) == render(summarise(agreement()))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"page\.html cannot be written"):
        write(summarise(agreement()), tmp_path / "taken" / "page.html")
