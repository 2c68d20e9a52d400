"""A data-quality page says what its numbers say, and shows nobody."""

from __future__ import annotations

import functools
import html.parser
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from readiness.crm import simulate
from readiness.crm.frames import arrow, given_as_is
from readiness.crm.intake import Count, Received, sort_out
from readiness.crm.records import Lead
from readiness.crm.tables import Tables
from readiness.errors import StoreError
from readiness.reports import quality_page
from readiness.reports.quality import QualityPage, summarise
from readiness.reports.quality_page import render
from tests.builders import activity, answer, at, lead, outcome, tables


def _received(given: Tables) -> Received:
    counts = {"leads": Count(len(given.leads), len(given.leads))}
    return Received(given, counts)


def _page(given: Tables) -> QualityPage:
    return summarise(_received(given), [], horizon_days=90.0)


@functools.cache
def _world(leads: int) -> QualityPage:
    return _page(simulate.world(leads, 1).tables)


def _told(given: Tables) -> dict[str, str]:
    return {remark.code: remark.sentence for remark in _page(given).remarks}


class _Read(html.parser.HTMLParser):
    """Collects tags, addresses and the heads of tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.scopes: list[str | None] = []
        self.images: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in {"src", "srcset", "href", "action"}
        ]
        if tag == "th":
            self.scopes.append(given.get("scope"))
        if given.get("role") == "img":
            self.images.append(given.get("aria-label"))


def test_a_page_loads_nothing_runs_nothing_and_stays_small():
    text = render(_world(300))
    read = _Read(text)
    assert read.addresses == []
    assert {"script", "link", "iframe", "object", "img"}.isdisjoint(read.tags)
    assert "url(" not in text
    assert len(text.encode()) < 300_000


def test_every_head_of_a_table_has_a_scope_and_every_picture_its_words():
    read = _Read(render(_world(300)))
    assert set(read.scopes) == {"col", "row"}
    assert read.images == [_world(300).drawn]


def test_the_same_tables_give_the_same_page_whatever_the_order_of_the_rows():
    leads = [lead(f"L-{n}", n, "web" if n % 2 else "fair", size=str(n % 3)) for n in range(30)]
    rows = [activity(n + 1, lead_id=f"L-{n}") for n in range(30)]
    answers = [answer(n + 2, lead_id=f"L-{n}") for n in range(30)]
    one, other = tables(leads, rows, answers), tables(leads[::-1], rows[::-1], answers[::-1])
    assert render(_page(one)) == render(_page(other)) == render(_page(one))


@pytest.mark.parametrize("leads", [0, 1, 20])
def test_a_world_of_any_size_has_a_page(leads):
    page = _world(leads)
    assert "Data quality" in render(page)
    json.dumps(page.figures, allow_nan=False)


def test_undated_tables_have_a_page_that_says_what_could_not_be_checked():
    page = _page(tables([lead("A", None, size="s"), lead("B", None)], outcomes=[outcome(None, lead_id="A")]))
    assert "undated" in page.subtitle
    assert [remark.code for remark in page.remarks if remark.kind == "unchecked"] == ["undated"]
    assert page.bars == ()
    assert page.filled.rows == ()
    assert "No lead has a date of creation." in page.drawn
    json.dumps(page.figures, allow_nan=False)
    render(page)


def test_who_a_lead_is_stands_nowhere():
    leads = [
        Lead(f"L-{n}", at(n), "web", email="ann.secret@example.com", phone="+38614767700",
             company_domain="secret-company.example", attributes={"remark": f"secret-{n}"})
        for n in range(30)
    ]  # fmt: skip
    page = _page(tables(leads))
    everything = render(page) + json.dumps(page.figures) + "".join(remark.sentence for remark in page.remarks)
    assert "secret" not in everything
    assert "4767700" not in everything
    assert {"shared_email", "shared_phone", "free_text"} <= {remark.code for remark in page.remarks}


def test_what_a_crm_calls_its_columns_cannot_become_markup():
    leads = [lead(f"L-{n}", n, "<b>fair</b>", **{"<script>x</script>": str(n % 2)}) for n in range(20)]
    text = render(_page(tables(leads, [activity(3, "<i>call", lead_id="L-1")])))
    assert "<script>" not in text
    assert "<b>fair" not in text
    assert "<i>call" not in text


def test_a_name_with_braces_is_shown_as_it_is():
    leads = [lead(f"L-{n}", 2.0 * n, "{web}" if n < 60 else "other") for n in range(120)]
    assert "“{web}”" in " ".join(remark.sentence for remark in _page(tables(leads)).remarks)


def test_faults_stand_on_the_page_with_how_many_are_like_them():
    frame = pd.DataFrame(
        {"lead_id": ["A", "B", "C"], "created_at": ["2026-01-01", "x", "y"], "source": "web"}
    )
    received = sort_out({"leads": given_as_is(arrow(frame))})
    page = summarise(received, [received.faults], horizon_days=90.0)
    assert not page.ready
    assert page.verdict.startswith("2 rows refused.")
    assert page.faults[0].endswith("(and 1 row like it)")
    text = render(page)
    assert text.index("What was read?") < text.index("What was refused, and why") < text.index("Look at this")
    assert text.count("What was read?</h2>") == 1


def test_the_heights_of_bars_are_shares_of_the_highest():
    # Three leads in January of which one ended, one in February, none in March.
    leads = [lead("A", 1), lead("B", 2), lead("C", 3), lead("D", 40)]
    page = _page(tables(leads, outcomes=[outcome(70, lead_id="A")]))
    assert [(bar.month, bar.leads, bar.ended) for bar in page.bars] == [("2026-01", 3, 1), ("2026-02", 1, 0)]
    assert [(bar.height, bar.ended_height) for bar in page.bars] == [(100.0, 33.3), (33.3, 0.0)]


def test_filled_shares_are_by_month_of_creation_and_unknown_where_nobody_came():
    leads = [lead("A", 1, size="s"), lead("B", 2, size=None), lead("C", 70, size="s")]
    shares = dict(_page(tables(leads)).filled.rows)["size"]
    assert shares == (0.5, None, 1.0)


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
    assert says in _told(given)[code]


@pytest.mark.parametrize(("leads", "told"), [(18, True), (16, False)])
def test_a_month_in_which_nothing_came_is_told_where_chance_would_leave_none_empty(leads, told):
    # January and March of three months: 3 × exp(-18 / 3) = 0.007 is below 0.01, 3 × exp(-16 / 3) = 0.014 not.
    given = [lead(f"L-{n}", 1 if n % 2 else 70) for n in range(leads)]
    rows = [activity(1 if n % 2 else 70, lead_id=f"L-{n}") for n in range(leads)]
    found = _told(tables(given, rows))
    assert ("months_without_leads" in found) == told
    assert ("months_without_activities" in found) == told
    if told:
        assert "in 2026-02, though" in found["months_without_leads"]


def _remedies(given: Tables) -> dict[str, str]:
    return {remark.code: remark.remedy for remark in _page(given).remarks}


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
    says = _told(tables(leads))["rare_values"]
    assert "kind (1 lead)" in says
    assert "size" not in says


def test_what_does_not_stand_out_is_not_told():
    quiet = {"before_creation", "without_source", "months_without_leads", "copied_content", "copied_rows",
             "undated", "date_only", "undated_ends", "midnight", "weekends", "at_night"}  # fmt: skip
    assert quiet.isdisjoint({remark.code for remark in _world(300).remarks})


@pytest.mark.parametrize("table", ["outcomes", "leads"])
def test_times_that_are_dates_are_told_from_times(table):
    # Of 40 times, 20 stand at 22:00 UTC: midnight in Ljubljana in summer.
    days = [n + (22 / 24 if n % 2 else 0.4321) for n in range(40)]
    if table == "leads":
        given = tables([lead(f"L-{n}", day) for n, day in enumerate(days)])
    else:
        leads = [lead(f"L-{n}", 0.1) for n in range(40)]
        given = tables(leads, outcomes=[outcome(1 + day, lead_id=f"L-{n}") for n, day in enumerate(days)])
    says = _told(given)["midnight"]
    assert f"({table}) stand at exactly 22:00:00 UTC: probably midnight in another time zone." in says
    assert "20 of 40 times (50 %)" in says


def test_times_rounded_to_all_hours_are_no_dates():
    given = tables([lead(f"L-{n}", n + (n % 24) / 24) for n in range(240)])
    assert "midnight" not in _told(given)


@pytest.mark.parametrize(("hour", "told"), [(21, True), (9, False)])
def test_work_at_night_is_suspected_to_be_of_another_zone(hour, told):
    rows = [activity(n + (hour + n % 8) / 24 + 0.001, "call", "outbound") for n in range(1, 121)]
    says = _told(tables(activities=rows))
    assert ("at_night" in says) == told
    if told:
        assert f"between {hour}:00 and 05:00 UTC" in says["at_night"]


@pytest.mark.parametrize(("every_day", "told"), [(True, True), (False, False)])
def test_work_on_weekends_as_often_as_by_chance_is_told(every_day, told):
    # Day 0 is a Thursday: days 2 and 3 of each week are Saturday and Sunday.
    days = [n for n in range(210) if every_day or n % 7 not in {2, 3}]
    rows = [activity(day + 0.4, "call", "outbound") for day in days]
    assert ("weekends" in _told(tables(activities=rows))) == told


def test_of_a_long_table_the_first_hundred_rows_are_shown_and_the_rest_is_counted():
    given = tables([lead(f"L-{n}", source=f"s{n:03d}") for n in range(101)])
    part = next(part for part in _page(given).parts if part.name == "sources")
    assert len(part.table.rows) == 100
    assert part.sentence.endswith("The first 100 of 101 are shown.")


def test_a_page_that_cannot_be_written_is_a_fault_of_the_store(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        quality_page.write(_world(1), tmp_path / "file" / "page.html")


def test_what_a_model_makes_of_each_column_is_told():
    random = np.random.default_rng(1)
    leads = [
        Lead(f"L-{n}", at(n), "web", email=f"{n}@example.com", attributes={
            "few": "x" if n < 9 else None, "kind": "ab"[n % 2], "size": float(random.integers(90)),
            "text": f"t {n}", "none_but_one": "x", "since": "2025-01-01" if n % 2 else "2025-02-01",
            "do_not_call": "no" if n % 2 else "yes",
        })
        for n in range(40)
    ]  # fmt: skip
    rows = {
        row[0]: row[-1]
        for part in _page(tables(leads)).parts
        if part.name == "columns"
        for row in part.table.rows
    }
    assert rows == {
        "source": "says nothing: always the same",
        "few": "fewer than 10 leads have it",
        "kind": "2 categories",
        "size": "number",
        "text": "nothing: no value is shared by 10 leads",
        "none_but_one": "says nothing: always the same",
        "since": "days since",
        "do_not_call": "a rule reads it: yes means never call",
        "email": "identity: never read",
    }
