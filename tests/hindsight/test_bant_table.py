"""What became of leads by their budget, authority, need and timeframe, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import mapping
from readiness.crm.tables import Tables
from readiness.hindsight.bant_sentences import (
    confirmed_sentence,
    difference,
    headline,
    piece_sentence,
    sentences,
    stops,
    unsettled,
)
from readiness.hindsight.bant_table import BantTable, bant_table
from readiness.judging.bootstrap import Figure
from tests.agreement.agreements import agreement
from tests.builders import activity, answer, at, lead, outcome, tables

SMALL = agreement()
"""Budget is confirmed by "approved" and denied by "none", the need by "clear" or a demo."""


def undated(*groups: tuple[int, str | None, str | None], **attributes: str) -> Tables:
    """Return so many leads of each budget that came to each end."""
    rows = [(budget, end) for count, budget, end in groups for _ in range(count)]
    return tables(
        [lead(f"L-{n:03d}", None, budget=budget, **attributes) for n, (budget, _) in enumerate(rows)],
        outcomes=[outcome(None, end, lead_id=f"L-{n:03d}") for n, (_, end) in enumerate(rows) if end],
        through=None,
    )


def known_of(found: BantTable, piece: int) -> tuple[int, int, int]:
    one = found.pieces[piece]
    return one.confirmed.leads, one.denied.leads, one.unknown.leads


def test_each_lead_counts_in_one_state_of_each_piece() -> None:
    found = bant_table(undated((3, "approved", None), (2, "none", None), (1, "maybe", None)), SMALL)
    assert known_of(found, 0) == (3, 2, 1)
    assert known_of(found, 1) == known_of(found, 2) == known_of(found, 3) == (0, 0, 6)
    assert [each.leads for each in found.by_confirmed] == [3, 3, 0, 0, 0]


def test_undated_shares_are_of_those_whose_end_is_known() -> None:
    # Of four with a budget two are won, one told us to stop, of one nothing is known: 2 and 1 of 3.
    found = bant_table(
        undated((2, "approved", "closed_won"), (1, "approved", "stop_calling"), (1, "approved", None)), SMALL
    )
    confirmed = found.pieces[0].confirmed
    assert (confirmed.won.value, confirmed.stop.value) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert (confirmed.counts.won, confirmed.counts.stop, confirmed.counts.too_soon) == (2, 1, 1)
    assert found.pieces[0].denied.won == Figure(None, None, None)


def test_dated_shares_count_the_undecided_as_not_known_yet_and_never_as_a_no() -> None:
    # Looked at on day 30: one is watched until day 40 only, so the sale on day 50 is 1 of 1 still watched.
    watched = tables(
        [lead("L-1"), replace(lead("L-2"), last_known_at=at(40))],
        answers=[answer(5, lead_id="L-1"), answer(5, lead_id="L-2")],
        outcomes=[outcome(50, lead_id="L-1")],
    )
    confirmed = bant_table(watched, SMALL).pieces[0].confirmed
    assert (confirmed.leads, confirmed.won.value, confirmed.counts.too_soon) == (2, 1.0, 1)


@pytest.mark.parametrize(("day", "confirmed"), [(29.999, 1), (30, 0)], ids=["before the look", "at the look"])
def test_only_what_was_known_before_the_look_counts(day: float, confirmed: int) -> None:
    assert known_of(bant_table(tables(answers=[answer(day)]), SMALL), 0) == (confirmed, 0, 1 - confirmed)


@pytest.mark.parametrize(("ends", "looked_at"), [(29.999, 0), (30, 1)], ids=["before", "at the look"])
def test_a_lead_that_had_ended_is_not_looked_at(ends: float, looked_at: int) -> None:
    found = bant_table(tables(outcomes=[outcome(ends)]), SMALL)
    assert (found.leads, found.not_looked_at) == (looked_at, 1 - looked_at)


@pytest.mark.parametrize(("day", "won"), [(119.999, 1.0), (120, 0.0)], ids=["within", "too late"])
def test_a_sale_counts_within_the_horizon_after_the_look(day: float, won: float) -> None:
    assert bant_table(tables(outcomes=[outcome(day)]), SMALL).by_confirmed[0].won.value == won


def test_an_earlier_look_sees_less() -> None:
    watched = tables(answers=[answer(5)])
    assert known_of(bant_table(watched, SMALL, after_days=4), 0) == (0, 0, 1)
    assert known_of(bant_table(watched, SMALL, after_days=6), 0) == (1, 0, 0)


@pytest.mark.parametrize("days", [0.0, -1.0, float("nan"), float("inf")])
def test_an_age_that_is_none_is_refused(days: float) -> None:
    with pytest.raises(ValueError, match="no such age"):
        bant_table(tables(), SMALL, after_days=days)


def test_no_leads_are_no_error() -> None:
    found = bant_table(tables([]), SMALL)
    assert found.leads == 0
    assert sentences(found) == (
        "There is nothing to count: no lead could be looked at 30 days after its creation, "
        "if still open then.",
    )


def test_one_lead_is_too_few_to_tell() -> None:
    found = bant_table(tables(answers=[answer(5)], outcomes=[outcome(50)]), SMALL)
    assert piece_sentence(found, found.pieces[0]) == (
        "Budget: too few to tell what it goes with (1 confirmed, 0 denied)."
    )
    assert "too few to tell" in confirmed_sentence(found)


def test_a_sentence_says_what_a_piece_goes_with_and_how_sure_that_is() -> None:
    found = bant_table(
        undated(
            (16, "approved", "closed_won"),
            (4, "approved", "closed_lost"),
            (4, "none", "closed_won"),
            (16, "none", "closed_lost"),
        ),
        SMALL,
    )
    told = piece_sentence(found, found.pieces[0])
    assert told.startswith("Where budget is confirmed 80 % (")
    assert "; where it is denied 20 % (" in told
    assert told.endswith(", fewer.")
    assert stops(found) == "None of these leads is known to have told us to stop."


def test_shares_that_are_near_are_not_told_apart() -> None:
    found = bant_table(
        undated(
            (10, "approved", "closed_won"),
            (10, "approved", "closed_lost"),
            (9, "none", "closed_won"),
            (11, "none", "closed_lost"),
        ),
        SMALL,
    )
    assert piece_sentence(found, found.pieces[0]).endswith("too close to tell apart.")


def test_a_piece_of_which_the_tables_hold_nothing_is_said_to_be_so() -> None:
    found = bant_table(undated((1, "approved", None)), SMALL)
    assert [piece.told.leads for piece in found.pieces] == [1, 0, 0, 0]
    assert piece_sentence(found, found.pieces[3]) == "Nothing in these tables tells of the timeframe."


def test_an_activity_tells_of_a_piece_too() -> None:
    found = bant_table(tables(activities=[activity(3, "demo")]), SMALL)
    assert known_of(found, 2) == (1, 0, 0)
    assert found.pieces[2].told.leads == 1


def test_where_nothing_is_known_of_any_piece_one_sentence_says_so() -> None:
    found = bant_table(tables(), SMALL)
    assert (
        confirmed_sentence(found) == "Nothing in these tables tells of budget, authority, need or timeframe."
    )


@pytest.mark.parametrize(("count", "told"), [(10, True), (9, False)])
def test_a_word_that_settles_nothing_is_told_where_ten_leads_share_it(count: int, told: bool) -> None:
    found = bant_table(undated((count, "planned", None), (1, "unknown", None), (1, None, None)), SMALL)
    assert found.pieces[0].told.leads == count
    expected = "Entries that do not settle the budget: “planned” (10 leads)." if told else ""
    assert unsettled(found.pieces[0]) == expected


def test_the_order_of_the_leads_changes_nothing() -> None:
    rows = [("approved", "closed_won"), ("none", "closed_lost"), ("approved", "closed_lost")] * 9
    found = [
        bant_table(
            tables(
                [lead(f"L-{n}", None, budget=rows[n][0]) for n in order],
                outcomes=[outcome(None, rows[n][1], lead_id=f"L-{n}") for n in order],
                through=None,
            ),
            SMALL,
        )
        for order in (range(27), range(26, -1, -1))
    ]
    assert found[0] == found[1]


def test_a_difference_is_as_sure_as_the_shares_that_make_it() -> None:
    # 0.5 (0.4–0.6) minus 0.3 (0.2–0.4): both reach 0.1 either way, so √(0.01 + 0.01) = 0.141 in all.
    apart = difference(Figure(0.5, 0.4, 0.6), Figure(0.3, 0.2, 0.4))
    assert (apart.value, apart.low, apart.high) == pytest.approx((0.2, 0.0586, 0.3414), abs=1e-4)
    assert difference(Figure(None, None, None), Figure(0.3, 0.2, 0.4)).value is None
    assert difference(Figure(0.5, None, None), Figure(0.3, 0.2, 0.4)).low is None


def imported(name: str, source: Path) -> BantTable:
    received = mapping.apply(mapping.load(shipped.mapping(name)), [source]).tables
    return bant_table(received, load(shipped.agreement()))


@pytest.mark.realdata
def test_the_table_of_bohanec_is_the_one_that_a_reader_of_the_paper_counts(bohanec: Path) -> None:
    found = imported("bohanec", bohanec)
    won = [(each.counts.won, each.leads) for piece in found.pieces for each in _states(piece)]
    # Budgt_alloc yes, no, unknown; Authority High, Low, Mid; Needs_def Yes, No or Poor, Info gathering.
    assert won[:3] == [(119, 219), (103, 193), (5, 36)]
    assert won[3:6] == [(17, 32), (9, 17), (201, 399)]
    assert won[6:9] == [(219, 420), (6, 17), (2, 11)]
    assert dict(found.pieces[1].told.unsettled) == {"Mid": 399}
    assert dict(found.pieces[2].told.unsettled) == {"Info gathering": 11}
    assert piece_sentence(found, found.pieces[3]) == "Nothing in these tables tells of the timeframe."
    assert headline(found).startswith("448 leads without dates")


@pytest.mark.realdata
def test_nothing_is_known_of_maven(real_data: Path) -> None:
    told = sentences(imported("maven_crm", real_data / "maven-crm"))
    assert told[1:] == ("Nothing in these tables tells of budget, authority, need or timeframe.",)


def _states(piece):
    return piece.confirmed, piece.denied, piece.unknown
