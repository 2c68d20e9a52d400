"""Where in an export the row of a lead stands."""

from __future__ import annotations

import pyarrow as pa

from readiness.crm.frames import Given, Origin, given_as_is
from readiness.crm.records import NO_INSTANT, instant
from readiness.crm.whereabouts import Whereabouts


def _calls(*rows: tuple[str | None, str | None]) -> pa.Table:
    who, when = [row[0] for row in rows], [row[1] for row in rows]
    return pa.table({"lead_id": pa.array(who, pa.string()), "occurred_at": pa.array(when, pa.string())})


def test_a_row_is_found_by_its_lead_and_instant():
    given = given_as_is(_calls(("A", "2026-01-01"), ("B", "2026-01-02"), ("A", "2026-01-02"), (None, None)))
    find = Whereabouts({"activities": given})
    assert find("activities", "A", instant("2026-01-02")) == ("activities", 3)
    assert find("activities", "A", NO_INSTANT) == ("activities", None)
    assert find("activities", "C", instant("2026-01-02")) == ("activities", None)


def test_files_are_told_by_their_names_and_lines():
    rows = _calls(("A", "2026-01-01"), ("B", None))
    origins = (
        Origin(rows.slice(0, 1), label="a.csv"),
        Origin(rows.slice(1), lambda row: row + 7, label="b.csv"),
    )
    find = Whereabouts({"activities": Given(rows, origins)})
    assert find("activities", "B", NO_INSTANT) == ("b.csv", 7)


def test_what_is_not_there_has_no_place():
    find = Whereabouts(
        {"activities": given_as_is(_calls()), "leads": given_as_is(pa.table({"source": ["x"]}))}
    )
    assert find("activities", "A", NO_INSTANT) == ("activities", None)
    assert find("leads", "A", NO_INSTANT) == ("leads", None)
    assert find("answers", "A", NO_INSTANT) == ("answers", None)
