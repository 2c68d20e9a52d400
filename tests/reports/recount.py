"""Every number that a sentence of a report states, worked out again from the CSV files alone.

`RECOUNTED` lists each place of the page at which a sentence with a number stands, and what recounts it.
What is neither listed nor a turn of phrase is found by `unaccounted`: a sentence with a new number needs a
line there, and the number a column in a CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from readiness.reports.model_report import ModelReport
from readiness.reports.printed import Fact, Section
from tests.reports import recounts_of_drivers, recounts_of_leads, recounts_of_sales, recounts_of_the_model
from tests.reports.csv_tables import rows
from tests.reports.recounting import NUMBER, Recount, Tables, horizons, numbers

RECOUNTED: Final[Mapping[str, Recount]] = {
    **recounts_of_the_model.RECOUNTED,
    **recounts_of_drivers.RECOUNTED,
    **recounts_of_sales.RECOUNTED,
    **recounts_of_leads.RECOUNTED,
}
PHRASES: Final = re.compile(
    r"95 % interval|\b(?:in|of|Of) 100\b|\(50 is chance\)|within \d+ days|1 ÷ its chance"
    r"|\bversion \d+\b(?!\.\d)"
)
"""Turns of phrase whose numbers are no findings; the horizon in "within 90 days" is asked for on its own."""
NAMES_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "trust.warnings": ("fairness",),
    "trust.not_found": ("drivers",),
}
"""Where a sentence names what stands in the tables of another section."""
SAID_BEFORE: Final = re.compile(
    r"(A test period needs|Testing on later leads takes|Before the test would start:|No lead created since"
    r"|With a part of the leads|No skill is claimed:).*"
)
"""What training says where it could not judge: told as it came, counted by the tests of what says it
(`test_splits`, `test_little_data`, `test_skill`)."""


def prose(report: ModelReport) -> Iterator[tuple[str, str, str]]:
    """Yield (place, name of the part, sentence) for every text that is no table."""
    yield "subtitle", "", report.subtitle
    for section, told in report.sections():
        for field in fields(told):  # type: ignore[arg-type]
            found = getattr(told, field.name)
            for each in found if isinstance(found, tuple) else (found,):
                place = f"{section.name}.{field.name}"
                if isinstance(each, str):
                    yield place, "", each
                elif isinstance(each, Section):
                    yield place, each.name, each.sentence
                    yield f"{place} (question)", each.name, each.question
                elif isinstance(each, Fact) and field.name == "highlights":
                    yield place, "", f"{each.label}: {each.value}"


def tables_of(report: ModelReport) -> Tables:
    """Return the rows of every CSV of a report."""
    found = report.numbers()
    return {name: rows(found, name) for name in found}


def stated(place: str, sentence: str, tables: Tables) -> list[str]:
    """Return the numbers that a sentence states, names and turns of phrase left out."""
    names = {
        form
        for name, found in tables.items()
        if name.startswith((place.split(".", maxsplit=1)[0], *NAMES_FROM.get(place, ())))
        for row in found
        for cell in row.values()
        if re.search(r"\d", cell) and re.search(r"[a-z]", cell) and not _is_number(cell)
        for form in (cell, cell.replace("_", " "))
    }
    text = PHRASES.sub(" ", SAID_BEFORE.sub(" ", sentence))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return NUMBER.findall(text)


def unaccounted(report: ModelReport) -> list[tuple[str, str, str]]:
    """Return (place, number, sentence) for each number that cannot be worked out from the CSV files."""
    tables = tables_of(report)
    missing = []
    for place, name, sentence in prose(report):
        recount = RECOUNTED.get(place)
        known = {number for text in (recount(tables, name) if recount else ()) for number in numbers(text)}
        missing += [(place, each, sentence) for each in stated(place, sentence, tables) if each not in known]
        missing += [(place, each, sentence) for each in _horizons(sentence) if each not in horizons(tables)]
    return missing


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _horizons(sentence: str) -> list[str]:
    return re.findall(r"within (\d+) days", sentence)
