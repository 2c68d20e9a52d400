"""Runs in the peers' environment: what lifelines and hazardous make of censored, competing ends."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from hazardous.metrics import (
    brier_score_incidence,
    concordance_index_incidence,
    integrated_brier_score_incidence,
)
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import concordance_index


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # others' warnings are theirs to heed
    given = dict(np.load(folder / "given.npz"))
    event, duration, days = given["event"].astype(int), given["duration"], given["days"]
    fates = pd.DataFrame({"event": event, "duration": duration})
    found: dict[str, np.ndarray] = {}
    lost = KaplanMeierFitter().fit(duration, event == 0)
    found["censoring"] = lost.survival_function_at_times(days).to_numpy()
    times = np.concatenate([[0.0], days])
    for cause in (1, 2, 3):
        observed = AalenJohansenFitter(calculate_variance=False).fit(duration, event, event_of_interest=cause)
        steps = observed.cumulative_density_.iloc[:, 0]
        place = np.searchsorted(steps.index.to_numpy(), days, side="right") - 1
        found[f"incidence_{cause}"] = steps.to_numpy()[place]
        curve = np.concatenate([np.zeros((len(event), 1)), given["curves"][:, :, cause - 1]], axis=1)
        found[f"brier_{cause}"] = brier_score_incidence(fates, fates, curve, times, cause)[1:]
        found[f"integrated_brier_{cause}"] = np.array(
            [integrated_brier_score_incidence(fates, fates, curve, times, cause)]
        )
        found[f"concordance_{cause}"] = np.atleast_1d(
            concordance_index_incidence(
                fates, curve, y_train=fates, time_grid=times, taus=[days[-1]], event_of_interest=cause
            )
        )
    whole = given["whole"]
    found["harrell"] = np.array([concordance_index(whole, -given["score"], np.ones(len(whole)))])
    np.savez(folder / "answer.npz", **found)


if __name__ == "__main__":
    main()
