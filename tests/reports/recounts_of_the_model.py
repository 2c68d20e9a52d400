"""The numbers of the sections on trust, segments and the small print, recounted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tests.reports.csv_tables import Row, share
from tests.reports.recounting import (
    NAMED,
    Recount,
    Tables,
    above_zero,
    count,
    every,
    figure,
    figures,
    horizons,
    shares,
)


def _subtitle(tables: Tables, _name: str) -> list[str]:
    facts = [row["value"] for row in (*tables["trust-data"], *tables["small-print-facts"])]
    return [*horizons(tables), *facts]


def _verdict(tables: Tables, _name: str) -> list[str]:
    return [count(row["leads"]) for row in tables["trust-verdict"]]


def _warnings(tables: Tables, _name: str) -> list[str]:
    told = every((count(row["won"]), count(row["snapshots"])) for row in tables["trust-verdict"])
    lasting = every(shares(row, "lasting") for row in tables["trust-verdict"])
    far = [row for row in tables["fairness-parts"] if is_off(row) and abs(float(row["bias"])) >= 0.1]
    more = [count(len(far) - NAMED)] if len(far) > NAMED else []
    return [*told, *lasting, *figures(tables, "won_bias"), *biases(far), *more]


def is_off(row: Row) -> bool:
    """Say whether a segment's scores are off by more than its interval."""
    return bool(row["bias_low"]) and (float(row["bias_low"]) > 0 or float(row["bias_high"]) < 0)


def biases(parts: Iterable[Row]) -> list[str]:
    """Write how far off segments are, those that are farthest off and so are named."""
    farthest = sorted(parts, key=lambda row: -abs(float(row["bias"])))[:NAMED]
    return [share(str(abs(float(row["bias"])))) for row in farthest]


def _highlights(tables: Tables, _name: str) -> list[str]:
    lift = figure(tables, "won_top_lift")
    (row,) = tables["trust-verdict"]
    counts = [count(row[name]) for name in ("leads", "snapshots", "won")]
    times = [f"{float(lift['value']):.1f}"] if lift and lift["value"] else []
    return [*counts, *figures(tables, "won_top_reached"), *times, "20 % highest", "10 % highest"]


def _ranking(tables: Tables, _name: str) -> list[str]:
    return [
        f"{100 * float(row[name]):.0f}"
        for row in tables["trust-ranking"]
        for name in ("right", "low", "high")
        if row[name]
    ]


def _calibration(tables: Tables, _name: str) -> list[str]:
    points = tables["trust-calibration"]
    telling = [row for row in points if row["low"] and float(row["low"]) < float(row["high"])]
    held = [row for row in telling if float(row["low"]) <= float(row["forecast"]) <= float(row["high"])]
    chance, slope = figure(tables, "won_ece", "a perfectly calibrated model"), figure(tables, "won_slope")
    return [
        *every(shares(row, "forecast", "observed", "low", "high") for row in (*points[:1], *points[-1:])),
        *(count(len(each)) for each in (telling, held)),
        *figures(tables, "won_ece"),
        *(shares(chance, "value", "high") if chance else ()),
        *([f"{abs(float(slope['value'])):.2f}"] if slope and slope["value"] else ()),
    ]


def _comparison(tables: Tables, name: str) -> list[str]:
    of_set = [row for row in tables["trust-skill"] if row["judged_on"] == name]
    return [count(row[size]) for row in of_set for size in ("leads", "snapshots")]


def _not_found(tables: Tables, _name: str) -> list[str]:
    found = tables["drivers-importance"]
    unsure = [row for row in found if not above_zero(row)]
    return [count(len(unsure)), count(len(found)), count(len(unsure) - NAMED)]


def _more_leads(tables: Tables, _name: str) -> list[str]:
    last = tables["trust-more-leads"][-2:]
    gained = [
        f"{abs(float(row[each])):.4f}"
        for row in last
        for each in ("gain", "gain_low", "gain_high")
        if row[each]
    ]
    return [*(count(row["leads"]) for row in last), *gained]


def _selection(tables: Tables, _name: str) -> list[str]:
    together = [row for row in tables["trust-selection"] if row["by"] == "all together"]
    chosen = every(row.values() for row in tables["trust-chosen"])
    return [*every(shares(row, "told_apart") for row in together), *map(count, chosen)]


def _skill_since(tables: Tables, _name: str) -> list[str]:
    found = tables["trust-since-last"]
    known = [row for row in found if row["verdict"] != "not known"]
    apart = [row for row in known if row["verdict"] in ("higher", "lower")]
    ranking = every(shares(row, "now", "before") for row in found if row["figure"] == "won_auc")
    return [count(len(known)), count(len(apart)), *ranking]


def _judged(tables: Tables) -> tuple[list[Row], list[Row]]:
    found = tables["fairness-parts"]
    told = [row for row in found if row["bias_low"] and row["auc_low"] and int(row["snapshots"]) >= 30]
    return told, [row for row in told if is_off(row)]


def _fair(tables: Tables, _name: str) -> list[str]:
    told, off = _judged(tables)
    return [*map(count, (len(told), len(off), max(1, round(len(told) / 20)))), *biases(off)[:1]]


def _parts(tables: Tables, _name: str) -> list[str]:
    told, off = _judged(tables)
    blind = [row for row in told if not above_zero(row, "gain_low")]
    return [*map(count, (len(told), len(off), len(off) - NAMED, len(blind) - NAMED)), *biases(off)]


def _small(tables: Tables, _name: str) -> list[str]:
    told, _ = _judged(tables)
    every = len(tables["fairness-parts"])
    return [*map(count, (every, every - len(told), every - len(told) - 6)), "under 30 snapshots"]


def _made_of(tables: Tables, _name: str) -> list[str]:
    return [row["value"] for row in tables["small-print-facts"]]


RECOUNTED: Final[Mapping[str, Recount]] = {
    "subtitle": _subtitle,
    "trust.sentence": _verdict,
    "trust.warnings": _warnings,
    "trust.highlights": _highlights,
    "trust.ranking": _ranking,
    "trust.calibration": _calibration,
    "trust.calibration (question)": lambda _tables, _name: ["30 mean 30"],
    "trust.comparisons (question)": _comparison,
    "trust.not_found": _not_found,
    "trust.more_leads": _more_leads,
    "trust.selection": _selection,
    "trust.since_last": _skill_since,
    "fairness.sentence": _fair,
    "fairness.parts": _parts,
    "fairness.small": _small,
    "small-print.sentence": _made_of,
}
