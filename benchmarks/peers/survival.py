"""Runs in the peers' environment: cause-specific Cox, SurvivalBoost, and hazardous' world."""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from hazardous import SurvivalBoost
from hazardous.data import make_synthetic_competing_weibull
from lifelines import CoxPHFitter

_CAUSES = (1, 2, 3)


def weibull(leads: int, seed: int) -> dict[str, np.ndarray]:
    made = make_synthetic_competing_weibull(
        n_samples=leads, base_scale=60, censoring_relative_scale=0, random_state=seed, return_X_y=True
    )
    return {"X": made[0].to_numpy(), "y": made[1][["event", "duration"]].to_numpy()}


def straight(learned: np.ndarray, asked: np.ndarray, levels: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One-hot for codes; standardised numbers with a flag where missing; no column that never varies."""
    columns: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for feature, codes in enumerate(levels):
        old, new = learned[:, feature], asked[:, feature]
        if codes:
            for code in range(1, int(codes)):
                columns[f"{feature}={code}"] = (old == code, new == code)
            continue
        mean, spread = np.nanmean(old), np.nanstd(old)
        if spread > 0:
            z = [np.clip(np.nan_to_num((each - mean) / spread), -4, 4) for each in (old, new)]
            columns[f"{feature}"] = (z[0], z[1])
        columns[f"{feature}?"] = (np.isnan(old), np.isnan(new))
    kept = {name: pair for name, pair in columns.items() if pair[0].astype(float).std() > 0.02}
    return tuple(
        pd.DataFrame({name: pair[side].astype(float) for name, pair in kept.items()}) for side in (0, 1)
    )


def cox(given: dict[str, np.ndarray]) -> np.ndarray:
    learned, asked = straight(given["X"], given["asked"], given["levels"])
    event, duration = given["y"][:, 0], np.maximum(given["y"][:, 1], 0.01)
    times = np.unique(duration[event > 0])
    rise = []
    for cause in _CAUSES:
        if not (event == cause).any():
            rise.append((np.zeros(len(times)), np.zeros(len(asked))))
            continue
        frame = learned.assign(days=duration, ended=(event == cause).astype(int))
        model = CoxPHFitter(penalizer=0.01).fit(frame, "days", "ended")
        base = model.baseline_cumulative_hazard_.iloc[:, 0]
        at = np.searchsorted(base.index.to_numpy(), times, side="right") - 1
        cumulative = np.where(at >= 0, base.to_numpy()[np.maximum(at, 0)], 0.0)
        rise.append((np.diff(cumulative, prepend=0.0), model.predict_log_partial_hazard(asked).to_numpy()))
    hazards = [np.exp(np.minimum(log, 20.0))[:, None] * base for base, log in rise]
    survival = np.exp(-np.cumsum(sum(hazards), axis=1))
    before = np.concatenate((np.ones((len(asked), 1)), survival[:, :-1]), axis=1)
    within = np.stack([np.cumsum(before * hazard, axis=1) for hazard in hazards], axis=2)
    within = np.concatenate((np.zeros((len(asked), 1, 3)), within), axis=1)
    return np.minimum(within[:, np.searchsorted(times, given["days"], side="left")], 1.0)


def survival_boost(given: dict[str, np.ndarray], seed: int) -> np.ndarray:
    target = pd.DataFrame(
        {"event": given["y"][:, 0].astype(int), "duration": np.maximum(given["y"][:, 1], 0.01)}
    )
    model = SurvivalBoost(show_progressbar=False, random_state=seed).fit(given["X"], target)
    found = model.predict_cumulative_incidence(given["asked"], times=given["days"])
    result = np.zeros((len(given["asked"]), len(given["days"]), 3))
    for position, cause in enumerate(sorted(set(target["event"]) - {0})):
        result[:, :, cause - 1] = found[:, position + 1]
    return result


_FITS = {"cox": lambda given, _: cox(given), "survival_boost": survival_boost}


def main() -> None:
    folder, task, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    given = dict(np.load(folder / "given.npz"))
    if task == "world":
        np.savez(folder / "answer.npz", **weibull(int(given["leads"][0]), number))
        return
    warnings.simplefilter("ignore")  # others' warnings about convergence are theirs to heed
    began = time.process_time()
    curves = _FITS[task](given, number)
    np.savez(folder / "answer.npz", curves=curves, seconds=np.array([time.process_time() - began]))


if __name__ == "__main__":
    main()
