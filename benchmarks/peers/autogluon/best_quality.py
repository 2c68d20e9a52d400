"""Runs in AutoGluon's environment: its best quality preset on the same matrix, for some processor seconds."""

import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from autogluon.tabular import TabularPredictor

_ENDED = "won"


def as_frame(X: np.ndarray, levels: np.ndarray) -> pd.DataFrame:
    """Codes become categories that every part of the data knows."""
    columns = {}
    for column, codes in enumerate(levels):
        values = X[:, column]
        kind = pd.CategoricalDtype([f"c{code}" for code in range(int(codes))])
        columns[f"x{column}"] = pd.Categorical.from_codes(values.astype(int), dtype=kind) if codes else values
    return pd.DataFrame(columns)


def processor_seconds() -> float:
    """Its own and those of every process that it started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return float(sum(each.ru_utime + each.ru_stime for each in used))


def main() -> None:
    folder, seconds, seed = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")  # others' warnings are theirs to heed
    given = dict(np.load(folder / "given.npz"))
    learned, asked = (as_frame(given[part], given["levels"]) for part in ("X", "asked"))
    began = processor_seconds()
    # Its limit then counts processor seconds: what else runs on the machine takes nothing from it.
    time.time = processor_seconds
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        model = TabularPredictor(
            label=_ENDED, problem_type="binary", eval_metric="log_loss", path=kept, verbosity=2
        )
        model.fit(
            learned.assign(**{_ENDED: given["won"]}),
            presets="best_quality",
            time_limit=seconds,
            num_cpus=1,
            num_gpus=0,
            # One fold after the other, in this process: the other way needs a cluster engine.
            ag_args_ensemble={"fold_fitting_strategy": "sequential_local"},
            ag_args_fit={"random_seed": seed},
        )
        chance = model.predict_proba(asked)[1].to_numpy()
        members = model.leaderboard().shape[0]
    np.savez(
        folder / "answer.npz",
        chance=chance,
        seconds=np.array([processor_seconds() - began]),
        members=np.array([members]),
    )


if __name__ == "__main__":
    main()
