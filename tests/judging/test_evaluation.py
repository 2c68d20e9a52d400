import json
from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.judging.evaluation import Handovers, HeldOut, judge, judging_days
from readiness.judging.figures import MEANINGS
from readiness.judging.gains import Weekly
from readiness.judging.judgement import BASE_RATE, LOGISTIC, MODEL, POINTS_CARD, Judgement
from readiness.judging.parts import Part
from tests.judging.cohorts import cohort, exponential, true_incidence, undated

CATEGORIES = ("unworthy", "sales_worthy", "sales_ready_buyer")
HORIZON = 60.0


def held_out(n: int = 1_500, seed: int = 0, name: str = "later_leads") -> HeldOut:
    fates, hazards = exponential(n, seed)
    truth = true_incidence(hazards, judging_days(HORIZON))
    won = truth[:, -1, 0]
    return HeldOut(
        name=name,
        cohort=fates,
        forecasts={
            MODEL: truth,
            BASE_RATE: np.broadcast_to(truth.mean(axis=0), truth.shape) if n else truth,
            POINTS_CARD: truth**1.3,
        },
        overall=np.full(n, won.mean() if n else 0.0),
        category=np.searchsorted([0.1, 0.3], won),
        weekly=Weekly(20, np.arange(n) % 10),
        parts=(Part("source", np.arange(n) % 2, ("web", "fair")),),
        handovers=Handovers(fates.where(won > 0.3), won[won > 0.3] > 0.5),
    )


def judged(*sets: HeldOut, horizon: float | None = HORIZON) -> Judgement:
    return judge(sets, horizon_days=horizon, categories=CATEGORIES, replicates=60, seed=1)


@pytest.fixture(scope="module")
def judgement() -> Judgement:
    return judged(held_out(), held_out(300, seed=5, name="open_leads"))


def test_every_figure_stands_beside_the_baselines_with_its_interval(judgement: Judgement) -> None:
    figures = judgement.sets[0].figures
    assert set(figures) == {MODEL, BASE_RATE, POINTS_CARD}
    assert set(figures[MODEL]) == set(MEANINGS)
    for figure in figures[MODEL].values():
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.high


def test_the_two_sets_are_never_pooled(judgement: Judgement) -> None:
    alone = judged(held_out(300, seed=5, name="open_leads"))
    assert judgement.sets[1] == alone.sets[0]
    assert [one.leads for one in judgement.sets] == [1_500, 300]


def test_skill_is_claimed_by_the_first_set_only(judgement: Judgement) -> None:
    assert judgement.skill == judgement.sets[0].skill
    assert judgement.skill.claimed


def test_no_skill_is_claimed_for_the_base_rate_itself() -> None:
    held = held_out(600)
    own = replace(held, forecasts=dict(held.forecasts) | {MODEL: held.forecasts[BASE_RATE]})
    assert not judged(own).skill.claimed


def test_the_truth_beats_the_baselines_and_is_calibrated(judgement: Judgement) -> None:
    later = judgement.sets[0]
    gap = later.differences[BASE_RATE]["won_log_loss"]
    bias = later.figures[MODEL]["won_bias"]
    assert gap.high is not None
    assert gap.high < 0
    assert bias.low is not None
    assert bias.high is not None
    assert bias.low < 0 < bias.high


def test_differences_are_model_minus_baseline(judgement: Judgement) -> None:
    later = judgement.sets[0]
    for figure, gap in later.differences[POINTS_CARD].items():
        own, rival = later.figures[MODEL][figure].value, later.figures[POINTS_CARD][figure].value
        assert own is not None
        assert rival is not None
        assert gap.value == pytest.approx(own - rival)


def test_better_categories_are_won_more_often(judgement: Judgement) -> None:
    won = [found.won.value for found in judgement.sets[0].categories]
    assert won == sorted(won, key=lambda value: value or 0.0)
    assert [found.name for found in judgement.sets[0].categories] == list(CATEGORIES)


def test_every_snapshot_is_counted_once_by_what_is_known_of_it(judgement: Judgement) -> None:
    later = judgement.sets[0]
    assert sum(later.events.values()) == later.snapshots == 1_500


def test_the_model_is_judged_by_category_and_by_each_kind_of_part(judgement: Judgement) -> None:
    parts = judgement.sets[0].parts
    assert [(part.by, part.name) for part in parts] == [
        *(("category", name) for name in CATEGORIES),
        ("source", "web"),
        ("source", "fair"),
    ]
    assert sum(part.n for part in parts if part.by == "source") == judgement.sets[0].snapshots
    assert [part.to_dict()["part"] for part in parts] == [part.name for part in parts]


