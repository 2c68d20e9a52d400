"""A report says what its numbers say, in words, on a page that needs nothing else."""

from __future__ import annotations

import functools
import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from readiness.crm.records import Activity, Lead, Outcome, instant
from readiness.errors import StoreError
from readiness.judging.bootstrap import Figure
from readiness.judging.gains import Gain
from readiness.judging.importance import Importance
from readiness.reports import charts, drawing, notation, points, wording
from readiness.reports.page import render, write
from readiness.reports.population import describe
from readiness.reports.summary import summarise
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


@functools.cache
def _rendered(name: str) -> str:
    return render(examples.summary(name))


@pytest.mark.parametrize("name", examples.ALL)
def test_a_page_loads_nothing_runs_nothing_and_stays_small(name: str) -> None:
    text = _rendered(name)
    page = _Page(text)

    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
    assert {"script", "link", "iframe", "object"}.isdisjoint(page.tags)
    assert "url(" not in text
    assert len(text.encode()) < 1_000_000


def test_every_picture_says_in_words_what_it_shows() -> None:
    text = _rendered("skilled")

    alternatives = re.findall(r'<img src="[^"]+" alt="([^"]+)">', text)
    assert len(alternatives) == 5
    assert alternatives[1].startswith("The mean score, if every lead had the value")
    assert alternatives[3].startswith("Whoever calls the 20\u00a0% with the highest scores")


def test_the_same_judgement_gives_the_same_page() -> None:
    assert render(examples.summary("skilled")) == _rendered("skilled")


def test_what_a_crm_calls_its_columns_cannot_become_markup() -> None:
    odd = (Importance("<script>alert(1)</script>", Figure(0.1, 0.05, 0.2), "up", "f"),)
    summary = summarise(examples.judgement("skilled"), odd, provenance=bundles.provenance())

    text = render(summary)

    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_numbers_lie_beside_the_page(tmp_path: Path) -> None:
    summary = examples.summary("skilled")

    page = write(summary, tmp_path / "out" / "report.html")

    numbers = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert page.read_text(encoding="utf-8") == _rendered("skilled")
    assert numbers == json.loads(json.dumps(summary.to_dict()))
    assert numbers["calibration"]["points"][0]["n"] == summary.calibration.points[0].n


def test_a_report_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"report\.html cannot be written"):
        write(examples.summary("unjudged"), tmp_path / "file" / "report.html")


def test_skill_is_claimed_in_words_only_where_the_judgement_claims_it() -> None:
    claimed = {name: examples.summary(name) for name in examples.ALL}

    assert claimed["skilled"].verdict.startswith("The model knows something: on 2,000 leads created after")
    assert claimed["unskilled"].verdict.startswith("No skill was found: on 2,000 leads")
    for name, summary in claimed.items():
        assert summary.claimed == examples.judgement(name).skill.claimed
        assert summary.claimed == ("knows something" in summary.verdict)


def test_a_model_that_nobody_could_judge_says_what_is_missing_and_draws_nothing() -> None:
    summary = examples.summary("unjudged")

    assert summary.verdict == (
        "This model could not be judged yet. A test period needs 100 closed sales after it; there are 37."
    )
    assert charts.draw(summary, drawing.WIDE) == {}
    assert summary.gains.sentence == wording.NOT_JUDGED


def test_undated_data_is_warned_of_and_has_no_age_to_beat() -> None:
    summary = examples.summary("undated")

    assert summary.warnings[0].startswith("The data has no dates.")
    assert "The stop risk could not be judged: too few leads told us to stop." in summary.warnings
    assert "the average of all leads" in summary.verdict
    assert "age" not in summary.verdict.replace("average", "")
    assert "within" not in summary.gains.sentence


def test_few_sales_are_warned_of_with_their_number() -> None:
    known = examples.judgement("few").sets[0].events["closed_won"]

    assert f"Only {known} of the 60 snapshots it was judged on" in examples.summary("few").warnings[0]


def test_the_calibration_sentence_is_true_of_the_highest_and_the_lowest_scores() -> None:
    summary = examples.summary("skilled")
    low, high = summary.calibration.points[0], summary.calibration.points[-1]

    assert summary.calibration.sentence.startswith(
        f"Of 100 leads scored near {100 * high.forecast:.0f}, {100 * high.observed:.0f} were won within 90"
    )
    assert f"of 100 scored near {notation.hundredths(low.forecast)}" in summary.calibration.sentence


def test_the_gains_sentence_is_true_of_the_fifth_called_first() -> None:
    summary = examples.summary("skilled")
    reached = {point.forecast: point.reached for point in summary.gains.points if point.share == 0.2}

    assert f"first reaches {100 * reached['Model']:.0f} % of the sales" in summary.gains.sentence
    assert f"the points card {100 * reached['Points card']:.0f} %." in summary.gains.sentence


def test_the_category_sentence_names_the_category_that_was_won_most() -> None:
    summary = examples.summary("skilled")
    most = max(summary.categories.points, key=lambda point: point.won)

    assert summary.categories.sentence.startswith(
        f"“{most.name}” leads were won most often, {100 * most.won:.0f} of 100 within 90 days"
    )


def test_the_four_ends_of_a_category_add_up() -> None:
    for point in examples.summary("skilled").categories.points:
        assert point.won + point.stop + point.otherwise + point.still_open == pytest.approx(1.0)


def test_only_what_is_surely_important_is_named() -> None:
    unsure = (Importance("Region", Figure(0.01, -0.01, 0.03), "up", "f"),)

    assert wording.drivers(examples.IMPORTANCE).startswith(
        "The score rests most on Replies (more raises it), "
    )
    assert wording.drivers(unsure) == "No single behaviour or attribute can be shown to matter to the score."
    assert wording.drivers(()) == wording.drivers(unsure)


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
    for svg in charts.draw(examples.summary("skilled"), width).values():
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
    facts = {
        fact.label: fact.value for fact in summarise(examples.judgement("skilled"), (), provenance=made).facts
    }
    assert facts["Tuning"] == "Nothing was better."
    plain = summarise(examples.judgement("skilled"), (), provenance=bundles.provenance(settings={})).facts
    assert "Tuning" not in {fact.label for fact in plain}


def test_what_was_left_out_and_what_was_waived_stand_among_the_facts() -> None:
    made = bundles.provenance(settings={"exclude": ["closing_score"], "waive": ["budget", "region"]})
    facts = {
        fact.label: fact.value for fact in summarise(examples.judgement("skilled"), (), provenance=made).facts
    }
    assert facts["Left out"] == "closing_score"
    assert facts["Kept although the leak audit blocks it"] == "budget, region"
    plain = summarise(examples.judgement("skilled"), (), provenance=bundles.provenance(settings={})).facts
    assert not {"Left out", "Kept although the leak audit blocks it"} & {fact.label for fact in plain}
