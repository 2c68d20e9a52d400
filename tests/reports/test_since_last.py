"""Models are set side by side, and what differs is told apart from noise."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from readiness.reports import since_last
from readiness.reports.driver_points import DriverPoint
from readiness.reports.judged_points import FigurePoint
from readiness.reports.model_report import beside, called, read, summarise
from readiness.reports.page import render
from readiness.reports.since_last import Spread, differences
from tests import bundles
from tests.reports import examples


def figure(name: str, value: float | None, reach: float = 0.02) -> FigurePoint:
    ends = (None, None) if value is None else (value - reach, value + reach)
    return FigurePoint("later_leads", "the model", name, value, *ends)


def driver(name: str, value: float, reach: float = 0.002) -> DriverPoint:
    return DriverPoint(name, "interest", value, value - reach, value + reach, "up", None, None, None, None)


def spread(value: float, reach: float) -> Spread:
    return value, value - reach, value + reach


def test_the_error_of_a_difference_is_that_of_both_figures() -> None:
    # Intervals of ± 1.96 and ± 1.96 are errors of 1 and 1: the difference has √2.
    ((gap, p, verdict),) = differences([(spread(3.0, 1.96), spread(0.0, 1.96))])

    assert gap == 3.0
    assert p == pytest.approx(2 * norm.sf(3.0 / 2**0.5), rel=1e-3)
    assert verdict == "higher"


@pytest.mark.parametrize(
    ("now", "verdict"), [(2.75, "within chance"), (2.8, "higher"), (-2.8, "lower"), (0.0, "within chance")]
)
def test_only_what_chance_would_not_make_one_time_in_twenty_differs(now: float, verdict: str) -> None:
    assert differences([(spread(now, 1.96), spread(0.0, 1.96))])[0][2] == verdict


def test_of_many_that_are_compared_each_must_differ_by_more() -> None:
    once = (spread(2.8, 1.96), spread(0.0, 1.96))
    same = (spread(0.0, 1.96), spread(0.0, 1.96))

    assert differences([once])[0][2] == "higher"
    assert differences([once, same, same])[0][2] == "within chance"


def test_a_figure_without_an_interval_says_nothing_of_a_difference() -> None:
    lone: Spread = (0.5, None, None)
    nothing: Spread = (None, None, None)

    assert differences([(lone, spread(0.1, 0.1)), (nothing, spread(0.1, 0.1))]) == (
        (0.4, None, "not known"),
        (None, None, "not known"),
    )
    assert differences([]) == ()


def test_figures_that_never_vary_differ_if_they_are_not_the_same() -> None:
    fixed: Spread = (0.0, 0.0, 0.0)

    assert differences([(fixed, fixed)])[0][1:] == (1.0, "within chance")
    assert differences([((0.1, 0.1, 0.1), fixed)])[0][1:] == (0.0, "higher")


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.1, 3)), max_size=6))
def test_turning_both_models_round_turns_every_verdict_round(found: list[tuple[float, float, float]]) -> None:
    pairs = [(spread(now, reach), spread(before, reach)) for now, before, reach in found]
    turned = {"higher": "lower", "lower": "higher"}

    there = differences(pairs)
    back = differences([(before, now) for now, before in pairs])

    assert [turned.get(told[2], told[2]) for told in there] == [told[2] for told in back]


def test_skill_beside_another_model_names_both_rankings() -> None:
    section = since_last.skill([figure("won_auc", 0.83)], [figure("won_auc", 0.72)], "version 3")

    assert section.sentence == (
        "It picks the right one of two leads 83 times in 100, where version 3 did so 72 times. Of 1 figure, "
        "1 differs by more than chance. Each was judged on the leads that came after its own data: the "
        "leads differ, too."
    )
    assert section.points[0].verdict == "higher"


def test_skill_that_nobody_could_judge_is_not_set_beside_anything() -> None:
    section = since_last.skill([figure("won_auc", 0.8)], [figure("won_auc", None)], "version 3")

    assert section.sentence.startswith("It could not be set beside version 3")
    assert section.points == ()


def test_what_changed_names_what_matters_more_and_less_and_what_is_new_and_gone() -> None:
    now = [driver("Replies", 0.02), driver("Source", 0.001), driver("Size", 0.005), driver("Chat", 0.001)]
    before = [driver("Replies", 0.01), driver("Source", 0.01), driver("Size", 0.0051), driver("Fax", 0.001)]

    section = since_last.importance(now, before, "version 3")

    assert section.sentence == (
        "Of 3 behaviours and attributes that both know, beyond chance Replies matters more and Source "
        "matters less than in version 3. 1 is new: Chat. 1 is gone: Fax."
    )
    assert [each.verdict for each in section.points] == [
        "higher", "lower", "within chance", "not known", "not known",
    ]  # fmt: skip


def test_noise_is_not_told_as_a_change() -> None:
    section = since_last.importance([driver("Replies", 0.011)], [driver("Replies", 0.01)], "version 3")

    assert section.sentence == (
        "Of 1 behaviour or attribute that both know, none matters more or less than in version 3 by more "
        "than chance."
    )


def test_models_that_share_nothing_are_not_compared() -> None:
    section = since_last.importance([driver("A", 0.1)], [driver("B", 0.1)], "version 3")

    assert section.sentence.startswith("It could not be set beside version 3")


def test_a_report_beside_another_keeps_all_else_and_can_be_kept_and_read_again() -> None:
    report = examples.report("skilled")
    compared = called(beside(report, examples.report("few"), "version 3"), "version 4")

    assert read(json.dumps(compared.to_dict())) == compared
    assert compared.subtitle.endswith(" · version 4")
    assert {"trust-since-last", "drivers-since-last"} <= set(compared.numbers())
    assert replace(compared, told=report.told, subtitle=report.subtitle) == report
    assert "What changed since version 3?" in render(compared)


@pytest.mark.parametrize(
    ("name", "changed", "same"),
    [
        ("skilled", {"seed": 7}, True),
        ("skilled", {"data_fingerprint": "b" * 64}, False),
        ("skilled", {"judged_at": "2026-01-01T00:00:00Z"}, False),
        ("undated", {"seed": 7}, False),
    ],
    ids=["another seed", "other data", "another instant", "undated and another seed"],
)
def test_whether_both_were_judged_on_the_same_leads_is_said(
    name: str, changed: dict[str, object], same: bool
) -> None:
    undated: dict[str, object] = {"data_end": None, "judged_at": None} if name == "undated" else {}
    before = summarise(examples.judgement(name), provenance=bundles.provenance(**undated, **changed))

    section = beside(examples.report(name), before, "version 3").told["trust"].since_last

    assert section.sentence.endswith("Both were judged on the same leads.") == same


def test_a_model_beside_itself_differs_in_nothing() -> None:
    compared = beside(examples.report("skilled"), examples.report("skilled"), "version 3")

    assert compared.told["trust"].since_last.sentence.endswith(
        "none differs by more than chance. Both were judged on the same leads."
    )
    assert "none matters more or less" in compared.told["drivers"].since_last.sentence
