import json

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.judging.bootstrap import Figure, draw
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.parts import FEWEST, MOST, Part, PartJudgement, judge_parts
from tests.judging.cohorts import cohort, exponential, true_incidence


def judged(fates: Cohort, score: Floats, *parts: Part) -> tuple[PartJudgement, ...]:
    return judge_parts(
        fates,
        known_at(fates, 60.0),
        score,
        np.full(len(fates), score.mean() if len(fates) else 0.0),
        parts,
        horizon_days=60.0,
        resamples=draw(fates.lead, replicates=100, seed=0),
    )


def test_a_part_counted_by_hand() -> None:
    # 40 snapshots, every fourth won, scored .8 and the others .1; the other part is the reverse
    fates = cohort(*([(1, 1.0), (0, 99.0), (0, 99.0), (0, 99.0)] * 20))
    won = np.arange(80) % 4 == 0
    score = np.where(won == (np.arange(80) < 40), 0.8, 0.1)
    first, second = judged(fates, score, Part("source", np.repeat([0, 1], 40), ("web", "fair")))
    assert (first.n, first.leads, first.name, first.auc.value) == (40, 40, "web", 1.0)
    assert first.forecast == pytest.approx((10 * 0.8 + 30 * 0.1) / 40)
    assert first.won.value == pytest.approx(0.25)
    assert first.bias.value == pytest.approx(first.forecast - 0.25)
    assert second.auc.value == 0.0
    assert second.gain.high is not None
    assert second.gain.high < 0


def test_true_scores_are_right_in_every_part() -> None:
    fates, hazards = exponential(6_000, seed=2)
    score = true_incidence(hazards, [60.0])[:, 0, 0]
    found = judged(fates, score, Part("size", np.digitize(hazards[:, 1], [0.001, 0.003]), ("s", "m", "l")))
    for part in found:
        assert part.bias.low is not None
        assert part.bias.high is not None
        assert part.bias.low < 0.01
        assert part.bias.high > -0.01
        assert part.gain.low is not None
        assert part.gain.low > 0


def test_of_a_handful_the_size_is_told_and_no_figure() -> None:
    fates, hazards = exponential(FEWEST + 40, seed=2)
    score = true_incidence(hazards, [60.0])[:, 0, 0]
    code = (np.arange(len(fates)) >= 41).astype(np.int64)
    many, few = judged(fates, score, Part("source", code, ("web", "fair")))
    assert (few.n, few.forecast, few.auc) == (FEWEST - 1, None, Figure(None, None, None))
    assert many.forecast is not None


def test_what_is_in_no_part_is_in_none_and_empty_parts_are_left_out() -> None:
    fates, hazards = exponential(100, seed=2)
    score = true_incidence(hazards, [60.0])[:, 0, 0]
    code = np.where(np.arange(100) < 40, 2, -1)
    (found,) = judged(fates, score, Part("source", code, ("web", "fair", "list")))
    assert (found.name, found.n) == ("list", 40)


def test_of_many_parts_the_largest_are_told_in_the_order_of_their_names() -> None:
    fates, hazards = exponential(400, seed=2)
    score = true_incidence(hazards, [60.0])[:, 0, 0]
    code = np.minimum(np.arange(400) // 20, MOST + 2)
    code[:5] = MOST + 3
    names = tuple(f"{place:02}" for place in range(MOST + 4))
    found = judged(fates, score, Part("region", code, names))
    assert [part.name for part in found] == [*names[1:MOST], names[MOST + 2]]


@pytest.mark.parametrize("n", [0, 1], ids=["none", "one"])
def test_none_and_one_have_no_figures(n: int) -> None:
    found = judged(cohort(*[(1, 1.0)] * n), np.full(n, 0.5), Part("source", np.zeros(n, np.int64), ("web",)))
    assert [part.n for part in found] == [1] * n
    assert json.loads(json.dumps([part.to_dict() for part in found], allow_nan=False)) is not None


def test_a_missing_score_gives_no_figure() -> None:
    fates, _ = exponential(100, seed=2)
    score = np.full(100, 0.5)
    score[3] = np.nan
    (found,) = judged(fates, score, Part("source", np.zeros(100, np.int64), ("web",)))
    assert found.won == Figure(None, None, None)


@pytest.mark.parametrize(
    ("n", "told"), [(FEWEST - 1, False), (FEWEST, True)], ids=["one too few", "just enough"]
)
def test_figures_are_given_from_thirty_snapshots_on(n: int, told: bool) -> None:
    fates, hazards = exponential(n, seed=2)
    score = true_incidence(hazards, [60.0])[:, 0, 0]
    (found,) = judged(fates, score, Part("source", np.zeros(n, np.int64), ("web",)))
    assert (found.forecast is not None) == told
