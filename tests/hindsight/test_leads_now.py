"""Where the leads are: their kinds now and before, what becomes of them, and who waits."""

from __future__ import annotations

import json

import numpy as np
import pytest

from readiness.agreement.document import CATEGORIES
from readiness.crm.selection import select
from readiness.hindsight import exposures
from readiness.hindsight.leads_now import LeadsNow, leads_now
from readiness.history.outcomes import Ended
from tests import builders
from tests.builders import at
from tests.hindsight.given_world import world
from tests.hindsight.small import SMALL, Crm
from tests.undated_leads import won_where_large_in_the_north

BUYER = CATEGORIES.index("sales_ready_buyer")


def now(crm: Crm, through: float = 100) -> LeadsNow:
    return leads_now(crm.tables(through), SMALL, replicates=20)


def counted(found: LeadsNow) -> dict[str, int]:
    return {name: count for name, count in zip(CATEGORIES, found.now, strict=True) if count}


def test_without_leads_all_counts_are_nought() -> None:
    none = leads_now(builders.tables([]), SMALL)
    assert (none.open_leads, counted(none), none.months) == (0, {}, ())
    assert none.flow is not None
    assert none.flow.pairs == 0
    assert none.ageing is not None
    assert sum(each.leads for each in none.ageing.groups) == 0


def test_leads_that_ended_are_nowhere() -> None:
    found = now(Crm().lead(None, (50, "closed_lost")).lead(95))
    assert found.open_leads == 1
    assert sum(found.now) == 1


def test_each_kind_is_counted_on_each_first_of_a_month_and_now() -> None:
    # Watched from 1 January to 11 April. Who asked for a demo on 30 March has a decision to make in April.
    found = now(Crm().lead(88).lead().lead(None, (70, "closed_won")))
    assert [month.month for month in found.months] == ["2026-02", "2026-03", "2026-04"]
    assert [sum(month.leads) for month in found.months] == [3, 3, 2]
    worthy = CATEGORIES.index("sales_worthy")
    assert [month.leads[worthy] for month in found.months] == [0, 0, 1]


def test_moves_follow_from_one_first_of_a_month_to_the_next() -> None:
    found = now(Crm().lead(88).lead().lead(None, (70, "closed_won"))).flow
    assert found is not None
    assert (found.months, found.pairs) == (2, 6)
    told = {(move.before, move.after): move.n for move in found.moves if move.n}
    assert told == {
        ("unqualified_interest", "unqualified_interest"): 4,
        ("unqualified_interest", "sales_worthy"): 1,
        ("unqualified_interest", "won"): 1,
    }
    assert found.rises.value == pytest.approx(1 / 6)


def test_what_became_of_a_kind_is_counted_within_the_horizon_after_each_look() -> None:
    # Looked at on 1 February and 1 March; won 39 and 11 days later. The other was not followed for 90 days.
    found = now(Crm().lead(None, (70, "closed_won")).lead(), through=89)
    (fate,) = [each for each in found.fates if each.looks]
    assert (fate.name, fate.looks, fate.leads) == ("unqualified_interest", 4, 2)
    assert (fate.counts.won, fate.counts.too_soon) == (2, 2)


def test_who_must_never_be_called_waits_for_nobody() -> None:
    def never(tables, snapshots, ended: Ended):  # type: ignore[no-untyped-def]
        return np.arange(len(snapshots)) == 0

    tables = Crm().lead().lead().tables(100)
    found = leads_now(tables, SMALL, never_call=never, replicates=5).ageing
    assert found is not None
    assert found.never_call == 1
    assert sum(each.leads for each in found.groups) == 1


def test_the_order_of_the_leads_changes_nothing() -> None:
    tables = world(12)
    turned = select(tables, np.arange(12)[::-1].astype(np.int64))
    assert leads_now(tables, SMALL, replicates=20) == leads_now(turned, SMALL, replicates=20)


def test_nothing_at_or_after_the_instant_one_stands_at_is_seen() -> None:
    whole = Crm().lead(79).lead(None, (70, "closed_won")).tables(100)
    seen = leads_now(whole, SMALL, until=at(70), replicates=20)
    assert seen.open_leads == 2
    assert seen == leads_now(Crm().lead().lead().tables(70), SMALL, replicates=20)


def test_of_very_many_leads_some_are_followed_over_the_months(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(exposures, "MOST_LEADS", 5)
    tables = world(12)
    found = leads_now(tables, SMALL, replicates=5)
    assert (found.leads, found.followed) == (12, 5)
    assert sum(found.now) == found.open_leads


def test_of_undated_leads_only_kinds_and_gaps_are_told() -> None:
    tables = won_where_large_in_the_north()
    found = leads_now(tables, SMALL, replicates=20)
    assert (found.at, found.months, found.flow, found.ageing) == (None, (), None, None)
    assert found.open_leads == int((np.diff(tables.outcomes.starts) == 0).sum())
    assert sum(each.looks for each in found.fates) == len(tables.leads)


def test_what_was_found_is_json_without_nan() -> None:
    json.dumps(leads_now(world(12), SMALL, replicates=20).to_dict(), allow_nan=False)
