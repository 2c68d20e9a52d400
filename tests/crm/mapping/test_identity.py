"""Leads who are one person become one lead, whatever the order of the rows."""

from __future__ import annotations

import random
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readiness.crm.intake import Received
from readiness.errors import DataError
from tests.crm.mappings import applied, rows

MAPPING = """
name: mine
files: {leads: {path: leads.csv}, calls: {path: calls.csv}, merges: {path: merges.csv, optional: true}}
leads:
  file: leads
  columns: {lead_id: id, created_at: created, source: via, email: mail, phone: tel}
identity: {same_lead_by: [email, phone], region: SI, merges: {file: merges, from: old, into: new}}
activities:
  - file: calls
    columns: {lead_id: id, occurred_at: at, type: {constant: call}, direction: {constant: inbound}}
"""
HEADER = "id,created,via,mail,tel\n"


def _applied(folder: Path, leads: list[str], merges: list[str] | None = None) -> Received:
    files = {"leads": HEADER + "".join(f"{line}\n" for line in leads)}
    files["calls"] = "id,at\n" + "".join(f"{line.split(',')[0]},2026-03-01\n" for line in leads)
    if merges is not None:
        files["merges"] = "old,new\n" + "".join(f"{line}\n" for line in merges)
    return applied(MAPPING, folder, **files)


def test_leads_with_the_same_address_become_the_earliest(tmp_path: Path) -> None:
    received = _applied(
        tmp_path,
        [
            "1,2026-01-02,web,a@x.si,",
            "2,2026-01-01,chat,Ana <A@X.si>,",
            "3,2026-01-03,fair,,",
            "4,2026-01-04,fair,,",
        ],
    )

    assert received.tables.leads.lead_id.tolist() == ["2", "3", "4"]
    assert received.tables.leads.source.texts().tolist() == ["chat", "fair", "fair"]
    assert [row[0] for row in rows(received, "activities")] == ["2", "2", "3", "4"]
    assert (
        "1 lead has the same e-mail address or phone as an earlier one; its rows went to that one."
        in received.notes
    )


def test_an_address_and_a_number_link_three_leads(tmp_path: Path) -> None:
    received = _applied(
        tmp_path,
        [
            "1,2026-01-03,web,a@x.si,",
            "2,2026-01-02,web,a@x.si,041 234 567",
            "3,2026-01-01,web,b@x.si,+38641234567",
        ],
    )

    assert received.tables.leads.lead_id.tolist() == ["3"]


def test_merges_are_followed_to_their_end(tmp_path: Path) -> None:
    leads = ["1,2026-01-01,web,,", "2,2026-01-02,web,,", "3,2026-01-03,web,,"]

    received = _applied(tmp_path, leads, ["1,2", "2,9", "9,3", "7,7"])

    assert received.tables.leads.lead_id.tolist() == ["3"]
    assert [row[0] for row in rows(received, "activities")] == ["3", "3", "3"]
    assert "2 leads were merged into others by the CRM; their rows went with them." in received.notes


def test_a_lead_merged_into_one_that_is_gone_stays(tmp_path: Path) -> None:
    received = _applied(tmp_path, ["1,2026-01-01,web,,"], ["1,9"])

    assert received.tables.leads.lead_id.tolist() == ["1"]


@pytest.mark.parametrize(
    ("merges", "message"),
    [
        (
            ["1,2", "2,3", "3,1", "4,1"],
            r"merges.csv, row 2, column old: saw '1'; expected merges that come to an end",
        ),
        (["1,2", "1,3"], r"merges.csv, row 2, column old: saw '1'; expected each lead merged once"),
    ],
    ids=["a circle", "into two"],
)
def test_merges_that_cannot_be_followed_are_refused(tmp_path: Path, merges: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        _applied(tmp_path, ["1,2026-01-01,web,,"], merges)


def test_rows_with_one_id_are_not_hidden_by_identity(tmp_path: Path) -> None:
    received = _applied(tmp_path, ["1,2026-01-01,web,a@x.si,", "1,2026-01-01,chat,a@x.si,"])

    assert [fault.code for fault in received.faults if fault.table == "leads.csv"] == ["conflicting_lead"] * 2


def test_an_address_that_many_leads_have_is_told(tmp_path: Path) -> None:
    received = _applied(tmp_path, [f"{number},2026-01-01,web,info@x.si," for number in range(10, 22)])

    assert any(note.startswith("One person has 12 leads") for note in received.notes)
    assert not any("info@x.si" in note for note in received.notes)


def test_no_leads_are_nobody(tmp_path: Path) -> None:
    assert len(_applied(tmp_path, []).tables.leads) == 0


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Leads as (day, address, number), 0 for none; and merges, each lead into a later one."""
    leads = draw(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)), max_size=7))
    merges = [
        (old, draw(st.integers(old + 1, 8)))
        for old in range(7)
        if draw(st.booleans()) and draw(st.booleans())
    ]
    return leads, merges


def _persons(leads: list[tuple[int, int, int]], merges: list[tuple[int, int]]) -> list[int]:
    """Return which lead each lead becomes, the slow way: neighbours are joined until nothing changes."""
    group = {node: node for node in range(9)}
    links = list(merges)
    for which in (1, 2):
        keyed = sorted((lead[which], number) for number, lead in enumerate(leads) if lead[which])
        for _, alike in groupby(keyed, key=lambda pair: pair[0]):
            numbers = [number for _, number in alike]
            links += [(numbers[0], other) for other in numbers]
    for _ in range(9):
        for one, other in links:
            group[one] = group[other] = min(group[one], group[other])
    given_up = {old for old, _ in merges}
    return [
        min(
            (other for other in range(len(leads)) if group[other] == group[number]),
            key=lambda other: (other in given_up, leads[other][0], other),
        )
        for number in range(len(leads))
    ]


@given(world=_worlds(), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_rows_changes_nothing_and_the_slow_way_agrees(
    tmp_path: Path, world: tuple[list[tuple[int, int, int]], list[tuple[int, int]]], seed: int
) -> None:
    leads, merges = world
    lines = [
        f"{number},2026-01-0{day},web,{f'p{mail}@x.si' if mail else ''},{f'04123456{tel}' if tel else ''}"
        for number, (day, mail, tel) in enumerate(leads)
    ]
    pairs = [f"{old},{new}" for old, new in merges]
    random.Random(seed).shuffle(lines)
    random.Random(seed).shuffle(pairs)

    received = _applied(tmp_path, lines, pairs)

    becomes = _persons(leads, merges)
    assert sorted(received.tables.leads.lead_id.tolist()) == sorted({str(lead) for lead in becomes})
    assert sorted(row[0] for row in rows(received, "activities")) == sorted(map(str, becomes))
    assert received.faults == ()
