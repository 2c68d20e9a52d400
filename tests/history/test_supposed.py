"""Leads as they would be known if they had given some answers just before the cutoff."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.tables import Tables
from readiness.history import snapshots
from readiness.history.snapshots import Snapshots
from readiness.history.supposed import Supposed, suppose
from tests.builders import activity, answer, assert_same, at, lead, tables


def cases(known: Tables, leads: list[int], day: float = 10) -> Snapshots:
    return snapshots.at(known, at(day)).where(np.array(leads, dtype=np.int64))


def test_a_supposed_answer_is_the_newest_that_the_snapshot_sees() -> None:
    known = tables([lead("L-1"), lead("L-2")], answers=[answer(3, "budget", "none", lead_id="L-2")])

    found, looks = suppose(known, cases(known, [1]), Supposed(np.array([0]), ["budget"], ["approved"]))

    assert found.answers.value.texts().tolist() == ["none", "approved"]
    assert found.answers.answered_at.tolist() == [at(3), at(10) - 1]
    assert (looks.lead.tolist(), looks.cutoff.tolist()) == ([0], [at(10)])


def test_several_cases_may_suppose_different_things_of_one_lead() -> None:
    known = tables([lead("L-1", size=5)], [activity(1)], [answer(2, "need", "clear")])
    said = Supposed(np.array([0, 1, 1]), ["budget", "authority", "budget"], ["approved", "user", "none"])

    found, _ = suppose(known, cases(known, [0, 0, 0]), said)

    assert np.diff(found.answers.starts).tolist() == [2, 3, 1]
    assert found.activities.lead.tolist() == [0, 1, 2]
    assert found.leads.lead_id.tolist() == ["L-1"] * 3


def test_what_is_supposed_equals_what_the_crm_would_hold_had_it_been_said() -> None:
    rows = [answer(2, "need", "clear"), answer(9, "strange", None)]
    known = tables(answers=rows)
    really = tables(
        answers=[*rows, answer(10 - 1e-6 / 86_400, "a", "x"), answer(10 - 1e-6 / 86_400, "z", "b")]
    )

    found, _ = suppose(known, cases(known, [0]), Supposed(np.array([0, 0]), ["z", "a"], ["b", "x"]))

    assert really.answers.answered_at[-1] == at(10) - 1
    assert_same(found, really)


def test_without_dates_the_attributes_say_what_is_supposed() -> None:
    known = tables([lead(created=None, Budget="none", size=5.0, source="list")], through=None)
    said = Supposed(np.array([0, 0, 0, 1]), ["budget", "size", "new", "source"], ["yes", "20", "a", "web"])

    found, _ = suppose(known, snapshots.at(known, 0).where(np.array([0, 0])), said)

    assert found.leads.attributes["Budget"].texts().tolist() == ["yes", "none"]
    assert found.leads.attributes["size"].tolist() == [20.0, 5.0]
    assert found.leads.attributes["new"].texts().tolist() == ["a", None]
    assert found.leads.source.texts().tolist() == ["list", "web"]


def test_a_word_in_a_column_of_numbers_makes_it_a_column_of_texts() -> None:
    known = tables([lead(created=None, size=5.0), lead("L-2", None)], through=None)

    found, _ = suppose(known, cases(known, [0, 1]), Supposed(np.array([1]), ["size"], ["Big"]))

    assert found.leads.attributes["size"].texts().tolist() == ["5", "Big"]


@pytest.mark.parametrize("leads", [[], [0]])
def test_who_supposes_nothing_gets_the_leads_as_they_are(leads: list[int]) -> None:
    known = tables(answers=[answer(2)])

    found, looks = suppose(known, cases(known, leads), Supposed(np.empty(0, dtype=np.int64), [], []))

    assert len(found.leads) == len(looks) == len(leads)
    assert len(found.answers) == len(leads)
