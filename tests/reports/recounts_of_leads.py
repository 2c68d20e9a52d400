"""The numbers of the section on where the leads are, recounted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from tests.reports.csv_tables import Row, share
from tests.reports.recounting import (
    Recount,
    Tables,
    count,
    every,
    figure,
    shares,
    total,
    with_interval,
)


def _ready(found: Iterable[Row]) -> list[Row]:
    return [row for row in found if row["ready"] == "True"]


def _where(tables: Tables, name: str) -> list[str]:
    now = [row for row in tables["leads-standing"] if row["when"] == "now"]
    if not now:
        return _categories(tables, name)
    everybody, ready = total(now), total(_ready(now))
    waits = [row for row in tables["leads-waiting"] if row["group"] == "with sales"]
    late = [row for row in waits if row["late"] == "True"]
    hours = [f"{float(row['response_hours']):g}" for row in tables["leads-overview"] if row["response_hours"]]
    until = [_last_day(row["at"]) for row in tables["leads-overview"] if row["at"]]
    portion = [share(str(ready / everybody))] if everybody else []
    return [*map(count, (everybody, ready, total(waits), total(late))), *portion, *hours, *until]


def _last_day(when: str) -> str:
    day = dt.datetime.fromisoformat(when) - dt.timedelta(microseconds=1)
    return f"{day.day} {day.year}"


def _categories(tables: Tables, _name: str) -> list[str]:
    told = [row for row in tables["leads-categories"] if int(row["n"]) >= 30]
    if len(told) < 2:
        return ["30 snapshots"]
    ends = [*(choose(told, key=lambda row: float(row["won"])) for choose in (min, max))]
    stop = max(told, key=lambda row: float(row["stop"]))
    cried = figure(tables, "cry_wolf_rate", "the hand-overs that were made")
    rates = shares(cried, "value", "low", "high") if cried else []
    whole = [f"{100 * float(cried[each]):.0f}" for each in ("low", "high") if cried[each]] if cried else []
    return [*every(shares(row, "won") for row in ends), *shares(stop, "stop"), *rates, *whole]


def _standing(tables: Tables, _name: str) -> list[str]:
    months = list(dict.fromkeys(row["when"] for row in tables["leads-standing"] if row["when"] != "now"))
    told = []
    for when in (*months[:1], *months[-1:]):
        there = [row for row in tables["leads-standing"] if row["when"] == when]
        told += [count(total(there)), count(total(_ready(there))), when[:4]]
    return [*told, *(count(row[each]) for row in tables["leads-overview"] for each in ("followed", "leads"))]


def _fates(tables: Tables, _name: str) -> list[str]:
    told = [row for row in tables["leads-fates"] if int(row["leads"]) >= 30 and row["won"]]
    if len(told) < 2:
        return ["30 leads"]
    ends = [choose(told, key=lambda row: float(row["won"])) for choose in (min, max)]
    worst = max((row for row in told if row["stop"]), key=lambda row: float(row["stop"]))
    return [*every(with_interval(row, "won") for row in ends), *with_interval(worst, "stop")]


def _moves(tables: Tables, _name: str) -> list[str]:
    ready = {row["category"] for row in _ready(tables["leads-standing"])}
    kinds = {row["category"] for row in tables["leads-standing"]}
    moves = tables["leads-moves"]
    below = [row for row in moves if row["before"] not in ready]
    above = [row for row in moves if row["before"] in ready]
    risen = total(row for row in below if row["after"] in ready)
    fallen = total(row for row in above if row["after"] in kinds - ready)
    parts = [share(str(part / total(whole))) for part, whole in ((risen, below), (fallen, above)) if whole]
    ends = every(
        shares(row, *(f"{name}_{end}" for name in ("rises", "falls") for end in ("low", "high")))
        for row in tables["leads-overview"]
    )
    months = [count(row["months"]) for row in tables["leads-overview"] if row["months"]]
    return [*parts, *ends, *months, count(total(moves))]


def _gaps(tables: Tables, _name: str) -> list[str]:
    ready = _ready(tables["leads-gaps"])
    pieces = list(dict.fromkeys(row["piece"] for row in ready))
    missing = [total((row for row in ready if row["piece"] == piece), "unknown") for piece in pieces]
    leads = total(row for row in ready if row["piece"] == pieces[0]) if pieces else 0
    overview = [row[each] for row in tables["leads-overview"] for each in ("bant_at_least", "bant_short")]
    return [*map(count, (leads, max(missing, default=0))), *map(count, overview)]


def _waiting(tables: Tables, _name: str) -> list[str]:
    told = []
    for group in ("with sales", "ready, but never handed over"):
        of_group = [row for row in tables["leads-waiting"] if row["group"] == group]
        nobody = [row for row in of_group if row["waiting"] != "followed up"]
        told += [count(total(of_group)), count(total(nobody))]
        told += [f"{nobody[-1]['leads']} {nobody[-1]['waiting']}"] if nobody and group == "with sales" else []
    return [*told, *(count(row["never_call"]) for row in tables["leads-overview"] if row["never_call"])]


RECOUNTED: Final[Mapping[str, Recount]] = {
    "leads.sentence": _where,
    "leads.standing": _standing,
    "leads.fates": _fates,
    "leads.moves": _moves,
    "leads.gaps": _gaps,
    "leads.waiting": _waiting,
    "leads.categories": _categories,
}