def test_the_truth_has_no_more_calibration_error_than_chance_makes(judgement: Judgement) -> None:
    later = judgement.sets[0]
    for cause in ("won", "stop"):
        ece, chance = later.figures[MODEL][f"{cause}_ece"].value, later.ece_if_perfect[cause]
        assert ece is not None
        assert chance.high is not None
        # Censoring makes shares a little rougher than the draws, in which every outcome is known.
        assert ece < 1.5 * chance.high


def test_the_same_input_gives_the_same_bytes(judgement: Judgement) -> None:
    again = judged(held_out(), held_out(300, seed=5, name="open_leads"))
    assert json.dumps(again.to_dict()) == json.dumps(judgement.to_dict())


def test_a_judgement_is_json_without_nan(judgement: Judgement) -> None:
    for found in (judgement, judged(), judged(held_out(0)), judged(held_out(1))):
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["horizon_days"] == HORIZON


def test_sentences_are_computed_from_the_numbers(judgement: Judgement) -> None:
    auc = judgement.sets[0].figures[MODEL]["won_auc"].value
    assert auc is not None
    assert f"{100 * auc:.0f} times in 100" in judgement.sets[0].sentences["ranking"]
    assert judgement.sentences[0] == judgement.skill.sentence


def test_without_anything_to_judge_on_it_says_what_is_missing() -> None:
    found = judge([], horizon_days=HORIZON, categories=CATEGORIES, missing="It takes 40 more closed sales.")
    assert not found.skill.claimed
    assert found.sets == ()
    assert found.sentences[-1] == "It takes 40 more closed sales."


@pytest.mark.parametrize("n", [0, 1], ids=["none", "one"])
def test_a_set_of_none_or_one_has_figures_that_say_nothing(n: int) -> None:
    found = judged(held_out(n)).sets[0]
    assert found.snapshots == n
    assert found.figures[MODEL]["won_auc"].value is None
    assert not found.skill.claimed


def test_a_category_without_snapshots_has_no_outcome() -> None:
    held = held_out(200)
    found = judged(replace(held, category=np.zeros(200, dtype=np.int64))).sets[0].categories
    assert (found[0].n, found[1].n, found[1].won.value, found[1].still_open) == (200, 0, None, None)


def test_a_missing_stop_forecast_leaves_the_sales_judged() -> None:
    held = held_out(400)
    forecasts = dict(held.forecasts) | {MODEL: without_stop(held.forecasts[MODEL])}
    found = judged(replace(held, forecasts=forecasts)).sets[0]
    assert found.figures[MODEL]["stop_auc"].value is None
    assert found.figures[MODEL]["won_auc"].value is not None
    assert found.calibration["stop"] == ()


def test_undated_leads_are_judged_by_what_has_an_outcome() -> None:
    rng = np.random.default_rng(0)
    chance = rng.random(500)
    won = rng.random(500) < chance
    fates = undated(*np.where(won, 1, 3).tolist())
    curve = np.stack([chance, 0 * chance, 1 - chance], axis=1)[:, None, :]
    held = HeldOut(
        name="held_out_leads",
        cohort=fates,
        forecasts={
            MODEL: curve,
            BASE_RATE: np.broadcast_to(curve.mean(axis=0), curve.shape),
            LOGISTIC: curve,
        },
        overall=np.full(500, chance.mean()),
        category=np.zeros(500, dtype=np.int64),
    )
    found = judged(held, horizon=None)
    assert found.skill.claimed
    assert found.sets[0].cry_wolf is None
    assert found.sets[0].figures[MODEL]["won_integrated_brier"].value is None
    assert found.sets[0].categories[0].won.value == pytest.approx(won.mean())


def test_a_cohort_with_no_sale_has_no_ranking() -> None:
    held = held_out(40)
    lost = replace(held, cohort=cohort(*([(3, 5.0)] * 40)))
    assert "no closed sale is known" in judged(lost).sets[0].sentences["ranking"]


def without_stop(curves: Floats) -> Floats:
    blank = curves.copy()
    blank[:, :, 1] = np.nan
    return blank


def test_without_resamples_there_are_the_same_figures_and_no_intervals(judgement: Judgement) -> None:
    sets = [held_out(), held_out(300, seed=5, name="open_leads")]
    bare = judge(sets, horizon_days=HORIZON, categories=CATEGORIES, replicates=0, seed=1)
    for one, resampled in zip(bare.sets, judgement.sets, strict=True):
        for name, figure in one.figures[MODEL].items():
            assert figure.value == pytest.approx(resampled.figures[MODEL][name].value, rel=1e-12)
            assert figure.low is None
            assert figure.high is None
