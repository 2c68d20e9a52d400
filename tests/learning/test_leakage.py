"""What a leak audit finds, by which evidence, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks import leaks, prove_leakage
from readiness.crm import simulate
from readiness.crm.records import Activity, Answer, AttributeValue, Lead, Outcome, iso
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.learning.leakage import BLOCKING, CODES, WARNING, Finding, audit, blocking
from tests.builders import activity, answer, at, lead, outcome, tables

Told = dict[str, str]
THROUGH = 300.5


def _codes(given: Tables) -> Told:
    return {found.column: found.code for found in reversed(audit(given))}


def _crm(
    columns: Callable[[int, str], Mapping[str, AttributeValue]],
    answers: Callable[[int], list[Answer]] = lambda _: [],
    activities: Callable[[int], list[Activity]] = lambda _: [],
    leads: int = 300,
) -> Tables:
    """Return leads of days 0 to 299; of the first 240 every other ended 40 days on, in turn won and lost."""
    ends = {number: ("won", "lost")[number // 2 % 2] for number in range(0, 240, 2)}
    people: list[Lead] = []
    ended: list[Outcome] = []
    for place in range(leads):
        fate = ends.get(place, "open")
        people.append(lead(f"L-{place}", place, **columns(place, fate)))
        if place in ends:
            ended.append(outcome(place + 40, f"closed_{fate}", lead_id=f"L-{place}"))
    rows = range(leads)
    return tables(
        people,
        [each for place in rows for each in activities(place) if each.occurred_at < at(THROUGH)],
        [each for place in rows for each in answers(place) if each.answered_at < at(THROUGH)],
        ended,
        through=THROUGH,
    )


def test_a_column_that_hardly_anybody_but_winners_has_is_found() -> None:
    made = _crm(lambda place, fate: {"field": f"K-{place}" if fate == "won" else None})
    assert _codes(made)["field"] == "winners_only"


@pytest.mark.parametrize(("winners", "code"), [(19, None), (20, "winners_only")])
def test_fewer_than_20_winners_say_too_little(winners: int, code: str | None) -> None:
    made = _crm(lambda place, fate: {"field": "x" if fate == "won" and place < 4 * winners else None})
    assert _codes(made).get("field") == code


def test_a_copy_of_the_outcome_is_found() -> None:
    made = _crm(lambda _place, fate: {"field": {"won": 3.0, "lost": 1.0}.get(fate, 1.0)})
    assert _codes(made)["field"] == "near_copy"


def test_a_column_filled_when_a_lead_ends_is_found_by_the_leads_too_young_to_have_ended() -> None:
    made = _crm(lambda place, fate: {"field": None if fate == "open" else "xy"[place // 4 % 2]})
    assert _codes(made)["field"] == "missing_tells"


def test_a_value_written_when_a_lead_ends_is_found() -> None:
    made = _crm(lambda place, fate: {"field": place // 4 % 5 + 4.0 * (fate != "open")})
    assert _codes(made)["field"] == "written_late"


def test_undated_tables_are_audited_by_what_they_hold_alone() -> None:
    people = [lead(f"L-{place}", None, kept=place % 7, seen=place % 4 > 1 or None) for place in range(200)]
    ends = [
        outcome(None, "closed_won" if place % 4 > 1 and place % 9 else "closed_lost", lead_id=f"L-{place}")
        for place in range(200)
    ]
    assert _codes(tables(people, outcomes=ends, through=None)) == {"seen": "missing_tells"}


def test_words_of_an_end_are_found_where_they_tell_the_outcome() -> None:
    people = [lead(f"L-{place}", None, field=("Sold", "n/a")[place % 3 == 0]) for place in range(200)]
    ends = [
        outcome(None, "closed_won" if place % 3 and place % 10 else "closed_lost", lead_id=f"L-{place}")
        for place in range(200)
    ]
    assert _codes(tables(people, outcomes=ends, through=None)) == {"field": "names_the_end"}


@pytest.mark.parametrize(("name", "code"), [("call_duration", "named_late"), ("company_size", None)])
def test_a_name_that_speaks_of_the_end_is_evidence_only_beside_a_dependence(
    name: str, code: str | None
) -> None:
    values = [float(place % 10) for place in range(400)]
    people = [lead(f"L-{place}", None, **{name: value}) for place, value in enumerate(values)]
    ends = [
        outcome(None, "closed_won" if values[place] + place % 7 > 9 else "closed_lost", lead_id=f"L-{place}")
        for place in range(400)
    ]
    made = tables(people, outcomes=ends, through=None)
    assert _codes(made).get(name) == code
    by_chance = [
        outcome(None, ("closed_won", "closed_lost")[place // 10 % 2], lead_id=f"L-{place}")
        for place in range(400)
    ]
    assert _codes(tables(people, outcomes=by_chance, through=None)) == {}


def _dated(ahead: int, until: int = 300) -> Callable[[int, str], Mapping[str, AttributeValue]]:
    def columns(place: int, fate: str) -> Mapping[str, AttributeValue]:
        day = np.datetime64("2026-01-01") + place + ahead
        return {"field": str(day) if place + ahead < until else None}

    return columns


@pytest.mark.parametrize(
    ("ahead", "until", "code"),
    [(0, 300, None), (1, 300, "later_dates"), (30, 300, "later_dates"), (30, 999, None)],
    ids=["the same day", "the day after", "what happened", "plans, also beyond the watch"],
)
def test_dates_after_the_look_are_found_unless_they_are_plans(
    ahead: int, until: int, code: str | None
) -> None:
    assert _codes(_crm(_dated(ahead, until))).get("field") == code


@pytest.mark.parametrize(
    ("hours", "code"), [(25.0, None), (25.001, "later_dates")], ids=["a day after the look", "any later"]
)
def test_a_date_is_late_from_more_than_a_day_after_the_first_look_on(hours: float, code: str | None) -> None:
    made = _crm(
        lambda place, _fate: {"field": iso(at(min(place + hours / 24, 299.0 + hours / 24)))}, leads=290
    )
    assert _codes(made).get("field") == code


@pytest.mark.parametrize(("shown", "code"), [("new", "later_answers"), ("old", None)])
def test_a_column_that_shows_answers_changed_later_is_found(shown: str, code: str | None) -> None:
    def said(place: int) -> list[Answer]:
        of = f"L-{place}"
        return [answer(place, "size", "old", lead_id=of), answer(place + 9, "size", "new", lead_id=of)][
            : 1 + place % 2
        ]

    made = _crm(lambda place, _fate: {"size": shown if place % 2 else "old"}, said)
    assert _codes(made).get("size") == code


def test_a_column_filled_only_for_those_who_answered_later_is_found() -> None:
    made = _crm(
        lambda place, _fate: {"size": "big" if place % 2 else None},
        lambda place: [answer(place + 20, "size", "big", lead_id=f"L-{place}")] * (place % 2),
    )
    assert _codes(made) == {"size": "later_answers"}


def test_a_number_that_counts_later_activities_is_found_and_one_that_counts_earlier_ones_is_not() -> None:
    made = _crm(
        lambda place, _fate: {"later": place // 4 % 8, "earlier": place // 5 % 6},
        activities=lambda place: [
            *[activity(place + 3 + number, lead_id=f"L-{place}") for number in range(place // 4 % 8)],
            *[activity(place - 1, "download", lead_id=f"L-{place}") for _ in range(place // 5 % 6)],
        ],
    )
    assert _codes(made) == {"later": "later_rows"}


def test_a_flag_that_nearly_always_goes_with_later_rows_is_found() -> None:
    made = _crm(
        lambda place, _fate: {"qualified": place % 3 == 0},
        activities=lambda place: (
            [activity(place + 9, "call", "outbound", lead_id=f"L-{place}")] * (place % 3 == 0)
        ),
    )
    assert _codes(made) == {"qualified": "later_rows"}


def test_ids_and_the_calendar_and_twins_warn_and_block_nothing() -> None:
    made = _crm(
        lambda place, _fate: {
            "ticket": float(10_000 + place),
            "quarter": f"2026 Q{1 + place // 80}",
            **{f"a{number}": place % 150 * 4_409 % 6_561 // 3**number % 3 for number in range(8)},
        }
    )
    found = audit(made)
    assert {each.column: each.code for each in found if each.column in ("ticket", "quarter", "")} == {
        "ticket": "like_an_id",
        "quarter": "calendar",
        "": "twins_across_time",
    }
    assert blocking(found) == ()


@pytest.mark.parametrize("leads", [0, 1, 40])
def test_nothing_is_found_where_there_is_nobody_or_hardly_anybody(leads: int) -> None:
    assert audit(simulate.world(leads, 1).tables) == ()


def test_a_column_without_any_value_or_with_one_for_all_is_left_alone() -> None:
    assert _codes(_crm(lambda _place, _fate: {"empty": None, "alike": "x", "constant": 1.0})) == {}


def test_suppression_flags_are_not_audited_for_no_model_reads_them() -> None:
    assert _codes(_crm(lambda _place, fate: {"do_not_call": fate == "won"})) == {}


def test_the_leaks_that_can_be_simulated_are_found_and_nothing_else() -> None:
    options = simulate.WorldOptions(leaks=("winners_only", "near_copy", "written_after"))
    found = audit(simulate.world(3_000, 1, options=options).tables)
    assert {each.column for each in found if each.blocks} == {
        "contract_no",
        "pipeline_status",
        "closing_score",
    }
    assert audit(simulate.world(3_000, 1).tables) == ()


@pytest.mark.parametrize("kind", leaks.KINDS)
def test_each_kind_of_leak_is_found_when_weak(kind: str) -> None:
    planted = leaks.with_leak(leaks.world(5, 3_000).tables, kind, 5, 0.1)
    assert 0.7 <= leaks.auc_of_won(planted, leaks.COLUMN) <= 0.96
    assert [found.column for found in audit(planted) if found.blocks] == [leaks.COLUMN]


def test_strong_columns_known_at_creation_are_left_alone() -> None:
    given = leaks.with_strong(leaks.world(3, 3_000), 3)
    assert min(leaks.auc_of_won(given, name) for name in leaks.STRONG) >= 0.85
    assert audit(given) == ()


def test_neither_the_order_of_leads_nor_that_of_columns_shows() -> None:
    given = leaks.with_leak(leaks.world(6, 1_500).tables, "flag", 6, 0.9)
    turned = select(given, np.arange(len(given.leads))[::-1].copy())
    assert [(each.code, each.column) for each in audit(given)] == [
        (each.code, each.column) for each in audit(turned)
    ]


def test_what_is_excluded_or_waived_by_name_stops_nothing() -> None:
    made = _crm(
        lambda _place, fate: {"field": {"won": 3.0}.get(fate, 1.0), "other": {"won": 2.0}.get(fate, 1.0)}
    )
    found = audit(made)
    assert [each.column for each in blocking(found)] == ["field", "other"]
    assert [each.column for each in blocking(found, exclude=["field"])] == ["other"]
    assert blocking(found, exclude=["field"], waive=["other"]) == ()


def test_a_fault_says_what_was_seen_and_what_to_do_in_one_go() -> None:
    fault = Finding("named_late", "duration", "its name speaks of the end", {}).fault()
    assert str(fault).startswith(
        "leads, column duration: saw that its name speaks of the end; expected what was known when the lead "
    )
    assert "--exclude duration" in fault.remedy
    assert fault.code == "named_late"


def test_every_code_says_what_it_means_and_what_to_type() -> None:
    assert set(CODES) == {*BLOCKING, *WARNING}
    for code in CODES:
        found = Finding(code, "deal size", "something was seen", {})
        assert found.meaning.endswith(".")
        assert found.blocks == ('--waive "deal size"' in found.remedy)


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_an_undated_number_made_of_the_outcome_is_found_by_what_does_not_tie_it_to_the_others(
    strength: float,
) -> None:
    made = leaks.undated(leaks.with_leak(leaks.world(8, 8_000).tables, "noisy_number", 8, strength))
    assert [found.column for found in audit(made) if found.blocks] == [leaks.COLUMN]


def test_undated_strong_columns_are_left_alone() -> None:
    assert blocking(audit(leaks.undated(leaks.with_strong(leaks.world(8, 8_000), 8)))) == ()


def test_the_proof_holds_at_95_in_100_found_and_1_in_100_blocked() -> None:
    good = [
        {"kind": kind, "seed": seed, "auc": 0.9, "codes": ["x"]} for kind in leaks.KINDS for seed in range(2)
    ]
    honest = [{"kind": "honest", "seed": 0, "columns": 100, "blocked": ["one"], "aucs": [0.9]}]
    assert prove_leakage.summary([*good, *honest])[1].startswith("Holds: 20 of 20 leaks")
    missed = [{**each, "codes": []} if place < 2 else each for place, each in enumerate(good)]
    assert prove_leakage.summary([*missed, *honest])[1].startswith("Does not hold: 18 of 20")
    blocked = [{**honest[0], "blocked": ["one", "two"]}]
    assert prove_leakage.summary([*good, *blocked])[1].startswith("Does not hold")


def test_one_world_of_the_proof_is_looked_at() -> None:
    found = prove_leakage.look("flag", 1, 1_500)
    assert found["codes"]
    assert prove_leakage.look("honest", 1, 1_500)["blocked"] == []


def test_the_page_on_leaks_explains_every_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "leaks.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (blocks|warns) \|", page, re.MULTILINE))
    assert told == {code: "blocks" if code in BLOCKING else "warns" for code in CODES}
