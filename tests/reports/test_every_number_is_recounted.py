"""A page states no number that the CSV files beside it do not give."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Final, TypeVar

import pytest

from readiness.reports.model_report import SECTIONS, ModelReport
from readiness.reports.printed import Section
from readiness.reports.report_section import Told
from tests.reports import examples, recount, told

T = TypeVar("T")

REPORTS: Final[dict[str, Callable[[], ModelReport]]] = {
    **{name: functools.partial(examples.report, name) for name in examples.ALL},
    "everything": told.everything,
    "no hand-over by lot": functools.partial(told.everything, 90, by_lot=False),
    "few hand-overs": functools.partial(told.everything, 12, by_lot=False),
}
SILENT: Final = {("trust", "figures")}
"""Where a section is only a table."""
PLACES: Final = [
    (section.name, field.name)
    for section in SECTIONS
    for field in fields(section.kind)
    if any(kind in str(field.type) for kind in ("str", "Section["))
    and (section.name, field.name) not in SILENT
]


@pytest.mark.parametrize("name", REPORTS)
def test_no_sentence_states_a_number_that_no_csv_gives(name: str) -> None:
    assert recount.unaccounted(REPORTS[name]()) == []


def with_one_more(each: T) -> T:
    """Let a sentence state a number more."""
    if isinstance(each, tuple):
        return tuple(map(with_one_more, each))  # type: ignore[return-value]
    if isinstance(each, Section):
        return replace(each, sentence=with_one_more(each.sentence))
    return f"{each} 987,654." if isinstance(each, str) else each  # type: ignore[return-value]


@pytest.mark.parametrize(("section", "place"), PLACES)
def test_a_number_that_no_csv_gives_is_found_wherever_it_stands(section: str, place: str) -> None:
    report = told.everything()
    was = getattr(report.told[section], place)
    text = was or ("",) if isinstance(was, tuple) else was
    changed: Told = replace(report.told[section], **{place: with_one_more(text)})  # type: ignore[type-var]

    found = recount.unaccounted(replace(report, told={**report.told, section: changed}))

    assert {(where, number) for where, number, _ in found} == {(f"{section}.{place}", "987,654")}


def test_a_count_that_is_wrong_by_one_is_found() -> None:
    report = told.everything()
    leads = report.told["leads"]
    wrong = replace(leads, sentence=leads.sentence.replace("Of 321 ", "Of 322 "))  # type: ignore[type-var]

    found = recount.unaccounted(replace(report, told={**report.told, "leads": wrong}))

    assert [(place, number) for place, number, _ in found] == [("leads.sentence", "322")]
