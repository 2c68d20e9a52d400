"""What became of the leads that an agreement would have handed over."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.agreement.document import Agreement
from readiness.hindsight.groups import (
    OTHERS,
    UNKNOWN,
    Counts,
    Group,
    breakdowns,
    campaign_of,
    drawn,
    draws,
    followed,
    group,
)
from readiness.hindsight.replay import replay
from readiness.judging.bootstrap import Resamples
from tests.agreement.agreements import agreement
from tests.builders import lead, tables
from tests.hindsight.small import ADVISER, SMALL, Crm

HORIZON = 90


def everything(
    crm: Crm, through: float = 400, by: Agreement = SMALL
) -> tuple[Group, dict[str, tuple[Group, ...]]]:
    made = crm.tables(through)
    found = replay(made, ADVISER)
    handed = followed(found, by)
    rows = drawn(draws(made, found.looked_at, replicates=50, seed=1), found.looked_at, found.lead)
    return group("all", handed, rows, np.arange(len(handed))), dict(breakdowns(handed, rows))


def test_ends_are_counted_from_the_hand_over_up_to_the_horizon() -> None:
    # All are handed over on day 11. Day 101 is 90 days on: no longer within.
    crm = Crm()
    crm.lead(6, (20, "closed_won")).lead(6, (100.9, "closed_won")).lead(6, (101, "closed_won"))
    crm.lead(6, (30, "stop_calling")).lead(6, (30, "disqualified")).lead(6, (30, "closed_lost")).lead(6)
    assert everything(crm)[0].counts == Counts(won=2, stop=1, otherwise=2, still_open=2, too_soon=0)


def test_the_agreement_says_which_ends_count_as_a_stop() -> None:
    crm = Crm().lead(6, (30, "disqualified")).lead(6, (30, "closed_won"))
    strict = agreement(labels__stop=["stop_calling", "disqualified"], labels__neutral=["closed_lost"])
    assert everything(crm)[0].counts.stop == 0
    assert everything(crm, by=strict)[0].counts.stop == 1
    assert everything(crm, by=strict)[0].cry_wolf.rate.value == 0.5


def test_where_no_stop_is_ever_noted_there_is_no_cry_wolf_rate() -> None:
    crm = Crm().lead(6, (30, "closed_won"))
    assert everything(crm)[0].cry_wolf.rate.value is None
    # A stop of somebody who is not handed over shows that stops are noted.
    assert everything(crm.lead(None, (30, "stop_calling")))[0].cry_wolf.rate.value == 0.0


@pytest.mark.parametrize(
    ("through", "still_open", "too_soon"), [(101, 1, 0), (100.9, 0, 1)], ids=["followed", "too soon"]
)
def test_a_lead_not_followed_for_the_horizon_is_not_known_yet(
    through: float, still_open: int, too_soon: int
) -> None:
    counts = everything(Crm().lead(6), through)[0].counts
    assert (counts.still_open, counts.too_soon) == (still_open, too_soon)


def test_the_cry_wolf_rate_is_stops_among_sales_and_stops() -> None:
    crm = Crm()
    for number in range(8):
        crm.lead(6, (20 + number, "stop_calling" if number < 2 else "closed_won"))
    crm.lead(6, (30, "closed_lost")).lead(6)
    found = everything(crm)[0].cry_wolf
    assert found.rate.value == pytest.approx(2 / 8)
    assert found.won.value == pytest.approx(6 / 10)
    assert found.still_open == pytest.approx(1 / 10)


def test_a_lead_not_known_yet_is_weighed_out_and_never_a_no() -> None:
    # Ten at risk: one won at once, then five are lost sight of; the stop comes when four are left.
    crm = Crm().lead(6, (20, "closed_won"))
    for _ in range(5):
        crm.lead(62)
    crm.lead(6, (91, "stop_calling"))
    for _ in range(3):
        crm.lead(6)
    found = everything(crm, through=102)[0].cry_wolf
    # The five are handed over on day 67 and followed for 35 days; the stop comes after 80.
    won, stop = 1 / 10, 9 / 10 / 4
    assert found.rate.value == pytest.approx(stop / (won + stop))


def test_without_a_stop_the_interval_is_not_a_point() -> None:
    crm = Crm()
    for number in range(12):
        crm.lead(6, (20 + number, "closed_won"))
    crm.lead(None, (30, "stop_calling"))
    rate = everything(crm)[0].cry_wolf.rate
    # Of 12 cases none: at most 1 − 0.025^(1/12).
    assert (rate.value, rate.low) == (0.0, 0.0)
    assert rate.high == pytest.approx(1 - 0.025 ** (1 / 12))


def test_declined_is_a_share_of_those_really_handed_over_soon_after() -> None:
    crm = Crm().lead(6, given=(15, "declined")).lead(6, given=(15, "accepted")).lead(6, given=(5, "declined"))
    found, by = everything(crm.lead(6, given=(200, "declined")).lead(6))
    assert found.cry_wolf.declined == 0.5
    assert [(each.name, each.handed_over) for each in by["sales"]] == [
        ("with sales before", 1),
        ("handed over soon after", 2),
        ("not handed over", 2),
    ]


def test_groups_come_with_the_largest_first_and_what_is_missing_has_a_name() -> None:
    crm = Crm().lead(6, source="chat").lead(6, source=None).lead(6, source=None).lead(6, source="bees")
    names = [(each.name, each.handed_over) for each in everything(crm)[1]["source"]]
    assert names == [(UNKNOWN, 2), ("bees", 1), ("chat", 1)]


def test_a_campaign_is_told_apart_where_an_attribute_names_it() -> None:
    crm = Crm().lead(6, utm_campaign="spring").lead(6, utm_campaign="autumn").lead(6, utm_campaign="spring")
    assert [each.name for each in everything(crm)[1]["campaign"]] == ["spring", "autumn"]
    assert "campaign" not in everything(Crm().lead(6))[1]
    assert campaign_of(tables([lead(campaign_cost=3.0)])) is None


def test_of_many_groups_the_largest_are_told_and_the_others_together() -> None:
    crm = Crm()
    for number in range(15):
        crm.lead(6, source=f"source {number:02d}")
    crm.lead(6, source="source 14")
    by = everything(crm)[1]["source"]
    assert (len(by), by[0].name, by[0].handed_over) == (12, "source 14", 2)
    assert (by[-1].name, by[-1].handed_over) == (f"{OTHERS} (4)", 4)
    assert sum(each.handed_over for each in by) == 16


def test_nothing_handed_over_is_a_result() -> None:
    found, by = everything(Crm().lead())
    assert (found.handed_over, found.cry_wolf.rate.value, by) == (0, None, {})


def test_the_draws_do_not_depend_on_the_order_of_the_leads() -> None:
    def counts(*names: str) -> tuple[Resamples, dict[str, list[float]]]:
        made = tables([lead(name) for name in names])
        drawn_ = draws(made, np.ones(3, dtype=np.bool_), replicates=5, seed=1)
        return drawn_, {name: drawn_.counts[:, drawn_.position[at]].tolist() for at, name in enumerate(names)}

    assert counts("L-1", "L-2", "L-3")[1] == counts("L-3", "L-1", "L-2")[1]
