"""What MLflow serves answers as the bundle does, and refuses features it does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from readiness.errors import ArtefactError, FeatureError
from readiness.registry.served import ServedModel, _load_pyfunc
from tests import bundles

NAMES = list(bundles.PLAN.names)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedModel:
    return _load_pyfunc(str(bundles.write(tmp_path_factory.mktemp("served"))))


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_each_row_gets_its_own_answer_in_its_place(served: ServedModel, rows: int) -> None:
    matrix = served.bundle.golden_rows[:rows]
    index = [f"row {number}" for number in range(rows)]

    answer = served.predict(pd.DataFrame(matrix, columns=NAMES, index=pd.Index(index, dtype=object)))

    expected = served.bundle.model.predict(np.ascontiguousarray(matrix))
    assert list(answer.columns) == ["score", "stop_risk"]
    assert answer.index.tolist() == index
    assert answer["score"].to_numpy().tobytes() == expected.score.tobytes()


def test_columns_are_found_by_name_in_whatever_order(served: ServedModel) -> None:
    frame = pd.DataFrame(served.bundle.golden_rows[:3], columns=NAMES)

    pd.testing.assert_frame_equal(served.predict(frame[NAMES[::-1]]), served.predict(frame))


def test_missing_and_unknown_features_are_refused_with_a_diff(served: ServedModel) -> None:
    frame = pd.DataFrame([[1.0, 2.0, 0.0]], columns=["inbound_replies_14d", "source", "shoe_size"])

    with pytest.raises(FeatureError, match=r"(?s)- company_size\n\+ shoe_size"):
        served.predict(frame)


def test_a_folder_that_is_not_called_by_its_bundle_s_name_is_refused(tmp_path: Path) -> None:
    moved = bundles.write(tmp_path).rename(tmp_path / ("0" * 64))

    with pytest.raises(ArtefactError, match="is not that of bundle 000000000000"):
        _load_pyfunc(str(moved))
