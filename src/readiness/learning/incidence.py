"""The estimator: how likely a lead ends as won, by telling us to stop, or otherwise, within any number of days."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Floats, Ints
from readiness.errors import ModelError
from readiness.learning.blend import blend
from readiness.learning.canonical import canonical, deal
from readiness.learning.curves import Ends, ends_of, incidence, probabilities
from readiness.learning.hazard_logistic import HazardLogistic
from readiness.learning.hazard_trees import Growth, HazardTrees, fit_trees
from readiness.learning.logistic_fit import fit_logistic
from readiness.learning.person_periods import (
    WON,
    PersonPeriods,
    base_log_hazards,
    edges_of,
    expand,
    reach_of,
    thin,
)
from readiness.progress import Progress, silent


class IncidenceModel(BaseEstimator):
    """Discrete-time competing hazards: shallow trees and a logistic model, combined on unseen leads.

    Time up to the reach is cut into intervals; each snapshot becomes one row per interval it lived through;
    the members say which end, if any, falls into the interval; incidences follow by multiplying
    survivals. Undated outcomes are the same with a single interval.

    Parameters
    ----------
    intervals : int
        Into how many intervals, at quantiles of the event times, time is cut at most.
    longest_reach : float
        Days; the curve ends there, or on the last day with ``at_risk`` leads at risk.
    at_risk : int
        Leads, not snapshots.
    leaves : tuple of int, or None
        One member of trees for each; None: 8 where time is known, 8 and 16 where it is not.
    logistic : bool
        Whether the logistic model is a member.
    learning_rate, max_rounds, patience
        Of the trees; the number of rounds is found by cross-validation by lead.
    penalties : tuple of float, falling
        Tried by cross-validation for the logistic member (ridge on its weights).
    folds : int, or None
        Of the cross-validations, by lead; None: 10 below 1,000 leads, 5 below 4,000, else 3.
    quiet_rows : int
        Of the person-periods in which nothing happened at most so many teach the trees, drawn at random
        and weighted up in return: leads repeat themselves there, ends never are drawn.
    num_threads : int
        Changes no bit of the result.
    seed : int

    Attributes
    ----------
    reach_ : float
        Days; infinite where undated.
    edges_ : Floats
        Of the intervals, from 0 to the reach.
    ends_ : Ends
        Which ends were ever seen. One that never was has incidence 0: left out, not smoothed.
    weights_ : Floats
        Of the members in the mean of log-hazards, summing to one.
    """

    def __init__(
        self,
        *,
        intervals: int = 10,
        longest_reach: float = 180.0,
        at_risk: int = 50,
        leaves: tuple[int, ...] | None = None,
        logistic: bool = True,
        learning_rate: float = 0.08,
        max_rounds: int = 1000,
        patience: int = 40,
        penalties: tuple[float, ...] = (1000.0, 200.0, 40.0, 8.0),
        folds: int | None = None,
        quiet_rows: int = 60_000,
        num_threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.intervals = intervals
        self.longest_reach = longest_reach
        self.at_risk = at_risk
        self.leaves = leaves
        self.logistic = logistic
        self.learning_rate = learning_rate
        self.max_rounds = max_rounds
        self.patience = patience
        self.penalties = penalties
        self.folds = folds
        self.quiet_rows = quiet_rows
        self.num_threads = num_threads
        self.seed = seed

    def fit(
        self, X: Floats, y: Floats, *, groups: Ints, levels: Ints, progress: Progress = silent
    ) -> Self:
        """Learn from snapshots; the order of the rows changes no bit.

        Ask `learnable` first whether there is enough to learn from.

        Parameters
        ----------
        X : Floats, n × p
            Numbers with NaN for missing, and codes of categories.
        y : Floats, n × 2
            Event (0 censored, 1 won, 2 stop, 3 otherwise ended) and days until then. NaN days
            everywhere: undated; a row that has not ended then teaches nothing.
        groups : Ints, n
            Which lead each row belongs to (undated: which set of identical attributes). Folds are by it.
        levels : Ints, p
            The number of codes of a category feature, 0 for a number feature.

        Raises
        ------
        ModelError
            If no lead was won, nothing else ever happened, or no day has ``at_risk`` leads at risk.
        """
        if X.shape[1] != len(levels):
            raise ModelError(f"levels names {len(levels)} features; X has {X.shape[1]}")
        order = canonical(X, y, groups)
        X, y = X[order.rows], y[order.rows]
        reach = reach_of(y, order.group, longest=self.longest_reach, at_risk=self.at_risk)
        if reach <= 0.0:
            raise ModelError(f"no day has {self.at_risk} leads at risk; ask `learnable` before fitting")
        self.reach_ = reach
        self.edges_ = edges_of(y, reach, intervals=self.intervals)
        rows = expand(y, self.edges_)
        seen = np.unique(rows.event).tolist()
        if WON not in seen or len(seen) < 2:
            raise ModelError("no lead was won within reach, or all were; ask `learnable` before fitting")
        self.ends_ = ends_of(seen)
        self._fit_members(X, y, order.group, np.asarray(levels, dtype=np.int64), rows, progress)
        return self

    def _fit_members(
        self, X: Floats, y: Floats, group: Ints, levels: Ints, rows: PersonPeriods, progress: Progress
    ) -> None:
        ends, intervals = self.ends_, len(self.edges_) - 1
        offset = base_log_hazards(rows, ends.reference, ends.causes, intervals)
        leads = int(group.max()) + 1
        fold = deal(group, y[:, 0].astype(np.int64), self.folds or _default_folds(leads))
        thinned = thin(rows, self.quiet_rows, self.seed)
        leaves = self.leaves if self.leaves is not None else _default_leaves(self.edges_)
        unseen: list[Floats] = []
        self.trees_: list[HazardTrees] = []
        self.logistic_: HazardLogistic | None = None
        steps = len(leaves) + self.logistic
        # One thread of linear algebra: with more, sums would be split by their number.
        with threadpool_limits(1, user_api="blas"):
            for number, count in enumerate(leaves):
                progress("growing trees", number / steps)
                growth = Growth(
                    count, self.learning_rate, self.max_rounds, self.patience, self.num_threads, self.seed
                )
                trees, out = fit_trees(X, levels, thinned, ends, offset, fold=fold, growth=growth)
                self.trees_.append(trees)
                unseen.append(out)
            if self.logistic:
                progress("fitting the logistic model", len(leaves) / steps)
                self.logistic_, out = fit_logistic(
                    X, levels, rows, ends, offset, thinned=thinned, fold=fold, penalties=self.penalties
                )
                unseen.append(out)
            self.weights_ = blend(unseen, thinned, ends, snapshots_per_lead=len(y) / leads)
        self.n_features_in_ = X.shape[1]
        progress("learnt", 1.0)

    def log_hazards(self, X: Floats) -> Floats:
        """Return the members' mean log-hazards against the reference, causes × intervals × n."""
        self._check_width(X)
        members = [*self.trees_, *([self.logistic_] if self.logistic_ else [])]
        total = np.zeros((len(self.ends_.causes), len(self.edges_) - 1, X.shape[0]))
        for weight, member in zip(self.weights_, members, strict=True):
            total += weight * member.log_hazards(X)
        return total

    def predict_incidence(self, X: Floats, days: Sequence[float]) -> Floats:
        """Return the chance of won, of stop and of ending otherwise within each number of days.

        Each row is computed on its own: the same bits alone and among many.

        Parameters
        ----------
        X : Floats, n × p
            As in `fit`; NaN and codes never seen are allowed everywhere.
        days : d numbers
            Undated: ``(math.inf,)``, the only answer there is.

        Returns
        -------
        Floats, n × d × 3
            NaN beyond the reach; the three sum to at most one and never fall with time.

        Raises
        ------
        ModelError
            If X does not have as many features as the model was trained on.
        """
        return incidence(probabilities(self.log_hazards(X), self.ends_), self.edges_, days)

    def _check_width(self, X: Floats) -> None:
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise ModelError(f"expected n × {self.n_features_in_} features; saw an array of shape {X.shape}")

    def to_parts(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Take the model apart into a JSON-able dict and named texts; nothing is pickled."""
        edges = [None if math.isinf(edge) else float(edge) for edge in self.edges_]
        parts = {
            "parameters": {key: _plain(value) for key, value in self.get_params().items()},
            "features": self.n_features_in_,
            "edges": edges,
            "reference": self.ends_.reference,
            "causes": list(self.ends_.causes),
            "weights": self.weights_.tolist(),
            "offsets": [trees.offset.tolist() for trees in self.trees_],
            "logistic": self.logistic_.to_json() if self.logistic_ else None,
        }
        return parts, {_file(number): trees.text for number, trees in enumerate(self.trees_)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any], files: Mapping[str, str]) -> Self:
        """Put together what `to_parts` took apart: predictions are bit-equal."""
        parameters = dict(parts["parameters"])
        for name in ("leaves", "penalties"):
            parameters[name] = None if parameters[name] is None else tuple(parameters[name])
        model = cls(**parameters)
        model.n_features_in_ = int(parts["features"])
        model.edges_ = np.array([math.inf if edge is None else edge for edge in parts["edges"]], dtype=np.float64)
        model.reach_ = float(model.edges_[-1])
        model.ends_ = Ends(int(parts["reference"]), tuple(int(cause) for cause in parts["causes"]))
        model.weights_ = np.array(parts["weights"], dtype=np.float64)
        model.trees_ = [
            HazardTrees(files[_file(number)], np.array(offset, dtype=np.float64))
            for number, offset in enumerate(parts["offsets"])
        ]
        model.logistic_ = HazardLogistic.from_json(parts["logistic"]) if parts["logistic"] else None
        return model


def _default_leaves(edges: Floats) -> tuple[int, ...]:
    return (8, 16) if math.isinf(edges[-1]) else (8,)


def _default_folds(leads: int) -> int:
    return 10 if leads < 1_000 else 5 if leads < 4_000 else 3


def _file(number: int) -> str:
    return f"trees_{number}.txt"


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
