"""The numbers of the section on what drives readiness, recounted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tests.reports.csv_tables import Row
from tests.reports.recounting import (
    Recount,
    Tables,
    above_zero,
    count,
    every,
    ratios,
    shares,
)


def _drivers(tables: Tables, _name: str) -> list[str]:
    sure = [row for row in tables["drivers-importance"] if above_zero(row)][:3]
    return every(ratios(row, "times") for row in sure)


def _importance(tables: Tables, _name: str) -> list[str]:
    found = tables["drivers-importance"]
    asked = [row for row in found if row["in_top"]]
    steady = [row for row in asked if float(row["in_top"]) >= 0.8]
    sure = [row for row in found if above_zero(row)]
    return [*(count(len(each)) for each in (found, sure, asked, steady)), "80 % of the time"]


def _shape(tables: Tables, _name: str) -> list[str]:
    found: list[str] = []
    by_name: dict[str, list[Row]] = {}
    for row in tables["drivers-shape"]:
        if row["score"]:
            by_name.setdefault(row["moved"], []).append(row)
    for points in by_name.values():
        for choose in (min, max):
            told = choose(points, key=lambda row: float(row["score"]))
            found += [*shares(told, "score"), told["value"]]
    return found


def _acts(tables: Tables, _name: str) -> list[str]:
    found = tables["drivers-signifiers"]
    tally = [sum(row["agrees"] == answer for row in found) for answer in ("yes", "no", "not known yet")]
    other = [row for row in found if row["agrees"] == "no"]
    points = [f"{abs(float(row['points'])):g}" for row in other]
    return [*map(count, (*tally, len(found))), *points, *_told(other), "30 days"]


def _told(found: Iterable[Row]) -> list[str]:
    names = {"told": "told_times", "told_low": "told_low", "told_high": "told_high"}
    return every(ratios({name: row[column] for name, column in names.items()}, "told") for row in found)


def _meaningless(tables: Tables, _name: str) -> list[str]:
    found = tables["drivers-signifiers"]
    return [count(len(found)), *_told(row for row in found if row["history_says"] == "meaningless")]


def _cautions(tables: Tables, _name: str) -> list[str]:
    near = [
        row for row in tables["drivers-signifiers"] if row["at_the_end"] and float(row["at_the_end"]) >= 0.5
    ]
    rarer = [count(row["rarer"]) for row in tables["drivers-acts"]]
    return [*every(shares(row, "at_the_end") for row in near), *rarer, "30 days, 1.25 and 0.8, 5 %"]


def _drivers_since(tables: Tables, _name: str) -> list[str]:
    found = tables["drivers-since-last"]
    known = [row for row in found if row["verdict"] != "not known"]
    one_sided = [sum(row[side] == "" for row in found) for side in ("now", "before")]
    return [*map(count, (len(known), *one_sided))]


RECOUNTED: Final[Mapping[str, Recount]] = {
    "drivers.sentence": _drivers,
    "drivers.importance": _importance,
    "drivers.shape": _shape,
    "drivers.signifiers": _acts,
    "drivers.meaningless": _meaningless,
    "drivers.cautions": _cautions,
    "drivers.since_last": _drivers_since,
}
