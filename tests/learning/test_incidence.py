import json
import math

import numpy as np
import pytest
from sklearn.base import clone

from readiness.errors import ModelError
from readiness.learning.incidence import IncidenceModel
from tests.learning.fitted import dated, small, training, undated, without_dates

DAYS = (0.0, 5.0, 30.0, 47.5, 60.0, 75.0)
X = training().X


def test_incidences_sum_to_at_most_one_and_never_fall() -> None:
    curves = dated().predict_incidence(X, DAYS)
    assert (curves[:, 0] == 0.0).all()
    assert (np.diff(curves, axis=1) >= -1e-15).all()
    assert (curves.sum(axis=2) <= 1.0 + 1e-12).all()


def test_a_row_alone_gives_the_same_bits_as_among_many() -> None:
    together = dated().predict_incidence(X, DAYS)
    alone = [dated().predict_incidence(X[[row]], DAYS) for row in range(200)]
    assert np.array_equal(np.concatenate(alone), together[:200])


def test_the_order_of_the_rows_and_the_names_of_leads_change_no_bit() -> None:
    made, order = training(), np.random.default_rng(1).permutation(len(X))
    shuffled = small().fit(
        made.X[order], made.y[order], groups=(made.groups * 7 + 3)[order], levels=made.levels
    )
    assert shuffled.to_parts() == dated().to_parts()


def test_the_number_of_threads_changes_no_bit() -> None:
    made = training()
    one, two = (
        IncidenceModel(max_rounds=4, folds=2, num_threads=threads).fit(
            X, made.y, groups=made.groups, levels=made.levels
        )
        for threads in (1, 2)
    )
    assert two.to_parts() == one.to_parts()
    assert np.array_equal(two.predict_incidence(X, DAYS), one.predict_incidence(X, DAYS), equal_nan=True)


def test_restored_from_its_parts_a_model_predicts_the_same_bits() -> None:
    for model, days in ((dated(), DAYS), (undated(), (math.inf,))):
        parts, files = model.to_parts()
        written = json.dumps(parts, allow_nan=False)
        restored = IncidenceModel.from_parts(json.loads(written), files)
        assert np.array_equal(restored.predict_incidence(X, days), model.predict_incidence(X, days))
        assert json.dumps(restored.to_parts()[0]) == written


def test_the_trees_text_does_not_record_threads() -> None:
    (text,) = dated().to_parts()[1].values()
    assert "num_threads" not in text
    assert "parameters" not in text


def test_no_file_of_a_model_holds_the_largest_or_smallest_value_of_a_single_lead() -> None:
    made = training()
    X = made.X.copy()
    number = int(np.flatnonzero(made.levels == 0)[0])
    X[0, number], X[1, number] = 123456.75, -98765.25
    parts, files = small().fit(X, made.y, groups=made.groups, levels=made.levels).to_parts()
    written = json.dumps(parts) + "".join(files.values())
    assert "123456.75" not in written
    assert "98765.25" not in written


def test_no_curve_goes_beyond_the_reach() -> None:
    reach = dated().reach_
    within, beyond = np.moveaxis(dated().predict_incidence(X[:3], (reach, reach + 0.1)), 1, 0)
    assert np.isfinite(within).all()
    assert np.isnan(beyond).all()


def test_a_clone_is_unfitted_and_has_the_same_parameters() -> None:
    copy = clone(dated())
    assert copy.get_params() == dated().get_params()
    assert not hasattr(copy, "ensemble_")


def test_no_rows_give_no_curves() -> None:
    assert dated().predict_incidence(X[:0], DAYS).shape == (0, 6, 3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -5.0, 99.0])
def test_any_value_in_every_column_is_answered(value: float) -> None:
    curves = dated().predict_incidence(np.full((1, X.shape[1]), value), DAYS)
    assert np.isfinite(curves).all()


def test_codes_never_seen_are_answered_like_one_another() -> None:
    rows = np.repeat(X[:1], 3, axis=0)
    rows[:, 4] = (4.0, 17.0, 1000.0)
    curves = dated().predict_incidence(rows, DAYS)
    assert np.array_equal(curves[0], curves[1])
    assert np.array_equal(curves[1], curves[2])


def test_training_on_missing_values_in_every_column_works() -> None:
    made = training()
    holes = np.where(np.random.default_rng(0).random(X.shape) < 0.3, np.nan, X)
    holes[:, 3] = np.nan
    model = small().fit(holes, made.y, groups=made.groups, levels=made.levels)
    assert np.isfinite(model.predict_incidence(holes, (30.0,))).all()


def test_features_that_never_vary_leave_the_base_rate() -> None:
    made = training()
    constant = np.ones((len(X), 2))
    model = small().fit(constant, made.y, groups=made.groups, levels=np.array([0, 3]))
    curves = model.predict_incidence(np.vstack((constant[:1], constant[:1] * np.nan)), (60.0,))
    base = dated().predict_incidence(X, (60.0,)).mean(axis=0)
    assert curves[0] == pytest.approx(base, abs=0.04)


