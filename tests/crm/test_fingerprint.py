from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from readiness.crm.assembly import from_records
from readiness.crm.fingerprint import ROWS, fingerprint, fingerprints
from readiness.crm.records import Activity, Answer, Handover, Lead, Outcome
from readiness.crm.tables import Coded
from tests.builders import at

LEADS = [
    Lead("L-2", at(0), "chat", None, "a@example.com", None, "example.com", {"size": 40.0, "region": "north"}),
    Lead("L-1", at(1), "web_form", at(90), None, "+44 1", None, {"size": None, "region": "south"}),
    Lead("L-3", at(2), None, attributes={"size": 7.0, "region": None}),
]
ACTIVITIES = [
    Activity("L-1", at(3), "web_visit", "inbound", "web", 2.0, "pricing"),
    Activity("L-1", at(3), "email_sent", "outbound"),
    Activity("L-2", at(4), "web_visit", "inbound"),
]
ANSWERS = [Answer("L-1", at(5), "budget", "approved"), Answer("L-2", at(5), "need", None)]
OUTCOMES = [Outcome("L-1", at(50), "closed_won"), Outcome("L-3", None, "closed_lost")]
HANDOVERS = [Handover("L-1", at(20), at(21), "accepted", "fits", 0.5), Handover("L-2", at(20))]
RECORDS: dict[str, list[Any]] = {
    "leads": LEADS,
    "activities": ACTIVITIES,
    "answers": ANSWERS,
    "outcomes": OUTCOMES,
    "handovers": HANDOVERS,
}


def print_of(records: dict[str, list[Any]], through: float = 100) -> str:
    return fingerprint(from_records(**records, observed_through=at(through)))


def test_the_order_of_rows_does_not_matter() -> None:
    turned = {name: list(reversed(rows)) for name, rows in RECORDS.items()}
    assert print_of(turned) == print_of(RECORDS)


EDITS = [
    ("leads", 0, {"lead_id": "L-4"}),
    ("leads", 0, {"created_at": at(0) + 1}),
    ("leads", 0, {"source": None}),
    ("leads", 0, {"last_known_at": at(95)}),
    ("leads", 0, {"email": "b@example.com"}),
    ("leads", 1, {"phone": None}),
    ("leads", 0, {"company_domain": "example.org"}),
    ("leads", 0, {"attributes": {"size": 41.0, "region": "north"}}),
    ("leads", 0, {"attributes": {"size": 40.0, "region": "south"}}),
    ("leads", 0, {"attributes": {"size": 40.0, "area": "north"}}),
    ("activities", 0, {"occurred_at": at(3) + 1}),
    ("activities", 0, {"lead_id": "L-2"}),
    ("activities", 0, {"type": "chat"}),
    ("activities", 0, {"direction": "outbound"}),
    ("activities", 0, {"channel": None}),
    ("activities", 0, {"value": 2.0000000000000004}),
    ("activities", 0, {"detail": "prices"}),
    ("answers", 0, {"answered_at": at(5) + 1}),
    ("answers", 0, {"field": "authority"}),
    ("answers", 1, {"value": "none"}),
    ("outcomes", 0, {"occurred_at": at(51)}),
    ("outcomes", 0, {"outcome": "stop_calling"}),
    ("handovers", 0, {"handed_over_at": at(19)}),
    ("handovers", 0, {"decided_at": at(22)}),
    ("handovers", 0, {"decision": "declined"}),
    ("handovers", 0, {"reason": None}),
    ("handovers", 0, {"propensity": 0.25}),
]


@pytest.mark.parametrize(("table", "row", "edit"), EDITS, ids=[f"{t}.{next(iter(e))}" for t, _, e in EDITS])
def test_an_edit_of_any_cell_shows(table: str, row: int, edit: dict[str, Any]) -> None:
    edited = {name: list(rows) for name, rows in RECORDS.items()}
    edited[table][row] = replace(edited[table][row], **edit)
    if "lead_id" in edit and table == "leads":
        for name in ("activities", "answers", "handovers"):
            edited[name] = [each for each in edited[name] if each.lead_id != "L-2"]
        whole = {name: list(rows) for name, rows in edited.items()} | {"leads": LEADS}
        assert print_of(edited) != print_of(whole)
    else:
        assert print_of(edited) != print_of(RECORDS)


@pytest.mark.parametrize("table", list(RECORDS)[1:])
def test_a_row_less_shows(table: str) -> None:
    assert print_of(RECORDS | {table: RECORDS[table][1:]}) != print_of(RECORDS)


def test_until_when_the_crm_was_watched_shows() -> None:
    assert print_of(RECORDS, 100) != print_of(RECORDS, 101)


def test_a_level_that_no_row_has_does_not_show() -> None:
    whole = from_records(**RECORDS, observed_through=at(100))
    source = whole.leads.source
    wider = Coded(np.where(source.codes < 0, -1, source.codes + 1).astype(np.int32), ("aaa", *source.levels))
    widened = replace(whole, leads=replace(whole.leads, source=wider))
    assert fingerprint(widened) == fingerprint(whole)


def test_no_data_has_a_fingerprint_too() -> None:
    assert len(fingerprint(from_records([]))) == 64


def test_it_is_the_same_on_every_machine() -> None:
    one = from_records([Lead("L-1", at(0))], observed_through=at(1))
    assert fingerprint(one) == "bf3f2edd2f3cc872741b912e3aa2216a4f6759f6b0335094dd3211cbe1c60afb"


def prints_of(records: dict[str, list[Any]], through: float = 100) -> dict[str, str]:
    return fingerprints(from_records(**records, observed_through=at(through)))


def differing(records: dict[str, list[Any]], through: float = 100) -> set[str]:
    was, now = prints_of(RECORDS), prints_of(records, through)
    return {name for name in was if was[name] != now[name]}


@pytest.mark.parametrize(
    ("table", "row", "edit"), EDITS, ids=[f"{name}-{'-'.join(edit)}" for name, _, edit in EDITS]
)
def test_an_edit_changes_the_print_of_its_table_and_of_no_other(
    table: str, row: int, edit: dict[str, Any]
) -> None:
    if "lead_id" in edit:
        pytest.skip("another id is another lead in every table")
    rows = list(RECORDS[table])
    rows[row] = replace(rows[row], **edit)
    assert differing({**RECORDS, table: rows}) == {table}


def test_a_lead_more_changes_the_leads_and_no_other_table() -> None:
    assert differing({**RECORDS, "leads": [Lead("L-0", at(0), "chat", None), *LEADS]}) == {"leads"}


def test_neither_the_order_of_rows_nor_of_leads_changes_a_table() -> None:
    assert differing({name: list(reversed(rows)) for name, rows in RECORDS.items()}) == set()


def test_a_longer_watch_changes_the_period_only() -> None:
    assert differing(RECORDS, through=101) == {"period"}


def test_no_leads_have_prints_too() -> None:
    nothing: dict[str, list[Any]] = {name: [] for name in RECORDS}
    assert set(prints_of(nothing)) == {"period", "leads", *ROWS}
