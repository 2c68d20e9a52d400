"""Optuna proposes the settings to try; what was tried is kept in a file, so that a search can go on.

The only importer of Optuna. Each proposal is drawn by a generator of its own, seeded by how many were
tried before it: a search that was stopped and taken up goes the way of one that never was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState, create_trial

from readiness.counting import counted
from readiness.errors import StoreError
from readiness.progress import Progress
from readiness.training_run.tuning.found import Found
from readiness.training_run.tuning.knobs import Choice, Knob, turned
from readiness.training_run.tuning.losses import Gain, Losses
from readiness.whole_files import write_file

_TOTAL: Final = "total"
_SNAPSHOTS: Final = "snapshots"
_GAIN: Final = "gain"
_ERROR: Final = "error"
_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to go on: so many settings beside the defaults in all, or while time is left.

    Parameters
    ----------
    trials : int, optional
        Those kept from before count: the same data give the same choice, however often it was stopped.
    seconds_left : function, optional
        Asked before each trial; the one that runs is finished.
    """

    trials: int | None = None
    seconds_left: Callable[[], float] | None = None

    def over(self, tried: int) -> bool:
        """Say whether no further setting is to be tried."""
        if self.trials is not None and tried >= self.trials:
            return True
        return self.seconds_left is not None and self.seconds_left() <= 0.0


@dataclass(frozen=True, slots=True)
class Search:
    """A tuner that proposes by a tree-structured Parzen estimator (Bergstra et al. 2011).

    Parameters
    ----------
    folder : Path
        Where what was tried is kept, a file for each thing that it was tried on; nothing is pickled.
    budget : Budget
    """

    folder: Path
    budget: Budget

    def __call__(
        self,
        lose: Callable[[Mapping[str, Any]], Losses],
        knobs: Sequence[Knob],
        *,
        key: str,
        seed: int,
        progress: Progress,
    ) -> Found:
        """Try the defaults, then others until the budget is spent; take the best if it is beyond chance.

        Raises
        ------
        StoreError
            If what was tried before cannot be read, or the folder not be written.
        """
        turning = tuple(knobs)
        study = _study(self.folder, key)
        progress("trying the default settings", 0.0)
        default = _default(study, lose, turning)
        allotted = self.budget.seconds_left() if self.budget.seconds_left else math.inf
        while True:
            tried = _tried(study)
            progress(_told(len(tried), self.budget), _share(len(tried), self.budget, allotted))
            if self.budget.over(len(tried)):
                return _found(tried[: self.budget.trials], default, turning)
            study.sampler = optuna.samplers.TPESampler(seed=_seed(seed, len(tried)))
            _try(study, lose, turning, default)


def _study(folder: Path, key: str) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    path = folder / f"{key}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_torn_line(path)
        storage = JournalStorage(JournalFileBackend(str(path)))
        return optuna.create_study(storage=storage, study_name=key, load_if_exists=True)
    except OSError as failure:
        raise StoreError(f"{folder} cannot be written: {failure.strerror or failure}.") from failure
    except (ValueError, KeyError, TypeError) as failure:
        raise StoreError(
            f"{path} cannot be read: what was tried before is damaged. Remove that file to begin anew."
        ) from failure


def _drop_torn_line(path: Path) -> None:
    """Forget a last line that a killed process did not finish; what is written next must not join it."""
    if path.exists():
        kept = path.read_bytes()
        whole = kept[: kept.rfind(b"\n") + 1]
        if len(whole) < len(kept):
            write_file(path, whole)


