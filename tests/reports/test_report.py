"""A report says what its numbers say, in words, on a page that needs nothing else."""

from __future__ import annotations

import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from readiness.artefact import Provenance
from readiness.crm.records import Activity, Lead, Outcome, instant
from readiness.errors import StoreError
from readiness.judging.bootstrap import Figure
from readiness.judging.cohort import Cohort
from readiness.judging.gains import Gain
from readiness.judging.importance import Importance
from readiness.judging.skill import Skill
from readiness.reports import drawing, notation, points, small_print_section, wording
from readiness.reports.model_report import read, summarise
from readiness.reports.page import render, write
from readiness.reports.population import describe
from readiness.reports.printed import Fact
from readiness.reports.trust_section import Trust
from tests import builders, bundles
from tests.reports import examples


class _Page(html.parser.HTMLParser):
    """Collects what a browser would fetch or run, and the addresses of pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in {"src", "srcset", "href", "action"}
        ]


def trust(name: str) -> Trust:
    told = examples.report(name).told["trust"]
    assert isinstance(told, Trust)
    return told


def _facts(made: Provenance) -> tuple[Fact, ...]:
    return small_print_section.summarise(made, None, None).facts


@pytest.mark.parametrize("name", examples.ALL)
def test_a_page_loads_nothing_runs_nothing_and_stays_small(name: str) -> None:
    text = examples.rendered(name)
    page = _Page(text)

    assert all(address.startswith(("data:text/csv;", "#", "data:,")) for address in page.addresses)
    assert {"script", "img", "iframe", "object", "form"}.isdisjoint(page.tags)
    assert page.tags.count("link") == 1
    assert not re.search(r"url\((?!#)|@import", text)
    assert len(text.encode()) < 1_000_000


def test_the_sections_stand_in_the_order_in_which_a_manager_asks() -> None:
    headings = re.findall(r"<h2 id=[^>]+>([^<]+)</h2>", examples.rendered("skilled"))

    assert headings[-6:] == [
        "Can I trust it?",
        "What drives readiness?",
        "What does it do for sales?",
        "Where are our leads?",
        "Is it fair to all segments?",
        "Small print",
    ]


def test_warnings_come_before_everything_else() -> None:
    text = examples.rendered("undated")

    assert 0 < text.index("The data has no dates.") < text.index("Can I trust it?")


def test_every_picture_says_in_words_what_it_shows() -> None:
    found = re.findall(
        r'<div class="chart wide" role="img" aria-label="([^"]+)">', examples.rendered("skilled")
    )

    assert len(found) == examples.rendered("skilled").count('<div class="chart narrow"') >= 8
    assert any(text.startswith("The mean score, if every lead had the value") for text in found)
    assert all(len(text) > 20 for text in found)


def test_no_two_charts_share_an_id() -> None:
    ids = re.findall(r'\bid="([^"]+)"', examples.rendered("skilled"))

    assert len(ids) == len(set(ids))


def test_what_a_mark_shows_can_be_pointed_at_and_follows_the_theme() -> None:
    text = examples.rendered("skilled")

    assert "<title>" in text[text.index("<body>") :]
    assert 'fill="var(--chart-blue)"' in text
    assert not re.search(r'(fill|stroke)="#1d5fa8"', text)


def test_the_same_judgement_gives_the_same_page() -> None:
    assert render(examples.report("skilled")) == examples.rendered("skilled")


def test_what_a_crm_calls_its_columns_cannot_become_markup() -> None:
    odd = (Importance("<script>alert(1)</script>", Figure(0.1, 0.05, 0.2), "up", "f"),)
    judgement = examples.judgement("skilled")
    found = replace(judgement, insight=replace(judgement.insight, importance=odd))

    text = render(summarise(found, provenance=bundles.provenance()))

    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_numbers_lie_beside_the_page_as_json_and_csv(tmp_path: Path) -> None:
    report = examples.report("skilled")

    page = write(report, tmp_path / "out" / "report.html")

    kept = (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8") == examples.rendered("skilled")
    assert json.loads(kept) == json.loads(json.dumps(report.to_dict()))
    for name, table in report.numbers().items():
        assert (tmp_path / "out" / f"report-{name}.csv").read_text(encoding="utf-8") == table.csv()


@pytest.mark.parametrize("name", examples.ALL)
def test_a_report_that_was_kept_is_read_again_as_it_was(name: str) -> None:
    report = examples.report(name)

    assert read(json.dumps(report.to_dict())) == report


def test_a_report_of_another_format_is_not_read_and_a_damaged_one_is_told() -> None:
    assert read("{}") is None
    assert read(json.dumps({"format": 99})) is None
    with pytest.raises(StoreError, match="The report that was kept is damaged"):
        read('{"format": 1, "sections": {}}')
    with pytest.raises(StoreError, match="The report that was kept is damaged"):
        read("not json")


def test_every_table_of_numbers_can_be_downloaded_from_the_page() -> None:
    files = re.findall(
        r'<a download="([^"]+)" href="data:text/csv;charset=utf-8;base64,', examples.rendered("skilled")
    )

    assert set(files) <= {f"{name}.csv" for name in examples.report("skilled").numbers()}
    assert {"trust-calibration.csv", "drivers-importance.csv"} <= set(files)


def test_a_report_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"report\.html cannot be written"):
        write(examples.report("unjudged"), tmp_path / "file" / "report.html")


def test_skill_is_claimed_in_words_only_where_the_judgement_claims_it() -> None:
    claimed = {name: trust(name) for name in examples.ALL}

    assert claimed["skilled"].sentence.startswith("The model knows something: on 2,000 leads created after")
    assert claimed["unskilled"].sentence.startswith(
        "No skill was found: the model found nothing that tells which leads will buy. On 2,000 leads"
    )
    for name, summary in claimed.items():
        assert summary.claimed == examples.judgement(name).skill.claimed
        assert summary.claimed == ("knows something" in summary.sentence)


@pytest.mark.parametrize(
    ("lower", "overall", "says"),
    [
        (0.001, -0.01, "the average of all leads does, whatever their age."),
        (
            -0.001,
            -0.01,
            "the age of a lead alone does, and so no more than its age and month of creation do.",
        ),
    ],
    ids=["rougher than the average", "nothing beyond age"],
)
def test_the_answer_without_skill_names_what_says_as_much(lower: float, overall: float, says: str) -> None:
    judgement = examples.judgement("unskilled")
    skill = Skill(0.002, lower, False, "", overall)

    told = wording.verdict(replace(judgement, skill=skill), judgement.sets[0])

    assert f"its score said no more about a sale than {says}" in told


@pytest.mark.parametrize(
    ("skill", "says"),
    [
        (Skill(0.002, 0.001, True, "", 0.001), ""),
        (Skill(0.002, 0.001, False, "", -0.01), "That is no skill: the average of all leads"),
        (Skill(0.002, -0.001, False, "", -0.01), "That is no skill yet: it is not sure enough that the age"),
    ],
    ids=["skill", "the average says as much", "not sure enough"],
)
def test_beating_the_age_of_a_lead_is_not_called_better_where_no_skill_is_claimed(
    skill: Skill, says: str
) -> None:
    one = replace(examples.judgement("skilled").sets[0], skill=skill)

    told = wording.compared(one, 90.0)

    assert "the age of a lead alone" in told
    assert says in told
    assert ("no skill" in told) == bool(says)


def test_a_model_that_nobody_could_judge_says_what_is_missing_and_draws_nothing() -> None:
    report = examples.report("unjudged")

    assert trust("unjudged").sentence == (
        "This model could not be judged yet. A test period needs 100 closed sales after it; there are 37."
    )
    assert all(not section.charts(told, drawing.WIDE) for section, told in report.sections())
    assert report.told["sales"].sentence == wording.NOT_JUDGED


def test_of_undated_twins_each_is_a_lead() -> None:
    cohort = Cohort(np.ones(3, dtype=np.int8), np.full(3, np.nan), np.array([7, 7, 8]))
    dated = replace(cohort, duration=np.ones(3))

    assert (cohort.leads, dated.leads) == (3, 2)


def test_where_each_lead_is_looked_at_once_no_snapshots_are_spoken_of() -> None:
    labels = [fact.label for fact in trust("undated").highlights]

    assert labels[1] == "of them led to a sale"
    assert trust("undated").comparisons[0].question == "Leads the model had not seen: 400 leads"


def test_undated_data_is_warned_of_and_has_no_age_to_beat() -> None:
    summary = examples.report("undated")

    assert summary.warnings[0].startswith("The data has no dates.")
    assert "The stop risk could not be judged: none of these leads told us to stop." in summary.warnings
    assert "the average of all leads" in trust("undated").sentence
    assert "age" not in trust("undated").sentence.replace("average", "")
    assert "within" not in summary.told["sales"].sentence


def test_few_sales_are_warned_of_with_their_number() -> None:
    known = examples.judgement("few").sets[0].events["closed_won"]

    assert f"Only {known} of the 60 snapshots it was judged on" in examples.report("few").warnings[0]


def test_the_calibration_sentence_is_true_of_the_highest_and_the_lowest_scores() -> None:
    calibration = trust("skilled").calibration
    low, high = calibration.points[0], calibration.points[-1]

    assert calibration.sentence.startswith(
        f"Of 100 leads scored near {100 * high.forecast:.0f}, {100 * high.observed:.0f} were won within 90"
    )
    assert f"of 100 scored near {notation.hundredths(low.forecast)}" in calibration.sentence


def test_the_gains_sentence_is_true_of_the_fifth_called_first() -> None:
    told = examples.report("skilled").told["sales"]
    reached = {point.forecast: point.reached for point in told.gains.points if point.share == 0.2}

    assert f"first reaches {100 * reached['Model']:.0f} % of the sales" in told.gains.sentence
    assert f"the points card {100 * reached['Points card']:.0f} %." in told.gains.sentence


def test_the_category_sentence_names_the_category_that_was_won_most() -> None:
    told = examples.report("skilled").told["leads"]
    most = max(told.categories.points, key=lambda point: point.won)

    assert told.sentence.startswith(
        f"“{most.name}” leads were won most often, {100 * most.won:.0f} of 100 within 90 days"
    )


def test_the_four_ends_of_a_category_add_up() -> None:
    for point in examples.report("skilled").told["leads"].categories.points:
        assert point.won + point.stop + point.otherwise + point.still_open == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("gap", "says"),
    [
        (Figure(-0.01, -0.02, -0.005), None),
        (
            Figure(-0.01, -0.02, 0.01),
            "do not show that the model forecasts sales better than the points card",
        ),
        (Figure(0.01, 0.005, 0.02), "The points card forecasts sales better than the model does."),
        (Figure(None, None, None), "do not show that the model forecasts sales better than the points card"),
    ],
    ids=["surely better", "within chance", "surely worse", "not known"],
)
def test_a_model_that_does_not_beat_the_points_card_is_warned_of(gap: Figure, says: str | None) -> None:
    judgement = examples.judgement("skilled")
    one = replace(judgement.sets[0], differences={"points_card": {"won_log_loss": gap}})

    warned = [text for text in wording.warnings(judgement, one) if "points card" in text]

    assert len(warned) == (says is not None)
    assert says is None or says in warned[0]


def test_a_bias_is_warned_of_only_where_it_is_sure() -> None:
    judgement = examples.judgement("skilled")
    one = judgement.sets[0]
    figures = {**one.figures, "model": {**one.figures["model"], "won_bias": Figure(0.04, 0.02, 0.06)}}

    warned = wording.warnings(judgement, replace(one, figures=figures))

    assert "On the whole, scores are 4 in 100 too high." in warned
    assert not any("too high" in text for text in wording.warnings(judgement, one))


@pytest.mark.parametrize(
    ("lasting", "says"),
    [(0.0, "did not hold for those that came later"), (0.25, "25 in 100 counts"), (1.0, None), (None, None)],
)
def test_what_later_leads_did_not_bear_out_is_warned_of(lasting: float | None, says: str | None) -> None:
    judgement = examples.judgement("skilled")
    found = replace(judgement, insight=replace(judgement.insight, lasting=lasting))

    warned = [text for text in wording.warnings(found, judgement.sets[0]) if "the model found" in text]

    assert len(warned) == (says is not None)
    assert says is None or says in warned[0]


def test_an_interval_from_a_group_without_sales_tells_nothing() -> None:
    shown = examples.judgement("skilled").sets[0]
    bins = tuple(replace(each, observed=Figure(0.0, 0.0, 0.0)) for each in shown.calibration["won"])

    sentence = wording.calibrated(replace(shown, calibration={"won": bins}), 90.0)

    assert sentence.endswith("No group of scores holds enough outcomes to tell more.")
    assert "interval" not in sentence


def test_where_no_sale_is_known_gains_say_so() -> None:
    shown = examples.judgement("skilled").sets[0]
    unknown = {"model": (Gain(0.2, Figure(None, None, None)),)}

    assert "no closed sale is known" in wording.gained(replace(shown, gains=unknown))
    assert points.of_gains(replace(shown, gains=unknown), 90.0) == ()


@pytest.mark.parametrize("width", [drawing.WIDE, drawing.NARROW])
def test_a_chart_fits_the_screen_it_is_drawn_for(width: int) -> None:
    for section, told in examples.report("skilled").sections():
        for svg in section.charts(told, width).values():
            found = re.search(r'<svg[^>]* width="(\d+(?:\.\d+)?)"', svg)
            assert found is not None
            assert float(found.group(1)) <= width + 40


def test_a_population_counts_each_lead_once_by_its_last_end() -> None:
    tables = builders.tables(
        [Lead("a", instant("2026-01-01T00:00:00Z")), Lead("b", instant("2026-01-02T00:00:00Z"))],
        [Activity("a", instant("2026-01-03T00:00:00Z"), "web_visit", "inbound")],
        outcomes=[
            Outcome("a", instant("2026-01-04T00:00:00Z"), "closed_lost"),
            Outcome("a", instant("2026-01-05T00:00:00Z"), "closed_won"),
        ],
    )

    found = describe(tables)

    assert (found.leads, found.activities, found.first_created) == (2, 1, "2026-01-01T00:00:00Z")
    assert found.ended == {"closed_won": 1, "stop_calling": 0, "closed_lost": 0, "disqualified": 0}
    assert found.still_open == 1


def test_a_population_without_leads_is_counted_too() -> None:
    found = describe(builders.tables([]))

    assert (found.leads, found.first_created, found.still_open) == (0, None, 0)


def test_no_share_of_a_handful_of_snapshots_is_put_into_words() -> None:
    few = points.CategoryPoint("Unworthy", 2, 0.5, None, None, 0.0, 0.5, 0.0)
    many = [
        points.CategoryPoint(name, 400, 0.4, None, None, 0.0, 0.6, 0.0)
        for name in ("Dubious", "Sales-worthy")
    ]
    shown = examples.judgement("undated").sets[0]

    assert "Unworthy" not in wording.by_category([few, *many], shown, None)
    assert wording.by_category([few, many[0]], shown, None).startswith("Categories could not be compared")


def test_what_trying_other_settings_came_to_stands_among_the_facts() -> None:
    made = bundles.provenance(settings={"tuning": {"sentence": "Nothing was better.", "tried": 3}})
    facts = {fact.label: fact.value for fact in _facts(made)}
    assert facts["Tuning"] == "Nothing was better."
    plain = _facts(bundles.provenance(settings={}))
    assert "Tuning" not in {fact.label for fact in plain}


def test_what_was_left_out_and_what_was_waived_stand_among_the_facts() -> None:
    made = bundles.provenance(settings={"exclude": ["closing_score"], "waive": ["budget", "region"]})
    facts = {fact.label: fact.value for fact in _facts(made)}
    assert facts["Left out"] == "closing_score"
    assert facts["Kept although the leak audit blocks it"] == "budget, region"
    plain = _facts(bundles.provenance(settings={}))
    assert not {"Left out", "Kept although the leak audit blocks it"} & {fact.label for fact in plain}