def test_without_features_all_leads_have_the_base_rate() -> None:
    made = training()
    model = small().fit(X[:, :0], made.y, groups=made.groups, levels=made.levels[:0])
    assert len(np.unique(model.predict_incidence(X[:5, :0], (60.0,)), axis=0)) == 1


def test_an_end_nobody_met_is_left_out() -> None:
    made = training()
    y = made.y.copy()
    y[y[:, 0] == 2, 0] = 3
    model = small().fit(X, y, groups=made.groups, levels=made.levels)
    assert (model.predict_incidence(X, (60.0,))[:, :, 1] == 0.0).all()
    assert not model.stop_known_


def test_two_leads_that_said_stop_do_not_break_learning() -> None:
    made = training()
    y = made.y.copy()
    said = np.unique(made.groups[y[:, 0] == 2])[2:]
    y[(y[:, 0] == 2) & np.isin(made.groups, said), 0] = 3
    model = small().fit(X, y, groups=made.groups, levels=made.levels)
    assert not model.stop_known_
    assert (model.predict_incidence(X, (60.0,))[:, 0, 1] < 0.2).all()


def test_undated_ends_have_one_answer_that_sums_to_one() -> None:
    answer = undated().predict_incidence(X, (math.inf,))
    assert answer.sum(axis=2) == pytest.approx(1.0)
    assert np.isnan(undated().predict_incidence(X[:1], (30.0,))).all()


def test_undated_the_mean_answer_is_the_share_of_ended_leads() -> None:
    event = training().y[:, 0]
    ended = event > 0
    share = [(event[ended] == cause).mean() for cause in (1, 2, 3)]
    answer = undated().predict_incidence(X[ended], (math.inf,))[:, 0]
    assert answer.mean(axis=0) == pytest.approx(share, abs=0.02)


def test_undated_leads_that_have_not_ended_teach_nothing() -> None:
    made = training()
    ended = made.y[:, 0] > 0
    y = without_dates(made.y)[ended]
    model = small().fit(X[ended], y, groups=made.groups[ended], levels=made.levels)
    open_too = undated()
    assert model.predict_incidence(X, (math.inf,)).mean() == pytest.approx(
        open_too.predict_incidence(X, (math.inf,)).mean(), abs=0.01
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda y: y * [0.0, 1.0], "no lead was won"),
        (lambda y: np.where(np.arange(len(y))[:, None] == 0, np.nan, y), "durations are missing or negative"),
        (lambda y: y - [0.0, 1.0], "durations are missing or negative"),
        (lambda y: y * [1.0, 0.0], "no day has enough leads at risk"),
    ],
    ids=["nobody bought", "one date missing", "an end before the cutoff", "nobody was followed"],
)
def test_what_cannot_be_learnt_from_is_refused(change: object, message: str) -> None:
    made = training()
    with pytest.raises(ModelError, match=message):
        small().fit(X, change(made.y), groups=made.groups, levels=made.levels)  # type: ignore[operator]


def test_a_single_lead_is_refused() -> None:
    made = training()
    y = without_dates(np.where(made.y[:, :1] == 0, [3.0, 0.0], made.y))
    with pytest.raises(ModelError, match="all rows belong to one lead"):
        small().fit(X, y, groups=np.zeros(len(X), np.int64), levels=made.levels)


def test_three_kinds_of_leads_are_enough_to_learn_their_shares() -> None:
    kind = np.arange(300) % 3
    event = np.where(np.arange(300) // 3 < 20 * (kind + 1), 1.0, 3.0)
    y = without_dates(event[:, None])
    model = small().fit(kind[:, None].astype(float), y, groups=kind, levels=np.array([5]))
    won = model.predict_incidence(np.array([[0.0], [1.0], [2.0]]), (math.inf,))[:, 0, 0]
    assert (np.diff(won) >= 0.0).all()
    assert won.mean() == pytest.approx(0.4, abs=0.05)


def test_no_snapshots_are_refused() -> None:
    with pytest.raises(ModelError, match="no lead was won"):
        small().fit(X[:0], np.zeros((0, 2)), groups=np.zeros(0, np.int64), levels=training().levels)


def test_other_features_than_those_trained_on_are_refused() -> None:
    with pytest.raises(ModelError, match=r"expected n × 6 features; saw an array of shape \(1, 5\)"):
        dated().predict_incidence(X[:1, :5], DAYS)
    with pytest.raises(ModelError, match="levels tells of 2 features; X has 6"):
        small().fit(X, training().y, groups=training().groups, levels=np.array([0, 0]))


def test_progress_goes_forward_to_the_end() -> None:
    told: list[float] = []
    made = training()
    small(logistic=True).fit(
        X, made.y, groups=made.groups, levels=made.levels, progress=lambda _, done: told.append(done)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