def _default(
    study: optuna.Study, lose: Callable[[Mapping[str, Any]], Losses], knobs: tuple[Knob, ...]
) -> Losses:
    """Return what the defaults lose: kept from before, or found now and kept as trial 0."""
    for trial in study.trials:
        if _TOTAL in trial.user_attrs:
            kept = trial.user_attrs
            return Losses(np.array(kept[_TOTAL]), np.array(kept[_SNAPSHOTS], dtype=np.int64))
    losses = lose({})
    kept = {_TOTAL: losses.total.tolist(), _SNAPSHOTS: losses.snapshots.tolist()}
    distributions = {knob.name: _distribution(knob) for knob in knobs}
    standing = {knob.name: _position(knob) for knob in knobs}
    study.add_trial(
        create_trial(params=standing, distributions=distributions, value=losses.mean, user_attrs=kept)
    )
    return losses


def _try(
    study: optuna.Study,
    lose: Callable[[Mapping[str, Any]], Losses],
    knobs: tuple[Knob, ...],
    default: Losses,
) -> None:
    trial = study.ask({knob.name: _distribution(knob) for knob in knobs})
    try:
        losses = lose(turned(knobs, _values(knobs, trial.params)))
    except BaseException:
        # Stopped in the middle: it says nothing, and the next search draws it again.
        study.tell(trial, state=TrialState.FAIL)
        raise
    gain = default.against(losses)
    trial.set_user_attr(_GAIN, gain.value)
    trial.set_user_attr(_ERROR, gain.error)
    study.tell(trial, losses.mean)


def _tried(study: optuna.Study) -> list[FrozenTrial]:
    """Return all that was tried to its end beside the defaults, in the order in which it was."""
    return [trial for trial in study.get_trials(states=(TrialState.COMPLETE,)) if _GAIN in trial.user_attrs]


def _found(tried: Sequence[FrozenTrial], default: Losses, knobs: tuple[Knob, ...]) -> Found:
    leads = len(default)
    if not tried:
        return Found(leads=leads, default_loss=default.mean, best_loss=default.mean)
    best = min(tried, key=lambda trial: (_loss(trial), trial.number))
    gain = Gain(best.user_attrs[_GAIN], best.user_attrs[_ERROR])
    least = gain.least(len(tried))
    settings = turned(knobs, _values(knobs, best.params)) if gain.value > 0.0 else {}
    return Found(
        estimator=settings if least > 0.0 else {},
        tried=len(tried),
        leads=leads,
        default_loss=default.mean,
        best_loss=_loss(best),
        gain=gain.value,
        least=least,
        best=settings,
    )


def _loss(trial: FrozenTrial) -> float:
    return math.inf if trial.value is None else trial.value


def _seed(seed: int, tried: int) -> int:
    return int(np.random.SeedSequence([seed, tried]).generate_state(1)[0])


def _distribution(knob: Knob) -> BaseDistribution:
    if isinstance(knob, Choice):
        return CategoricalDistribution(range(len(knob.options)))
    if knob.whole:
        return IntDistribution(int(knob.low), int(knob.high), log=True)
    return FloatDistribution(knob.low, knob.high, log=True)


def _position(knob: Knob) -> float:
    return knob.options.index(knob.default) if isinstance(knob, Choice) else knob.default


def _values(knobs: tuple[Knob, ...], drawn: Mapping[str, Any]) -> dict[str, Any]:
    return {
        knob.name: knob.options[drawn[knob.name]] if isinstance(knob, Choice) else drawn[knob.name]
        for knob in knobs
    }


def _told(tried: int, budget: Budget) -> str:
    # Short: beside it a terminal of 80 columns also shows a bar and a clock.
    left = []
    if budget.trials is not None:
        left.append(f"{max(budget.trials - tried, 0)} to go")
    if budget.seconds_left is not None:
        left.append(f"{counted(max(math.ceil(budget.seconds_left() / _SECONDS), 0), 'minute')} left")
    return "; ".join([f"trying settings: {tried} tried", *left])


def _share(tried: int, budget: Budget, allotted: float) -> float:
    by_number = tried / budget.trials if budget.trials else 0.0
    by_time = 0.0
    if budget.seconds_left is not None and 0.0 < allotted < math.inf:
        by_time = 1.0 - budget.seconds_left() / allotted
    return min(max(by_number, by_time, 0.0), 1.0)
