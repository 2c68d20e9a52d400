"""How settings are proposed, kept and chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from readiness.errors import StoreError
from readiness.progress import silent
from readiness.training_run.tuning.found import Found
from readiness.training_run.tuning.knobs import Choice, Range
from readiness.training_run.tuning.losses import Losses
from readiness.training_run.tuning.search import Budget, Search

KNOBS = (
    Range("learning_rate", 0.02, 0.2, 0.08),
    Range("min_leaf", 5, 200, 20, whole=True),
    Choice("leaves", ((4,), (8,), (8, 16)), (8,)),
)
_LEADS = 50
_NOISE = np.random.default_rng(1).normal(size=_LEADS)


class Asked:
    """Loses the less, the smaller the learning rate; remembers what it was asked, and may be interrupted."""

    def __init__(self, worth: float = 1.0, interrupted_at: int = 10**6) -> None:
        self.settings: list[dict[str, Any]] = []
        self.worth, self.interrupted_at = worth, interrupted_at

    def __call__(self, settings: Mapping[str, Any]) -> Losses:
        if len(self.settings) == self.interrupted_at:
            raise KeyboardInterrupt
        self.settings.append(dict(settings))
        away = settings.get("learning_rate", 0.08) - 0.08
        spread = 0.001 * _NOISE * settings.get("min_leaf", 20) / 20.0
        return Losses(1.0 + self.worth * away + spread, np.ones(_LEADS, dtype=np.int64))


def _search(folder: Path, lose: Asked, trials: int | None, key: str = "key") -> Found:
    return Search(folder, Budget(trials))(lose, KNOBS, key=key, seed=3, progress=silent)


def _timed(folder: Path, lose: Asked, left: Callable[[], float]) -> Found:
    return Search(folder, Budget(None, left))(lose, KNOBS, key="key", seed=3, progress=silent)


def test_the_defaults_are_tried_first_and_by_their_own_settings(tmp_path):
    lose = Asked()
    _search(tmp_path, lose, 2)
    assert lose.settings[0] == {}
    assert all(lose.settings[1:])


def test_settings_that_beat_the_defaults_beyond_chance_are_taken(tmp_path):
    found = _search(tmp_path, Asked(), 8)
    assert found.estimator["learning_rate"] < 0.08
    assert found.estimator == found.best
    assert found.gain > found.least > 0.0
    assert "is taken: " in found.sentence


def test_settings_that_are_better_within_chance_are_not_taken(tmp_path):
    found = _search(tmp_path, Asked(worth=1e-5), 8)
    assert found.estimator == {}
    assert found.gain > 0.0 > found.least
    assert found.sentence.endswith("the defaults stay.")


def test_where_nothing_is_better_the_defaults_stay(tmp_path):
    found = _search(tmp_path, Asked(worth=0.0), 3)
    assert found.estimator == {}
    assert found.default_loss == pytest.approx(1.0 + 0.001 * _NOISE.mean())


def test_a_search_that_was_stopped_goes_the_way_of_one_that_never_was(tmp_path):
    straight = Asked()
    through = _search(tmp_path / "a", straight, 6)
    first, second = Asked(interrupted_at=3), Asked()
    with pytest.raises(KeyboardInterrupt):
        _search(tmp_path / "b", first, 6)
    assert _search(tmp_path / "b", second, 6) == through
    assert first.settings + second.settings == straight.settings


def test_the_same_number_of_trials_gives_the_same_choice_whatever_was_tried_since(tmp_path):
    few = _search(tmp_path, Asked(), 3)
    many = _search(tmp_path, Asked(), 7)
    nothing_more = Asked()
    assert _search(tmp_path, nothing_more, 3) == few
    assert nothing_more.settings == []
    assert many.tried == 7


def test_what_was_tried_on_other_data_does_not_count(tmp_path):
    lose = Asked()
    _search(tmp_path, lose, 2)
    _search(tmp_path, lose, 2, key="other")
    assert [settings == {} for settings in lose.settings] == [True, False, False, True, False, False]


def test_it_ends_when_no_time_is_left_and_no_sooner_than_the_defaults_are_known(tmp_path):
    clock = iter([9.0, 9.0, 9.0, 9.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    lose = Asked()
    found = _timed(tmp_path / "a", lose, lambda: next(clock))
    assert 1 <= found.tried <= 2
    at_once = _timed(tmp_path / "b", Asked(), lambda: 0.0)
    assert at_once.tried == 0
    assert at_once.sentence.startswith("There was no time")


def test_a_line_that_a_killed_search_left_half_written_is_forgotten(tmp_path):
    whole = _search(tmp_path, Asked(), 3)
    with (tmp_path / "key.jsonl").open("ab") as kept:
        kept.write(b'{"op_code":4,"wor')
    nothing_more = Asked()
    assert _search(tmp_path, nothing_more, 3) == whole
    assert _search(tmp_path, nothing_more, 4).tried == 4


def test_a_damaged_record_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "key.jsonl").write_text("nonsense\nnonsense\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"key\.jsonl cannot be read.*Remove that file"):
        _search(tmp_path, Asked(), 1)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "models").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        _search(tmp_path / "models", Asked(), 1)


def test_how_far_it_is_is_told_with_what_is_left_and_leaves_room_for_a_bar_and_a_clock(tmp_path):
    told: list[tuple[str, float]] = []
    budget = Budget(2, lambda: 119.0)
    Search(tmp_path, budget)(
        Asked(), KNOBS, key="key", seed=0, progress=lambda what, done: told.append((what, done))
    )
    assert told[0] == ("trying the default settings", 0.0)
    assert told[1][0] == "trying settings: 0 tried; 2 to go; 2 minutes left"
    # Of 80 columns a spinner, the bar and the clock take 28 + 7 and what stands between.
    alone = Search(tmp_path, Budget(None, iter([6_000.0, 6_000.0, 6_000.0, 0.0, 0.0, 0.0]).__next__))
    alone(Asked(), KNOBS, key="other", seed=0, progress=lambda what, done: told.append((what, done)))
    assert max(len(what) for what, _ in told[-2:]) <= 42
    assert [done for _, done in told[1:4]] == [0.0, 0.5, 1.0]
