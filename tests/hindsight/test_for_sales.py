"""What a model does for sales, as far as leads that sales was given can tell."""

from __future__ import annotations

import json

import numpy as np

from readiness.hindsight import for_sales as module
from readiness.hindsight.for_sales import for_sales
from readiness.hindsight.replay import Adviser
from tests.hindsight.given_world import HORIZON, found, given, world
from tests.hindsight.small import SMALL, Crm


def test_without_a_hand_over_nothing_can_be_known() -> None:
    tables = Crm().lead(6, (20, "closed_won")).tables()
    none = for_sales(tables, SMALL, given(tables), Adviser(SMALL), np.ones(1, dtype=np.bool_))
    assert (none.at_capacity, none.kept_back, none.lost, dict(none.by)) == ((), (), (), {})


def test_hand_overs_left_to_chance_stand_apart() -> None:
    by_lot = found(12, by_lot=True)
    assert [each.among for each in by_lot.at_capacity] == ["handed_over_anyway", "random_slice"]
    assert [each.among for each in by_lot.kept_back] == ["handed_over_anyway", "random_slice"]
    # Six stand for ten each and six for five: as sure as 90² ÷ (6·100 + 6·25) equal ones.
    assert by_lot.at_capacity[1].worth == 90**2 / (6 * 100 + 6 * 25)


def test_examples_are_sales_of_leads_kept_back_and_name_nothing_but_the_id() -> None:
    # Every sixth lead buys though it never asked for a demo: L-0004, L-0010 and so on.
    lost = found(36).lost
    assert [each.lead_id for each in lost] == ["L-0004", "L-0010", "L-0016", "L-0028", "L-0034"]
    assert {(each.rule, each.days) for each in lost} == {("SI1", 20.0)}
    assert set(lost[0].to_dict()) == {"lead_id", "handed_over_at", "rule", "days"}


def test_leads_that_the_model_had_seen_are_not_asked_about() -> None:
    tables = world(12)
    unseen = np.arange(12) >= 6
    some = for_sales(tables, SMALL, given(tables), Adviser(SMALL), unseen)
    assert some.kept_back[0].hand_overs == 6


def test_of_very_many_hand_overs_some_are_drawn(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(module, "MOST_LEADS", 5)
    tables = world(12)
    some = for_sales(tables, SMALL, given(tables), Adviser(SMALL), np.ones(12, dtype=np.bool_))
    assert some.kept_back[0].hand_overs == 5
    assert (some.at_capacity[0].hand_overs, some.at_capacity[0].of) == (5, 12)


def test_it_is_told_by_source_and_by_campaign_and_all_parts_add_up() -> None:
    parts = found(12).by
    assert set(parts) == {"source", "campaign"}
    for told in parts.values():
        assert sum(each.hand_overs for each in told) == 12
        assert sum(each.counts.won for each in told) == 4


def test_only_what_came_within_the_horizon_is_lost() -> None:
    tables = Crm().lead(None, (30 + HORIZON, "closed_won"), given=(30, None)).tables()
    late = for_sales(tables, SMALL, given(tables), Adviser(SMALL), np.ones(1, dtype=np.bool_))
    assert late.lost == ()


def test_what_was_found_is_json_without_nan() -> None:
    json.dumps(found(12, by_lot=True).to_dict(), allow_nan=False)
