"""A data-quality page says what its numbers say, and shows nobody."""

from __future__ import annotations

import html.parser
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from readiness.crm.frames import arrow, given_as_is
from readiness.crm.intake import sort_out
from readiness.crm.records import Lead
from readiness.errors import StoreError
from readiness.reports import quality_page
from readiness.reports.quality import summarise
from readiness.reports.quality_page import render
from tests.builders import activity, answer, at, lead, outcome, tables
from tests.reports.quality_pages import page_of, page_of_world


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
    text = render(page_of_world(300))
    read = _Read(text)
    assert read.addresses == []
    assert {"script", "link", "iframe", "object", "img"}.isdisjoint(read.tags)
    assert "url(" not in text
    assert len(text.encode()) < 300_000


def test_every_head_of_a_table_has_a_scope_and_every_picture_its_words():
    read = _Read(render(page_of_world(300)))
    assert set(read.scopes) == {"col", "row"}
    assert read.images == [page_of_world(300).drawn]


def test_the_same_tables_give_the_same_page_whatever_the_order_of_the_rows():
    leads = [lead(f"L-{n}", n, "web" if n % 2 else "fair", size=str(n % 3)) for n in range(30)]
    rows = [activity(n + 1, lead_id=f"L-{n}") for n in range(30)]
    answers = [answer(n + 2, lead_id=f"L-{n}") for n in range(30)]
    one, other = tables(leads, rows, answers), tables(leads[::-1], rows[::-1], answers[::-1])
    assert render(page_of(one)) == render(page_of(other)) == render(page_of(one))


@pytest.mark.parametrize("leads", [0, 1, 20])
def test_a_world_of_any_size_has_a_page(leads):
    page = page_of_world(leads)
    assert "Data quality" in render(page)
    json.dumps(page.figures, allow_nan=False)


def test_undated_tables_have_a_page_that_says_what_could_not_be_checked():
    page = page_of(
        tables([lead("A", None, size="s"), lead("B", None)], outcomes=[outcome(None, lead_id="A")])
    )
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
    page = page_of(tables(leads))
    everything = render(page) + json.dumps(page.figures) + "".join(remark.sentence for remark in page.remarks)
    assert "secret" not in everything
    assert "4767700" not in everything
    assert {"shared_email", "shared_phone", "free_text"} <= {remark.code for remark in page.remarks}


def test_what_a_crm_calls_its_columns_cannot_become_markup():
    leads = [lead(f"L-{n}", n, "<b>fair</b>", **{"<script>x</script>": str(n % 2)}) for n in range(20)]
    text = render(page_of(tables(leads, [activity(3, "<i>call", lead_id="L-1")])))
    assert "<script>" not in text
    assert "<b>fair" not in text
    assert "<i>call" not in text


def test_a_name_with_braces_is_shown_as_it_is():
    leads = [lead(f"L-{n}", 2.0 * n, "{web}" if n < 60 else "other") for n in range(120)]
    assert "“{web}”" in " ".join(remark.sentence for remark in page_of(tables(leads)).remarks)


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
    page = page_of(tables(leads, outcomes=[outcome(70, lead_id="A")]))
    assert [(bar.month, bar.leads, bar.ended) for bar in page.bars] == [("2026-01", 3, 1), ("2026-02", 1, 0)]
    assert [(bar.height, bar.ended_height) for bar in page.bars] == [(100.0, 33.3), (33.3, 0.0)]


def test_filled_shares_are_by_month_of_creation_and_unknown_where_nobody_came():
    leads = [lead("A", 1, size="s"), lead("B", 2, size=None), lead("C", 70, size="s")]
    shares = dict(page_of(tables(leads)).filled.rows)["size"]
    assert shares == (0.5, None, 1.0)


def test_of_a_long_table_the_first_hundred_rows_are_shown_and_the_rest_is_counted():
    given = tables([lead(f"L-{n}", source=f"s{n:03d}") for n in range(101)])
    part = next(part for part in page_of(given).parts if part.name == "sources")
    assert len(part.table.rows) == 100
    assert part.sentence.endswith("The first 100 of 101 are shown.")


def test_a_page_that_cannot_be_written_is_a_fault_of_the_store(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        quality_page.write(page_of_world(1), tmp_path / "file" / "page.html")


def test_what_a_model_makes_of_each_column_is_told():
    random = np.random.default_rng(1)
    leads = [
        Lead(f"L-{n}", at(n), "web", email=f"{n}@example.com", attributes={
            "few": "x" if n < 9 else None, "kind": "ab"[n % 2], "size": float(random.integers(90)),
            "text": f"t {n}", "note": f"Lead {n} wants a call", "none_but_one": "x",
            "since": "2025-01-01" if n % 2 else "2025-02-01",
            "do_not_call": "no" if n % 2 else "yes",
        })
        for n in range(40)
    ]  # fmt: skip
    rows = {
        row[0]: row[-1]
        for part in page_of(tables(leads)).parts
        if part.name == "columns"
        for row in part.table.rows
    }
    assert rows == {
        "source": "says nothing: always the same",
        "few": "fewer than 10 leads have it",
        "kind": "2 categories",
        "size": "number",
        "text": "nothing: no value is shared by 10 leads",
        "note": "nothing: free text",
        "none_but_one": "says nothing: always the same",
        "since": "days since",
        "do_not_call": "a rule reads it: yes means never call",
        "email": "identity: never read",
    }
