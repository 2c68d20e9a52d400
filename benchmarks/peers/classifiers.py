"""Runs in the peers' environment: others' classifiers as they come, on the same matrix and splits."""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier


def as_frame(X: np.ndarray, levels: np.ndarray) -> pd.DataFrame:
    """Codes become categories that every part of the data knows."""
    columns = {}
    for column, codes in enumerate(levels):
        values = X[:, column]
        kind = pd.CategoricalDtype(range(int(codes)))
        columns[f"x{column}"] = pd.Series(values.astype(int), dtype=kind) if codes else values
    return pd.DataFrame(columns)


def models(levels: np.ndarray, seed: int) -> dict[str, object]:
    coded = [f"x{column}" for column in np.flatnonzero(levels)]
    numbers = [f"x{column}" for column in np.flatnonzero(levels == 0)]
    straight = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), coded),
        (
            make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler()),
            numbers,
        ),
    )
    return {
        "LightGBM": LGBMClassifier(random_state=seed, n_jobs=1, verbosity=-1),
        "HistGradientBoosting": HistGradientBoostingClassifier(
            categorical_features="from_dtype", random_state=seed
        ),
        "CatBoost": CatBoostClassifier(
            cat_features=coded, random_seed=seed, thread_count=1, verbose=False, allow_writing_files=False
        ),
        "XGBoost": XGBClassifier(enable_categorical=True, random_state=seed, n_jobs=1),
        "logistic regression": make_pipeline(straight, LogisticRegression(max_iter=2_000)),
    }


def main() -> None:
    folder, name, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    warnings.simplefilter("ignore")  # others' warnings are theirs to heed
    given = dict(np.load(folder / "given.npz"))
    learned, asked = (as_frame(given[part], given["levels"]) for part in ("X", "asked"))
    began = time.process_time()
    model = models(given["levels"], seed)[name].fit(learned, given["won"])
    chance = model.predict_proba(asked)[:, 1]
    np.savez(folder / "answer.npz", chance=chance, seconds=np.array([time.process_time() - began]))


if __name__ == "__main__":
    main()
