"""How much oftener something happens after something else: hazard ratios, all else that was known held alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Codes, Flags, Floats, Ints

_EFFECT_RIDGE: Final = 0.01
"""On what is asked for: a prior ten wide on the logarithm, so that a ratio without events stays finite."""
_CONFOUNDER_RIDGE: Final = 1.0
_ROUNDS: Final = 30
_ENOUGH: Final = 1e-9
"""Newton stops where a round gains less, as a share of the objective."""
_BLOCK: Final = 16_384
"""Rows worked on at once: bounds memory."""
_PSEUDO_EVENTS: Final = 0.5


@dataclass(frozen=True, slots=True)
class AtRisk:
    """m pieces of time at risk, by lead, and what was known as each began.

    ``flags`` are what changes fast: things that had happened. ``known`` is what changes slowly, a row for
    each state a lead was in; ``state`` says which row holds in each piece, and ascends.
    """

    lead: Codes
    exposure: Floats
    """How long each piece is: days, or 1 where it is one look."""
    stratum: Ints
    """Which baseline hazard the piece stands on, from 0."""
    flags: NDArray[np.int8]
    """m × k"""
    known: Floats
    """u × q"""
    state: Ints
    """m"""

    def __len__(self) -> int:
        return len(self.lead)


@dataclass(frozen=True, slots=True)
class Ratios:
    """Logarithms of e hazard ratios, and their standard errors; NaN where nothing ever happened."""

    log: Floats
    error: Floats


def hazard_ratios(at_risk: AtRisk, event: Flags, asked: Floats, confounder: Flags) -> Ratios:
    """Estimate by how much the hazard is multiplied where flags hold.

    A log-linear hazard with a constant level in each stratum, fitted by maximum likelihood: in a piece of
    length e, E[events] = e · exp(level + Σ flags · β + Σ known · γ). Confounders carry a weak ridge, so
    that rare values cannot run away; what is asked for carries next to none. The error is the larger of two:
    the one that is robust to the model's being wrong and takes whole leads as what varies, and the
    likelihood's own, which alone is right where hardly anything happened.

    Parameters
    ----------
    at_risk : AtRisk, m rows, k flags
    event : Flags, m
        In which pieces it happened, at their end.
    asked : Floats, e × k
        Which sums of the flags' effects β are asked for.
    confounder : Flags, k
        Which flags are only held alike.

    Returns
    -------
    Ratios, e

    Notes
    -----
    Piecewise exponential model: Friedman (1982), Piecewise exponential models for survival data with
    covariates, Annals of Statistics 10. Sandwich by cluster: Lin and Wei (1989), The robust inference for
    the Cox proportional hazards model, JASA 84.
    """
    if not event.any():
        return Ratios(np.full(len(asked), np.nan), np.full(len(asked), np.nan))
    fit = _Fit(at_risk, event, confounder)
    # One thread: sums of floats in another order would be other bytes.
    with threadpool_limits(1, user_api="blas"):
        beta, curvature = fit.maximum()
        wanted = np.zeros((len(asked), len(beta)))
        wanted[:, : asked.shape[1]] = asked
        bread = cho_solve(cho_factor(curvature), wanted.T)
        robust = ((fit.meat(beta) @ bread) * bread).sum(axis=0)
        own = (wanted.T * bread).sum(axis=0)
    return Ratios(wanted @ beta, np.sqrt(np.maximum(robust, own)))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some leads' rows with their design; ``known`` are the states they were in."""

    flags: Floats
    """Flags and strata."""
    known: Floats
    state: Ints
    first: Ints
    """Where each state starts among the rows."""
    lead_first: Ints
    """Where each lead starts among the states."""
    exposure: Floats
    event: Floats


