import re
from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.records import OUTCOMES
from readiness.hindsight.suggest import suggest
from readiness.hindsight.suggest_choosing import NOTHING_TELLS
from readiness.history.cuts import cut
from tests.builders import at, lead, outcome, tables
from tests.hindsight.histories import history, proposal

AGREED = load(shipped.agreement())


@pytest.fixture(scope="module")
def found():
    return proposal()


def test_what_brings_stops_is_ruled_out_and_the_line_lowered_for_as_many_sales(found):
    assert [change.option.says for change in found.changes] == [
        "new must-not `source`: `source` is `fair`",
        "new dubious source: `fair`",
        "`high_from`: 15 → 10 points of interest",
    ]


def test_what_it_did_to_later_leads_is_said_with_an_interval(found):
    change = found.effect.change
    assert change.low < change.value < change.high < 0
    assert "On later leads equally many sales would have come with a lower cry-wolf rate" in found.sentence


def test_the_proposed_document_is_the_one_in_force_with_the_changes(found):
    assert found.proposed.interest.high_from == 10.0
    assert found.proposed.profile.criteria[-1].any_of == ("fair",)
    assert "fair" in found.proposed.sources.dubious
    assert found.proposed.bant == AGREED.bant


def test_nothing_is_chosen_by_later_leads(found):
    tables_ = history(telling=True)
    ends = tables_.outcomes
    young = tables_.leads.created_at[ends.lead] >= found.learned_until
    stop, other = OUTCOMES.index("stop_calling"), OUTCOMES.index("closed_lost")
    changed = np.where(young & (ends.outcome == stop), np.int8(other), ends.outcome)
    again = suggest(replace(tables_, outcomes=replace(ends, outcome=changed)), AGREED)
    assert [change.option for change in again.changes] == [change.option for change in found.changes]
    assert again.effect.stop_now == 0 < found.effect.stop_now


def test_the_same_history_gives_the_same_proposal(found):
    again = suggest(history(telling=True), AGREED)
    assert again.to_dict() == found.to_dict()


def test_where_outcomes_are_chance_nothing_is_proposed():
    nothing = suggest(history(telling=False), AGREED)
    assert (nothing.changes, nothing.proposed, nothing.sentence) == ((), None, NOTHING_TELLS)


def test_too_short_a_history_says_what_is_missing_and_proposes_nothing():
    short = suggest(cut(history(telling=True), at(120)), AGREED)
    assert short.changes == ()
    assert re.match(r"Testing on later leads takes .*more than 15 more days of history", short.sentence)


def test_without_dates_it_says_what_cannot_be_told():
    undated = tables([lead(created=None)], outcomes=[outcome(None)], through=None)
    assert "carry no dates" in suggest(undated, AGREED).sentence


def test_of_no_leads_nothing_is_learned():
    assert suggest(tables([]), AGREED).sentence == "There are no leads to learn from."
