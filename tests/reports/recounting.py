"""What every recount of a sentence's numbers from the CSV files is made of: rows in, texts out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from readiness.judging.judgement import FORECASTS
from tests.reports.csv_tables import Row, share

Tables: TypeAlias = Mapping[str, list[Row]]
"""The rows of each CSV, by its name: ``trust-verdict``."""
Recount: TypeAlias = Callable[[Tables, str], Iterable[str]]
"""Given the tables and the part's name, texts that hold every number that a sentence may state."""

NUMBER: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
MODEL: Final = FORECASTS["model"]
NAMED: Final = 4
"""So many segments, behaviours and attributes are named before "and 3 more"."""


def numbers(text: str) -> list[str]:
    """Return the numbers in a text."""
    return NUMBER.findall(text)


def count(number: str | float) -> str:
    """Write a count."""
    return f"{float(number):,.0f}"


def shares(row: Row, *columns: str) -> list[str]:
    """Write the shares that are known as a page does, and as percentages with a decimal below ten."""
    known = [row[column] for column in columns if row[column]]
    return [*map(share, known), *(f"{100 * float(each):.1f}" for each in known if abs(float(each)) < 0.0995)]


def with_interval(row: Row, name: str) -> list[str]:
    """Write a share and the ends of its interval."""
    return shares(row, name, f"{name}_low", f"{name}_high")


def ratios(row: Row, name: str) -> list[str]:
    """Write a ratio and the ends of its interval."""
    known = [float(row[each]) for each in (name, f"{name}_low", f"{name}_high") if row.get(each)]
    return [f"{each:.2f}" if each < 0.995 else f"{each:.1f}" for each in known] + [
        f"{each:,.0f}" for each in known if each >= 9.95
    ]


def above_zero(row: Row, low: str = "low") -> bool:
    """Say whether an interval lies above zero."""
    return row[low] != "" and float(row[low]) > 0


def every(found: Iterable[Iterable[str]]) -> list[str]:
    """Put lists of texts one behind the other."""
    return [text for texts in found for text in texts]


def total(found: Iterable[Row], column: str = "leads") -> int:
    """Add up a column of counts."""
    return sum(int(row[column]) for row in found)


def figure(tables: Tables, name: str, forecast: str = MODEL) -> Row | None:
    """Return one figure of a forecast on the leads that are shown; None where it is not told."""
    first = tables["trust-verdict"][0]["judged_on"] if tables["trust-verdict"] else ""
    asked = (first, forecast, name)
    found = (
        row for row in tables["trust-figures"] if (row["judged_on"], row["forecast"], row["figure"]) == asked
    )
    return next(found, None)


def figures(tables: Tables, *wanted: str) -> list[str]:
    """Write the model's figures, shares all."""
    found = (figure(tables, each) for each in wanted)
    return every(shares(row, "value") for row in found if row)


def horizons(tables: Tables) -> set[str]:
    """Return the horizon, as far as any CSV names it."""
    found = [row["horizon_days"] for row in (*tables["trust-verdict"], *tables["leads-overview"])]
    named = {f"{float(each):g}" for each in found if each}
    return named or {each["value"].split()[0] for each in tables["small-print-facts"][:2]}