class _Fit:
    """The penalised likelihood; columns are flags, strata, known."""

    def __init__(self, at_risk: AtRisk, event: Flags, confounder: Flags) -> None:
        self.at_risk, self.event = at_risk, event
        self.strata = int(at_risk.stratum.max(initial=0)) + 1
        self.wide = at_risk.flags.shape[1] + self.strata
        self.ridge = np.concatenate(
            [
                np.where(confounder, _CONFOUNDER_RIDGE, _EFFECT_RIDGE),
                np.zeros(self.strata),
                np.full(at_risk.known.shape[1], _CONFOUNDER_RIDGE),
            ]
        )
        self.edges = _edges(at_risk.lead)

    def start(self) -> Floats:
        """Return the model in which nothing but the stratum matters."""
        risk, k = self.at_risk, self.at_risk.flags.shape[1]
        happened = np.bincount(risk.stratum, self.event, self.strata) + _PSEUDO_EVENTS
        exposure = np.bincount(risk.stratum, risk.exposure, self.strata)
        overall = self.event.sum() / risk.exposure.sum()
        beta = np.zeros(len(self.ridge))
        beta[k : self.wide] = np.log(happened / (exposure + _PSEUDO_EVENTS / overall))
        # A level without an event would fall for ever: levels are held, next to not at all, to where they start.
        self.ridge[k : self.wide] = _EFFECT_RIDGE
        self.centre = beta
        return beta

    def maximum(self) -> tuple[Floats, Floats]:
        """Return the estimate and the curvature there, by Newton's method with halved steps."""
        beta = self.start()
        value, slope, curvature = self._at(beta)
        for _ in range(_ROUNDS):
            step = cho_solve(cho_factor(curvature), slope)
            size = 1.0
            tried = self._at(beta + step)
            while not tried[0] >= value and size > 1e-4:
                size /= 2.0
                tried = self._at(beta + size * step)
            gain = tried[0] - value
            if gain >= 0:
                beta = beta + size * step
                value, slope, curvature = tried
            if gain <= _ENOUGH * abs(value):
                break
        return beta, curvature

    def _at(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Return log-likelihood, slope and curvature, penalty included."""
        shift = beta - self.centre
        value = -0.5 * float((self.ridge * shift**2).sum())
        slope = -self.ridge * shift
        curvature = np.diag(self.ridge)
        wide = self.wide
        for part in self._parts():
            eta = part.flags @ beta[:wide] + (part.known @ beta[wide:])[part.state]
            expected = part.exposure * np.exp(np.minimum(eta, 50.0))
            residual = part.event - expected
            value += float((part.event * eta).sum() - expected.sum())
            slope[:wide] += part.flags.T @ residual
            slope[wide:] += part.known.T @ np.add.reduceat(residual, part.first)
            weighted = expected[:, None] * part.flags
            by_state = np.add.reduceat(weighted, part.first, axis=0)
            curvature[:wide, :wide] += part.flags.T @ weighted
            curvature[wide:, :wide] += part.known.T @ by_state
            of_state = np.add.reduceat(expected, part.first)
            curvature[wide:, wide:] += part.known.T @ (of_state[:, None] * part.known)
        curvature[:wide, wide:] = curvature[wide:, :wide].T
        return value, slope, curvature

    def meat(self, beta: Floats) -> Floats:
        """Return the sum over leads of the outer products of their scores."""
        wide = self.wide
        total = np.zeros((len(beta), len(beta)))
        for part in self._parts():
            eta = part.flags @ beta[:wide] + (part.known @ beta[wide:])[part.state]
            residual = part.event - part.exposure * np.exp(np.minimum(eta, 50.0))
            fast = np.add.reduceat(residual[:, None] * part.flags, part.first, axis=0)
            slow = np.add.reduceat(residual, part.first)[:, None] * part.known
            scores = np.add.reduceat(np.concatenate([fast, slow], axis=1), part.lead_first, axis=0)
            total += scores.T @ scores
        return total

    def _parts(self) -> Iterator[_Part]:
        risk, strata = self.at_risk, np.eye(self.strata)
        for low, high in zip(self.edges[:-1], self.edges[1:], strict=True):
            state = risk.state[low:high]
            first = np.flatnonzero(np.append(True, state[1:] != state[:-1]))
            lead = risk.lead[low:high][first]
            yield _Part(
                flags=np.concatenate([risk.flags[low:high], strata[risk.stratum[low:high]]], axis=1),
                known=risk.known[state[first]],
                state=np.cumsum(np.append(False, state[1:] != state[:-1])),
                first=first,
                lead_first=np.flatnonzero(np.append(True, lead[1:] != lead[:-1])),
                exposure=risk.exposure[low:high],
                event=self.event[low:high].astype(np.float64),
            )


def _edges(lead: Codes) -> list[int]:
    """Cut rows, ascending by lead, into blocks of whole leads."""
    begins = np.flatnonzero(np.append(True, lead[1:] != lead[:-1]))
    chosen = np.unique(np.searchsorted(begins, np.arange(0, len(lead), _BLOCK)))
    inner = begins[np.minimum(chosen, len(begins) - 1)]
    return np.unique(np.concatenate([[0], inner, [len(lead)]])).tolist()
