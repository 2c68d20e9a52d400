"""A lead that becomes active again after a neutral end is a new lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from readiness.crm import mapping
from readiness.crm.assembly import from_records
from readiness.crm.episodes import joined, split
from readiness.crm.tables import Tables
from tests.builders import activity, answer, assert_same, at, handover, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records


def _story(read: Tables) -> dict[str, list[float]]:
    starts = read.activities.starts
    days = [(when - at(0)) / (at(1) - at(0)) for when in read.activities.occurred_at.tolist()]
    return {lead_id: days[starts[row] : starts[row + 1]] for row, lead_id in enumerate(read.leads.lead_id)}


def test_a_new_episode_begins_with_what_the_lead_does_after_a_neutral_end() -> None:
    before = tables(
        [lead("L-7", size=40)],
        [activity(day, lead_id="L-7") for day in (1, 10, 20, 25)],
        [answer(2, lead_id="L-7"), answer(22, lead_id="L-7")],
        [outcome(10, "closed_lost", lead_id="L-7"), outcome(30, "closed_won", lead_id="L-7")],
        [handover(21, lead_id="L-7")],
    )

    after = split(before)

    assert _story(after) == {"L-7": [1, 10], "L-7#2": [20, 25]}
    assert after.leads.created_at.tolist() == [at(0), at(20)]
    assert after.leads.attributes["size"].tolist() == [40, 40]  # type: ignore[union-attr]
    assert after.outcomes.lead.tolist() == [0, 1]
    assert after.answers.lead.tolist() == [0, 1]
    assert after.handovers.lead.tolist() == [1]


def test_what_we_alone_do_after_the_end_begins_nothing() -> None:
    before = tables(
        [lead()], [activity(20, "email_sent", "outbound")], outcomes=[outcome(10, "disqualified")]
    )

    assert_same(split(before), before)


@pytest.mark.parametrize("final", ["closed_won", "stop_calling"])
def test_after_a_final_end_nothing_begins(final: str) -> None:
    before = tables([lead()], [activity(20)], outcomes=[outcome(10, final)])

    assert_same(split(before), before)


def test_a_wish_to_be_left_alone_begins_nothing() -> None:
    ends = [outcome(10, "closed_lost"), outcome(15, "stop_calling")]
    before = tables([lead()], [activity(20)], outcomes=ends)

    assert_same(split(before), before)


@pytest.mark.parametrize("ends", [1, 2, 3])
def test_there_may_be_many_episodes(ends: int) -> None:
    days = [10 * (number + 1) for number in range(ends)]
    before = tables(
        [lead("A"), lead("B")],
        [activity(day + 5, lead_id="B") for day in days],
        outcomes=[outcome(day, "closed_lost", lead_id="B") for day in days],
    )

    after = split(before)

    assert after.leads.lead_id.tolist() == ["A", "B", *(f"B#{number + 2}" for number in range(ends))]
    assert (after.outcomes.starts[1:] - after.outcomes.starts[:-1]).max() == 1


def test_an_id_that_is_taken_is_not_given_again() -> None:
    before = tables(
        [lead("A"), lead("A#2")],
        [activity(20, lead_id="A")],
        outcomes=[outcome(10, "closed_lost", lead_id="A")],
    )

    assert split(before).leads.lead_id.tolist() == ["A", "A#2", "A#3"]


def test_no_lead_and_undated_leads_stay_as_they_are() -> None:
    undated = tables([lead(created=None)], outcomes=[outcome(None, "closed_lost")])

    assert_same(split(undated), undated)
    assert_same(split(tables([])), tables([]))


def test_an_import_tells_of_episodes(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("id,opened,closed,state\n7,2026-01-01,2026-02-01,closed_lost\n")
    (tmp_path / "calls.csv").write_text("id,at\n7,2026-03-01\n")
    text = """
name: again
files: {deals: {path: deals.csv}, calls: {path: calls.csv}}
leads: {file: deals, columns: {lead_id: id, created_at: opened, source: {constant: chat}}}
activities:
  - file: calls
    columns: {lead_id: id, occurred_at: at, type: {constant: call}, direction: {constant: inbound}}
outcomes: [{file: deals, columns: {lead_id: id, occurred_at: closed, outcome: state}}]
"""
    received = mapping.apply(mapping.parse(text), [tmp_path])

    assert received.tables.leads.lead_id.tolist() == ["7", "7#2"]
    assert received.counts["leads"].read == 1
    assert "1 time a lead became active again" in " ".join(received.notes)


@settings(deadline=None, max_examples=50)
@given(given_records=records())
def test_episodes_joined_are_the_leads_that_were_split(given_records: Records) -> None:
    before = from_records(*given_records.all(), observed_through=THROUGH)

    after = split(before)

    assert_same(joined(after, len(after.leads) - len(before.leads)), before)


def test_a_lead_whose_own_id_looks_like_an_episode_is_none() -> None:
    before = tables(
        [lead("L-1"), lead("L-1#2")], [activity(20, lead_id="L-1")], outcomes=[outcome(9, "closed_lost")]
    )

    after = split(before)

    assert after.leads.lead_id.tolist() == ["L-1", "L-1#2", "L-1#3"]
    assert_same(joined(after, 1), before)
    assert_same(joined(before, 0), before)
