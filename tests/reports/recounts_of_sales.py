"""The numbers of the section on what it does for sales, recounted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from readiness.judging.judgement import FORECASTS
from tests.reports.csv_tables import Row
from tests.reports.recounting import (
    Recount,
    Tables,
    count,
    every,
    figure,
    figures,
    ratios,
    shares,
    with_interval,
)

_AMONG: Final = {"handed_over_anyway": "leads handed over", "random_slice": "hand-overs left to chance"}


def _half(tables: Tables) -> list[Row]:
    return [
        row for row in tables["sales-capacity"] if row["share"] == "0.5" and " a week" not in row["capacity"]
    ]


def _sales(tables: Tables, _name: str) -> list[str]:
    told = []
    for row in _half(tables):
        told += [count(row[name]) for name in ("hand_overs", "of", "won", "stop")]
        for name in ("sales", "rate", "rate_before", "gap"):
            told += (
                [each.lstrip("-") for each in with_interval(row, name)]
                if name != "rate_before"
                else shares(row, name)
            )
    return [*told, "50 %", "30 together, 10 of them sales"]


def _capacity(tables: Tables, name: str) -> list[str]:
    of_kind = [row for row in tables["sales-capacity"] if row["among"] == _AMONG[name.split("-", 1)[1]]]
    told = []
    for row in of_kind:
        half, weekly = row["share"] == "0.5", " a week" in row["capacity"]
        told += [count(row[each]) for each in ("hand_overs", "won", "stop")]
        told += [count(row["weekly_capacity"])] if row["weekly_capacity"] else []
        told += with_interval(row, "stops") if half else []
        told += _leads(row, "stops_avoided", "stops_avoided_low", "stops_avoided_high") if half else []
        told += (
            [*_leads(row, "calls"), *with_interval(row, "sales"), *shares(row, "sales_before")]
            if weekly
            else []
        )
    return [*told, "50 %", "takes 10 stops", "1 ÷"]


def _leads(row: Row, *columns: str) -> list[str]:
    """Write numbers of leads, parts of one below a hundred."""
    known = [abs(float(row[column])) for column in columns if row[column]]
    return [f"{each:.1f}".removesuffix(".0") if each < 99.5 else f"{each:,.0f}" for each in known]


def _first_calls(tables: Tables, name: str) -> list[str]:
    of_kind = [
        row for row in tables["sales-capacity"] if row["among"] == _AMONG[name.removeprefix("first-calls-")]
    ]
    (row,) = of_kind[:1]
    return [
        *_leads(row, "calls"),
        *shares(row, "share"),
        *with_interval(row, "sales"),
        *with_interval(row, "stops"),
    ]


def _kept(tables: Tables, _name: str) -> list[str]:
    whole = [row for row in tables["sales-kept"] if row["rule"] == "all rules together"]
    return every(
        (
            count(row["hand_overs"]),
            *shares(row, "share"),
            *with_interval(row, "sales"),
            *with_interval(row, "stops"),
        )
        for row in whole
    )


def _lost(tables: Tables, _name: str) -> list[str]:
    return [count(len(tables["sales-lost"]))]


def _by_part(tables: Tables, name: str) -> list[str]:
    parts = [row for row in tables["sales-parts"] if f"by-{row['by']}" == name and row["rate"]]
    rated = [row for row in parts if int(row["won"]) + int(row["stop"]) >= 10]
    ends = [choose(rated, key=lambda row: float(row["rate"])) for choose in (min, max)] if rated else []
    return [count(len(rated)), *every(with_interval(row, "rate") for row in ends), "10 sales and stops"]


def _referrals(tables: Tables, _name: str) -> list[str]:
    found = tables["sales-referrals"][:2]
    return [
        *every(with_interval(row, "won") for row in found),
        *every(ratios(row, "adjusted") for row in found),
    ]


def _gains(tables: Tables, _name: str) -> list[str]:
    told = []
    for line in ("Model", "Points card"):
        curve = [row for row in tables["sales-gains"] if row["forecast"] == line and float(row["share"]) > 0]
        if curve:
            fifth = min(curve, key=lambda row: abs(float(row["share"]) - 0.2))
            told += shares(fifth, "share", "reached", "low", "high")
    base = figure(tables, "won_weekly_precision", FORECASTS["base_rate"])
    week = figures(tables, "won_weekly_precision", "stop_weekly_share")
    return [*told, *week, *(shares(base, "value") if base else ())]


RECOUNTED: Final[Mapping[str, Recount]] = {
    "sales.sentence": _sales,
    "sales.warnings": _sales,
    "sales.capacity": _capacity,
    "sales.first_calls": _first_calls,
    "sales.kept": _kept,
    "sales.lost": _lost,
    "sales.parts": _by_part,
    "sales.referrals": _referrals,
    "sales.gains": _gains,
}
