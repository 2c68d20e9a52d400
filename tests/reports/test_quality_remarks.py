"""What stands out in the tables is told, and nothing else."""

from __future__ import annotations

import pytest

from readiness.crm.records import Lead
from readiness.crm.tables import Tables
from tests.builders import activity, at, lead, outcome, tables
from tests.reports.quality_pages import page_of, page_of_world, told_of


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (tables([]), "no_leads", "There is no lead."),
        (tables(outcomes=[outcome(None)]), "undated_ends", "1 outcome of 1 has no date"),
        (
            tables([lead("A", 5), lead("B", 5)], [activity(1, lead_id="A")]),
            "before_creation",
            "1 lead (50 %) has",
        ),
        (
            tables([lead("A"), lead("B")], [activity(1, lead_id="A")]),
            "without_activity",
            "1 lead (50 %) has no",
        ),
        (tables([lead(source=None)]), "without_source", "1 lead (100 %) has no source."),
        (tables(), "no_stop_calling", "No lead told us to stop calling."),
        (tables([lead("A"), lead("B")]), "copied_content", "1 lead says in every column"),
        (tables(activities=[activity(1), activity(1)]), "copied_rows", "1 of activities."),
        (tables([lead("A", x="1"), lead("B", x="1")]), "constant_columns", "1 attribute says the same"),
        (tables(), "tables_without_rows", "no rows of activities, answers and handovers."),
        (tables([Lead("A", at(1) - 1, "web")]), "date_only", "All dates are without a time"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_what_stands_out_is_told_with_its_number(given, code, says):
    assert says in told_of(given)[code]


@pytest.mark.parametrize(("leads", "told"), [(18, True), (16, False)])
def test_a_month_in_which_nothing_came_is_told_where_chance_would_leave_none_empty(leads, told):
    # January and March of three months: 3 × exp(-18 / 3) = 0.007 is below 0.01, 3 × exp(-16 / 3) = 0.014 not.
    given = [lead(f"L-{n}", 1 if n % 2 else 70) for n in range(leads)]
    rows = [activity(1 if n % 2 else 70, lead_id=f"L-{n}") for n in range(leads)]
    found = told_of(tables(given, rows))
    assert ("months_without_leads" in found) == told
    assert ("months_without_activities" in found) == told
    if told:
        assert "in 2026-02, though" in found["months_without_leads"]


def _remedies(given: Tables) -> dict[str, str]:
    return {remark.code: remark.remedy for remark in page_of(given).remarks}


def test_how_long_it_takes_until_there_is_enough_is_told_from_the_last_ninety_days():
    # Missing are 40 of 50 ended leads, 1 of 10 won and 9 of 10 others. In the last 90 days 5 ended: 4 won,
    # 1 another; so 40 take 40 / 5 × 90 = 720 days, 1 won 23 days, and 9 others 9 / 1 × 90 = 810 days.
    leads = [lead(f"L-{n}") for n in range(30)]
    ends = [outcome(day, lead_id=f"L-{n}") for n, day in enumerate([5, 6, 7, 8, 9, 310, 320, 330, 340])]
    ends.append(outcome(390, "stop_calling", lead_id="L-20"))
    told = _remedies(tables(leads, outcomes=ends))
    assert "5 leads ended, 4 of them won: at that pace it takes 810 more days" in told["too_little"]
    assert "there were 1: at that pace it takes 810 more days" in told["too_few_stops"]


def test_where_nothing_has_come_lately_no_date_is_promised():
    assert "older ones must be added" in _remedies(tables())["too_little"]


def test_numbers_written_as_text_are_numbers_and_not_rare_values():
    leads = [lead(f"L-{n}", size=str(n), kind="ab"[n % 2] if n else "c") for n in range(40)]
    says = told_of(tables(leads))["rare_values"]
    assert "kind (1 lead)" in says
    assert "size" not in says


def test_what_does_not_stand_out_is_not_told():
    quiet = {"before_creation", "without_source", "months_without_leads", "copied_content", "copied_rows",
             "undated", "date_only", "undated_ends", "midnight", "weekends", "at_night"}  # fmt: skip
    assert quiet.isdisjoint({remark.code for remark in page_of_world(300).remarks})


@pytest.mark.parametrize("table", ["outcomes", "leads"])
def test_times_that_are_dates_are_told_from_times(table):
    # Of 40 times, 20 stand at 22:00 UTC: midnight in Ljubljana in summer.
    days = [n + (22 / 24 if n % 2 else 0.4321) for n in range(40)]
    if table == "leads":
        given = tables([lead(f"L-{n}", day) for n, day in enumerate(days)])
    else:
        leads = [lead(f"L-{n}", 0.1) for n in range(40)]
        given = tables(leads, outcomes=[outcome(1 + day, lead_id=f"L-{n}") for n, day in enumerate(days)])
    says = told_of(given)["midnight"]
    assert f"({table}) stand at exactly 22:00:00 UTC: probably midnight in another time zone." in says
    assert "20 of 40 times (50 %)" in says


def test_times_rounded_to_all_hours_are_no_dates():
    given = tables([lead(f"L-{n}", n + (n % 24) / 24) for n in range(240)])
    assert "midnight" not in told_of(given)


@pytest.mark.parametrize(("hour", "told"), [(21, True), (9, False)])
def test_work_at_night_is_suspected_to_be_of_another_zone(hour, told):
    rows = [activity(n + (hour + n % 8) / 24 + 0.001, "call", "outbound") for n in range(1, 121)]
    says = told_of(tables(activities=rows))
    assert ("at_night" in says) == told
    if told:
        assert f"between {hour}:00 and 05:00 UTC" in says["at_night"]


@pytest.mark.parametrize(("every_day", "told"), [(True, True), (False, False)])
def test_work_on_weekends_as_often_as_by_chance_is_told(every_day, told):
    # Day 0 is a Thursday: days 2 and 3 of each week are Saturday and Sunday.
    days = [n for n in range(210) if every_day or n % 7 not in {2, 3}]
    rows = [activity(day + 0.4, "call", "outbound") for day in days]
    assert ("weekends" in told_of(tables(activities=rows))) == told
