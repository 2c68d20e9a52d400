"""Scores are judged segment by segment, and what is too small to judge is named."""

from __future__ import annotations

from dataclasses import replace

from readiness.judging.bootstrap import Figure
from readiness.judging.judgement import Judgement
from readiness.judging.parts import PartJudgement
from readiness.reports import fairness_section
from tests.reports import examples

NOTHING = Figure(None, None, None)


def part(name: str, bias: Figure, n: int = 400, by: str = "source") -> PartJudgement:
    known = Figure(0.2, 0.1, 0.3)
    auc = NOTHING if bias.low is None else Figure(0.7, 0.6, 0.8)
    return PartJudgement(by, name, n, n, 0.2, known, known, bias, auc, known)


def judged(*parts: PartJudgement) -> Judgement:
    judgement = examples.judgement("skilled")
    return replace(judgement, sets=(replace(judgement.sets[0], parts=parts),))


RIGHT = Figure(0.01, -0.05, 0.05)


def test_the_answer_counts_what_is_off_and_names_the_farthest() -> None:
    told = fairness_section.summarise(
        judged(
            part("web", RIGHT),
            part("fair", Figure(-0.16, -0.2, -0.1)),
            part("list", Figure(0.04, 0.01, 0.08)),
        )
    )

    assert told.sentence == (
        "Of 3 segments that can be judged, scores are off in 2, where chance alone would make it look so in "
        "about 1; they are farthest off for source: fair, 16 in 100 too low."
    )
    assert told.small == "Each of the 3 segments is big enough to be judged."


def test_where_every_interval_holds_zero_nothing_is_off() -> None:
    touching = Figure(0.1, 0.0, 0.2)

    told = fairness_section.summarise(judged(part("web", RIGHT), part("fair", touching)))

    assert told.sentence == "In none of the 2 segments that can be judged are scores off by more than chance."


def test_what_is_too_small_is_named_and_not_drawn() -> None:
    small = PartJudgement("region", "north_east", 12, 5, None, *[NOTHING] * 5)
    seldom = part("fax", Figure(0.1, None, None))
    told = fairness_section.summarise(judged(part("web", RIGHT), small, seldom))

    assert told.small == (
        "2 segments of 3 are too small to judge (under 30 snapshots, or too few sales): region: north east; "
        "source: fax."
    )
    drawn = fairness_section.draw(told, 640)["parts"]
    assert "source: web" in drawn
    assert "north east" not in drawn


def test_where_no_segment_can_be_judged_that_is_the_answer() -> None:
    told = fairness_section.summarise(judged(part("fax", NOTHING, n=5)))

    assert told.sentence == "This could not be judged: no segment holds enough known outcomes."
    assert fairness_section.draw(told, 640) == {}
    assert fairness_section.summarise(judged()).small == ""


def test_of_many_segments_the_farthest_off_are_drawn_and_all_are_printed() -> None:
    many = [part(f"s{place}", Figure(place / 100, -1.0, 1.0)) for place in range(30)]
    told = fairness_section.summarise(judged(*many))

    drawn = fairness_section.draw(told, 640)["parts"]

    assert "source: s29" in drawn
    assert "source: s9<" not in drawn
    assert len(told.parts.table.rows) == len(told.parts.points) == 30
