"""The pages of a backtest and of a comparison say what their figures say, and need nothing else."""

from __future__ import annotations

import functools
import html.parser
import re
from dataclasses import replace
from pathlib import Path

import pytest

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load, parse
from readiness.crm import simulate
from readiness.crm.tables import Coded
from readiness.hindsight.backtest import backtest
from readiness.hindsight.compare import compare
from readiness.hindsight.replay import Adviser
from readiness.reports import backtest_charts, drawing
from readiness.reports.backtest_page import render, write
from readiness.reports.backtest_summary import HindsightPage, of_backtest, of_comparison
from tests.builders import lead, tables

ADDRESS = "data:image/svg+xml;base64,"


class _Page(html.parser.HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "srcset", "href"}]


@functools.cache
def agreed() -> tuple[Agreement, Agreement]:
    text = shipped.agreement().read_text(encoding="utf-8")
    return load(shipped.agreement()), parse(text.replace("bant_at_least: 2", "bant_at_least: 1"))


@functools.cache
def page(name: str) -> HindsightPage:
    world = simulate.world(400, 1, options=simulate.WorldOptions(random_handovers=0.005)).tables
    strict, easy = (Adviser(each) for each in agreed())
    if name == "backtest":
        return of_backtest(backtest(world, strict, replicates=50))
    return of_comparison(compare(world, strict, easy, replicates=50))


@pytest.mark.parametrize("name", ["backtest", "comparison"])
def test_a_page_loads_nothing_runs_nothing_and_stays_small(name: str) -> None:
    text = render(page(name))
    seen = _Page(text)
    assert all(address.startswith(ADDRESS) for address in seen.addresses)
    assert {"script", "link", "iframe", "object"}.isdisjoint(seen.tags)
    assert len(text.encode()) < 1_000_000


@pytest.mark.parametrize("name", ["backtest", "comparison"])
def test_the_same_figures_give_the_same_page(name: str) -> None:
    assert render(page(name)) == render(page(name))


def test_every_figure_drawn_stands_in_the_table_below() -> None:
    for section in page("backtest").sections:
        if section.weeks:
            assert len(section.table.rows) == len(section.weeks)
        names = {row[0] for row in section.table.rows}
        assert {point.name for point in section.rates} <= names


def test_a_page_tells_what_the_terminal_tells() -> None:
    text = re.sub(r"\s+", " ", render(page("backtest")))
    for sentence in (
        "Cry-wolf rate: of those",
        "sales can take 10",
        "left to chance",
        "The rules alone advised",
    ):
        assert sentence in text


def test_what_became_of_the_leads_handed_over_is_said_before_what_was_kept_back() -> None:
    sentences = page("backtest").sentences
    fates, declined, kept = sentences[:3]
    assert re.match(r"Of the leads it would have handed over within 90 days \d+ were won,", fates)
    assert "of the leads it would have handed over were really handed over" in declined
    assert kept.startswith("It would have kept back")


def test_a_comparison_shows_leads_with_both_reasons() -> None:
    (examples,) = (each for each in page("comparison").sections if each.examples)
    assert examples.question == "Leads that only B would have handed over"
    assert "Sales calls once two of these four speak for it" in examples.examples[0].a


@pytest.mark.parametrize("width", [drawing.WIDE, drawing.NARROW])
def test_a_section_without_figures_has_no_chart(width: int) -> None:
    nothing = of_backtest(backtest(tables([lead()]), Adviser(agreed()[0]), replicates=10))
    assert set(backtest_charts.draw(nothing, width)) == {"weeks"}
    undated = tables([lead(created=None)], through=None)
    for found in (of_backtest(backtest(undated, Adviser(agreed()[0]), replicates=10)),):
        assert backtest_charts.draw(found, width) == {}
        assert "These leads have no dates" in render(found)


def test_names_from_the_data_are_shown_as_they_are_and_never_as_markup(tmp_path: Path) -> None:
    made = simulate.world(200, 1).tables
    source = made.leads.source
    strange = Coded(source.codes, tuple(f"<b>{level}</b>" for level in source.levels))
    made = replace(made, leads=replace(made.leads, source=strange))
    found = of_backtest(backtest(made, Adviser(agreed()[1]), replicates=10))
    text = write(found, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "&lt;b&gt;web form&lt;/b&gt;" in text
