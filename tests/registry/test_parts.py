"""The registry's own rules: whose errors are whose, which champion comes before, what is logged."""

from __future__ import annotations

import inspect
import math
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import sqlalchemy.exc

from readiness.errors import NoChampionError, StoreError
from readiness.registry.entry import as_table, figures_of, metrics_of
from readiness.registry.promotions import Promotion, predecessor
from readiness.registry.store import boundary, connect, load, shown


def _mlflow_errors() -> list[type[Exception]]:
    module = load().exceptions
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("kind", _mlflow_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_mlflow_becomes_a_store_error(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "broken")

    with pytest.raises(StoreError, match="model store here could not be read"), boundary("read", "here"):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        sqlalchemy.exc.OperationalError("select", {}, Exception("locked")),
        sqlite3.DatabaseError("not a database"),
        requests.ConnectionError("refused"),
        PermissionError(13, "denied"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_the_database_the_network_and_the_files_becomes_a_store_error(
    error: Exception,
) -> None:
    with pytest.raises(StoreError, match=type(error).__name__) as refused, boundary("read", "here"):
        raise error
    assert refused.value.__cause__ is error


def test_our_own_errors_pass_the_boundary_unchanged() -> None:
    with pytest.raises(NoChampionError, match="nobody"), boundary("read", "here"):
        raise NoChampionError("nobody")


def test_a_fault_of_ours_is_not_reported_as_the_store_s() -> None:
    with pytest.raises(ZeroDivisionError, match="division"), boundary("read", "here"):
        1 / 0  # noqa: B018


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://ada:secret@tracking.example/x", "http://tracking.example/x"),
        ("http://tracking.example:5000", "http://tracking.example:5000"),
        ("sqlite:////srv/mlflow.db", "sqlite:////srv/mlflow.db"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, expected: str) -> None:
    assert shown(address) == expected


def _moves(*moves: str) -> list[Promotion]:
    """`+2` promotes version 2, `-1` goes back to version 1, `?3` makes 3 the challenger."""
    actions = {"+": ("promote", "champion"), "-": ("rollback", "champion"), "?": ("promote", "challenger")}
    return [
        Promotion.model_validate(
            {
                "version": move[1:],
                "action": actions[move[0]][0],
                "alias": actions[move[0]][1],
                "at": "",
                "by": "",
                "reason": "",
            }
        )
        for move in moves
    ]


@pytest.mark.parametrize(
    ("moves", "champion", "before"),
    [
        ((), "1", None),
        (("+1",), "1", None),
        (("+1", "+2"), "2", "1"),
        (("+1", "+2", "+3", "-2"), "2", "1"),
        (("+1", "+2", "-1"), "1", None),
        (("+1", "+2", "-1", "+3"), "3", "1"),
        (("+1", "?2"), "1", None),
        (("+1", "+1"), "1", None),
        (("+1",), "5", "1"),
    ],
    ids=[
        "no history",
        "first champion",
        "the one before",
        "back again goes one further",
        "back to the first",
        "a promotion after going back",
        "a challenger never was champion",
        "promoted twice",
        "moved by other means",
    ],
)
def test_the_one_before_is_the_champion_that_this_one_replaced(
    moves: tuple[str, ...], champion: str, before: str | None
) -> None:
    assert predecessor(_moves(*moves), champion) == before


def test_figures_are_the_finite_numbers_of_a_judgement_by_their_path() -> None:
    judgement = {
        "sets": [{"name": "later_leads", "n": 5, "bins": [{"x": 1}]}, 7],
        "claimed": True,
        "missing": None,
        "nan": float("nan"),
        "gain": {"value": 0.25},
        "odd näme%": 1,
    }

    assert dict(figures_of(judgement)) == {"sets.later_leads.n": 5.0, "gain.value": 0.25, "odd n_me_": 1.0}
    assert dict(figures_of({})) == {}
    assert as_table(figures_of({"n": 5})) == "figure,value\nn,5.0\n"


def test_metrics_are_those_by_which_runs_are_compared() -> None:
    later = {
        "name": "later_leads",
        "n": 5,
        "figures": {
            "model": {"won_auc": {"value": 0.8, "low": 0.7}, "stop_auc": {"value": None}},
            "points_card": {"won_auc": {"value": 0.6}},
        },
        "differences": {
            "points_card": {"won_log_loss": {"value": -0.01}, "won_auc": {"value": 0.2}},
            "logistic": {"won_log_loss": {"value": None}},
        },
    }
    judgement = {"sets": [later], "skill": {"gain": 0.25, "lower_999": math.nan, "claimed": True}}
    assert dict(metrics_of(judgement)) == {
        "later_leads/won_auc": 0.8,
        "gain/later_leads.points_card": 0.01,
        "skill/gain": 0.25,
    }
    assert dict(metrics_of({})) == dict(metrics_of({"skill": None})) == {}


@pytest.mark.slow
@pytest.mark.parametrize("module", ["readiness.registry", "readiness.registry.served"])
def test_importing_the_registry_or_what_is_served_imports_no_mlflow(module: str) -> None:
    code = f"import sys, {module}; sys.exit('mlflow' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.slow
def test_telemetry_and_unpickling_are_off_whatever_the_environment_says() -> None:
    code = (
        "import os; from readiness.registry.store import load; load();"
        "print(os.environ['MLFLOW_DISABLE_TELEMETRY'], os.environ['MLFLOW_ALLOW_PICKLE_DESERIALIZATION'])"
    )
    environment = {"MLFLOW_DISABLE_TELEMETRY": "false", "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "true"}

    child = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )

    assert child.stdout == "true false\n"


@pytest.mark.slow
def test_a_store_whose_making_was_interrupted_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", interrupt)
        with pytest.raises(KeyboardInterrupt):
            connect(None, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert connect(None, tmp_path).experiment
