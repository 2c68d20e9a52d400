"""What a watch says on its page, on the screen and to Prometheus."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from readiness.errors import StoreError
from readiness.reports import watch_metrics, watch_page
from readiness.reports.watch_summary import summarise
from readiness.training_run.watching.watch import Watched
from tests.watching.plain import calm, changed, empty

SEEN = pytest.mark.parametrize("seen", [calm, changed, empty])


@SEEN
def test_the_page_loads_nothing_and_runs_nothing(seen):
    page = watch_page.render(summarise(seen(), bundle="9f" * 32))
    assert not re.search(r"<script|src=|href=|url\(", page)


def test_the_verdict_names_the_columns_and_says_what_goes_first():
    page = summarise(changed(), bundle="9f")
    assert page.verdict == (
        "The CRM changed: look at `country` before anything is retrained. The ends are off too: look again "
        "once that is mended."
    )
    assert "<code>country</code>" in watch_page.render(page)


@pytest.mark.parametrize(("seen", "says"), [(calm, "Quiet:"), (empty, "Too few to tell:")])
def test_the_verdict_says_when_there_is_nothing_and_when_nobody_can_tell(seen, says):
    assert summarise(seen(), bundle="9f").verdict.startswith(says)


def test_findings_that_ask_for_something_stand_with_what_to_do():
    page = watch_page.render(summarise(changed(), bundle="9f"))
    for each in changed().raised:
        assert each.sentence.split(":")[0] in page.replace("\u00a0%", " %")


def test_every_question_asked_stands_on_the_page_with_its_numbers():
    page = summarise(calm(), bundle="9f")
    assert [row[0] for row in page.questions.rows] == [each.code for each in calm().findings]


def test_what_the_model_expects_of_itself_says_what_it_rests_on():
    page = summarise(calm(), bundle="9f")
    assert any(each.startswith("If the model's chances hold") for each in page.performance)
    assert any("they hold if its chances still do" in each for each in page.notes)


@SEEN
def test_no_page_says_none_or_nan(seen):
    page = watch_page.render(summarise(seen(), bundle="9f" * 32))
    assert not re.search(r"\b(None|nan|inf)\b", page)


def figures(seen: Watched) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(watch_metrics.render(seen))
        for sample in family.samples
    }


def test_prometheus_reads_what_was_raised_and_how_many_ended():
    found = figures(changed())
    raised = {dict(labels)["code"] for name, labels in found if name == "readiness_watch_raised"}
    assert {"UNSEEN_VALUES", "WON_OFF"} <= raised
    won = frozenset({("end", "won")})
    assert found["readiness_watch_ends_observed", won] == changed().ends.newest.by_end["won"].observed
    assert found["readiness_watch_at_seconds", frozenset()] == changed().at / 1e6


def test_prometheus_is_told_nothing_of_what_is_not_known():
    found = figures(empty())
    assert not [name for name, _ in found if name in ("readiness_watch_psi", "readiness_watch_auc")]


def test_no_value_that_a_lead_holds_is_a_label():
    assert "<b>" not in watch_metrics.render(changed())


def test_a_slope_that_few_ends_make_steep_is_not_told_to_the_digit():
    ends = calm().ends
    steep = {name: replace(each, slope=4.2) for name, each in ends.newest.by_end.items()}
    stretch = replace(ends.newest, by_end=steep)
    page = summarise(replace(calm(), ends=replace(ends, stretches=(stretch,))), bundle="9f")
    assert {row[-1] for row in page.ends.rows} == {"over 200 %"}


def test_a_page_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        watch_page.write(summarise(calm(), bundle="9f"), tmp_path / "file" / "page.html")
    with pytest.raises(StoreError, match="cannot be written"):
        watch_metrics.write(calm(), tmp_path / "file" / "watch.prom")


def test_an_interval_that_is_not_known_is_a_dash():
    ends = calm().ends
    nothing = {"low": None, "high": None, "slope": None}
    bare = {name: replace(each, **nothing) for name, each in ends.newest.by_end.items()}
    stretch = replace(ends.newest, by_end=bare)
    page = summarise(replace(calm(), ends=replace(ends, stretches=(stretch,))), bundle="9f")
    assert page.ends.rows[0][-2:] == ("–", "–")


def test_retraining_is_asked_for_by_so_many_findings():
    (off,) = [each for each in changed().raised if each.code == "WON_OFF"]
    asked = replace(changed(), verdict="retrain", findings=(off,))
    said = summarise(asked, bundle="9f").verdict
    assert said == "Retrain: 1 finding says that leads end otherwise now."


def test_what_changed_without_consequence_is_said_to_have_none_yet():
    found = replace(changed(), verdict="changed", findings=changed().raised[:2])
    said = summarise(found, bundle="9f").verdict
    assert said == "2 things changed beyond chance; nothing says yet that the model no longer holds."
