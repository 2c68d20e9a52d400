"""A log-linear hazard fitted to pieces of watched time: its maximum, and how far that may be out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from readiness.agreement.conditions import Signs
from readiness.crm.tables import Codes, Flags, Floats, Ints

_EFFECT_RIDGE: Final = 0.01
"""On what is asked for: a prior ten wide on the logarithm, so that a ratio without events stays finite."""
_CONFOUNDER_RIDGE: Final = 1.0
_ROUNDS: Final = 30
_ENOUGH: Final = 1e-7
"""Newton stops where a round gains less, as a share of the objective."""
_BLOCK: Final = 16_384
"""Rows worked on at once: bounds memory."""
_PSEUDO_EVENTS: Final = 0.5
_HIGHEST: Final = 50.0
"""A step too far must not overflow; it is halved then."""


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
    flags: Signs
    """m × k"""
    known: Floats
    """u × q"""
    state: Ints
    """m"""

    def __len__(self) -> int:
        return len(self.lead)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some leads' rows with their design; ``known`` are the states they were in."""

    rows: slice
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

    def log_hazard(self, beta: Floats) -> Floats:
        """Return the logarithm of each row's hazard."""
        wide = self.flags.shape[1]
        eta: Floats = self.flags @ beta[:wide] + (self.known @ beta[wide:])[self.state]
        return np.minimum(eta, _HIGHEST)

    def by_state(self, values: Floats) -> Floats:
        """Add up rows that share a state."""
        return _added(values, self.first)


class HazardFit:
    """The penalised likelihood of some event in pieces of time; columns are flags, strata, known."""

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
        # A level without an event would fall for ever: it is held, next to not at all, to where it starts.
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
            eta = part.log_hazard(beta)
            expected = part.exposure * np.exp(eta)
            residual = part.event - expected
            value += float((part.event * eta).sum() - expected.sum())
            slope[:wide] += part.flags.T @ residual
            slope[wide:] += part.known.T @ part.by_state(residual)
            weighted = expected[:, None] * part.flags
            curvature[:wide, :wide] += part.flags.T @ weighted
            curvature[wide:, :wide] += part.known.T @ part.by_state(weighted)
            curvature[wide:, wide:] += part.known.T @ (part.by_state(expected)[:, None] * part.known)
        curvature[:wide, wide:] = curvature[wide:, :wide].T
        return value, slope, curvature

    def meat(self, beta: Floats) -> Floats:
        """Return the sum over leads of the outer products of their scores."""
        total = np.zeros((len(beta), len(beta)))
        for part in self._parts():
            scores = self._scores(part, beta)
            total += scores.T @ scores
        return total

    def _scores(self, part: _Part, beta: Floats) -> Floats:
        """Return what each lead of a part adds to the slope, leads × columns."""
        residual = part.event - part.exposure * np.exp(part.log_hazard(beta))
        fast = part.by_state(residual[:, None] * part.flags)
        slow = part.by_state(residual)[:, None] * part.known
        return _added(np.concatenate([fast, slow], axis=1), part.lead_first)

    def beside(self, beta: Floats, further: Signs) -> tuple[Floats, Floats, Floats]:
        """Return slope and curvature of further flags at no effect, and their curvature with the columns."""
        width = further.shape[1]
        score, own, cross = np.zeros(width), np.zeros(width), np.zeros((len(beta), width))
        for part in self._parts():
            expected = part.exposure * np.exp(part.log_hazard(beta))
            some = further[part.rows].astype(np.float64)
            weighted = expected[:, None] * some
            score += some.T @ (part.event - expected)
            own += weighted.sum(axis=0)
            cross[: self.wide] += part.flags.T @ weighted
            cross[self.wide :] += part.known.T @ part.by_state(weighted)
        return score, own, cross

    def spread(self, beta: Floats, further: Signs, loading: Floats) -> Floats:
        """Return the sum over leads of the squares of further flags' scores, cleared of the columns'."""
        total = np.zeros(further.shape[1])
        for part in self._parts():
            residual = part.event - part.exposure * np.exp(part.log_hazard(beta))
            own = part.by_state(residual[:, None] * further[part.rows])
            cleared = _added(own, part.lead_first) - self._scores(part, beta) @ loading
            total += (cleared**2).sum(axis=0)
        return total

    def _parts(self) -> Iterator[_Part]:
        risk, strata = self.at_risk, np.eye(self.strata)
        for low, high in zip(self.edges[:-1], self.edges[1:], strict=True):
            state = risk.state[low:high]
            first = np.flatnonzero(np.append(True, state[1:] != state[:-1]))
            lead = risk.lead[low:high][first]
            yield _Part(
                rows=slice(low, high),
                flags=np.concatenate([risk.flags[low:high], strata[risk.stratum[low:high]]], axis=1),
                known=risk.known[state[first]],
                state=np.cumsum(np.append(False, state[1:] != state[:-1])),
                first=first,
                lead_first=np.flatnonzero(np.append(True, lead[1:] != lead[:-1])),
                exposure=risk.exposure[low:high],
                event=self.event[low:high].astype(np.float64),
            )


def _added(values: Floats, first: Ints) -> Floats:
    """Add up runs of rows that begin at ``first``, in their order."""
    # A sparse product does in one go what `np.add.reduceat` does slowly for short runs of wide rows.
    runs = csr_array((np.ones(len(values)), np.arange(len(values)), np.append(first, len(values))))
    added: Floats = runs @ values
    return added


def _edges(lead: Codes) -> list[int]:
    """Cut rows, ascending by lead, into blocks of whole leads."""
    begins = np.flatnonzero(np.append(True, lead[1:] != lead[:-1]))
    chosen = np.unique(np.searchsorted(begins, np.arange(0, len(lead), _BLOCK)))
    inner = begins[np.minimum(chosen, len(begins) - 1)]
    edges: list[int] = np.unique(np.concatenate([[0], inner, [len(lead)]])).tolist()
    return edges
