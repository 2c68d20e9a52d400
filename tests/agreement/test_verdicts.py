"""The rules on random leads: equal to slow loops, blind to the future, the same alone and together."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness import shipped
from readiness.agreement import sentences
from readiness.agreement.conditions import NOT_MET, UNKNOWN
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.agreement.reading import load
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.agreement.vocabulary import REFERRER_OUTCOMES, RELATIONS
from readiness.crm.records import NO_INSTANT, Lead
from readiness.crm.tables import Floats, Ints
from readiness.history import snapshots
from tests import builders
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.agreement.claims import CLAIMS, Claim, broken
from tests.agreement.claims import verdicts_of as judged_by
from tests.agreement.worlds import CUTOFF, World, lead_rows, random_world, worlds
from tests.oracles.agreement import SlowAgreement

BY = agreement()
EXAMPLES = 40
SHIPPED = load(shipped.agreement())


def verdicts_of(world: World, cutoff: float = CUTOFF) -> Verdicts:
    tables = world.tables()
    return evaluate(tables, snapshots.at(tables, builders.at(cutoff)), BY)


def columns(verdicts: Verdicts, *, pointers: bool = False) -> dict[str, list[bytes]]:
    """Every column, row by row, as bytes; pointers, which depend on the tables, only if asked for."""
    parts = {
        "": verdicts,
        "fit.": verdicts.fit,
        "interest.": verdicts.interest,
        "bant.": verdicts.bant,
        "stage.": verdicts.stage,
        "soon.": verdicts.soon,
    }
    left_out = set() if pointers else {"pointer", "last_inbound", "last_negative", "facts"}
    return {
        prefix + entry.name: [row.tobytes() for row in getattr(part, entry.name)]
        for prefix, part in parts.items()
        for entry in dataclasses.fields(part)
        if entry.name not in left_out and isinstance(getattr(part, entry.name), np.ndarray)
    }


def told(verdicts: Verdicts, row: int, **limits: float) -> list[dict[str, Any]]:
    """Everything that an assessment shows of the rules."""
    return [
        sentences.category(verdicts, row),
        sentences.bant(verdicts, row),
        sentences.stage(verdicts, row),
        sentences.advice(verdicts, advised(verdicts, **limits), row),
    ]


def optional(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def named(names: Sequence[str], code: int) -> str | None:
    return None if code < 0 else names[code]


def ages(at: Ints, cutoff: int) -> list[float | None]:
    return [(cutoff - int(when)) / 86_400e6 if when > 0 else None for when in at]


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_rules_equal_slow_loops_over_each_lead_alone(world: World) -> None:
    verdicts, cutoff = verdicts_of(world), builders.at(CUTOFF)

    for row, lead in enumerate(world.leads):
        expected = SlowAgreement(BY, lead, world.activities, world.answers, cutoff).expected()
        shown = verdicts.interest
        assert verdicts.fit.state[row] == expected.fit
        assert optional(verdicts.fit.share[row]) == expected.share
        assert shown.points[row] == pytest.approx(expected.points, abs=1e-12)
        assert shown.level[row] == expected.level
        assert shown.trend[row] == pytest.approx(expected.trend, abs=1e-9, nan_ok=True)
        assert shown.cooling[row] == expected.cooling
        assert shown.cold_since[row] == (expected.cold_since or NO_INSTANT)
        assert named(RELATIONS, verdicts.relation[row]) == expected.relation
        assert named(REFERRER_OUTCOMES, verdicts.referrer_outcome[row]) == expected.referrer_outcome
        assert optional(shown.last_inbound_days[row]) == expected.last_inbound_days
        assert shown.inbound_recent[row] == expected.recent
        assert bool(verdicts.salesperson[row]) is expected.salesperson
        assert bool(shown.dialogue[row]) is expected.dialogue
        assert verdicts.source[row] == expected.source
        assert verdicts.stage.stage[row] == expected.stage
        assert ages(verdicts.stage.at[[row]], cutoff) == [expected.stage_age]
        assert verdicts.bant.state[row].tolist() == expected.bant
        assert ages(verdicts.bant.at[row], cutoff) == expected.bant_ages
        assert bool(verdicts.near[row]) is expected.near
        assert CATEGORIES[verdicts.category[row]] == expected.category


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None)
def test_rows_at_or_after_the_cutoff_change_no_byte_of_any_signal(world: World) -> None:
    with_future, without = verdicts_of(world), verdicts_of(world.until(CUTOFF))

    assert columns(with_future) == columns(without)
    assert [told(with_future, row) for row in range(len(with_future))] == [
        told(without, row) for row in range(len(without))
    ]


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_lead_alone_gets_the_same_bytes_and_words_as_among_others(world: World) -> None:
    together = verdicts_of(world)

    for row, lead in enumerate(world.leads):
        alone = verdicts_of(world.only(lead.lead_id))
        assert columns(alone) == {name: [rows[row]] for name, rows in columns(together).items()}
        assert told(alone, 0) == told(together, row)


@given(lead_rows("L-1", created=None))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_lead_without_any_dates_gets_the_same_answers_without_dates(lead: Lead) -> None:
    tables = builders.tables([lead], through=None)

    category, bant, stage, advice = told(evaluate(tables, snapshots.at(tables, 0), BY), 0)

    assert category["name"] in CATEGORIES
    assert {piece["at"] for piece in bant.values()} | {stage["at"]} == {None}
    assert advice["by"] is advice["look_again"] is None


def test_snapshots_that_one_chunk_puts_in_the_order_of_leads_come_back_in_their_own() -> None:
    tables = builders.tables([builders.lead("A"), builders.lead("B"), builders.lead("C", size=50)])
    rows = snapshots.Snapshots(np.array([2, 0], dtype=np.int32), np.array([builders.at(9)] * 2))

    apart, whole = (evaluate(tables, rows, BY, at_once=at_once) for at_once in (3, 10**9))

    assert whole.fit.known_share[0] > 0 == whole.fit.known_share[1]
    assert columns(apart, pointers=True) == columns(whole, pointers=True)


@given(worlds(), st.integers(1, 12), st.lists(st.integers(0, 5), max_size=9))
@settings(max_examples=EXAMPLES, deadline=None)
def test_chunks_of_any_size_give_the_same_bytes_for_snapshots_in_any_order(
    world: World, size: int, looks: list[int]
) -> None:
    tables = world.tables()
    lead = np.array([look % len(world.leads) for look in looks], dtype=np.int32)
    cutoff = np.array([builders.at(40 + 15 * look) for look in looks], dtype=np.int64)
    rows = snapshots.Snapshots(lead, cutoff)

    apart, whole = (evaluate(tables, rows, BY, at_once=at_once) for at_once in (size, 10**9))

    assert columns(apart, pointers=True) == columns(whole, pointers=True)
    assert [told(apart, row) for row in range(len(rows))] == [told(whole, row) for row in range(len(rows))]


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_for_any_lead(claim: Claim) -> None:
    settings(max_examples=EXAMPLES, deadline=None)(given(worlds())(lambda world: claim(world, judged_by)))()


def upside_down(world: World, by: Agreement) -> Verdicts:
    """Judge so wrongly that every claim about it must break."""
    right = judged_by(world, by)
    return dataclasses.replace(
        right,
        category=(right.category + 1) % len(CATEGORIES),
        interest=dataclasses.replace(right.interest, points=-right.interest.points),
        fit=dataclasses.replace(right.fit, met=np.where(right.fit.met == UNKNOWN, NOT_MET, right.fit.met)),
        bant=dataclasses.replace(right.bant, state=-right.bant.state),
    )


@pytest.mark.parametrize("name", [name for name in CLAIMS if "suppressed" not in name])
def test_rules_that_are_upside_down_break_the_claim(name: str) -> None:
    world = random_world(np.random.default_rng(0), 40)

    assert broken(CLAIMS[name], world, upside_down)
    assert not broken(CLAIMS[name], world, judged_by)


def points_of(**facts: object) -> float:
    return float(judge(**facts).points[0])


def test_the_points_card_adds_fit_interest_bant_and_source() -> None:
    fits, none = points_of(**FITTING), points_of()

    assert none == 0
    assert fits == 40
    assert points_of(size=50) == 40 / 2  # half of the weight is known, and met
    assert points_of(size=1) == -40
    assert points_of(rfp="yes") == 30 * 10 / (10 + 10)
    assert points_of(need="clear") == 5
    assert points_of(need="none") == -5
    assert points_of(source="friend") == 10
    assert points_of(source="list") == -10


def test_no_snapshots_give_empty_columns() -> None:
    tables = builders.tables([builders.lead()])
    nobody = snapshots.at(tables, 0).where(np.array([], dtype=np.int64))

    verdicts = evaluate(tables, nobody, BY)

    assert len(verdicts) == 0
    assert {len(rows) for rows in columns(verdicts).values()} == {0}
    assert len(advised(verdicts)) == 0


def test_no_leads_at_all_give_empty_columns() -> None:
    tables = builders.tables([])

    assert len(evaluate(tables, snapshots.at(tables, 0), SHIPPED)) == 0


def test_one_lead_may_stand_in_many_snapshots_each_with_its_own_past() -> None:
    tables = builders.tables(activities=[builders.activity(10, "demo")])
    days = np.array([builders.at(day) for day in (10, 10.5, 50)], dtype=np.int64)

    verdicts = evaluate(tables, snapshots.Snapshots(np.zeros(3, dtype=np.int32), days), BY)

    points: Floats = verdicts.interest.points
    assert points.tolist() == pytest.approx([0, 12, 12 * 2 ** (-39 / 20)])
    assert verdicts.stage.stage.tolist() == [0, 2, 0]
